"""The charts below the scores, each with its words; where one is empty, they say why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.html.confidence import curve_points, filled_bins, reliability_diagram, risk_coverage_curve
from eval.html.latency import latency_histogram, quantile
from eval.html.metrics import estimate_of
from eval.html.wording import list_of, mapping_of, number_of, seconds_text

NO_CONFIDENCE = "Not scored: the answers carry no confidence."
NO_TIMINGS = "Not scored: the answers do not say how long they took."

Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words."""

    title: str
    figures: tuple[str, ...]
    """Numbers that sum it up."""
    drawing: str | None
    """SVG; None where there is nothing to draw."""
    note: str
    """How to read it; where it is empty, why."""
    table: Table = ()
    """Its numbers; the first row has the names of the columns."""


def figures(report: Mapping[str, Any]) -> list[Figure]:
    """Reliability, risk and coverage, latency.

    Args:
        report: in the form of `Report.to_dict()`.
    """
    return [_reliability(report), _risk(report), _latency(report)]


def _reliability(report: Mapping[str, Any]) -> Figure:
    calibration = report.get("calibration")
    drawing = reliability_diagram(calibration)
    if drawing is None:
        return Figure("Calibration", (), None, NO_CONFIDENCE)
    rows = [
        (
            f"{b['low']:.1f} to {b['high']:.1f}",
            f"{b['n']:.0f}",
            f"{b['confidence']:.3f}",
            f"{b['accuracy']:.3f}",
        )
        for b in filled_bins(calibration)
    ]
    return Figure(
        "Calibration",
        _named(report, "ece", "ECE"),
        drawing,
        "Columns: how often answers of this confidence are right. On the dashed line, confidence "
        "is what it says. n: how many answers.",
        (("confidence", "answers", "mean confidence", "share right"), *rows),
    )


def _risk(report: Mapping[str, Any]) -> Figure:
    drawing = risk_coverage_curve(report.get("risk_coverage"))
    if drawing is None:
        return Figure("Risk and coverage", (), None, NO_CONFIDENCE)
    points = curve_points(report.get("risk_coverage"))
    wanted = [number / 10 for number in range(1, 11)]
    rows = []
    for share in wanted:
        x, y = min(points, key=lambda point: abs(point[0] - share))
        if (f"{x:.3f}", f"{y:.3f}") not in rows:
            rows.append((f"{x:.3f}", f"{y:.3f}"))
    return Figure(
        "Risk and coverage",
        _named(report, "aurc", "AURC"),
        drawing,
        "How many answers are wrong if only the most confident ones are given. A good confidence "
        "keeps the curve low on the left.",
        (("share given", "share of them wrong"), *rows),
    )


def _latency(report: Mapping[str, Any]) -> Figure:
    seconds = [
        found
        for case in map(mapping_of, list_of(report.get("cases")))
        if (found := _seconds(case)) is not None
    ]
    drawing = latency_histogram(seconds)
    if drawing is None:
        return Figure("Latency", (), None, NO_TIMINGS)
    shares = (("fastest", 0.0), ("p50", 0.5), ("p95", 0.95), ("slowest", 1.0))
    rows = tuple((name, seconds_text(quantile(seconds, share))) for name, share in shares)
    note = "Time from question to whole answer, by the answers' own clock. The axis is logarithmic."
    named = tuple(" ".join(row) for row in rows[1:3])
    return Figure("Latency", named, drawing, note, (("answers", "time"), *rows))


def _seconds(case: Mapping[str, Any]) -> float | None:
    found = number_of(mapping_of(mapping_of(case.get("answer")).get("timings")).get("total"))
    return None if found is None or found < 0 else found


def _named(report: Mapping[str, Any], name: str, title: str) -> tuple[str, ...]:
    value = number_of(estimate_of(report, name).get("value"))
    return () if value is None else (f"{title} {value:.3f}",)
