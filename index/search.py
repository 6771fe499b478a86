"""How a passage's nearness in meaning and its shared words become one score."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.records import SentenceVectors, Vector

MEANING = 0.6
"""Weight of meaning against words; docs/evaluation.md says what others would do."""


def meaning_score(query: "Vector", passage: "Vector", sentences: "SentenceVectors") -> float:
    """How near a passage is in meaning: the mean of its own cosine and its nearest sentence's.

    Args:
        query: shape (dimension,), of length 1.
        passage: shape (dimension,), of length 1.
        sentences: shape (sentences, dimension), each of length 1; may be empty.
    """
    whole = float(passage @ query)
    if not len(sentences):
        return whole
    nearest: NDArray[np.float32] = sentences.astype(np.float32) @ query
    return (whole + float(nearest.max())) / 2


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
