"""How much of the wanted evidence was found at all."""

from eval.scorers.base import Outcome, Score, Scorer
from eval.scorers.retrieval import hits_by_rank, retrieval_missing


def recall_at(k: int) -> Scorer:
    """Recall at k: share of the evidence groups that one of the first `k` passages overlaps.

    The share of relevant items among the first k of a ranking, with a case's evidence groups as
    the relevant items (C. D. Manning et al., Introduction to Information Retrieval, 2008, ch. 8).
    """

    def recall(outcome: Outcome) -> Score:
        """Share of the case's evidence groups that one of the first k passages overlaps.

        Scored on answerable cases whose answer says what was retrieved.
        """
        if missing := retrieval_missing(outcome):
            return missing
        found = set().union(*hits_by_rank(outcome, k))
        total = len(outcome.case.evidence)
        unmet = ", ".join(str(group + 1) for group in range(total) if group not in found)
        rest = f"; not found: group {unmet}" if unmet else ""
        return Score.share(len(found), total, f"evidence groups in the first {k} passages{rest}")

    recall.__name__ = f"recall_at_{k}"
    return recall
