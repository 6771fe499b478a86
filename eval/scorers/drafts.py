"""What the scores of a chat model's sentences have in common."""

from assistant.details import Fate
from eval.scorers.base import Outcome, Score


def not_asked(outcome: Outcome) -> Score | None:
    """Unscored, with the reason, where no chat model was asked. None if one was."""
    if outcome.status == "failed":
        return Score.unscored("the system failed")
    return Score.unscored("no chat model was asked") if outcome.details is None else None


def drafted(outcome: Outcome) -> Score | None:
    """Unscored, with the reason, where no chat model wrote a sentence. None if one did."""
    if unscored := not_asked(outcome):
        return unscored
    has_drafts = outcome.details is not None and outcome.details.drafts
    return None if has_drafts else Score.unscored("the chat model wrote no sentence")


def share_of(outcome: Outcome, fate: Fate) -> Score:
    """The share of the sentences with this fate; a case weighs as much as it has sentences."""
    if unscored := drafted(outcome):
        return unscored
    assert outcome.details is not None
    drafts = outcome.details.drafts
    found = [draft for draft in drafts if draft.outcome == fate]
    reasons = "; ".join(f"“{draft.text:.60}”: {draft.reason or fate}" for draft in found)
    words = f"{len(found)} of {len(drafts)} sentences {fate}"
    return Score(
        len(found) / len(drafts), f"{words}; {reasons}" if found else words, weight=len(drafts)
    )
