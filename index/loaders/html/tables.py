"""Tables of data as pipe tables; tables that only lay out a page are told apart."""

from index.loaders.html.inline import one_line
from index.loaders.html.notes import Notes
from index.loaders.html.tree import Element

_INNER = ("h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "form", "article")
_CELL = 600
"""A longer cell is running text: it reads as paragraphs, not as a cell."""
_SPAN = 100
"""Columns or rows that a cell may span; 1,000 is what the standard allows."""
_CELLS = 200_000
"""In a table with more, a cell spans nothing: spans must not multiply its size."""


def is_data(table: Element) -> bool:
    """Whether a table is one of data: two columns and rows or more, cells of some words."""
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iter(*_INNER), None) is not None:
        return False
    if sum(1 for _ in table.iter("table")) > 1:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return False
    return all(len(cell.text_content()) <= _CELL for row in rows for cell in row)


def write_table(table: Element, notes: Notes) -> str:
    """A pipe table. A cell over several rows is repeated in each; its first row heads it."""
    rows = [row for row in _grid(table, notes) if any(row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    filled = [row + [""] * (width - len(row)) for row in rows]
    rule = ["---"] * width
    return "\n".join(_line(row) for row in [filled[0], rule, *filled[1:]])


def _grid(table: Element, notes: Notes) -> list[list[str]]:
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    cells = 0
    for row in table.iter("tr"):
        line: list[str] = []
        for cell in (each for each in row if each.tag in ("td", "th")):
            _carry(line, carried)
            text = one_line(cell, notes).replace("|", "\\|")
            is_full = cells > _CELLS
            columns = 1 if is_full else _span(cell, "colspan")
            rows = 1 if is_full else _span(cell, "rowspan")
            for offset in range(columns):
                if rows > 1:
                    carried[len(line)] = (rows - 1, "" if offset else text)
                line.append("" if offset else text)
            cells += columns * rows
        _carry(line, carried)
        grid.append(line)
    return grid


def _carry(line: list[str], carried: dict[int, tuple[int, str]]) -> None:
    """Repeat the cells of earlier rows that reach down to this place."""
    while (place := len(line)) in carried:
        left, text = carried.pop(place)
        line.append(text)
        if left > 1:
            carried[place] = (left - 1, text)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _SPAN) if value.isdigit() and len(value) < 6 else 1


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
