"""How a passage's nearness in meaning and its shared words become one score."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.records import Candidate, Vector

MEANING = 0.6
"""Weight of meaning against words; docs/evaluation.md says what others would do."""


def meaning_scores(query: "Vector", pool: Mapping[str, "Candidate"]) -> dict[str, float]:
    """How near passages are in meaning: the mean of each one's cosine and its nearest sentence's.

    A passage's score does not depend on which others are there.

    Args:
        query: shape (dimension,), of length 1.
        pool: the passages by id; there may be no sentences in some.
    """
    if not pool:
        return {}
    wholes = _cosines(b"".join(each.vector for each in pool.values()), "<f4", query)
    nearest = wholes.copy()
    counts = np.array([len(each.sentences) // (2 * len(query)) for each in pool.values()])
    told = counts > 0
    if told.any():
        cosines = _cosines(b"".join(each.sentences for each in pool.values()), "<f2", query)
        nearest[told] = np.maximum.reduceat(cosines, (np.cumsum(counts) - counts)[told])
    return dict(zip(pool, ((wholes + nearest) / 2).tolist(), strict=True))


def _cosines(vectors: bytes, dtype: str, query: "Vector") -> NDArray[np.float32]:
    rows = np.frombuffer(vectors, dtype).reshape(-1, len(query)).astype(np.float32, copy=False)
    # Not a product of matrices: there the last digits depend on how many rows there are.
    cosines: NDArray[np.float32] = np.einsum("ij,j->i", rows, query)
    return cosines


def weighted_fusion(
    meaning: Mapping[str, float], words: Mapping[str, float], weight: float = MEANING
) -> list[tuple[str, float]]:
    """Fuse two scorings of one pool of passages by the weighted sum of their normalized scores.

    Unlike ranks, scores keep how far apart the passages are (S. Bruch, S. Gai and A. Ingber, An
    Analysis of Fusion Functions for Hybrid Retrieval, 2023).

    Args:
        meaning: cosines of all passages in the pool by id; the least counts 0, the greatest 1.
        words: BM25 scores of those that share words with the question; the greatest counts 1.
        weight: of meaning, 0 to 1; words have the rest.

    Returns:
        (id, score) pairs, scores from 0 to 1, best first, ties by id.
    """
    low, high = min(meaning.values(), default=0.0), max(meaning.values(), default=0.0)
    most = max(words.values(), default=0.0)
    scores = {
        name: weight * ((cosine - low) / (high - low) if high > low else 1.0)
        + (1 - weight) * (words.get(name, 0.0) / most if most > 0 else 0.0)
        for name, cosine in meaning.items()
    }
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
