"""The scores of a report, ready to be shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from inspect import getdoc
from typing import Any, Protocol, TypeVar, get_args

from eval.html.intervals import interval_plot
from eval.html.wording import difference_text, interval_text, mapping_of, number_of, value_text
from eval.scorers import HEADLINE, SCORERS, Metric
from eval.scorers import metric as known_metric
from eval.scorers.metrics import Group


class _HasMetric(Protocol):
    @property
    def metric(self) -> Metric: ...


Row = TypeVar("Row", bound=_HasMetric)

_SECTION = re.compile(r"^\w+:$", re.MULTILINE)
"""Of a docstring, for programmers."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One score in a table."""

    metric: Metric
    definition: tuple[str, ...]
    """In paragraphs."""
    value: str
    interval: str
    n: int
    plot: str
    """SVG; empty where the score is no share."""
    difference: str
    """To the baseline; empty without one."""
    change: str
    """`better`, `worse` or nothing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One score of one category."""

    value: str
    merit: float | None
    """From 0, bad, to 1, good; None where it is not known."""
    n: int


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One score in all categories."""

    metric: Metric
    whole: Cell
    cells: tuple[Cell, ...]


def shown_metrics(report: Mapping[str, Any]) -> list[Metric]:
    """The metrics of a report, in its order; also those that only another release knows."""
    return [known_metric(name) for name in mapping_of(report.get("summary"))]


def is_headline(metric: Metric) -> bool:
    """Whether a metric belongs to the first screen."""
    return metric.name in HEADLINE


def definition(metric: Metric) -> tuple[str, ...]:
    """What a metric measures, in paragraphs: its scorer's own words where there is a scorer."""
    scorer = SCORERS.get(metric.name)
    text = (getdoc(scorer) if scorer else "") or metric.summary
    text = _SECTION.split(text)[0].replace("`", "")
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def metric_rows(
    metrics: Iterable[Metric], report: Mapping[str, Any], baseline: Mapping[str, Any] | None
) -> list[MetricRow]:
    """The rows of these metrics, with the difference to a baseline if there is one."""
    return [_row(metric, report, baseline) for metric in metrics]


def grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows by the groups of their metrics, groups in their own order."""
    by_group: dict[str, list[Row]] = {name: [] for name in get_args(Group)}
    for row in rows:
        by_group[row.metric.group].append(row)
    return [(name, found) for name, found in by_group.items() if found]


def _row(
    metric: Metric, report: Mapping[str, Any], baseline: Mapping[str, Any] | None
) -> MetricRow:
    found = estimate_of(report, metric.name)
    value, low, high = (number_of(found.get(key)) for key in ("value", "low", "high"))
    before = number_of(estimate_of(baseline or {}, metric.name).get("value"))
    difference = None if value is None or before is None else value - before
    words = difference_text(difference, metric.unit)
    return MetricRow(
        metric=metric,
        definition=definition(metric),
        value=value_text(value, metric.unit),
        interval=interval_text(low, high, metric.unit),
        n=int(number_of(found.get("n")) or 0),
        plot=interval_plot(value, low, high, before) if metric.unit == "share" else "",
        difference=words,
        change=_change(difference, metric) if words not in ("", "=") else "",
    )


def _change(difference: float | None, metric: Metric) -> str:
    return "better" if ((difference or 0) > 0) is metric.is_better_high else "worse"


def category_rows(metrics: Iterable[Metric], report: Mapping[str, Any]) -> list[CategoryRow]:
    """The same metrics by category."""
    summaries = list(mapping_of(report.get("by_category")).values())
    return [
        CategoryRow(
            metric,
            _cell(metric, mapping_of(report.get("summary"))),
            tuple(_cell(metric, summary) for summary in summaries),
        )
        for metric in metrics
    ]


def _cell(metric: Metric, summary: Mapping[str, Any]) -> Cell:
    found = mapping_of(summary.get(metric.name))
    value = number_of(found.get("value"))
    return Cell(
        value="–" if value is None else value_text(value, metric.unit),
        merit=merit(metric, value),
        n=int(number_of(found.get("n")) or 0),
    )


def merit(metric: Metric, value: float | None) -> float | None:
    """How good a share is, from 0 to 1; None for what has no best value."""
    if value is None or metric.unit != "share":
        return None
    inside = min(1.0, max(0.0, value))
    return inside if metric.is_better_high else 1 - inside


def estimate_of(report: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A metric's estimate in a report's summary; empty where it has none."""
    return mapping_of(mapping_of(report.get("summary")).get(name))
