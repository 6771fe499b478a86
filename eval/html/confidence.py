"""Whether confidence can be trusted: the reliability diagram and the risk-coverage curve.

Reliability: M. H. DeGroot and S. E. Fienberg, The Comparison and Evaluation of Forecasters, The
Statistician 32, 1983. Risk and coverage: R. El-Yaniv and Y. Wiener, On the Foundations of
Noise-free Selective Classification, JMLR 11, 2010.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.html.svg import Frame, drawing, element, text
from eval.html.wording import list_of, number_of
from index.counting import plural

FRAME = Frame()
MOST_POINTS = 200
"""Of a curve: more cannot be told apart, and make the file large."""


def reliability_diagram(calibration: object) -> str | None:
    """How often answers are right, by the confidence they carry. None without such answers.

    Args:
        calibration: `{"bins": [{"low", "high", "n", "confidence", "accuracy"}, ...]}`.
    """
    bins = filled_bins(calibration)
    if not bins:
        return None
    parts = [
        FRAME.axes("confidence of the answer", "share of answers right"),
        element("path", d=_line([(0.0, 0.0), (1.0, 1.0)]), class_="ideal"),
    ]
    parts.append(text("n", FRAME.x(0) - 7, FRAME.y(1) - 7, class_="tick", text_anchor="end"))
    for entry in bins:
        left, right = FRAME.x(entry["low"]) + 1, FRAME.x(entry["high"]) - 1
        top = FRAME.y(entry["accuracy"])
        parts.append(
            element(
                "rect",
                x=left,
                y=top,
                width=max(right - left, 1),
                height=FRAME.y(0) - top,
                class_="column",
            )
        )
        dot = {"cx": FRAME.x(entry["confidence"]), "cy": top}
        parts.append(element("circle", **dot, r=3.5, class_="dot"))
        above = {"x": (left + right) / 2, "y": FRAME.y(1) - 7}
        parts.append(text(f"{entry['n']:,.0f}", **above, class_="tick", text_anchor="middle"))
    return drawing(parts, _told(bins), FRAME.width, FRAME.height, "chart")


def filled_bins(calibration: object) -> list[dict[str, float]]:
    """The bins that hold answers, all numbers."""
    bins = list_of(calibration.get("bins")) if isinstance(calibration, Mapping) else []
    keys = ("low", "high", "n", "confidence", "accuracy")
    read = [{key: number_of(entry.get(key)) for key in keys} for entry in bins]
    whole = [{key: value for key, value in b.items() if value is not None} for b in read]
    return [entry for entry in whole if len(entry) == len(keys) and entry["n"] > 0]


def risk_coverage_curve(risk_coverage: object) -> str | None:
    """The share of wrong answers as ever less confident ones are let through.

    Args:
        risk_coverage: `{"points": [[coverage, risk], ...]}`, coverage rising. None without points.
    """
    points = curve_points(risk_coverage)
    if not points:
        return None
    curve = _line(points)
    under = f"{curve}L{_at(points[-1][0], 0)}L{_at(points[0][0], 0)}Z"
    last_x, last_y = FRAME.x(points[-1][0]), FRAME.y(points[-1][1])
    parts = [
        FRAME.axes("share of answers given, most confident first", "share of them wrong"),
        element("path", d=under, class_="area"),
        element("path", d=curve, class_="curve"),
        element("circle", cx=last_x, cy=last_y, r=4, class_="dot"),
        text(f"{points[-1][1]:.2f}", last_x, last_y - 10, class_="note", text_anchor="end"),
    ]
    told = "; ".join(f"{y:.2f} at {x:.0%}" for x, y in _thinned(points, 5))
    return drawing(parts, f"Risk by coverage: {told}.", FRAME.width, FRAME.height, "chart")


def curve_points(risk_coverage: object) -> list[tuple[float, float]]:
    """The points of the curve, thinned out."""
    given = list_of(risk_coverage.get("points")) if isinstance(risk_coverage, Mapping) else []
    points = []
    for pair in given:
        x, y = (
            (number_of(part) for part in list_of(pair)) if len(list_of(pair)) == 2 else (None,) * 2
        )
        if x is not None and y is not None:
            points.append((min(1.0, max(0.0, x)), min(1.0, max(0.0, y))))
    return _thinned(points, MOST_POINTS)


def _thinned(points: list[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(_at(x, y) for x, y in points)


def _at(x: float, y: float) -> str:
    return f"{FRAME.x(x):.1f} {FRAME.y(y):.1f}"


def _told(bins: Sequence[Mapping[str, Any]]) -> str:
    told = "; ".join(
        f"{b['low']:.1f} to {b['high']:.1f}: {b['accuracy']:.2f} of {plural(int(b['n']), 'answer')}"
        for b in bins
    )
    return f"Share of answers right by confidence. {told}."
