"""Running heads, running feet and page numbers: what the pages' edges repeat."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from index.loaders.pdf.segments import join_lines
from index.loaders.pdf.values import Line

_DEPTH = 4
"""Lines at the upper and the lower edge that are looked at."""
_LONGEST = 200
_SAME_HEIGHT = 8.0
_MOST = 0.4
"""Share of the text: running heads are less."""
_FEW_PAGES = 5
"""In a file with so many pages twice is repeated; in a longer one three times, or twice together
with the page's number."""
_MOST_NUMBERS = 8
_BROWSERS = re.compile(
    r"(?:\w+://\S+|about:\w+)\s+\d+/\d+|\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d{2}\b.*"
)
"""What browsers print above and below a page: the time and the title, the address and the page."""
_NUMBER = re.compile(r"\d{1,9}")
_ROMAN = re.compile(r"[ivxlc]{1,8}", re.I)
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—]?\s*(?P<number>\d{1,5}|[ivxlc]{1,8}|[a-z]-?\d{1,4})\s*[-–—]?"
    r"(?:\s*(?:of|/|von|de)\s*\d{1,5})?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line at the edge of a page."""

    pieces: tuple[Line, ...]
    keys: frozenset[tuple[str, ...]]
    """What it says, each number as it is or less the page's: these are the same on other pages."""
    base: float
    words: tuple[str, ...]


def without_furniture(pages: Sequence[Sequence[Line]], labels: Sequence[str]) -> list[list[Line]]:
    """The pieces of each page that do not belong to its running head or foot.

    Args:
        pages: pieces of lines by page.
        labels: of the pages.
    """
    edges = [
        (_rows(pieces, number, "top"), _rows(pieces, number, "bottom"))
        for number, pieces in enumerate(pages)
    ]
    dropped: list[set[int]] = [set() for _ in pages]
    for side in (0, 1):
        rows = [edge[side] for edge in edges]
        counts = Counter((key, _step(row)) for own in rows for row in own for key in row.keys)
        for number, own in enumerate(rows):
            for row in own:
                enough = 2 if len(pages) <= _FEW_PAGES or labels[number] in row.words else 3
                repeated = _is_repeated(row, counts, enough)
                if not repeated and not _is_page_number(row, labels[number], number):
                    break
                dropped[number].update(id(piece) for piece in row.pieces)
    everything = sum(len(piece.text) for pieces in pages for piece in pieces)
    gone = {each for page in dropped for each in page}
    lost = sum(len(piece.text) for pieces in pages for piece in pieces if id(piece) in gone)
    if lost > _MOST * everything:
        return [list(pieces) for pieces in pages]  # the pages say the same: it is their text
    return [[piece for piece in pieces if id(piece) not in gone] for pieces in pages]


def _rows(pieces: Sequence[Line], number: int, side: str) -> list[_Row]:
    """Up to `_DEPTH` lines from an edge inwards, across the whole page."""
    lines = join_lines([piece for piece in pieces if not piece.is_table])
    lines = lines[:_DEPTH] if side == "top" else lines[: -_DEPTH - 1 : -1]
    return [
        _Row(line.pieces or (line,), _keys(line.text, number), line.base, tuple(line.text.split()))
        for line in lines
        if len(line.text) <= _LONGEST
    ]


def _keys(text: str, number: int) -> frozenset[tuple[str, ...]]:
    words = " ".join(text.casefold().split())
    if not any(map(str.isalpha, words)):
        return frozenset()  # numbers alone: they must be page numbers
    parts = _NUMBER.split(words)
    numbers = _NUMBER.findall(words)
    if len(numbers) > _MOST_NUMBERS:
        return frozenset({(words,)})
    ways = product(*((found, f"{int(found) - number:+}") for found in numbers))
    return frozenset((*parts, *way) for way in ways)


def _step(row: _Row) -> int:
    return round(row.base / _SAME_HEIGHT)


def _is_repeated(row: _Row, counts: Counter[tuple[tuple[str, ...], int]], enough: int) -> bool:
    step = _step(row)
    return any(sum(counts[key, step + near] for near in (-1, 0, 1)) >= enough for key in row.keys)


def _is_page_number(row: _Row, label: str, number: int) -> bool:
    """Whether a line is the page's number, by its label or their count, or a browser's own line."""
    text = " ".join(piece.text for piece in row.pieces).strip()
    if _BROWSERS.fullmatch(text):
        return True
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None:
        return False
    stated = match["number"].casefold()
    if stated == label.casefold() or stated == str(number + 1):
        return True
    return (stated.isdigit() and text == match["number"]) or bool(_ROMAN.fullmatch(text))
