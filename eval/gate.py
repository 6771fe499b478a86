"""Whether a report is good enough: limits for metrics, failed cases, and a run to keep up with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, get_args

from eval.bootstrap import Estimate
from eval.comparison import LEVEL, MetricComparison
from eval.errors import GateError
from eval.metric_names import check_known, is_share
from eval.problems import listed, shown
from eval.scorers import HEADLINE, METRICS
from eval.types import CATEGORIES
from index.errors import InputError

if TYPE_CHECKING:
    from eval.report import Report

Limits = Mapping[str, float]
"""Limits by names of metrics; `category.metric` limits the cases of one category."""

On = Literal["value", "low", "high", "worst"]
"""What of an estimate is held to a limit: its value, an end of its 95 % interval, or the end that
is worse for the limit (low for a minimum, high for a maximum)."""

TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a gate looked at."""

    name: str
    """A metric, `category.metric`, or what else was looked at."""
    wanted: str
    found: str
    is_met: bool

    def __str__(self) -> str:
        return f"{self.name}: expected {self.wanted}, found {self.found}"


Violation = Check
"""A check that is not met."""


class Options(TypedDict, total=False):
    """What else `check`, `checks` and `require` take."""

    use: On
    """What of each estimate is held to its limit; its value if not given."""
    allow_failures: int
    """On how many cases the system may have failed; none if not given."""
    baseline: "Report | None"
    """An earlier run over the same cases. The headline metrics, and those with a limit for all
    cases, must not be worse than there by more than the tolerance and with a p-value, adjusted for
    the number of metrics, below .05."""
    tolerance: float
    """How much worse than in the baseline a metric may be; 0.02 if not given."""


def check(
    report: "Report",
    minimum: Limits | None = None,
    maximum: Limits | None = None,
    **options: Unpack[Options],
) -> tuple[Violation, ...]:
    """What keeps a report from passing: nothing, if it passes.

    A metric that is not scored does not pass: a system that never answers must not.

    Args:
        report: what to judge.
        minimum: what metrics have to reach.
        maximum: what metrics must not exceed.
        options: see `Options`.

    Raises:
        InputError: there is no metric of that name, or the limit is no number it can take.
        ComparisonError: the baseline is not over the same cases.
    """
    found = checks(report, minimum, maximum, **options)
    return tuple(one for one in found if not one.is_met)


def require(
    report: "Report",
    minimum: Limits | None = None,
    maximum: Limits | None = None,
    **options: Unpack[Options],
) -> None:
    """Raise if a report does not pass; for scripts and tests. Takes what `check` takes.

    Raises:
        GateError: listing what is not met. It is an `AssertionError`, too.
        InputError: as `check` does.
    """
    __tracebackhide__ = True  # pytest then shows the caller's line
    violations = check(report, minimum, maximum, **options)
    if violations:
        raise GateError(listed([str(violation) for violation in violations]))


def checks(
    report: "Report",
    minimum: Limits | None = None,
    maximum: Limits | None = None,
    **options: Unpack[Options],
) -> tuple[Check, ...]:
    """All that `check` looks at, met or not."""
    minimum, maximum = minimum or {}, maximum or {}
    use, baseline = options.get("use", "value"), options.get("baseline")
    if use not in get_args(On):
        raise InputError(f"Expected use to be one of {', '.join(get_args(On))}, found {use!r}.")
    found = [_failures(report, options.get("allow_failures", 0))]
    found.extend(_limit(report, name, at, "least", use) for name, at in minimum.items())
    found.extend(_limit(report, name, at, "most", use) for name, at in maximum.items())
    if baseline is not None:
        names = (name for name in (*minimum, *maximum) if "." not in name)
        tolerance = options.get("tolerance", TOLERANCE)
        found.extend(_not_worse(report, baseline, (*HEADLINE, *names), tolerance))
    return tuple(found)


def _failures(report: "Report", allowed: int) -> Check:
    count = len(report.errors)
    found = f"{count} of {len(report.cases)}"
    if report.errors:
        key, message = next(iter(report.errors.items()))
        found += f" (the first is {key}: {shown(message)})"
    return Check("failed cases", f"at most {allowed}", found, count <= allowed)


def _limit(
    report: "Report", name: str, limit: float, side: Literal["least", "most"], use: On
) -> Check:
    category, metric = _parts(report, name)
    _check_limit(name, metric, limit)
    wanted = f"at {side} {limit:g}"
    summary = report.by_category.get(category, {}) if category else report.summary
    estimate = summary.get(metric)
    part = use if use != "worst" else ("low" if side == "least" else "high")
    value: float | None = getattr(estimate, part) if estimate else None
    if estimate is None or value is None:
        return Check(name, wanted, "no score: no case was scored, which is no pass", False)
    is_met = value >= limit if side == "least" else value <= limit
    return Check(name, wanted, _shown(estimate, part, value), is_met)


def _shown(estimate: Estimate, part: str, value: float) -> str:
    """A value with enough digits to tell it from its limit."""
    what = "" if part == "value" else f" as the {part} end of its interval"
    return f"{value:.6g}{what} (n = {estimate.n})"


def _parts(report: "Report", name: str) -> tuple[str | None, str]:
    """The category, if one is named, and the metric."""
    category, dot, metric = name.rpartition(".")
    if dot:
        check_known(category, CATEGORIES, "a category before the dot")
    known = dict.fromkeys([*report.summary, *(metric.name for metric in METRICS)])
    check_known(metric, known, "a metric of the report")
    return category or None, metric


def _check_limit(name: str, metric: str, limit: float) -> None:
    """Refuse a limit that always or never holds: a percentage, for example, or `nan`."""
    highest = 1.0 if is_share(metric) else float("inf")
    if not 0 <= limit <= highest:
        kind = "a number from 0 to 1" if is_share(metric) else "a number of at least 0"
        raise InputError(f"Expected {kind} as the limit of {name}, found {limit:g}. Correct it.")


def _not_worse(
    report: "Report", baseline: "Report", names: tuple[str, ...], tolerance: float
) -> list[Check]:
    from eval.paired_runs import compare

    if not tolerance >= 0:
        raise InputError(f"Expected a tolerance of at least 0, found {tolerance:g}. Correct it.")
    known = {name for case in (*report.cases, *baseline.cases) for name in case.scores}
    compared = compare(baseline, report, metrics=[name for name in names if name in known])
    common = f"{compared.n} of {compared.a.cases}"
    found = [Check("cases of the baseline", "some in the report", common, True)]
    for metric in compared.metrics:
        if metric.n or _is_scored(baseline, metric.name):
            found.append(_kept_up(metric, tolerance))
    return found


def _is_scored(report: "Report", name: str) -> bool:
    scores = (case.scores.get(name) for case in report.cases)
    return any(score is not None and score.value is not None for score in scores)


def _kept_up(metric: MetricComparison, tolerance: float) -> Check:
    wanted = f"not worse than the baseline (by over {tolerance:g} with p < {LEVEL:g})"
    if metric.a is None or metric.b is None:
        return Check(metric.name, wanted, "no case scored in both, which is no pass", False)
    is_worse = metric.change == "worse" and abs(metric.b - metric.a) > tolerance
    found = f"{metric.b:.3f} against {metric.a:.3f} (n = {metric.n}, p = {metric.p_holm:.4f})"
    return Check(metric.name, wanted, found, not is_worse)
