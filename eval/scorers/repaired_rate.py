"""How much of what a chat model writes is shown only after a repair."""

from eval.scorers.base import Outcome, Score
from eval.scorers.drafts import share_of


def repaired_rate(outcome: Outcome) -> Score:
    """Share of the sentences a chat model wrote that are shown after they were repaired.

    Either the program found the evidence that bears a sentence out, or the model worded it anew.
    Scored on cases where a chat model wrote a sentence; a sentence weighs as much in any answer.
    """
    return share_of(outcome, "repaired")
