"""New weights for a reader, and what they gain on questions they were not fitted on."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.confidence import probability
from assistant.scoring import FEATURES
from assistant.weights import Scoring, Weights
from eval.calibrating.curves import LEAST, Seen, fit_curves, odds_of, placements, see, vector_of
from eval.calibrating.examples import Example
from eval.calibrating.fitting import ranking_weights, reciprocal_ranks
from eval.calibration import Told, answerability_auc, expected_calibration_error
from eval.errors import CalibrationError

FOLDS = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """What weights achieve on a set of questions."""

    reciprocal_rank: float
    """Mean reciprocal rank of the gold sentences."""
    gold_first: float
    """Share of the answerable questions with a gold sentence before all others."""
    answerability_auc: float | None
    """Mean over the folds: odds of different curves are not compared."""
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
    keeps_curve: bool
    """Whether the old curve of answerability was kept, since a new one separated no better."""

    @property
    def is_worse(self) -> bool:
        """Whether questions are separated worse than before."""
        return (self.after.answerability_auc or 0.0) < (self.before.answerability_auc or 0.0)


def refit(
    collections: Sequence[Sequence[Example]], old: Weights, false_refusals: float = 0.05
) -> Refit:
    """Fit weights, the curves of answerability and confidence, and the threshold.

    Weights of sentences, and the curve of answerability, are kept where new ones gain nothing on
    questions they were not fitted on; threshold and confidence are then fitted to the kept ones.

    Args:
        collections: the examples of each dataset.
        old: the weights to start from; what is not fitted is taken over.
        false_refusals: the share of answerable questions that the threshold may decline.

    Raises:
        CalibrationError: there are too few questions with, or without, an answer.
    """
    _check(collections)
    present = _seen(collections, old)
    with_folds = [_with_scoring(collections, old, fold) for fold in range(FOLDS)]
    keeps_scoring = not _gains(collections, with_folds, old)
    if keeps_scoring:
        weights, with_folds, views = old, [old] * FOLDS, [present] * FOLDS
    else:
        weights = _with_scoring(collections, old, None)
        views = [_seen(collections, each) for each in with_folds]

    def fitted(keeps_curve: bool) -> list[Weights]:
        return [
            fit_curves(_outside(view, fold), used, false_refusals, keeps_curve=keeps_curve)
            for fold, (view, used) in enumerate(zip(views, with_folds, strict=True))
        ]

    held_out = fitted(keeps_curve=False)
    keeps_curve = not _separates(views, held_out, present, old)
    view = present if keeps_scoring else _seen(collections, weights)
    return Refit(
        weights=fit_curves(view, weights, false_refusals, keeps_curve=keeps_curve),
        before=_scores([present] * FOLDS, [old] * FOLDS),
        after=_scores(views, fitted(keeps_curve=True) if keeps_curve else held_out),
        keeps_scoring=keeps_scoring,
        keeps_curve=keeps_curve,
    )


def _check(collections: Sequence[Sequence[Example]]) -> None:
    kinds = [example.is_answerable for examples in collections for example in examples]
    answerable = sum(kinds)
    if min(answerable, len(kinds) - answerable) < LEAST:
        raise CalibrationError(
            f"Expected at least {LEAST} questions with an answer and {LEAST} without, found "
            f"{answerable} and {len(kinds) - answerable}. Add cases, or a further dataset."
        )


def _fold(example: Example) -> int:
    """A fold by the question's text, so that the same question is always in the same one."""
    return zlib.crc32(example.question.text.encode()) % FOLDS


def _seen(collections: Sequence[Sequence[Example]], weights: Weights) -> list[Seen]:
    return [
        see(example, weights, fold=_fold(example), dataset=number)
        for number, examples in enumerate(collections)
        for example in examples
    ]


def _outside(seen: Sequence[Seen], fold: int) -> list[Seen]:
    return [each for each in seen if each.fold != fold]


def _inside(views: Sequence[Sequence[Seen]]) -> list[list[Seen]]:
    """Of each fold's view, what is in that fold."""
    return [[each for each in view if each.fold == fold] for fold, view in enumerate(views)]


def _with_scoring(
    collections: Sequence[Sequence[Example]], old: Weights, left_out: int | None
) -> Weights:
    """The old weights with those of sentences fitted anew, on all folds but one."""
    examples = [e for part in collections for e in part if e.is_answerable and _fold(e) != left_out]
    start = vector_of(old.scoring)
    found = ranking_weights([e.features for e in examples], [e.gold for e in examples], start)
    rounded = {name: round(float(w), 3) for name, w in zip(FEATURES, found, strict=True)}
    return old.model_copy(update={"scoring": Scoring(**rounded)})


def _gains(
    collections: Sequence[Sequence[Example]], with_folds: Sequence[Weights], old: Weights
) -> bool:
    """Whether new weights gain on the folds they were not fitted on, by more than chance might."""
    examples = [e for part in collections for e in part if e.is_answerable]
    gains = np.array([_rank(e, with_folds[_fold(e)]) - _rank(e, old) for e in examples])
    error = gains.std() / max(len(gains), 1) ** 0.5
    return bool(gains.mean() > 2 * error)


def _separates(
    views: Sequence[Sequence[Seen]],
    held_out: Sequence[Weights],
    present: Sequence[Seen],
    old: Weights,
) -> bool:
    """Whether new curves separate what they were not fitted on, by more than chance might."""
    parts = list(zip(_inside(views), _inside([present] * FOLDS), held_out, strict=True))
    gains = np.concatenate(
        [
            placements(new, fitted.answerability) - placements(before, old.answerability)
            for new, before, fitted in parts
        ]
    )
    answerable = np.array([each.is_answerable for new, _, _ in parts for each in new])
    kinds = [gains[answerable], gains[~answerable]]
    error = sum(kind.var() / len(kind) for kind in kinds) ** 0.5
    return bool(np.mean([kind.mean() for kind in kinds]) > 2 * error)


def _rank(example: Example, weights: Weights) -> float:
    vector = vector_of(weights.scoring)
    return float(reciprocal_ranks([example.features], [example.gold], vector)[0])


def _scores(views: Sequence[Sequence[Seen]], weights: Sequence[Weights]) -> Scores:
    """How each fold's weights do on that fold."""
    parts = _inside(views)
    folds = [_told(seen, used) for seen, used in zip(parts, weights, strict=True)]
    told = [each for fold in folds for each in fold]
    answerable = [each for seen in parts for each in seen if each.is_answerable]
    areas = [area for fold in folds if (area := answerability_auc(fold)) is not None]
    return Scores(
        reciprocal_rank=float(np.mean([each.reciprocal_rank for each in answerable])),
        gold_first=float(np.mean([each.is_first for each in answerable])),
        answerability_auc=float(np.mean(areas)) if areas else None,
        abstention_recall=_declined(told, is_answerable=False),
        false_refusal_rate=_declined(told, is_answerable=True),
        ece=expected_calibration_error(told),
    )


def _told(seen: Sequence[Seen], weights: Weights) -> list[Told]:
    odds = odds_of(seen, weights.answerability)
    return [
        Told(
            probability(value, weights.confidence),
            each.is_right if value >= weights.answerability.threshold else None,
            each.is_answerable,
        )
        for each, value in zip(seen, odds, strict=True)
    ]


def _declined(told: Sequence[Told], *, is_answerable: bool) -> float:
    return float(np.mean([e.is_right is None for e in told if e.is_answerable == is_answerable]))
