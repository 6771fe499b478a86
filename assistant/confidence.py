"""How sure the reader is: from signs that evidence bears a question out to a probability.

Two logistic curves (J. Platt, Probabilistic Outputs for Support Vector Machines, 1999), one over
the other: the first tells questions with an answer from those without, the second makes of that
how likely an answer is right. `assistant calibrate` fits both.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Candidate, Evidence, Vectors
from assistant.premise import denied, opposed, uncounted
from assistant.question import Question, asked_for
from assistant.scoring import context_of, surrounding_terms
from assistant.weights import Answerability, Confidence
from index.canonical import matching_text

_MOST_TERMS = 10
"""Terms of a question from which no sentence is expected to have all: it has several clauses, and
what one sentence lacks another may have."""
_MOST_NEAREST, _CLOSE = 3, 0.25
"""How many candidates may bear against the premise, and how far they may score below the best."""
NOTHING = -20.0
"""The log-odds where there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against an answer in the evidence.

    All after the first two are 0 for a long question.
    """

    closeness: float
    """Cosine of the question with the nearest sentence."""
    rarest_missing: float
    """The weightiest term that the best sentence's passage lacks, as a share of all weights."""
    names_missing: float = 0.0
    """The share of the question's names that passage lacks."""
    focus_missing: float = 0.0
    """The share of the words for the thing asked for that it lacks."""
    asked_unknown: float = 0.0
    """Whether a word for what the question wants to know occurs nowhere in the index."""
    years_missing: float = 0.0
    """How many years of the question neither the best sentence nor the one before names."""
    denied: float = 0.0
    """How much of the question's premise the best sentences deny; see `assistant.premise`."""
    opposed: float = 0.0
    """Whether they have the opposite of a word of the question."""
    uncounted: float = 0.0
    """How sure it is that the best sentence does not count what "how many" asks for."""


def signs(
    question: Question, vector: Vectors, evidence: Evidence, scores: NDArray[np.float64]
) -> Signs:
    """Look for the signs.

    Args:
        question: the analyzed question.
        vector: its embedding, shape (dimension,), L2-normalized.
        evidence: at least one candidate.
        scores: how well each candidate answers, shape (candidates,).
    """
    closeness = float((evidence.vectors @ vector).max())
    nearest = nearest_candidates(evidence, scores)
    candidate = nearest[0]
    plain = frozenset(question.weights) - question.names
    texts = [matching_text(each.sentence.text) for each in nearest]
    around = surrounding_terms(candidate)
    missing = [weight for term, weight in question.weights.items() if term not in around]
    rarest_missing = max(missing, default=0.0) / question.total
    if len(question.weights) > _MOST_TERMS:
        return Signs(closeness, rarest_missing)
    names, focus = question.names, question.focus
    return Signs(
        closeness=closeness,
        rarest_missing=rarest_missing,
        names_missing=len(names - around) / len(names) if names else 0.0,
        focus_missing=len(focus - around) / len(focus) if focus else 0.0,
        asked_unknown=float(any(word in question.unknown for word in asked_for(question.text))),
        years_missing=question.missing_years(context_of(candidate)),
        denied=_leading([denied(question.text, plain, text) for text in texts]),
        opposed=_leading([float(opposed(question.text, text)) for text in texts]),
        uncounted=uncounted(question.text, context_of(candidate)),
    )


def nearest_candidates(evidence: Evidence, scores: NDArray[np.float64]) -> list[Candidate]:
    """The best candidate and those close behind it, best first."""
    order = np.argsort(-scores, kind="stable")[:_MOST_NEAREST]
    return [evidence.candidates[i] for i in order if scores[i] >= scores[order[0]] - _CLOSE]


def _leading(values: Sequence[float]) -> float:
    """Of one value for each of the nearest candidates, half the first and half the largest."""
    return (values[0] + max(values)) / 2


def answerability(found: Signs, weights: Answerability) -> float:
    """Log-odds that the question has an answer, were half of all questions to have one."""
    values: dict[str, float] = asdict(found)
    return weights.offset + sum(weight * values[sign] for sign, weight in weights.signs.items())


def probability(log_odds: float, weights: Confidence) -> float:
    """How likely an answer is right, 0 to 1."""
    return 1 / (1 + math.exp(-(weights.slope * log_odds + weights.intercept)))
