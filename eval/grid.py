"""Rows of cells as a table: plain columns for a terminal, or Markdown."""

import re
from collections.abc import Sequence

Row = tuple[str, ...]

_ACTIVE = re.compile(r"[\\`*\[\]<>|]|(?<!\w)_|_(?!\w)")


def columns(rows: Sequence[Row], *, left: int = 1) -> list[str]:
    """Lines of aligned columns.

    Args:
        rows: the header, then the rows, all of the same length.
        left: how many columns are aligned to the left; the others, of numbers, to the right.
    """
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def markdown(rows: Sequence[Row]) -> list[str]:
    """Lines of a Markdown table of the same rows, the cells escaped."""
    rule = ("---", *("---:" for _ in rows[0][1:]))
    escaped = [tuple(map(escape, row)) for row in rows]
    return [f"| {' | '.join(row)} |" for row in (escaped[0], rule, *escaped[1:])]


def escape(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return " ".join(_ACTIVE.sub(r"\\\g<0>", text).split())
