"""How well each sentence answers a question: features of it, and their weighted sum."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Candidate, Evidence, Vectors
from assistant.question import Question
from assistant.weights import Scoring
from index.canonical import matching_text
from index.terms import analyze


@dataclass(frozen=True, slots=True)
class Lexical:
    """The features of a sentence that its words show."""

    coverage: float
    """Weighted share of the question's terms that the sentence has."""
    context: float
    """The same of it and the one before."""
    surroundings: float
    """The same of its passage with heading, title and authors."""
    asks: float
    """Whether it asks something itself."""
    offers: float
    """Whether it has something of the kind that the question asks for."""
    lacks: float
    """Whether it has nothing of that kind."""
    missing_years: float
    """How many years of the question neither the passage nor its document's date names."""
    distant_years: float
    """How many neither the sentence nor the one before names."""
    missing_names: float
    """How many of the question's names the passage does not have."""
    missing_focus: float
    """The share of the words for the thing asked for that the passage does not have."""


FEATURES = ("sentence", "passage", *(field.name for field in fields(Lexical)), "relevance")
"""Cosine with the sentence and with its passage; what its words show; what a cross-encoder says."""


def score(
    question: Question, vector: Vectors, evidence: Evidence, weights: Scoring
) -> NDArray[np.float64]:
    """How well each candidate answers, shape (candidates,); comparable between questions."""
    weight = np.array([getattr(weights, name) for name in FEATURES])
    scores: NDArray[np.float64] = features(question, vector, evidence) @ weight
    return scores


def features(question: Question, vector: Vectors, evidence: Evidence) -> NDArray[np.float64]:
    """What each candidate's score is made of.

    Args:
        question: the analyzed question.
        vector: its embedding, shape (dimension,), L2-normalized.
        evidence: the sentences to choose from.

    Returns:
        Shape (candidates, features), in the order of `FEATURES`.
    """
    first = {c.hit.passage.id: c for c in reversed(evidence.candidates)}
    passages = {name: surroundings_of(candidate) for name, candidate in first.items()}
    terms = {name: frozenset(analyze(text)) for name, text in passages.items()}
    lexical = [
        _lexical(question, c, passages[c.hit.passage.id], terms[c.hit.passage.id])
        for c in evidence.candidates
    ]
    names = [field.name for field in fields(Lexical)]
    words = [[getattr(each, name) for name in names] for each in lexical]
    count = len(evidence.candidates)
    relevance = np.zeros(count) if evidence.relevance is None else evidence.relevance
    columns = (
        evidence.vectors @ vector,
        evidence.passage_vectors @ vector,
        *np.array(words, dtype=np.float64).reshape(count, len(names)).T,
        relevance,
    )
    return np.stack(columns, axis=1).astype(np.float64)


def surroundings_of(candidate: Candidate) -> str:
    """A candidate's passage with its heading and the document's title and authors, normalized."""
    passage, document = candidate.hit.passage, candidate.hit.document
    about = (passage.text, passage.heading or "", document.title or "", *document.authors)
    return matching_text(" ".join(about))


def surrounding_terms(candidate: Candidate) -> frozenset[str]:
    """The analyzed terms of a candidate's surroundings."""
    return frozenset(analyze(surroundings_of(candidate)))


def context_of(candidate: Candidate) -> str:
    """A candidate's sentence with the one before it in its passage, normalized."""
    text, before = matching_text(candidate.sentence.text), candidate.before
    return f"{matching_text(before.text)} {text}" if before else text


def _lexical(
    question: Question, candidate: Candidate, surroundings: str, around: frozenset[str]
) -> Lexical:
    text, context = matching_text(candidate.sentence.text), context_of(candidate)
    offers = question.offers_answer(text)
    focus = question.focus
    return Lexical(
        coverage=question.coverage(frozenset(analyze(text))),
        context=question.coverage(frozenset(analyze(context))),
        surroundings=question.coverage(around),
        asks=float(text.endswith("?")),
        offers=float(offers is True),
        lacks=float(offers is False),
        missing_years=question.missing_years(f"{surroundings} {candidate.hit.document.published}"),
        distant_years=question.missing_years(context),
        missing_names=len(question.names - around),
        missing_focus=len(focus - around) / len(focus) if focus else 0.0,
    )
