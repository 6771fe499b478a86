"""How several rankings of the same passages become one."""

from collections import defaultdict
from collections.abc import Sequence


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[str]],
    k: float = 60.0,
    weights: Sequence[float] | None = None,
) -> list[tuple[str, float]]:
    """Fuse rankings by the sum of `weight / (k + rank)` (Cormack, Clarke and Büttcher, 2009).

    Ranks can be added where scores cannot: a cosine and a BM25 score have nothing in common.

    Args:
        rankings: ids, best first; ranks count from 1.
        k: how little the first ranks stand out.
        weights: one for each ranking; all 1 by default.

    Returns:
        (id, score) pairs, best first, ties by id.
    """
    scores: dict[str, float] = defaultdict(float)
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, name in enumerate(ranking, start=1):
            scores[name] += weight / (k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
