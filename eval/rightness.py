"""Whether an answer is right, as one yes or no."""

from collections.abc import Mapping

from eval.scorers.base import Outcome, Score


def is_right(outcome: Outcome, scores: Mapping[str, Score]) -> bool | None:
    """Whether an answer is right and quoted exactly.

    An answer to an answerable case is right where it states every wanted fact or, in a case without
    facts, cites every evidence group; and all its quotes are exact. An answer where there is none
    is wrong.

    Returns:
        None where nothing was answered: an abstention is neither, nor is a failure.
    """
    if outcome.status != "answered":
        return None
    if not outcome.case.is_answerable:
        return False
    wanted = scores["facts_recall"].value
    if wanted is None:
        wanted = scores["evidence_recall"].value
    return wanted == 1.0 and scores["quote_exactness"].value in (1.0, None)
