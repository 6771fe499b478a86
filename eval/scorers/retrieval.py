"""What the scorers of retrieval share."""

from eval.scorers.base import Outcome, Score


def retrieval_missing(outcome: Outcome) -> Score | None:
    """Why retrieval cannot be scored; None where it can.

    An abstention is scored like an answer: what was found counts, and not what was made of it. A
    failure found nothing.
    """
    if not outcome.case.is_answerable:
        return Score.unscored("the case is not answerable")
    if outcome.status == "failed":
        return Score(0.0, "the system failed on an answerable case")
    if outcome.retrieved is None:
        return Score.unscored("the answer does not say what was retrieved")
    return None


def hits_by_rank(outcome: Outcome, k: int | None = None) -> list[set[int]]:
    """For each passage, best first, the evidence groups (from 0) that it overlaps.

    Args:
        outcome: with `retrieved`.
        k: how many passages, at most; None for all.
    """
    groups = outcome.case.evidence
    return [
        {
            number
            for number, group in enumerate(groups)
            if any(outcome.overlaps(passage, span) for span in group)
        }
        for passage in (outcome.retrieved or ())[:k]
    ]
