"""The numbered sentences a reader may quote."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.instructions import instructed_spans
from index import Hit, Index, Passage, Sentence
from index.types import Span

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One sentence of the evidence."""

    number: str
    """`[hit.sentence]`, both from 1: "2.1" is the first sentence of the second hit."""
    hit: Hit
    sentence: Sentence
    before: Sentence | None
    """The sentence before it in its passage."""
    vector: Vectors
    """Shape (dimension,), L2-normalized."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All candidates, in order of their hits."""

    candidates: tuple[Candidate, ...]
    vectors: Vectors
    """Shape (candidates, dimension): the vectors of `candidates`."""
    passage_vectors: Vectors
    """Shape (candidates, dimension): for each candidate the mean vector of its passage."""
    relevance: NDArray[np.float32] | None = None
    """Shape (candidates,), 0 to 1: what a cross-encoder says of each; None without one."""
    withheld: int = 0
    """Passages with parts that were left out, because they give instructions to an assistant."""


def gather(index: Index, hits: Sequence[Hit]) -> Evidence:
    """Number the sentences of the hits and fetch their vectors.

    A passage without vectors was removed since the search, and is left out. So is each sentence
    that a document addresses to an assistant, whoever is to read the evidence; the sentences that
    are left keep their numbers.
    """
    stored = index.sentence_vectors([hit.passage.id for hit in hits])
    candidates: list[Candidate] = []
    passages: list[Vectors] = []
    withheld = 0
    for hit in hits:
        if hit.passage.id not in stored or not hit.passage.sentences:
            continue
        spans = instructed_spans(hit.passage.text)
        kept = _kept(hit.passage, spans)
        withheld += len(kept) < len(hit.passage.sentences)
        if not kept:
            continue
        vectors = np.asarray(stored[hit.passage.id], dtype=np.float32)
        mean = _normalized(vectors[kept].mean(axis=0))
        for position in kept:
            sentence = hit.passage.sentences[position]
            before = hit.passage.sentences[position - 1] if position - 1 in kept else None
            number = f"{hit.rank}.{position + 1}"
            candidates.append(Candidate(number, hit, sentence, before, vectors[position]))
            passages.append(mean)
    empty = np.zeros((0, 1), dtype=np.float32)
    return Evidence(
        tuple(candidates),
        np.stack([candidate.vector for candidate in candidates]) if candidates else empty,
        np.stack(passages) if passages else empty,
        withheld=withheld,
    )


def _kept(passage: Passage, spans: Sequence[Span]) -> list[int]:
    """Places of the sentences that no span, counted in the passage, overlaps."""
    return [
        position
        for position, sentence in enumerate(passage.sentences)
        if not any(
            start < sentence.end - passage.start and sentence.start - passage.start < end
            for start, end in spans
        )
    ]


def _normalized(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
