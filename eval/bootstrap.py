"""Summaries with intervals: percentile bootstrap over cases.

B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, chapter 13.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from eval.scorers.base import Score

RESAMPLES = 2_000
SEED = 20_240_501
"""Fixed, so that the same answers give the same report."""

_BLOCK = 1_000_000
"""How many draws are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over cases with its interval."""

    value: float | None
    """None when no case was scored."""
    low: float | None
    high: float | None
    """Ends of the 95 % interval."""
    n: int
    """How many cases were scored."""

    def to_dict(self) -> dict[str, Any]:
        """The form of a report's summary."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}


def estimate(scores: Iterable[Score], *, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """The weighted mean of the scored cases, with the percentile bootstrap 95 % interval.

    Cases are drawn with replacement, each with its weight: a pooled share is resampled by case, as
    the quotes of one answer are not independent.
    """
    scored = [(score.value, score.weight) for score in scores if score.value is not None]
    if not scored:
        return Estimate(None, None, None, 0)
    import numpy as np

    values, weights = np.array(scored, dtype=np.float64).T
    products, count = values * weights, len(scored)
    generator = np.random.default_rng(seed)
    means: list[float] = []
    while len(means) < resamples:
        rows = min(resamples - len(means), max(1, _BLOCK // count))
        drawn = generator.integers(0, count, size=(rows, count))
        means.extend(products[drawn].sum(axis=1) / weights[drawn].sum(axis=1))
    low, high = np.quantile(means, (0.025, 0.975))
    mean = float(products.sum() / weights.sum())
    return Estimate(_tidy(mean), _tidy(float(low)), _tidy(float(high)), count)


def _tidy(value: float) -> float:
    return round(value, 6)
