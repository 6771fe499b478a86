"""Tables of tagged files: put together from what each page has of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.loaders.pdf.tabulating import cell_of, glance, heads, table_line
from index.loaders.pdf.tagged import Path, TaggedCell, TaggedTable
from index.loaders.pdf.values import Box, Glyph, Line, Marked, Table, TableCell

_LONGEST_CELL = 1_500
"""Characters: a table with a longer one lays out running text, which reads as paragraphs."""
_JUMP = 2.0
"""Times the font size: text that goes on so much higher up, or so far beside, goes on in another
column of the page."""


@dataclass(slots=True)
class _Cell:
    """A cell, with what the pages so far have of it."""

    tag: TaggedCell
    content: TableCell = field(default_factory=TableCell)


@dataclass(slots=True)
class _Whole:
    """A table, with what the pages so far have of it."""

    rows: dict[Path, dict[int, _Cell]] = field(default_factory=dict)
    parts: list[tuple[Line, list[Path]]] = field(default_factory=list)
    """A line of a page for each part, with the rows that begin there."""


class StatedTables:
    """Collects the tables of a file page by page."""

    def __init__(self) -> None:
        self._tables: dict[Path, _Whole] = {}

    def take(
        self, glyphs: list[Glyph], tables: Sequence[TaggedTable]
    ) -> tuple[list[Line], list[Glyph]]:
        """The tables of a page, or parts of them, and the characters outside.

        The lines have all of their text only after `finish`.

        Args:
            glyphs: upright, with the spaces between words.
            tables: of the page.
        """
        lines: list[Line] = []
        for table in tables:
            by_mark = {
                mark: (path, number)
                for path, row in table.rows.items()
                for number, cell in row.items()
                for mark in cell.marks
            }
            inside, rest = _divided(glyphs, by_mark)
            whole = self._tables.get(table.path)
            if inside and (whole is not None or _is_table(table, inside)):
                whole = self._tables.setdefault(table.path, _Whole())
                lines.extend(_take_page(whole, table, inside))
                glyphs = rest
        return lines, glyphs

    def finish(self) -> None:
        """Give each part the rows that begin in it, and the names of its columns."""
        for whole in self._tables.values():
            order = sorted(whole.rows)
            grid = _grid([whole.rows[path] for path in order])
            headers = _headers([whole.rows[path] for path in order])
            headers = headers or heads(grid)
            for number, (line, paths) in enumerate(whole.parts):
                own = [order.index(path) for path in paths]
                above = [n for n in range(headers) if n not in own] if number else []
                rows = [grid[n] for n in sorted({*above, *own})]
                known = len(set(range(headers)) & {*above, *own})
                line.table = Table(rows, known if len(rows) > known else None)
                line.marked = glance(Table([grid[n] for n in own]))


def _divided(
    glyphs: Sequence[Glyph], by_mark: dict[int, tuple[Path, int]]
) -> tuple[dict[tuple[Path, int], list[Glyph]], list[Glyph]]:
    """Characters by cell, and those outside; a space belongs to what is before it."""
    inside: dict[tuple[Path, int], list[Glyph]] = {}
    rest: list[Glyph] = []
    place: tuple[Path, int] | None = None
    for glyph in glyphs:
        is_space = glyph.char in (" ", "\n")
        if not is_space:
            place = by_mark.get(glyph.mark)
        if place is not None:
            inside.setdefault(place, []).append(glyph)
        if place is None or is_space:
            rest.append(glyph)
    return inside, rest


def _is_table(table: TaggedTable, inside: dict[tuple[Path, int], list[Glyph]]) -> bool:
    """Whether it has several rows and columns, and no cell as long as running text."""
    columns = {number for _, number in inside}
    return table.count > 1 and len(columns) > 1 and max(map(len, inside.values())) <= _LONGEST_CELL


def _take_page(
    whole: _Whole, table: TaggedTable, inside: dict[tuple[Path, int], list[Glyph]]
) -> list[Line]:
    lines: list[Line] = []
    printed: list[list[Glyph]] = []
    paths: list[list[Path]] = []
    for path, tags in table.rows.items():
        is_known = path in whole.rows
        row = whole.rows.setdefault(path, {})
        firsts: list[Glyph] = []
        for number, tag in tags.items():
            parts = _parts(inside.get((path, number), ()))
            firsts += parts[0] if parts else []
            _add(row.setdefault(number, _Cell(tag)), parts, is_known)
        if not firsts:
            continue
        if not printed or _top(firsts) < _top(printed[-1]) - firsts[0].size:
            printed.append([])
            paths.append([])
        printed[-1] += firsts
        paths[-1] += [] if is_known else [path]
    for own, glyphs in zip(paths, printed, strict=True):
        if own:
            lines.append(table_line(Table([]), glyphs))
            whole.parts.append((lines[-1], own))
    return lines


def _add(cell: _Cell, parts: Sequence[list[Glyph]], goes_on: bool) -> None:
    """Add what a page has of a cell; a header that is printed again is not taken again."""
    for part in parts:
        found = cell_of(part)
        words = " ".join(line.text for line in found.lines)
        known = " ".join(line.text for line in cell.content.lines)
        if cell.tag.is_header and known.endswith(words):
            continue
        if goes_on:  # boxes on another page than where the row begins would mark the wrong words
            found.lines = [_nowhere(line) for line in found.lines]
        cell.content.is_bold = cell.content.is_bold if known else found.is_bold
        cell.content.lines += found.lines
        cell.content.width = cell.tag.width


def _nowhere(line: Marked) -> Marked:
    text = Marked()
    text.say(line.text)
    return text


def _parts(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The characters of a cell, divided where they go on in another column of the page."""
    parts: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.char in (" ", "\n"):
            if parts:
                parts[-1].append(glyph)
            continue
        if last is None or _goes_elsewhere(last, glyph):
            parts.append([])
        last = glyph
        parts[-1].append(glyph)
    return parts


def _goes_elsewhere(last: Glyph, glyph: Glyph) -> bool:
    far = _JUMP * glyph.size
    is_beside = glyph.mark != last.mark and glyph.box[0] - last.box[2] > far
    return glyph.base < last.base - far or (is_beside and glyph.base <= last.base + glyph.size)


def _top(glyphs: Sequence[Glyph]) -> float:
    boxes: list[Box] = [glyph.box for glyph in glyphs if glyph.char not in (" ", "\n")]
    return min(box[1] for box in boxes)


def _headers(rows: Sequence[dict[int, _Cell]]) -> int:
    """How many rows at the beginning have nothing but cells that are tagged as headers."""
    count = 0
    while count < len(rows) and all(cell.tag.is_header for cell in rows[count].values()):
        count += 1
    return count if count < len(rows) else 0


def _grid(rows: Sequence[dict[int, _Cell]]) -> list[list[TableCell]]:
    """The cells by column, one that goes over several rows in each of them."""
    grid: list[list[TableCell]] = []
    reaching: dict[int, tuple[TableCell, int]] = {}
    for row in rows:
        cells: list[TableCell] = []
        for number in range(max(row) + 1):
            while len(cells) in reaching:
                cells.append(_reached(reaching, len(cells)))
            cell = row.get(number)
            content = cell.content if cell is not None else TableCell()
            if cell is not None and cell.tag.height > 1:
                reaching[len(cells)] = content, cell.tag.height - 1
            cells += [content, *(TableCell() for _ in range(content.width - 1))]
        while len(cells) in reaching:
            cells.append(_reached(reaching, len(cells)))
        grid.append(cells)
    return grid


def _reached(reaching: dict[int, tuple[TableCell, int]], column: int) -> TableCell:
    """The cell above that reaches down into this row."""
    cell, left = reaching.pop(column)
    if left > 1:
        reaching[column] = cell, left - 1
    return cell
