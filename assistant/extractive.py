"""The extractive reader: picks sentences, and says who wrote them and when. Needs no model server.

The weights and thresholds below were set by hand on SQuAD 2 articles and on the shipped briefs;
docs/evaluation.md has the figures.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Candidate, Evidence, Vectors
from assistant.question import Question
from index.canonical import matching_text
from index.terms import analyze

WEIGHTS = {"sentence": 0.7, "passage": 0.5, "coverage": 0.3, "context": 0.3, "surroundings": 0.2}
"""Weights of: cosine with the sentence, cosine with its passage, weighted term coverage by the
sentence, by it and the one before, by its passage with title and heading."""
ASKS = -0.20
"""Added for a sentence that asks something itself."""
OFFERS, LACKS = 0.08, -0.15
"""Added where a sentence does, or does not, hold something of the expected kind."""
MISSING_YEAR = -0.12
"""Added for a year in the question that neither the passage nor its document's date names."""
DISTANT_YEAR = -0.10
"""Added for a year in the question that neither the sentence nor the one before it names."""
MISSING_NAME = -0.08
"""Added for each proper name of the question that the passage does not hold."""
MISSING_FOCUS = -0.10
"""Added where the thing asked for is not in the passage (in part: that share of it)."""

THRESHOLD = 0.78
"""The best sentence must score this much, or the reader abstains."""
MARGIN, MARGIN_OPEN, MARGIN_VOICES = 0.12, 0.25, 0.45
"""How far below the best a further quote may score: for a plain question, one that may need
several quotes, and one that asks for several voices."""
MOST_QUOTES = 4
CONFIDENCE_SLOPE, CONFIDENCE_OFFSET = 8.0, -6.0
"""From the best score to a probability."""
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
    best: float
    """The score of the best sentence, 0 where there is none."""

    @property
    def confidence(self) -> float:
        """How likely it is that an answer made of the best sentences is right, 0 to 1.

        A logistic curve over the best score (J. Platt, Probabilistic Outputs for Support Vector
        Machines, 1999), fitted by scripts/fit_confidence.py; docs/evaluation.md says how well.
        """
        return 1 / (1 + math.exp(-(CONFIDENCE_SLOPE * self.best + CONFIDENCE_OFFSET)))


def read(question: Question, vector: Vectors, evidence: Evidence) -> Reading:
    """Pick the sentences that answer a question.

    Args:
        question: the analyzed question.
        vector: its embedding, shape (dimension,), L2-normalized.
        evidence: the sentences to choose from.
    """
    if not evidence.candidates:
        return Reading((), 0.0)
    scores = score(question, vector, evidence)
    best = float(scores.max())
    if best < THRESHOLD:
        return Reading((), best)
    chosen = _choose(question, evidence, scores)
    selections = (_selection(evidence.candidates[i], float(scores[i])) for i in chosen)
    return Reading(_merged(selections), best)


def score(question: Question, vector: Vectors, evidence: Evidence) -> NDArray[np.float64]:
    """How well each candidate answers, shape (candidates,); comparable between questions."""
    lexical = np.array([_lexical(question, c) for c in evidence.candidates], dtype=np.float64)
    sentences = (evidence.vectors @ vector).astype(np.float64)
    passages = (evidence.passage_vectors @ vector).astype(np.float64)
    return WEIGHTS["sentence"] * sentences + WEIGHTS["passage"] * passages + lexical


def _lexical(question: Question, candidate: Candidate) -> float:
    passage, document = candidate.hit.passage, candidate.hit.document
    text = matching_text(candidate.sentence.text)
    own = frozenset(analyze(text))
    before = candidate.before
    context = own | frozenset(analyze(matching_text(before.text))) if before else own
    about = (passage.text, passage.heading or "", document.title or "", *document.authors)
    surroundings = matching_text(" ".join(about))
    value = WEIGHTS["coverage"] * question.coverage(own)
    value += WEIGHTS["context"] * question.coverage(context)
    around = frozenset(analyze(surroundings))
    value += WEIGHTS["surroundings"] * question.coverage(around)
    value += MISSING_NAME * len(question.names - around)
    if question.focus:
        value += MISSING_FOCUS * len(question.focus - around) / len(question.focus)
    if text.endswith("?"):
        value += ASKS
    offers = question.offers_answer(text)
    if offers is not None:
        value += OFFERS if offers else LACKS
    value += DISTANT_YEAR * question.missing_years(f"{before.text} {text}" if before else text)
    return value + MISSING_YEAR * question.missing_years(f"{surroundings} {document.published}")


def _choose(question: Question, evidence: Evidence, scores: NDArray[np.float64]) -> list[int]:
    """Positions of the candidates to quote, best first."""
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    best = scores[order[0]]
    margin = MARGIN_OPEN if question.is_open else MARGIN
    chosen: list[int] = []
    for position in order:
        if len(chosen) == MOST_QUOTES:
            break
        documents = {evidence.candidates[i].hit.document.id for i in chosen}
        is_new_voice = evidence.candidates[position].hit.document.id not in documents
        allowed = MARGIN_VOICES if question.wants_voices and is_new_voice else margin
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
