"""How often a chat model's text is not used at all."""

from eval.scorers.base import Outcome, Score
from eval.scorers.drafts import not_asked


def fallback_rate(outcome: Outcome) -> Score:
    """Share of the answers for which a chat model was asked, and that the extractive reader made.

    For example because no sentence of the model passed the checks. Scored on cases where a chat
    model was asked; a failure is not scored.
    """
    if unscored := not_asked(outcome):
        return unscored
    assert outcome.details is not None
    reason = outcome.details.fallback
    return Score(
        float(reason is not None), f"fell back: {reason}" if reason is not None else "no fallback"
    )
