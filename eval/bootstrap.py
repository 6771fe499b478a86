"""Summaries with intervals: percentile bootstrap over cases.

B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, chapter 13.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from eval.scorers.base import Score

RESAMPLES = 2_000
SEED = 20_240_501
"""Fixed, so that the same answers give the same report."""

STATISTIC_RESAMPLES = 400
"""For statistics that are computed one draw after another."""

T = TypeVar("T")

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


def estimate_statistic(
    cases: Sequence[T],
    statistic: Callable[[Sequence[T]], float | None],
    *,
    resamples: int = STATISTIC_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """A statistic of all cases together, with its percentile bootstrap 95 % interval.

    Args:
        cases: what the statistic is computed from.
        statistic: gives None where it is not defined; such draws are left out.
        resamples: how many draws.
        seed: of the draws.
    """
    value = statistic(cases)
    if value is None:
        return Estimate(None, None, None, 0)
    import numpy as np

    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(cases), size=(resamples, len(cases)))
    drawn = (statistic([cases[place] for place in draw]) for draw in draws.tolist())
    low, high = np.quantile([found for found in drawn if found is not None], (0.025, 0.975))
    return Estimate(_tidy(value), _tidy(float(low)), _tidy(float(high)), len(cases))


def estimate_quantile(
    values: Sequence[float], quantile: float, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """A quantile of some values, with its percentile bootstrap 95 % interval."""
    if not values:
        return Estimate(None, None, None, 0)
    import numpy as np

    measured = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    found: list[float] = []
    while len(found) < resamples:
        rows = min(resamples - len(found), max(1, _BLOCK // len(values)))
        drawn = generator.integers(0, len(values), size=(rows, len(values)))
        found.extend(np.quantile(measured[drawn], quantile, axis=1))
    low, high = np.quantile(found, (0.025, 0.975))
    value = float(np.quantile(measured, quantile))
    return Estimate(_tidy(value), _tidy(float(low)), _tidy(float(high)), len(values))


def _tidy(value: float) -> float:
    return round(value, 6)
