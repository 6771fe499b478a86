"""How sure the reader is: from signs that evidence bears a question out to a probability.

Two logistic curves (J. Platt, Probabilistic Outputs for Support Vector Machines, 1999), one over
the other: the first tells questions with an answer from those without, the second makes of that
how likely an answer is right. scripts/fit_confidence.py prints both.
"""

import math
from dataclasses import astuple, dataclass

from assistant.evidence import Evidence, Vectors
from assistant.question import Question
from assistant.scoring import context_of, surrounding_terms

WEIGHTS = (3.75, -1.46, -0.37, -0.57, -0.5)
"""One for each field of `Signs`, in order. With `OFFSET`, fitted on SQuAD 2 articles and on the
cases b-001 to b-084 of the briefs, both kinds of question weighing the same."""
OFFSET = -1.8
THRESHOLD = -0.5
"""The log-odds from which the reader answers. Between -0.6 and -0.3 it declines about as many more
questions without an answer as with one; docs/evaluation.md says what other thresholds would do."""
SLOPE, INTERCEPT = 0.78, -0.13
"""From log-odds to how likely an answer is right; fitted on the answers to the same cases."""
NOTHING = -20.0
"""The log-odds where there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against an answer in the evidence."""

    closeness: float
    """Cosine of the question with the nearest sentence."""
    rarest_missing: float
    """The weightiest term that the best sentence's passage lacks, as a share of all weights."""
    names_missing: float
    """How many of the question's names that passage lacks."""
    focus_missing: float
    """The share of the words for the thing asked for that it lacks."""
    years_missing: float
    """How many years of the question neither the best sentence nor the one before names."""


def signs(question: Question, vector: Vectors, evidence: Evidence, best: int) -> Signs:
    """Look for the signs.

    Args:
        question: the analyzed question.
        vector: its embedding, shape (dimension,), L2-normalized.
        evidence: at least one candidate.
        best: the position of the best one.
    """
    candidate = evidence.candidates[best]
    around = surrounding_terms(candidate)
    missing = [weight for term, weight in question.weights.items() if term not in around]
    focus = question.focus
    return Signs(
        closeness=float((evidence.vectors @ vector).max()),
        rarest_missing=max(missing, default=0.0) / question.total,
        names_missing=len(question.names - around),
        focus_missing=len(focus - around) / len(focus) if focus else 0.0,
        years_missing=question.missing_years(context_of(candidate)),
    )


def answerability(found: Signs) -> float:
    """Log-odds that the question has an answer, were half of all questions to have one."""
    pairs = zip(WEIGHTS, astuple(found), strict=True)
    return OFFSET + sum(weight * float(value) for weight, value in pairs)


def probability(log_odds: float) -> float:
    """How likely an answer is right, 0 to 1."""
    return 1 / (1 + math.exp(-(SLOPE * log_odds + INTERCEPT)))
