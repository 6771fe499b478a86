"""Rows of data as text in which each row says by itself what its values are.

`- Town: Castrel; Population: 48,900`: a quote of a row is understood without the table around it.
What spreadsheets have besides data, such as titles above a table and remarks below it, stays
running text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_VALUE = re.compile(r"[^\w\s]*\d[\d\s.,:/%+'’-]*[^\w\s]*(?:\s?[A-Za-z%€$£°]{1,3})?")
"""Numbers, dates and times, with a sign or a short unit: no name of a column."""
_YEAR = re.compile(r"[12]\d{3}")
_LONGEST_VALUE = 40
_WORDS_OF_REMARK = 4
_LONGEST_LINE = 500
"""Characters: a longer row is divided, each part with the first column for what it is about."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    """As displayed, in one line; empty for an empty one."""
    is_bold: bool = False
    width: int = 1
    """Columns that it spans."""


Row = Sequence[Cell]
Piece = str | Cell
"""Of a block: what is in a cell, or what is said of it."""
EMPTY = Cell("")


def write_rows(rows: Sequence[Row], headers: int | None = None) -> Iterator[tuple[str, bool]]:
    """The blocks of a sheet, and whether each is an item of a list; see `piece_rows`."""
    for pieces, is_item in piece_rows(rows, headers):
        yield "".join(map(text_of, pieces)), is_item


def write_table(rows: Sequence[Row], headers: int | None = None) -> str:
    """The blocks of a table in one, its rows below one another; see `piece_rows`."""
    return "".join(map(text_of, table_pieces(rows, headers)))


def text_of(piece: Piece) -> str:
    """What a piece says."""
    return piece if isinstance(piece, str) else piece.text


def table_pieces(rows: Sequence[Row], headers: int | None = None) -> Iterator[Piece]:
    """The pieces of a table, with the line breaks between its blocks; see `piece_rows`."""
    was_item: bool | None = None
    for pieces, is_item in piece_rows(rows, headers):
        if was_item is not None:
            yield "\n" if was_item and is_item else "\n\n"
        yield from pieces
        was_item = is_item


def piece_rows(
    rows: Sequence[Row], headers: int | None = None
) -> Iterator[tuple[Sequence[Piece], bool]]:
    """The blocks of a sheet in pieces, and whether each is an item of a list.

    Rows without text part one table from the next. Of a table the rows with one cell before the
    first full one are titles, and sentences after its last one are remarks.

    Args:
        rows: in order, the empty ones too; a row may be shorter than others.
        headers: how many rows are the header, where that is known.
    """
    for table in _tables(rows):
        columns = sorted({n for row in table for n, cell in enumerate(row) if cell.text})
        kept = [[row[n] if n < len(row) else EMPTY for n in columns] for row in table]
        full = [n for n, row in enumerate(kept) if len(_filled(row)) > 1]
        first = full[0] if full else len(kept)
        last = max([first, *(n + 1 for n, row in enumerate(kept) if not _is_remark(row))])
        for row in kept[:first]:
            yield from (([cell], False) for cell in _filled(row))
        yield from _body(kept[first:last], None if headers is None else max(headers - first, 0))
        for row in kept[last:]:
            yield from (([cell], False) for cell in _filled(row))


def _tables(rows: Sequence[Row]) -> Iterator[list[Row]]:
    table: list[Row] = []
    for row in [*rows, []]:
        if _filled(row):
            table.append(row)
        elif table:
            yield table
            table = []


def count_headers(rows: Sequence[Row]) -> int:
    """How many rows at the beginning of a table are its header, by what they say."""
    width = max(map(len, rows), default=0)
    return _header([[*row, *[EMPTY] * (width - len(row))] for row in rows])[0] if rows else 0


def _body(rows: Sequence[Row], headers: int | None) -> Iterator[tuple[Sequence[Piece], bool]]:
    if not rows:
        return
    is_known = headers is not None and headers < len(rows)
    taken, names = _stated(rows, headers or 0) if is_known else _header(rows)
    for row in rows[taken:]:
        filled = [(name, cell) for name, cell in zip(names, row, strict=True) if cell.text]
        is_set_off = row[0].is_bold or row[0].width > 1
        if len(filled) == 1 and len(names) > 2 and row[0].text and is_set_off:
            yield [filled[0][1]], False  # a title over the rows below it
        elif not taken and len(names) == 2 and len(filled) == 2:
            name = replace(filled[0][1], text=filled[0][1].text.rstrip(" :"))
            yield ["- ", name, ": ", filled[1][1]], True
        else:
            yield from ((pieces, True) for pieces in _lines(filled))


def _lines(pairs: Sequence[tuple[str, Cell]]) -> Iterator[list[Piece]]:
    """A row as one line, or as several where it is long."""
    named: list[list[Piece]] = [
        [f"{name.rstrip(' :')}: ", cell] if name else [cell] for name, cell in pairs
    ]
    about: list[Piece] = ["- ", *named[0]]
    line = about
    for pieces in named[1:]:
        if _length(line) + _length(pieces) > _LONGEST_LINE and line is not about:
            yield line
            line = about
        line = [*line, "; ", *pieces]
    yield line


def _length(pieces: Sequence[Piece]) -> int:
    return sum(map(len, map(text_of, pieces)))


def _stated(rows: Sequence[Row], headers: int) -> tuple[int, list[str]]:
    """The header that is known to be there: a column's name is what all its rows say."""
    if not headers:
        return 0, [""] * len(rows[0])
    texts = zip(*(_spread(row) for row in rows[:headers]), strict=True)
    return headers, [" ".join(dict.fromkeys(filter(None, each))) for each in texts]


def _header(rows: Sequence[Row]) -> tuple[int, list[str]]:
    """How many rows the header of a table has, and what it calls the columns."""
    first = rows[0]
    names = [cell.text for cell in first]
    if len(rows) < 2 or not (_are_names(first) or _are_years_over_others(rows)):
        return 0, [""] * len(first)
    spread = _spread(first)
    if spread != names and len(rows) > 2 and not any(map(_is_value, _filled(rows[1]))):
        below = [cell.text for cell in rows[1]]
        both = zip(spread, below, strict=True)
        return 2, [" ".join(dict.fromkeys(filter(None, pair))) for pair in both]
    if len(first) == 2 and not _differs(rows):
        return 0, ["", ""]
    return 1, spread


def _are_names(row: Row) -> bool:
    """Whether a row can be a header: names, or years in order after a name."""
    filled = _filled(row)
    if 2 * len(filled) <= len(row) and not any(cell.width > 1 for cell in filled):
        return False
    values = [cell.text for cell in filled if _is_value(cell)]
    if not values:
        return True
    are_years = len(values) > 1 and all(map(_YEAR.fullmatch, values))
    steps = {int(after) - int(before) for before, after in pairwise(values)} if are_years else ()
    return len(steps) == 1 and 0 not in steps and len(values) < len(row)


def _are_years_over_others(rows: Sequence[Row]) -> bool:
    """Whether the only values in the first row are years, and below are others, but no years."""
    years = [n for n, cell in enumerate(rows[0]) if cell.text and _is_value(cell)]
    below = [row[n] for n in years for row in rows[1:] if row[n].text]
    return (
        0 < len(years) < len(_filled(rows[0])) == len(rows[0])
        and all(_YEAR.fullmatch(rows[0][n].text) for n in years)
        and 2 * sum(map(_is_value, below)) > len(below)
        and not any(_YEAR.fullmatch(cell.text) for cell in below)
    )


def _differs(rows: Sequence[Row]) -> bool:
    """Whether the first of two columns' rows is set off from the others: bold, or over numbers."""
    below = [cell for row in rows[1:] for cell in row if cell.text]
    if all(cell.is_bold for cell in _filled(rows[0])) and not all(cell.is_bold for cell in below):
        return True
    return any(
        all(_is_value(row[column]) for row in rows[1:] if row[column].text) for column in (0, 1)
    )


def _spread(row: Row) -> list[str]:
    """The texts of a row, each in all columns that it spans."""
    names = [cell.text for cell in row]
    for column, cell in enumerate(row):
        for other in range(column + 1, min(column + cell.width, len(row))):
            names[other] = names[other] or cell.text
    return names


def _is_remark(row: Row) -> bool:
    filled = _filled(row)
    return len(filled) == 1 and len(filled[0].text.split()) >= _WORDS_OF_REMARK


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row if cell.text]


def _is_value(cell: Cell) -> bool:
    return len(cell.text) <= _LONGEST_VALUE and _VALUE.fullmatch(cell.text) is not None
