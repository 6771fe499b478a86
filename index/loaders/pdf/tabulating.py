"""From the characters in a table's cells to rows as text, each with the names of its columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from index.loaders.pdf.segments import find_pieces, join_lines
from index.loaders.pdf.values import Box, Glyph, Line, Marked, Table, TableCell, around
from index.loaders.rows import Cell, count_headers, table_pieces


@dataclass(frozen=True, slots=True)
class _Located(Cell):
    """A cell whose characters stand on a page."""

    marked: Marked = field(default_factory=Marked)


def cell_of(glyphs: Sequence[Glyph]) -> TableCell:
    """A cell with these characters in it, line by line."""
    lines = join_lines(find_pieces(glyphs))
    is_bold = bool(lines) and all(line.bold for line in lines)
    return TableCell([line.marked for line in lines], is_bold)


def table_line(table: Table, glyphs: Sequence[Glyph], box: Box | None = None) -> Line:
    """A table as a line of its page.

    Args:
        table: with all of its rows, or those of a part.
        glyphs: what is printed of it, also spaces.
        box: where it is, if not just around that.
    """
    printed = [glyph for glyph in glyphs if glyph.char not in (" ", "\n")]
    size = median(glyph.size for glyph in printed)
    around_all = around(glyph.box for glyph in printed)
    return Line(
        marked=glance(table),
        box=box or around_all,
        base=around_all[1] + size,
        size=size,
        bold=False,
        table=table,
    )


def heads(rows: Sequence[Sequence[TableCell]]) -> int:
    """How many rows at the beginning of a table are its header, by what they say."""
    return count_headers([[_located(cell, _spaced) for cell in row] for row in rows])


def glance(table: Table) -> Marked:
    """The lines of a table's cells one after the other: what it is about, not how it reads."""
    text = Marked()
    for line in table.lines:
        _spaced(text, line)
    return text


def _spaced(text: Marked, line: Marked) -> None:
    if text.text:
        text.say(" ")
    text.add(line)


def written(table: Table, join: Callable[[Marked, Marked], None]) -> Marked:
    """A table as text: see `index.loaders.rows`.

    Args:
        table: the table.
        join: appends a cell's next line to those before it.
    """
    rows = [[_located(cell, join) for cell in row] for row in table.rows]
    text = Marked()
    for piece in table_pieces(rows, table.headers):
        if isinstance(piece, _Located):
            text.add(piece.marked.cut(0, len(piece.text)))
        else:
            text.say(piece if isinstance(piece, str) else piece.text)
    return text


def _located(cell: TableCell, join: Callable[[Marked, Marked], None]) -> Cell:
    marked = Marked()
    for line in cell.lines:
        join(marked, line)
    marked = marked.stripped()
    return _Located(marked.text, cell.is_bold, cell.width, marked)
