"""Whether confidence means anything: calibration, risk and coverage, separation.

The confidence of an answer is how likely it is, by the system's own word, to be right; that of an
abstention, how likely the withheld answer would have been.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BINS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """One case with the confidence it was given."""

    confidence: float
    is_right: bool | None
    """None where nothing was answered."""
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies from `low` to `high`."""

    low: float
    high: float
    n: int
    confidence: float
    """Their mean confidence."""
    accuracy: float
    """The share of them that is right."""

    def to_dict(self) -> dict[str, Any]:
        """The form of a report's `calibration`."""
        return {
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "confidence": round(self.confidence, 6),
            "accuracy": round(self.accuracy, 6),
        }


def bins(cases: Sequence[Told], count: int = BINS) -> tuple[Bin, ...]:
    """The answers by confidence, in bins of equal width; empty ones are left out."""
    answered = [(told.confidence, bool(told.is_right)) for told in _answered(cases)]
    filled: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answered:
        filled.setdefault(min(int(confidence * count), count - 1), []).append((confidence, right))
    return tuple(
        Bin(
            low=place / count,
            high=(place + 1) / count,
            n=len(members),
            confidence=sum(confidence for confidence, _ in members) / len(members),
            accuracy=sum(right for _, right in members) / len(members),
        )
        for place, members in sorted(filled.items())
    )


def expected_calibration_error(cases: Sequence[Told], count: int = BINS) -> float | None:
    """Mean distance of confidence and accuracy over the bins, weighted by their sizes.

    M. P. Naeini et al., Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015.
    With few cases a bin's accuracy is chance: the value is then above 0 for any system.

    Returns:
        From 0 to 1; None where no answer has a confidence.
    """
    found = bins(cases, count)
    total = sum(each.n for each in found)
    if not total:
        return None
    return sum(each.n * abs(each.accuracy - each.confidence) for each in found) / total


def risk_coverage(cases: Sequence[Told]) -> tuple[tuple[float, float], ...]:
    """Points (coverage, risk): the share of wrong answers among the most confident ones.

    Y. Geifman and R. El-Yaniv, Selective Classification for Deep Neural Networks, NeurIPS 2017.
    Answers with one confidence are let in together. Coverage counts all answers as 1.
    """
    ranked = sorted(_answered(cases), key=lambda told: -told.confidence)
    points: list[tuple[float, float]] = []
    wrong = 0
    for place, told in enumerate(ranked, start=1):
        wrong += not told.is_right
        is_last = place == len(ranked) or ranked[place].confidence != told.confidence
        if is_last:
            points.append((place / len(ranked), wrong / place))
    return tuple(points)


def area_under_risk_coverage(cases: Sequence[Told]) -> float | None:
    """Mean risk over all coverages (AURC); 0 is perfect. None where no answer has a confidence."""
    points = risk_coverage(cases)
    if not points:
        return None
    before = [0.0, *(coverage for coverage, _ in points)]
    return sum((c - b) * risk for (c, risk), b in zip(points, before, strict=False))


def answerability_auc(cases: Sequence[Told]) -> float | None:
    """Chance that an answerable case has more confidence than one without evidence; ties half.

    The area under the ROC curve, by ranks (J. A. Hanley and B. J. McNeil, Radiology 143, 1982).

    Returns:
        From 0 to 1; None where there are no cases of one of the two kinds.
    """
    yes = sorted(told.confidence for told in cases if told.is_answerable)
    no = sorted(told.confidence for told in cases if not told.is_answerable)
    if not yes or not no:
        return None
    won = sum(bisect_left(no, value) + bisect_right(no, value) for value in yes)
    return won / (2 * len(yes) * len(no))


def _answered(cases: Sequence[Told]) -> list[Told]:
    return [told for told in cases if told.is_right is not None]
