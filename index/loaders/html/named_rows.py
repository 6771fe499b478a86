"""Rows of a web page's table that name their columns, as the page's own header cells do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.loaders.rows import Cell, Row, count_headers, write_table

_HEADERS = 4
"""Rows of a header; one with more is a part of the table that is marked wrongly."""
_NAME = 120
"""Characters: a longer name of a column is a remark, and would be said in each row."""
_REPEATED = 20_000_000
"""Characters of names and first cells that rows may repeat: headers must not multiply a page."""
_WIDEST = 200
"""Columns; a wider table is no list of named values, and spans could make it wider yet."""
_LINE = 500
"""Characters of a line, about; a longer row is divided, each part with its first cell."""
_LOOKED_AT = 12
"""Rows below one of header cells that tell whether it is a header."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; all of a table have as many cells."""

    cells: Row
    """Header cells are bold; below one that spans columns, the others are empty."""
    part: str
    """Tag of what it is in: `thead`, `tbody`, `tfoot`, `table`."""

    @property
    def filled(self) -> list[Cell]:
        """The cells with text."""
        return [cell for cell in self.cells if cell.text]

    @property
    def is_title(self) -> bool:
        """Whether it is one cell over all columns: a title of the rows below, or a remark."""
        return len(self.filled) == 1 and self.filled[0].width >= len(self.cells)

    @property
    def is_of_headers(self) -> bool:
        """Whether all its cells are header cells."""
        return self.part != "tfoot" and all(cell.is_bold for cell in self.filled)


def named_rows(rows: Sequence[TableRow]) -> str | None:
    """The rows as lines that name their columns; None where the page states no names.

    Args:
        rows: those with text.
    """
    count = _count_header(rows)
    if not count:
        return _pairs(rows)
    titles = [row for row in rows[:count] if row.is_title]
    header = [row for row in rows[:count] if not row.is_title]
    if not header or count == len(rows) or _repeats_much(header, rows[count:]):
        return None
    blocks = [row.filled[0].text for row in titles]
    return "\n\n".join([*blocks, *_body(header, rows[count:])])


def _count_header(rows: Sequence[TableRow]) -> int:
    """How many rows at the beginning are the header; 0 where there is none."""
    count = next((n for n, row in enumerate(rows) if row.part != "thead"), len(rows))
    if all(row.is_title for row in rows[:count]):
        while count < len(rows) and (rows[count].is_of_headers and _has_names(rows[count])):
            count += 1
    return count if count <= _HEADERS else 0


def _has_names(row: TableRow) -> bool:
    return row.is_title or len(row.filled) > 1


def _repeats_much(header: Sequence[TableRow], body: Sequence[TableRow]) -> bool:
    columns = range(len(header[0].cells))
    if len(columns) > _WIDEST:
        return True
    names = [sum(len(row.cells[n].text) for row in header) for n in columns]
    repeated = sum(names) * len(body)
    for row in body:
        filled = row.filled
        length = sum(len(cell.text) for cell in filled) + sum(names)
        if length > _LINE:
            first = len(filled[0].text) + max(names)
            lines = 2 * length // max(_LINE - first, 1) + 1
            repeated += first * min(len(filled), lines)
    return max(names) > _NAME or repeated > _REPEATED


def _body(header: Sequence[TableRow], body: Sequence[TableRow]) -> Iterator[str]:
    """The blocks below a header: rows, titles between them, and rows below a new header."""
    rows: list[Row] = []
    is_new = False
    for place, row in enumerate(body):
        is_new_too = _is_header_within(body[place : place + _LOOKED_AT])
        if rows and (row.is_title or is_new_too):
            yield _written(header, rows)
            rows = []
        if is_new_too:
            header = [*header, row] if is_new else [row]
        elif row.is_title:
            yield row.filled[0].text
        else:
            rows.append(_applied(row.cells))
        is_new = is_new_too
    if rows:
        yield _written(header, rows)


def _written(header: Sequence[TableRow], rows: Sequence[Row]) -> str:
    return write_table([*(row.cells for row in header), *rows], len(header))


def _is_header_within(rows: Sequence[TableRow]) -> bool:
    """Whether the first of some rows heads those below it, and is no sum of those above."""
    first = rows[0]
    return (
        len(rows) > 1
        and first.is_of_headers
        and not first.is_title
        and len(first.filled) > 1
        and not rows[1].is_title
        and count_headers([row.cells for row in rows]) > 0
    )


def _applied(cells: Row) -> list[Cell]:
    """The cells of a row, with what is said of several columns in each of them.

    A header cell, or the first one, names the row, and is said once.
    """
    found = list(cells)
    for place, cell in enumerate(cells):
        if place and cell.width > 1 and not cell.is_bold:
            found[place : place + cell.width] = [replace(cell, width=1)] * cell.width
    return found[: len(cells)]


def _pairs(rows: Sequence[TableRow]) -> str | None:
    """Rows in which each header cell names the cells after it, up to the next one."""
    blocks: list[str] = []
    pairs: list[Row] = []
    for row in rows:
        found = [] if row.is_title else list(_named(row.cells))
        if not row.is_title and not found:
            return None
        if row.is_title and pairs:
            blocks.append(write_table(pairs, 0))
            pairs = []
        blocks += [row.filled[0].text] if row.is_title else []
        pairs += found
    if not pairs:
        return None
    return "\n\n".join([*blocks, write_table(pairs, 0)])


def _named(cells: Row) -> Iterator[Row]:
    """A row's names with what they name; nothing where it is not all names and named."""
    starts = [n for n, cell in enumerate(cells) if cell.is_bold and cell.text]
    ends = [*starts[1:], len(cells)]
    values = [
        [cell.text for cell in cells[start + 1 : end] if cell.text]
        for start, end in zip(starts, ends, strict=False)
    ]
    if starts[:1] == [0] and all(values):
        for start, texts in zip(starts, values, strict=True):
            yield [cells[start], Cell("; ".join(texts))]
