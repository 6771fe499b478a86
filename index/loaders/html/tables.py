"""Tables of data, row by row; tables that only lay out a page are told apart."""

from dataclasses import dataclass

from index.loaders.html.inline import one_line
from index.loaders.html.named_rows import TableRow, named_rows
from index.loaders.html.notes import Notes
from index.loaders.html.tree import Element
from index.loaders.rows import EMPTY, Cell

_INNER = ("h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "form", "article")
_CELL = 600
"""A longer cell is running text: it reads as paragraphs, not as a cell."""
_SPAN = 100
"""Columns or rows that a cell may span; 1,000 is what the standard allows."""
_CELLS = 200_000
"""In a table with more, a cell spans nothing: spans must not multiply its size."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is written."""

    text: str
    """A line for each row, with the names of its columns where the page states them."""
    shown: str
    """The rows as the page shows them: a pipe table."""


def is_data(table: Element) -> bool:
    """Whether a table is one of data: two columns and rows or more, cells of some words."""
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iter(*_INNER), None) is not None:
        return False
    if sum(1 for _ in table.iter("table")) > 1 or _has_loose_cells(table):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return False
    return all(len(cell.text_content()) <= _CELL for row in rows for cell in row)


def _has_loose_cells(table: Element) -> bool:
    """Whether cells stand outside of rows, where none would be read."""
    parents = (cell.getparent() for cell in table.iter("td", "th"))
    return any(parent is not None and parent.tag != "tr" for parent in parents)


def read_table(table: Element, notes: Notes) -> Table | None:
    """A table's rows; None where it is empty. A cell over several rows is repeated in each.

    Without headers it is a pipe table, which its first row heads.
    """
    rows = [row for row in _grid(table, notes) if any(cell.text for cell in row.cells)]
    if not rows:
        return None
    width = max(len(row.cells) for row in rows)
    filled = [TableRow([*row.cells, *[EMPTY] * (width - len(row.cells))], row.part) for row in rows]
    lines = [_line([cell.text for cell in row.cells]) for row in filled]
    shown = "\n".join([lines[0], _line(["---"] * width), *lines[1:]])
    return Table(named_rows(filled) or shown, shown)


def _grid(table: Element, notes: Notes) -> list[TableRow]:
    grid: list[TableRow] = []
    carried: dict[int, tuple[int, Cell]] = {}
    cells = 0
    for row in table.iter("tr"):
        line: list[Cell] = []
        for cell in (each for each in row if each.tag in ("td", "th")):
            _carry(line, carried)
            is_full = cells > _CELLS
            columns = 1 if is_full else _span(cell, "colspan")
            rows = 1 if is_full else _span(cell, "rowspan")
            first = Cell(one_line(cell, notes), cell.tag == "th", columns)
            for each in (first, *[EMPTY] * (columns - 1)):
                if rows > 1:
                    carried[len(line)] = (rows - 1, each)
                line.append(each)
            cells += columns * rows
        _carry(line, carried)
        parent = row.getparent()
        grid.append(TableRow(line, "" if parent is None else str(parent.tag)))
    return grid


def _carry(line: list[Cell], carried: dict[int, tuple[int, Cell]]) -> None:
    """Repeat the cells of earlier rows that reach down to this place."""
    while (place := len(line)) in carried:
        left, cell = carried.pop(place)
        line.append(cell)
        if left > 1:
            carried[place] = (left - 1, cell)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _SPAN) if value.isdigit() and len(value) < 6 else 1


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
