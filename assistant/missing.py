"""What an abstention says is missing: only what can be checked on the passages it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import nearest_candidates
from assistant.evidence import Candidate, Evidence
from assistant.premise import denied, opposed
from assistant.question import Kind, Question, content_words
from assistant.scoring import surrounding_terms
from index.canonical import matching_text
from index.terms import analyze
from index.types import Hit

SHOWN = 3
"""Passages shown with an abstention."""
_MOST_WORDS = 2
"""Words named as missing."""
_DENIES = 0.5
_NAMES_OF_KINDS = frozenset(
    ("name", "year", "date", "day", "month", "century", "number", "percent")
)
"""Words that ask for a kind of answer, which a passage may give without the word."""
_KINDS: dict[Kind, str] = {"number": "number", "date": "date", "person": "name", "place": "name"}


@dataclass(frozen=True, slots=True)
class Lack:
    """Why the evidence does not do, and the passages that show it."""

    wording: str
    """Name of the prompt that says so."""
    hits: tuple[Hit, ...]
    """The nearest passages; where the premise is denied, the passage that denies it first."""
    terms: tuple[str, ...] = ()
    """The words that are missing, as the question has them."""
    kind: str = ""
    """What kind of answer is missing."""


def lack_of(question: Question, evidence: Evidence, scores: NDArray[np.float64]) -> Lack:
    """Find what is missing, the most telling first.

    Args:
        question: the analyzed question.
        evidence: at least one candidate.
        scores: how well each candidate answers, shape (candidates,).
    """
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    best = [evidence.candidates[i] for i in order]
    hits = nearest_hits(evidence, scores)
    if question.unknown:
        return Lack("abstain_missing", hits, question.unknown)
    nearest = nearest_candidates(evidence, scores)
    against = [candidate for candidate in nearest if _is_against(question, candidate)]
    if against:
        return Lack("abstain_premise", _passages([*against, *best])[:SHOWN])
    shown = [candidate for candidate in best if candidate.hit in hits]
    absent = _absent(question, shown)
    if absent:
        return Lack("abstain_absent", hits, absent)
    first = [candidate for candidate in shown if candidate.hit == hits[0]]
    if question.kind in _KINDS and not any(_offers(question, c) for c in first):
        return Lack("abstain_kind", hits, kind=_KINDS[question.kind])
    return Lack("abstain_weak", hits)


def nearest_hits(evidence: Evidence, scores: NDArray[np.float64]) -> tuple[Hit, ...]:
    """The passages with the best sentences, as an abstention shows them."""
    order = np.argsort(-scores, kind="stable")
    return _passages(evidence.candidates[int(i)] for i in order)[:SHOWN]


def _passages(candidates: Iterable[Candidate]) -> tuple[Hit, ...]:
    return tuple({candidate.hit.passage.id: candidate.hit for candidate in candidates}.values())


def _is_against(question: Question, candidate: Candidate) -> bool:
    text = matching_text(candidate.sentence.text)
    plain = frozenset(question.weights) - question.names
    return denied(question.text, plain, text) >= _DENIES or opposed(question.text, text)


def _absent(question: Question, shown: Sequence[Candidate]) -> tuple[str, ...]:
    """Words of the question that no passage shown has, the thing asked for and the rarest first."""
    known = frozenset[str]().union(*map(surrounding_terms, shown))
    found = []
    for word in content_words(question.text):
        terms = [term for term in analyze(word) if term in question.weights]
        if terms and known.isdisjoint(terms) and word.lower() not in _NAMES_OF_KINDS:
            is_asked_for = not question.focus.isdisjoint(terms)
            found.append((is_asked_for, max(question.weights[term] for term in terms), word))
    found.sort(key=lambda each: each[:2], reverse=True)
    return tuple(word for _, _, word in found[:_MOST_WORDS])


def _offers(question: Question, candidate: Candidate) -> bool:
    return question.offers_answer(matching_text(candidate.sentence.text)) is True
