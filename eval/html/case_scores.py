"""The scores of one case, as the report shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.html.metrics import is_headline, merit
from eval.html.wording import mapping_of, number_of, shortened, text_of, value_text
from eval.scorers import Metric

LOW = 0.5
"""A score below catches the eye."""
LONGEST_NOTE = 2_000
"""Of an explanation or an error, in code points."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score of a case."""

    title: str
    value: str
    explanation: str
    grade: str
    """`full`, `less` or `low`."""
    is_first: bool
    """Whether it is always seen: headline scores, and those that are not full."""


def score_rows(metrics: Sequence[Metric], scores: Mapping[str, Any]) -> Iterator[ScoreRow]:
    """What was scored, in the order of the metrics.

    Args:
        metrics: of the report.
        scores: in the form of a case's `scores`.
    """
    for metric in metrics:
        value = _value(scores, metric)
        if value is None:
            continue
        grade = _grade(merit(metric, value))
        yield ScoreRow(
            title=metric.title,
            value=value_text(value, metric.unit),
            explanation=_explanation(scores, metric),
            grade=grade,
            is_first=grade != "full" or is_headline(metric),
        )


def unscored(metrics: Sequence[Metric], scores: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Reasons why something was not scored, each with the titles of the metrics it holds for."""
    by_reason: dict[str, list[str]] = {}
    for metric in metrics:
        if metric.name in scores and _value(scores, metric) is None:
            by_reason.setdefault(_explanation(scores, metric), []).append(metric.title)
    return [(reason, ", ".join(titles)) for reason, titles in by_reason.items()]


def values(metrics: Sequence[Metric], scores: Mapping[str, Any]) -> str:
    """The values in the order of the metrics, with commas; nothing for what is not scored."""
    found = (_value(scores, metric) for metric in metrics)
    return ",".join("" if value is None else f"{value:.4g}" for value in found)


def mean_merit(metrics: Sequence[Metric], scores: Mapping[str, Any]) -> float:
    """The mean of the headline scores, 1 at best; 1 where none is scored."""
    found = [merit(metric, _value(scores, metric)) for metric in metrics if is_headline(metric)]
    scored = [value for value in found if value is not None]
    return sum(scored) / len(scored) if scored else 1.0


def _value(scores: Mapping[str, Any], metric: Metric) -> float | None:
    return number_of(mapping_of(scores.get(metric.name)).get("value"))


def _explanation(scores: Mapping[str, Any], metric: Metric) -> str:
    found = text_of(mapping_of(scores.get(metric.name)).get("explanation"))
    return shortened(found, LONGEST_NOTE)


def _grade(found: float | None) -> str:
    if found is None or found == 1:
        return "full"
    return "low" if found < LOW else "less"
