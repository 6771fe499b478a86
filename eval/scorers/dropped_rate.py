"""How much of what a chat model writes does not reach the reader."""

from eval.scorers.base import Outcome, Score
from eval.scorers.drafts import share_of


def dropped_rate(outcome: Outcome) -> Score:
    """Share of the sentences a chat model wrote that were dropped, because a check failed.

    Those of a repair turn count as well. Scored on cases where a chat model wrote a sentence; a
    sentence weighs as much in any answer.
    """
    return share_of(outcome, "dropped")
