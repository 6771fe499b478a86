"""How well each sentence answers a question.

The weights below were set by hand on SQuAD 2 articles and on the shipped briefs;
docs/evaluation.md has the figures.
"""

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


def score(question: Question, vector: Vectors, evidence: Evidence) -> NDArray[np.float64]:
    """How well each candidate answers, shape (candidates,); comparable between questions."""
    lexical = np.array([_lexical(question, c) for c in evidence.candidates], dtype=np.float64)
    sentences = (evidence.vectors @ vector).astype(np.float64)
    passages = (evidence.passage_vectors @ vector).astype(np.float64)
    return WEIGHTS["sentence"] * sentences + WEIGHTS["passage"] * passages + lexical


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


def _lexical(question: Question, candidate: Candidate) -> float:
    text, context = matching_text(candidate.sentence.text), context_of(candidate)
    surroundings = surroundings_of(candidate)
    around = frozenset(analyze(surroundings))
    value = WEIGHTS["coverage"] * question.coverage(frozenset(analyze(text)))
    value += WEIGHTS["context"] * question.coverage(frozenset(analyze(context)))
    value += WEIGHTS["surroundings"] * question.coverage(around)
    value += MISSING_NAME * len(question.names - around)
    if question.focus:
        value += MISSING_FOCUS * len(question.focus - around) / len(question.focus)
    if text.endswith("?"):
        value += ASKS
    offers = question.offers_answer(text)
    if offers is not None:
        value += OFFERS if offers else LACKS
    value += DISTANT_YEAR * question.missing_years(context)
    published = candidate.hit.document.published
    return value + MISSING_YEAR * question.missing_years(f"{surroundings} {published}")
