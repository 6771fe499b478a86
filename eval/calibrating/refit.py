"""New weights for a reader, and what they gain on questions they were not fitted on."""

import zlib
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
from eval.calibrating.fitting import (
    Floats,
    balanced,
    logistic,
    ranking_weights,
    reciprocal_ranks,
)
from eval.calibration import Told, answerability_auc, expected_calibration_error
from eval.errors import CalibrationError

FOLDS = 4
LEAST = 10
"""Questions with, and without, an answer that are needed to fit a curve."""
SIGNS = tuple(field.name for field in fields(Signs))


@dataclass(frozen=True, slots=True)
class Scores:
    """What weights achieve on a set of questions."""

    reciprocal_rank: float
    """Mean reciprocal rank of the gold sentences."""
    answerability_auc: float | None
    abstention_recall: float
    """Share of the questions without an answer that are declined."""
    false_refusal_rate: float
    """Share of the questions with one that are."""
    ece: float | None


@dataclass(frozen=True, slots=True)
class Refit:
    """New weights, and how they and the old ones do."""

    weights: Weights
    before: Scores
    after: Scores
    """Of weights fitted on the other folds, so that no question judges its own fit."""
    keeps_scoring: bool
    """Whether the old weights of sentences were kept, since new ones gained nothing elsewhere."""

    @property
    def is_worse(self) -> bool:
        """Whether the new curve separates questions worse than the old one."""
        return (self.after.answerability_auc or 0.0) < (self.before.answerability_auc or 0.0)


def refit(
    collections: Sequence[Sequence[Example]], old: Weights, false_refusals: float = 0.05
) -> Refit:
    """Fit weights, the curves of answerability and confidence, and the threshold.

    Each collection weighs the same, and in each the questions with an answer and those without.

    Args:
        collections: the examples of each dataset.
        old: the weights to start from; what is not fitted is taken over.
        false_refusals: the share of answerable questions that the threshold may decline.

    Raises:
        CalibrationError: there are too few questions with, or without, an answer.
    """
    everything = [example for examples in collections for example in examples]
    answerable = sum(example.is_answerable for example in everything)
    if min(answerable, len(everything) - answerable) < LEAST:
        raise CalibrationError(
            f"Expected at least {LEAST} questions with an answer and {LEAST} without, found "
            f"{answerable} and {len(everything) - answerable}. Add cases, or a further dataset."
        )
    parts = [[[e for e in c if _fold(e) == fold] for c in collections] for fold in range(FOLDS)]
    rests = [[[e for e in c if _fold(e) != fold] for c in collections] for fold in range(FOLDS)]
    scorings = [_fit_scoring(rest, old.scoring) for rest in rests]
    keeps = not _gains(parts, scorings, old.scoring)
    held_out = [
        _fit_rest(rest, old, old.scoring if keeps else scoring, false_refusals)
        for rest, scoring in zip(rests, scorings, strict=True)
    ]
    scoring = old.scoring if keeps else _fit_scoring(collections, old.scoring)
    return Refit(
        weights=_fit_rest(collections, old, scoring, false_refusals),
        before=_scores([(part, old) for part in parts]),
        after=_scores(list(zip(parts, held_out, strict=True))),
        keeps_scoring=keeps,
    )


def _fold(example: Example) -> int:
    """A fold by the question's text, so that the same question is always in the same one."""
    return zlib.crc32(example.question.text.encode()) % FOLDS


def _fit_scoring(collections: Sequence[Sequence[Example]], old: Scoring) -> Scoring:
    told = [e for examples in collections for e in examples if e.is_answerable]
    start = _vector(old)
    found = ranking_weights([e.features for e in told], [e.gold for e in told], start)
    return Scoring(**{name: round(float(w), 3) for name, w in zip(FEATURES, found, strict=True)})


def _gains(
    parts: Sequence[Sequence[Sequence[Example]]], scorings: Sequence[Scoring], old: Scoring
) -> bool:
    """Whether new weights gain on the folds they were not fitted on, by more than chance might."""
    gains = np.concatenate(
        [
            _ranks(part, scoring) - _ranks(part, old)
            for part, scoring in zip(parts, scorings, strict=True)
        ]
    )
    error = gains.std() / max(len(gains), 1) ** 0.5
    return bool(gains.mean() > 2 * error)


def _ranks(collections: Sequence[Sequence[Example]], scoring: Scoring) -> Floats:
    told = [e for examples in collections for e in examples if e.is_answerable]
    return reciprocal_ranks([e.features for e in told], [e.gold for e in told], _vector(scoring))


def _fit_rest(
    collections: Sequence[Sequence[Example]], old: Weights, scoring: Scoring, limit: float
) -> Weights:
    """The curves and the threshold, for given weights of sentences."""
    everything = [example for examples in collections for example in examples]
    values = np.array([_signs(example, scoring) for example in everything])
    targets = np.array([example.is_answerable for example in everything])
    groups = [2 * i + e.is_answerable for i, examples in enumerate(collections) for e in examples]
    found, offset = logistic(values, targets, balanced(groups))
    odds = values @ found + offset
    weights = old.model_copy(
        update={
            "scoring": scoring,
            "answerability": Answerability(
                signs={name: round(float(w), 3) for name, w in zip(SIGNS, found, strict=True)},
                offset=round(offset, 3),
                threshold=round(_threshold(odds[targets], limit), 2),
            ),
        }
    )
    readings = [read(*example.prepared, weights) for example in everything]
    answers = [i for i, reading in enumerate(readings) if reading.selections]
    right = np.array([_is_right(everything[i], readings[i].spans) for i in answers], dtype=bool)
    if len(answers) < LEAST or right.all() or not right.any():
        return weights
    told = np.array([[readings[i].answerability] for i in answers])
    slope, intercept = logistic(told, right, np.ones(len(answers)), ridge=0.0)
    curve = Confidence(slope=round(float(slope[0]), 3), intercept=round(intercept, 3))
    return weights.model_copy(update={"confidence": curve})


def _signs(example: Example, scoring: Scoring) -> list[float]:
    found = asdict(signs(*example.prepared, example.features @ _vector(scoring)))
    return [float(found[name]) for name in SIGNS]


def _threshold(odds: Floats, limit: float) -> float:
    """The log-odds below which at most a share of the answerable questions lies."""
    return float(np.quantile(odds, limit, method="lower"))


def _is_right(example: Example, spans: Sequence[tuple[str, int, int]]) -> bool:
    """Whether quotes hold a gold sentence of every group."""
    quoted = np.array([_is_quoted(e, spans) for e in example.evidence.candidates], dtype=bool)
    return example.is_answerable and bool(example.gold[quoted].any(axis=0).all())


def _is_quoted(candidate: Candidate, spans: Sequence[tuple[str, int, int]]) -> bool:
    sentence, document = candidate.sentence, candidate.hit.document.id
    return any(d == document and s < sentence.end and sentence.start < e for d, s, e in spans)


def _scores(folds: Sequence[tuple[Sequence[Sequence[Example]], Weights]]) -> Scores:
    """How weights do, each on its own fold."""
    told: list[Told] = []
    declined: list[tuple[bool, bool]] = []
    ranks: list[NDArray[np.float64]] = []
    for collections, weights in folds:
        ranks.append(_ranks(collections, weights.scoring))
        for example in (e for examples in collections for e in examples):
            reading = read(*example.prepared, weights)
            right = _is_right(example, reading.spans) if reading.selections else None
            told.append(Told(reading.confidence, right, example.is_answerable))
            declined.append((example.is_answerable, not reading.selections))
    return Scores(
        reciprocal_rank=float(np.concatenate(ranks).mean()),
        answerability_auc=answerability_auc(told),
        abstention_recall=float(np.mean([d for answerable, d in declined if not answerable])),
        false_refusal_rate=float(np.mean([d for answerable, d in declined if answerable])),
        ece=expected_calibration_error(told),
    )


def _vector(scoring: Scoring) -> Floats:
    return np.array([getattr(scoring, name) for name in FEATURES])
