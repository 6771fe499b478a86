"""The extractive reader: picks sentences, and says who wrote them and when. Needs no model server.

The margins below were set by hand on SQuAD 2 articles and on the shipped briefs;
docs/evaluation.md has the figures.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import NOTHING, THRESHOLD, answerability, probability, signs
from assistant.evidence import Candidate, Evidence, Vectors
from assistant.missing import Lack, lack_of
from assistant.question import Question
from assistant.scoring import score

MARGIN, MARGIN_VOICES = 0.12, 0.45
"""How far below the best a further quote may score: mostly, and where a question asks for several
voices and the quote is of a new one."""
MOST_QUOTES = 3
_SAME = 0.86
"""Cosine from which two sentences say the same."""
_LEANING = re.compile(
    r"(?:\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|both|another|the latter"
    r"|the former|moreover|furthermore|for example|in addition|however|also)\b)",
    re.I,
)
_LONGEST_PAIR = 600


@dataclass(frozen=True, slots=True)
class Selection:
    """A quote to make: a span of one passage."""

    candidate: Candidate
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found."""

    selections: tuple[Selection, ...]
    """Most direct first; empty where the evidence is too weak."""
    answerability: float
    """Log-odds that the question has an answer here."""
    lack: Lack | None = None
    """What is missing, where nothing is selected."""

    @property
    def confidence(self) -> float:
        """How likely it is that an answer made of the best sentences is right, 0 to 1."""
        return probability(self.answerability)


def read(question: Question, vector: Vectors, evidence: Evidence) -> Reading:
    """Pick the sentences that answer a question.

    Args:
        question: the analyzed question.
        vector: its embedding, shape (dimension,), L2-normalized.
        evidence: the sentences to choose from.
    """
    if not evidence.candidates:
        return Reading((), NOTHING, Lack("abstain_weak", ()))
    scores = score(question, vector, evidence)
    chances = answerability(signs(question, vector, evidence, scores))
    if chances < THRESHOLD:
        return Reading((), chances, lack_of(question, evidence, scores))
    chosen = _choose(question, evidence, scores)
    selections = (_selection(evidence.candidates[i], float(scores[i])) for i in chosen)
    return Reading(_merged(selections), chances)


def _choose(question: Question, evidence: Evidence, scores: NDArray[np.float64]) -> list[int]:
    """Positions of the candidates to quote, best first."""
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    best = scores[order[0]]
    chosen: list[int] = []
    for position in order:
        if len(chosen) == MOST_QUOTES:
            break
        documents = {evidence.candidates[i].hit.document.id for i in chosen}
        is_new_voice = evidence.candidates[position].hit.document.id not in documents
        allowed = MARGIN_VOICES if question.wants_voices and is_new_voice else MARGIN
        if scores[position] >= max(best - allowed, 0) and not _repeats(position, chosen, evidence):
            chosen.append(position)
    return chosen


def _repeats(position: int, chosen: Sequence[int], evidence: Evidence) -> bool:
    """Whether a candidate says what a chosen one of the same document says."""
    mine = evidence.candidates[position]
    return any(
        mine.hit.document.id == evidence.candidates[i].hit.document.id
        and float(evidence.vectors[position] @ evidence.vectors[i]) > _SAME
        for i in chosen
    )


def _selection(candidate: Candidate, value: float) -> Selection:
    """The candidate's span; with the sentence before it, where it cannot stand alone."""
    sentence, before = candidate.sentence, candidate.before
    start = sentence.start
    if before and _LEANING.match(sentence.text) and sentence.end - before.start <= _LONGEST_PAIR:
        start = before.start
    return Selection(candidate, start, sentence.end, value)


def _merged(selections: Iterable[Selection]) -> tuple[Selection, ...]:
    """Selections that share text as one, in the place of the first."""
    kept: list[Selection] = []
    for selection in selections:
        shared = [other for other in kept if _overlap(selection, other)]
        if not shared:
            kept.append(selection)
            continue
        spans = [selection, *shared]
        start, end = min(s.start for s in spans), max(s.end for s in spans)
        kept[kept.index(shared[0])] = replace(shared[0], start=start, end=end)
        kept = [other for other in kept if other not in shared[1:]]
    return tuple(kept)


def _overlap(one: Selection, other: Selection) -> bool:
    return (
        one.candidate.hit.document.id == other.candidate.hit.document.id
        and one.start < other.end
        and other.start < one.end
    )
