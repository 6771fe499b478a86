"""Whether two runs over the same cases differ: an interval, a p-value, and a correction for many.

Interval: percentile bootstrap over cases, both runs of a case drawn together (B. Efron and
R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, chapter 13).

p-value: the paired randomization test, which asks how often exchanging the labels A and B of single
cases gives a difference at least as large (E. W. Noreen, Computer-Intensive Methods for Testing
Hypotheses, Wiley 1989). M. D. Smucker, J. Allan and B. Carterette, A Comparison of Statistical
Significance Tests for Information Retrieval Evaluation, CIKM 2007, found that it, the bootstrap and
the t-test agree, and advise against the Wilcoxon and sign tests. Exchanging whole cases is also
right for pooled shares, for which no simple test exists (A. Yeh, More Accurate Tests for the
Statistical Significance of Result Differences, COLING 2000).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.bootstrap import RESAMPLES, SEED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXACT_UP_TO = 14
"""With so many cases that differ, all 2 ** 14 = 16,384 exchanges of labels are tried."""
DRAWS = 10_000
"""Exchanges drawn at random where there are more."""

_BLOCK = 1_000_000
"""How many numbers are held in memory at once."""
_EQUAL = 1e-9
"""Differences of sums this close are the same: the order of adding must not decide a p-value."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One case's score in both runs, each value with its weight (above 0)."""

    a: float
    b: float
    weight_a: float = 1
    weight_b: float = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """The two means over the same cases, and what is known of their difference."""

    a: float
    b: float
    value: float
    """Mean of B minus mean of A."""
    low: float
    high: float
    """Ends of the 95 % interval."""
    p: float
    """Two-sided; above 0, and 1 where the cases are tied."""


def difference(
    pairs: Sequence[Pair],
    *,
    resamples: int = RESAMPLES,
    draws: int = DRAWS,
    exact_up_to: int = EXACT_UP_TO,
    seed: int = SEED,
) -> Difference:
    """Compare the weighted means of two runs over the same cases.

    Args:
        pairs: at least one.
        resamples: how many bootstrap samples the interval is read from.
        draws: how many exchanges of labels are drawn where not all are tried.
        exact_up_to: with at most so many cases that differ, all exchanges are tried.
        seed: of the draws; fixed, so that the same runs give the same numbers.
    """
    import numpy as np

    columns = np.array(
        [(p.a * p.weight_a, p.weight_a, p.b * p.weight_b, p.weight_b) for p in pairs],
        dtype=np.float64,
    )
    a, b = _means(columns.sum(axis=0))
    low, high = np.quantile(_resampled(columns, resamples, seed), (0.025, 0.975))
    p = _p_value(columns, draws, exact_up_to, seed)
    return Difference(*(tidy(float(number)) for number in (a, b, b - a, low, high, p)))


def tidy(value: float) -> float:
    """Six digits: equal scores are then equal, read from a report or computed just now."""
    return round(value, 6) + 0.0  # no -0.0


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values, adjusted for how many there are, in the order given.

    The chance of a single false alarm among all of them stays below the level they are compared
    with (S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of
    Statistics 6, 1979).
    """
    adjusted = [1.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return tuple(adjusted)


def _means(sums: "Floats") -> tuple["Floats", "Floats"]:
    """Both means, from sums of the four columns along the last axis."""
    return sums[..., 0] / sums[..., 1], sums[..., 2] / sums[..., 3]


def _resampled(columns: "Floats", resamples: int, seed: int) -> "Floats":
    """Differences of samples of as many cases, drawn with replacement."""
    import numpy as np

    generator, count = np.random.default_rng(seed), len(columns)
    found = []
    for rows in _blocks(resamples, count):
        drawn = generator.integers(0, count, size=(rows, count))
        drawn += np.arange(rows)[:, None] * count
        times = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        a, b = _means(times.astype(np.float64) @ columns)
        found.append(b - a)
    return np.concatenate(found)


def _p_value(columns: "Floats", draws: int, exact_up_to: int, seed: int) -> float:
    """How often exchanged labels give a difference at least as large as the one found.

    Cases equal in both runs look the same exchanged, so that only the others are. Drawn exchanges
    are counted with the one found among them, (b + 1) / (m + 1): B. Phipson and G. K. Smyth,
    Permutation P-values Should Never Be Zero, Statistical Applications in Genetics and Molecular
    Biology 9 (1), 2010, article 39.
    """
    import numpy as np

    moves = columns[:, 2:] - columns[:, :2]
    moves = moves[(moves != 0).any(axis=1)]
    count = len(moves)
    is_exact = count <= exact_up_to
    total = 2**count if is_exact else draws
    generator = np.random.default_rng(seed)
    sums = columns.sum(axis=0)
    a, b = _means(sums)
    extreme, start = 0, 0
    for rows in _blocks(total, max(count, 1)):
        if is_exact:
            exchanged = (np.arange(start, start + rows)[:, None] >> np.arange(count)) & 1
        else:
            exchanged = generator.integers(0, 2, size=(rows, count), dtype=np.uint8)
        shift = exchanged.astype(np.float64) @ moves
        other_a, other_b = _means(sums + np.hstack((shift, -shift)))
        extreme += int((np.abs(other_b - other_a) >= abs(b - a) - _EQUAL).sum())
        start += rows
    return extreme / total if is_exact else (extreme + 1) / (total + 1)


def _blocks(rows: int, width: int) -> Iterator[int]:
    """The rows in parts that fit in memory."""
    step = max(1, _BLOCK // width)
    for start in range(0, rows, step):
        yield min(step, rows - start)
