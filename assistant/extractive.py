"""The extractive reader: picks the sentences to quote. Needs no model server."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import NOTHING, answerability, probability, signs
from assistant.disagreement import other_side
from assistant.evidence import Candidate, Evidence, Vectors
from assistant.missing import Lack, lack_of
from assistant.question import Question
from assistant.repeats import same_text
from assistant.reported import has_unnamed_speaker
from assistant.scoring import context_of, score
from assistant.weights import ReadingRules, Weights
from index.terms import analyze

_LEANING = re.compile(
    r"(?:\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|both|another|the latter"
    r"|the former|moreover|furthermore|for example|in addition|however|also)\b)",
    re.I,
)
_LONGEST_PAIR = 600
_CONSIDERED = 40
"""How many of the best sentences may be quoted."""
_NEAR = 16
"""How many of the best sentences are searched for another figure."""


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
    confidence: float
    """How likely it is that an answer made of the best sentences is right, 0 to 1."""
    lack: Lack | None = None
    """What is missing, where nothing is selected."""
    scores: NDArray[np.float64] | None = field(default=None, compare=False, repr=False)
    """How well each candidate answers, shape (candidates,); None where there is no candidate."""

    @property
    def spans(self) -> tuple[tuple[str, int, int], ...]:
        """The quotes to make, as (document id, start, end)."""
        return tuple((s.candidate.hit.document.id, s.start, s.end) for s in self.selections)


def read(question: Question, vector: Vectors, evidence: Evidence, weights: Weights) -> Reading:
    """Pick the sentences that answer a question.

    Args:
        question: the analyzed question.
        vector: its embedding, shape (dimension,), L2-normalized.
        evidence: the sentences to choose from.
        weights: how to score them, when to answer, how many to quote.
    """
    if not evidence.candidates:
        return Reading((), NOTHING, 0.0, Lack("abstain_weak", ()))
    scores = score(question, vector, evidence, weights.scoring)
    odds = answerability(signs(question, vector, evidence, scores), weights.answerability)
    confidence = probability(odds, weights.confidence)
    if odds < weights.answerability.threshold or scores.max() < 0:
        return Reading((), odds, confidence, lack_of(question, evidence, scores), scores)
    chosen = _choose(question, evidence, scores, weights.reading)
    selections = (selection_of(evidence.candidates[i], float(scores[i])) for i in chosen)
    return Reading(_merged(selections), odds, confidence, scores=scores)


def _choose(
    question: Question, evidence: Evidence, scores: NDArray[np.float64], rules: ReadingRules
) -> list[int]:
    """Positions of the candidates to quote: the best, then what adds most to those before."""
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    asks_much = len(question.weights) > rules.many_terms
    most = rules.most_quotes + asks_much
    wants_voices = question.wants_voices or asks_much
    near = [i for i in order[:_CONSIDERED] if scores[i] >= 0]
    terms = {i: frozenset(analyze(context_of(evidence.candidates[i]))) for i in near}
    chosen, left = order[:1], near
    while len(chosen) < most:
        left = [i for i in left if not _repeats(i, chosen[-1], evidence, rules.same)]
        known = frozenset[str]().union(*(terms[i] for i in chosen))
        gains = [question.coverage(terms[i] - known) for i in left]
        quoted = {evidence.candidates[i].hit.document.id for i in chosen}
        values = [
            scores[i] + rules.gain * gain + (rules.margin_voices - rules.margin) * is_new
            for i, gain in zip(left, gains, strict=True)
            for is_new in [wants_voices and evidence.candidates[i].hit.document.id not in quoted]
        ]
        if not values or max(values) < scores[order[0]] - rules.margin:
            break
        chosen.append(left[int(np.argmax(values))])
    return _with_other_side(question, evidence, order, chosen)[:most]


def _with_other_side(
    question: Question, evidence: Evidence, order: Sequence[int], chosen: Sequence[int]
) -> list[int]:
    """The chosen, and in second place a sentence with another figure for the same, if there is."""
    best, near = evidence.candidates[order[0]], order[1:_NEAR]
    other = other_side(question.text, best, (evidence.candidates[i] for i in near))
    if other is None:
        return list(chosen)
    position = next(i for i in near if evidence.candidates[i] is other)
    return [chosen[0], position, *(i for i in chosen[1:] if i != position)]


def _repeats(position: int, chosen: int, evidence: Evidence, same: float) -> bool:
    """Whether a candidate says what a chosen one of its document says, or copies it."""
    mine, other = evidence.candidates[position], evidence.candidates[chosen]
    if mine.hit.document.id == other.hit.document.id:
        return float(evidence.vectors[position] @ evidence.vectors[chosen]) > same
    return same_text(mine, other)


def selection_of(candidate: Candidate, value: float = 0.0) -> Selection:
    """The candidate's span; with the sentence before it, where it cannot stand alone."""
    sentence, before = candidate.sentence, candidate.before
    start = sentence.start
    leans = _LEANING.match(sentence.text) or has_unnamed_speaker(sentence.text)
    if before and leans and sentence.end - before.start <= _LONGEST_PAIR:
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
