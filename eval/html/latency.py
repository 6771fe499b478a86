"""How long answers took: a histogram on a logarithmic axis."""

import math
from collections.abc import Sequence

from eval.html.svg import Frame, Tick, drawing, element, text
from eval.html.wording import seconds_text
from index.counting import plural

BINS = 24
FASTEST = 0.0005
"""Seconds; answers that say less are counted here, as zero has no logarithm."""

FRAME = Frame()


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, between neighbors by a straight line."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def latency_histogram(seconds: Sequence[float]) -> str | None:
    """How many answers took how long, with the median and the 95th percentile. None for none."""
    if not seconds:
        return None
    logs = [math.log10(max(value, FASTEST)) for value in seconds]
    low, high = _range(logs)
    counts = [0] * BINS
    for value in logs:
        counts[min(int((value - low) / (high - low) * BINS), BINS - 1)] += 1
    most = max(counts)
    ticks_up: list[Tick] = [(0, "0"), (1, f"{most:,}")]
    parts = [FRAME.axes("time to answer", "answers", _decades(low, high), ticks_up)]
    parts += [_column(number, count / most) for number, count in enumerate(counts) if count]
    for share, name in ((0.5, "p50"), (0.95, "p95")):
        found = quantile(seconds, share)
        place = (math.log10(max(found, FASTEST)) - low) / (high - low)
        parts.append(_mark(place, name, is_low=share == 0.5))
    p50, p95 = (seconds_text(quantile(seconds, share)) for share in (0.5, 0.95))
    told = f"Time of {plural(len(seconds), 'answer')}: half took at most {p50}, 95 % at most {p95}."
    return drawing(parts, told, FRAME.width, FRAME.height, "chart")


def _range(logs: Sequence[float]) -> tuple[float, float]:
    """From a tenth of a decade below the fastest to one above the slowest, a decade at least."""
    low, high = min(logs) - 0.1, max(logs) + 0.1
    spare = max(0.0, 1 - (high - low)) / 2
    return low - spare, high + spare


def _decades(low: float, high: float) -> list[Tick]:
    """Ticks at 1, 2 and 5 times each power of ten; fewer where that is too many."""
    steps = (1, 2, 5) if high - low < 2 else (1, 3) if high - low < 3.2 else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    values = [step * 10.0**power for power in powers for step in steps]
    places = [((math.log10(value) - low) / (high - low), value) for value in values]
    return [(place, seconds_text(value)) for place, value in places if 0 <= place <= 1]


def _column(number: int, height: float) -> str:
    left, right, top = FRAME.x(number / BINS), FRAME.x((number + 1) / BINS), FRAME.y(height)
    return element(
        "rect",
        x=left + 0.5,
        y=top,
        width=right - left - 1,
        height=FRAME.y(0) - top,
        class_="column",
    )


def _mark(place: float, words: str, *, is_low: bool) -> str:
    x = FRAME.x(place)
    line = element("line", x1=x, x2=x, y1=FRAME.y(0), y2=FRAME.y(1) - 4, class_="mark")
    anchor = "end" if is_low else "start"
    note = text(words, x + (-5 if is_low else 5), FRAME.y(1) - 7, class_="note", text_anchor=anchor)
    return line + note
