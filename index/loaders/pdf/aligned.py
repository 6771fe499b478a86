"""Tables without ruled lines: rows whose pieces stand below one another."""

from collections.abc import Sequence
from statistics import median

from index.loaders.pdf.flow import LEADERS
from index.loaders.pdf.tabulating import glance
from index.loaders.pdf.values import Line, Table, TableCell, around

_FEWEST_ROWS = 3
_LOOSE = 3.0
"""Times the font size: rows are not farther apart."""
_PROSE = 25
"""Characters of a cell: where those of all columns have more, they are columns of text."""


def with_tables(lines: Sequence[Line]) -> list[Line]:
    """The lines of a column, those that are rows of a table put together as one."""
    found: list[Line] = []
    run: list[Line] = []
    for line in lines:
        if _is_row(line) and (not run or line.base - run[-1].base <= _LOOSE * line.size):
            run.append(line)
            continue
        found.extend(_table(run))
        run = [line] if _is_row(line) else []
        if not run:
            found.append(line)
    return [*found, *_table(run)]


def _is_row(line: Line) -> bool:
    has_leaders = LEADERS.search(line.text) is not None
    return len(line.pieces) >= 2 and not (line.rtl or line.is_code or has_leaders)


def _table(run: list[Line]) -> list[Line]:
    """One table of the rows, or the rows as they are."""
    spans = _columns(run)
    if len(run) < _FEWEST_ROWS or len(spans) < 2:
        return run
    rows: list[list[TableCell]] = []
    for line in run:
        cells = [TableCell() for _ in spans]
        for piece in line.pieces:
            at = next(n for n, span in enumerate(spans) if piece.box[0] <= span[1])
            if cells[at].lines:
                return run
            cells[at] = TableCell([piece.marked], piece.bold)
        rows.append(cells)
    if all(_is_prose([row[at] for row in rows]) for at in range(len(spans))):
        return run
    box = around(line.box for line in run)
    first = run[0]
    table = Table(rows)
    return [Line(glance(table), box, first.base, first.size, bold=False, table=table)]


def _is_prose(cells: Sequence[TableCell]) -> bool:
    """Whether the cells of a column are lines of running text."""
    return median(sum(len(line.text) for line in cell.lines) for cell in cells) >= _PROSE


def _columns(run: Sequence[Line]) -> list[tuple[float, float]]:
    """Where the columns stand: what all pieces cover, from left to right."""
    spans: list[tuple[float, float]] = []
    for piece in sorted((p for line in run for p in line.pieces), key=lambda each: each.box[0]):
        left, _, right, _ = piece.box
        if spans and left <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], right)
        else:
            spans.append((left, right))
    return spans
