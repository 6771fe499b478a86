"""The table of systems beside Verbatim, of figures that were taken in turn."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table."""

    name: str
    """As it is kept."""
    label: str
    digits: int = 1
    is_compared: bool = True
    """Whether a ratio to Verbatim's says something."""


INDEXING = (
    Figure("documents_per_second", "indexing: documents a second, start to end"),
    Figure("documents_per_second_loaded", "the same, once all is loaded"),
    Figure("load_seconds", "start, import, load: seconds"),
    Figure("index_processor_seconds", "indexing: processor's seconds, start to end"),
    Figure("index_megabytes", "indexing: peak memory, MB", 0),
    Figure("disk_megabytes", "on disk, MB"),
    Figure("passages", "passages", 0, is_compared=False),
)
ASKING = (
    Figure("ask_seconds", "one question in a new process: seconds", 2),
    Figure("ask_processor_seconds", "one question: processor's seconds", 2),
    Figure("ask_megabytes", "one question: peak memory, MB", 0),
)
WARM = (
    Figure("p50_milliseconds", "warm retrieval, p50: ms"),
    Figure("p95_milliseconds", "warm retrieval, p95: ms"),
    Figure("warm_megabytes", "warm retrieval: peak memory, MB", 0),
    Figure("found_percent", "answer within the first 3,000 characters found: %", 0, False),
)
PARTS = {"index": INDEXING, "ask": ASKING, "warm": WARM}


@dataclass(slots=True)
class Taken:
    """What was measured of one system."""

    name: str
    """In the table."""
    figures: dict[str, list[float]] = field(default_factory=dict)
    """By the name of the figure, one value each round."""

    def add(self, **values: float) -> None:
        """Add those of a round."""
        for name, value in values.items():
            self.figures.setdefault(name, []).append(value)


def table(own: Taken, peers: Sequence[Taken], absent: Mapping[str, str]) -> str:
    """In Markdown: medians, and in what ratio to Verbatim's (with the least and greatest).

    Args:
        own: Verbatim's figures.
        peers: the others'.
        absent: why others have none, by their names.
    """
    columns = [own, *peers]
    lines = [_row(["", *(each.name for each in columns)]), _row(["---"] * (len(columns) + 1))]
    for figure in (each for part in PARTS.values() for each in part):
        if figure.name in own.figures:
            cells = [_own(figure, own), *(_other(figure, own, each) for each in peers)]
            lines.append(_row([figure.label, *cells]))
    lines += [f"\n{name} is missing: {why}" for name, why in absent.items()]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _own(figure: Figure, taken: Taken) -> str:
    values = taken.figures[figure.name]
    shown = f"{statistics.median(values):,.{figure.digits}f}"
    low, high = (f"{edge:,.{figure.digits}f}" for edge in (min(values), max(values)))
    return shown if low == high else f"{shown} ({low}–{high})"


def _other(figure: Figure, own: Taken, other: Taken) -> str:
    values = other.figures[figure.name]
    shown = f"{statistics.median(values):,.{figure.digits}f}"
    if not figure.is_compared:
        return shown
    ratios = [a / b for a, b in zip(values, own.figures[figure.name], strict=True)]
    low, high = f"{min(ratios):.2f}", f"{max(ratios):.2f}"
    spread = "" if low == high else f" ({low}–{high})"
    return f"{shown}: {statistics.median(ratios):.2f} x{spread}"
