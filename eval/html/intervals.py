"""Plots in rows of a table: they stretch with their column, and the numbers stand beside them."""

from collections.abc import Sequence
from html import escape

from eval.html.svg import SHARES, element, percent, text


def interval_plot(
    value: float | None, low: float | None, high: float | None, before: float | None = None
) -> str:
    """A dot with its interval on an axis from 0 to 1; a ring where the baseline stands.

    Empty where nothing was scored. Hidden from screen readers, which read the numbers.
    """
    parts = []
    if low is not None and high is not None:
        ends = {"x1": percent(_inside(low)), "x2": percent(_inside(high))}
        parts.append(element("line", **ends, y1="50%", y2="50%", class_="whisker"))
    if before is not None:
        parts.append(element("circle", cx=percent(_inside(before)), cy="50%", r=4, class_="ring"))
    if value is not None:
        parts.append(element("circle", cx=percent(_inside(value)), cy="50%", r=5, class_="dot"))
    return element("svg", *parts, class_="interval", aria_hidden="true")


def interval_axis() -> str:
    """The axis below a column of interval plots."""
    ticks = (
        text(words, percent(place), 13, class_="tick", text_anchor="middle")
        for place, words in SHARES
    )
    return element("svg", *ticks, class_="scale", aria_hidden="true")


def stacked_bar(parts: Sequence[tuple[str, int]], whole: int, label: str) -> str:
    """Counts side by side in one bar.

    Args:
        parts: class and count of each part, from the left.
        whole: the count that fills the width.
        label: the text alternative.
    """
    shapes, start = [element("title", escape(label))], 0.0
    for name, count in parts:
        share = count / whole
        place = {"x": percent(start), "width": percent(share)}
        shapes.append(element("rect", **place, y="0", height="100%", class_=f"fill {name}"))
        if share > 0.045:
            middle = percent(start + share / 2)
            words = text(
                f"{count:,}",
                middle,
                "50%",
                dy="0.36em",
                class_=f"count on-{name}",
                text_anchor="middle",
            )
            shapes.append(words)
        start += share
    return element("svg", *shapes, role="img", class_="bar")


def _inside(value: float) -> float:
    return min(1.0, max(0.0, value))
