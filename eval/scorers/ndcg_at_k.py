"""How well the passages are ordered."""

import math

from eval.scorers.base import Outcome, Score, Scorer
from eval.scorers.retrieval import hits_by_rank, retrieval_missing


def ndcg_at(k: int) -> Scorer:
    """Normalized discounted cumulative gain of the first `k` passages.

    K. Järvelin and J. Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4),
    2002. The gain of a passage is the number of evidence groups that it is the first to overlap, so
    that the same evidence found twice counts once; the best order has a passage for each group.
    """

    def ndcg(outcome: Outcome) -> Score:
        """Discounted gain of the first k passages, over that of the best order.

        Scored on answerable cases whose answer says what was retrieved. A passage that overlaps
        several groups may do better than one passage for each: the value is at most 1.
        """
        if missing := retrieval_missing(outcome):
            return missing
        seen: set[int] = set()
        gains: list[int] = []
        for groups in hits_by_rank(outcome, k):
            gains.append(len(groups - seen))
            seen |= groups
        ideal = _discounted([1] * min(k, len(outcome.case.evidence)))
        value = min(1.0, _discounted(gains) / ideal)
        ranks = [str(rank) for rank, gain in enumerate(gains, start=1) if gain]
        return Score(value, f"new evidence at rank {', '.join(ranks) or 'none'} of the first {k}")

    ndcg.__name__ = f"ndcg_at_{k}"
    return ndcg


def _discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
