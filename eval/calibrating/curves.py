"""The curves of answerability and confidence, and the threshold between answer and abstention."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from assistant.confidence import Signs, signs
from assistant.evidence import Candidate
from assistant.extractive import read
from assistant.scoring import FEATURES
from assistant.weights import Answerability, Confidence, Scoring, Weights
from eval.calibrating.examples import Example
from eval.calibrating.fitting import Floats, balanced, logistic, reciprocal_ranks

LEAST = 10
"""Answers, or questions of a kind, that are needed to fit a curve."""
SIGNS = tuple(field.name for field in fields(Signs))
_LITTLE = 1.0
"""Ridge of the curve of confidence: enough that it stays finite where all low odds are wrong."""
_ALWAYS = -1e9
"""A threshold under which the reader always answers."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the reader makes of a question with some weights of sentences, before any curve."""

    fold: int
    dataset: int
    is_answerable: bool
    signs: tuple[float, ...]
    """In the order of `SIGNS`."""
    is_right: bool
    """Whether its quotes, if it answers, hold a gold sentence of every group."""
    is_first: bool
    """Whether the best sentence is gold."""
    reciprocal_rank: float
    """Mean over the groups of 1 / rank of the first gold sentence; 0 without gold."""


def see(example: Example, weights: Weights, *, fold: int, dataset: int) -> Seen:
    """Look at one question with the weights of sentences in `weights`."""
    vector = vector_of(weights.scoring)
    scores = example.features @ vector
    found = asdict(signs(*example.prepared, scores))
    rules = weights.answerability.model_copy(update={"threshold": _ALWAYS})
    spans = read(*example.prepared, weights.model_copy(update={"answerability": rules})).spans
    return Seen(
        fold=fold,
        dataset=dataset,
        is_answerable=example.is_answerable,
        signs=tuple(float(found[name]) for name in SIGNS),
        is_right=_is_right(example, spans),
        is_first=bool(example.gold[int(np.argmax(scores))].any()),
        reciprocal_rank=float(reciprocal_ranks([example.features], [example.gold], vector)[0]),
    )


def vector_of(scoring: Scoring) -> Floats:
    """The weights of sentences in the order of `FEATURES`."""
    return np.array([getattr(scoring, name) for name in FEATURES])


def odds_of(seen: Sequence[Seen], curve: Answerability) -> Floats:
    """Log-odds that each question has an answer, shape (questions,)."""
    weights = np.array([curve.signs.get(name, 0.0) for name in SIGNS])
    values = np.array([each.signs for each in seen]).reshape(len(seen), len(SIGNS))
    odds: Floats = values @ weights + curve.offset
    return odds


def placements(seen: Sequence[Seen], curve: Answerability) -> Floats:
    """How often each question is on the right side of one of the other kind; ties half.

    Their mean over either kind is the area under the ROC curve, their variances are what its
    error is made of (E. R. DeLong et al., Biometrics 44, 1988).

    Returns:
        Shape (questions,), 0 to 1; a half where there is none of the other kind.
    """
    odds = odds_of(seen, curve)
    answerable = np.array([each.is_answerable for each in seen], dtype=bool)
    above = (odds[:, None] > odds) + (odds[:, None] == odds) / 2
    right = np.where(answerable[:, None], above, 1 - above)
    others = answerable[:, None] != answerable
    counts = others.sum(axis=1)
    shares: Floats = (right * others).sum(axis=1) / np.maximum(counts, 1)
    return np.where(counts > 0, shares, 0.5)


def fit_curves(seen: Sequence[Seen], old: Weights, limit: float, *, keeps_curve: bool) -> Weights:
    """Fit what follows the weights of sentences.

    Args:
        seen: with the weights of sentences in `old`.
        old: what is not fitted is taken over.
        limit: the share of the answerable questions that the threshold may decline.
        keeps_curve: whether the curve of answerability is taken over as well.
    """
    curve = old.answerability if keeps_curve else _curve(seen)
    odds = odds_of(seen, curve)
    threshold = threshold_of(odds[[each.is_answerable for each in seen]], limit)
    answered = odds >= threshold
    right = np.array([each.is_right for each in seen])
    return old.model_copy(
        update={
            "answerability": curve.model_copy(update={"threshold": threshold}),
            "confidence": _confidence(odds[answered], right[answered], old.confidence),
        }
    )


def threshold_of(odds: Floats, limit: float) -> float:
    """The log-odds below which at most a share of the answerable questions lies, rounded down."""
    return math.floor(float(np.quantile(odds, limit, method="lower")) * 100) / 100


def _curve(seen: Sequence[Seen]) -> Answerability:
    """Datasets weigh the same, and in each the questions with an answer and those without."""
    values = np.array([each.signs for each in seen])
    targets = np.array([each.is_answerable for each in seen])
    shares = balanced([2 * each.dataset + each.is_answerable for each in seen])
    weights, offset = logistic(values, targets, shares)
    named = {name: round(float(w), 3) for name, w in zip(SIGNS, weights, strict=True)}
    return Answerability(signs=named, offset=round(offset, 3), threshold=0.0)


def _confidence(odds: Floats, right: NDArray[np.bool_], old: Confidence) -> Confidence:
    """The curve from log-odds to how likely an answer is right; the old one where none is found."""
    if len(odds) < LEAST or right.all() or not right.any():
        return old
    slope, intercept = logistic(odds[:, None], right, np.ones(len(odds)), ridge=_LITTLE)
    if slope[0] <= 0:  # a confidence that falls where an answer is likelier would mislead
        return old
    return Confidence(slope=round(float(slope[0]), 3), intercept=round(intercept, 3))


def _is_right(example: Example, spans: Sequence[tuple[str, int, int]]) -> bool:
    quoted = np.array([_is_quoted(e, spans) for e in example.evidence.candidates], dtype=bool)
    return example.is_answerable and bool(example.gold[quoted].any(axis=0).all())


def _is_quoted(candidate: Candidate, spans: Sequence[tuple[str, int, int]]) -> bool:
    sentence, document = candidate.sentence, candidate.hit.document.id
    return any(d == document and s < sentence.end and sentence.start < e for d, s, e in spans)
