"""Whether everything that is wanted was found."""

from eval.scorers.base import Outcome, Score, Scorer
from eval.scorers.retrieval import hits_by_rank, retrieval_missing


def all_gold_at(k: int) -> Scorer:
    """All gold at k: whether the first `k` passages overlap every evidence group.

    A question that needs several passages can be answered in full only then ("full retrieval" of
    multi-hop questions: A. Asai et al., arXiv 1911.10470, call it paragraph exact match).
    """

    def all_gold(outcome: Outcome) -> Score:
        """1 where the first k passages overlap every evidence group, else 0.

        Scored on answerable cases whose answer says what was retrieved.
        """
        if missing := retrieval_missing(outcome):
            return missing
        found = set().union(*hits_by_rank(outcome, k))
        total = len(outcome.case.evidence)
        found_all = len(found) == total
        return Score(
            float(found_all),
            f"{len(found)} of {total} evidence groups in the first {k} passages",
        )

    all_gold.__name__ = f"all_gold_at_{k}"
    return all_gold
