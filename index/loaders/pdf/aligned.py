"""Tables without ruled lines: rows whose cells stand below one another."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from index.loaders.pdf.flow import LEADERS
from index.loaders.pdf.rowing import (
    Cells,
    cells_of,
    end_on_purpose,
    find_rooms,
    group_rows,
    has_room,
)
from index.loaders.pdf.segments import join_lines
from index.loaders.pdf.tabulating import glance
from index.loaders.pdf.values import Line, Marked, Table, around

_FEWEST_ROWS, _MANY_ROWS = 3, 8
_LOOSE = 3.0
"""Times the font size: rows are not farther apart."""
_PROSE = 25
"""Characters of a cell: where those of all columns have more, they are columns of text."""
_ON_PURPOSE = 0.8
"""Share of cells that leave room at their end: columns of running text have less."""
_LARGER = 1.12
_STEP = 1.6
"""Times the font size: lines of one cell are not farther apart."""
_SAME_START = 1.5
"""Points: how far apart the lines of a column begin."""
_AHEAD = 4
"""Lines: how far after one that was divided another one must have its gaps at the same places."""


def with_tables(lines: Sequence[Line], is_strict: bool = False) -> list[Line]:
    """The lines of a column, those that are rows of a table put together as one.

    Args:
        lines: from top to bottom.
        is_strict: whether a table has many rows and three columns, and none like running text.
    """
    found: list[Line] = []
    at = 0
    while at < len(lines):
        run = _run(lines, at) if _is_row(lines[at]) else []
        table = _table(run, is_strict)
        found.append(table or lines[at])
        at += len(run) if table else 1
    return found


def take_wide_tables(pieces: Sequence[Line], is_divided: bool) -> list[Line]:
    """The pieces of a page, with the tables in it put together before it is cut into columns.

    Args:
        pieces: of a page.
        is_divided: whether it has columns of running text: only what has nothing like it is a
            table then.
    """
    lines = with_tables(join_lines(pieces), is_divided)
    taken = {id(piece) for line in lines if not line.is_table for piece in line.pieces or (line,)}
    return [
        *(line for line in lines if line.is_table),
        *(piece for piece in pieces if id(piece) in taken and not piece.is_table),
    ]


def _is_row(line: Line) -> bool:
    has_leaders = LEADERS.search(line.text) is not None
    return len(line.pieces) >= 2 and not (line.rtl or line.is_code or has_leaders)


def _run(lines: Sequence[Line], start: int) -> list[tuple[Line, ...]]:
    """The lines from one on that may be a table, as the pieces that their cells are made of."""
    run: list[tuple[Line, ...]] = []
    spans: list[tuple[float, float]] = []
    last = end = start
    while end < len(lines) and lines[end].base - lines[last].base <= _LOOSE * lines[end].size:
        line = lines[end]
        if line.is_table or line.rtl or LEADERS.search(line.text):
            break
        if not line.pieces and line.size > _LARGER * lines[start].size:
            break  # a heading
        pieces = line.pieces or (line,)
        columns = _columns([*run, pieces])
        if run and len(columns) < max(len(spans), 2):
            pieces = _divided(pieces, _gaps(spans, lines[start:end], _is_row(line)))
            columns = _columns([*run, pieces])
            follows = any(map(_is_row, lines[end + 1 : end + 1 + _AHEAD]))
            if len(columns) < (2 if _is_row(line) else len(spans)):
                break
            if not (follows or line.pieces) and len(pieces) > 1:
                break
        run.append(pieces)
        spans = columns
        last, end = end, end + 1
    return _trimmed(run)


def _trimmed(run: list[tuple[Line, ...]]) -> list[tuple[Line, ...]]:
    """Without lines of the first column at the end that had room in it: they are text below."""
    spans = _columns(run)
    while len(run) > 1 and len(spans) > 1 and len(run[-1]) < 2:
        (line,), above = run[-1], run[-2][0]
        is_first = line.box[0] < spans[1][0]
        is_apart = line.base - above.base > _STEP * line.size
        has_ended = is_apart or has_room(above, line, (spans[0][0], spans[1][0]))
        if not is_first or not has_ended:
            break
        run.pop()
    return run


def _gaps(
    spans: Sequence[tuple[float, float]], lines: Sequence[Line], is_row: bool
) -> Callable[[float, float], bool]:
    """Whether a space from one place to another is between two columns.

    A line with other gaps has one there if the space lies in the gap of the lines above; one
    without, only if a word begins right where those of several lines do.
    """
    if is_row:
        gaps = [(end, start) for (_, end), (start, _) in pairwise(spans)]
        return lambda end, start: any(end < right and left < start for left, right in gaps)
    edges = sorted(piece.box[0] for line in lines if _is_row(line) for piece in line.pieces[1:])
    starts = [edge for edge, other in pairwise(edges) if other - edge <= _SAME_START]
    return lambda end, start: any(abs(start - each) <= _SAME_START for each in starts)


def _divided(pieces: Sequence[Line], is_gap: Callable[[float, float], bool]) -> tuple[Line, ...]:
    """Pieces cut where the space between two words is one between two columns."""
    found: list[Line] = []
    for piece in pieces:
        text, boxes = piece.text, piece.marked.boxes
        spaces = [at for at in range(1, len(text) - 1) if text[at] == " "]
        cuts = [at for at in spaces if is_gap(boxes[4 * at - 2], boxes[4 * at + 4])]
        ends = [*cuts, len(text)]
        parts = (piece.marked.cut(*each) for each in zip([0, *cuts], ends, strict=True))
        found += [_part(piece, marked) for marked in parts] if cuts else [piece]
    return tuple(found)


def _part(piece: Line, marked: Marked) -> Line:
    marked = marked.stripped()
    sides = marked.boxes
    boxes = zip(sides[::4], sides[1::4], sides[2::4], sides[3::4], strict=True)
    box = around(box for box in boxes if box[2] > box[0])
    return Line(marked, box, piece.base, piece.size, piece.bold, is_code=piece.is_code)


def _table(run: Sequence[tuple[Line, ...]], is_strict: bool) -> Line | None:
    """The table that lines are; None where they are none."""
    spans = _columns(run)
    full = sum(len(pieces) > 1 for pieces in run)
    fewest = (_MANY_ROWS, 3) if is_strict else (_FEWEST_ROWS, 2)
    if full < fewest[0] or len(spans) < fewest[1]:
        return None
    lines: list[Cells] = []
    for pieces in run:
        cells: Cells = [None] * len(spans)
        for piece in pieces:
            at = next(n for n, span in enumerate(spans) if piece.box[0] <= span[1])
            if cells[at] is not None:
                return None
            cells[at] = piece
        lines.append(cells)
    rooms = find_rooms(spans)
    groups = group_rows(lines, rooms)
    prose = [at for at in range(len(spans)) if _is_prose([cells[at] for cells in lines])]
    if len(prose) == len(spans) or (is_strict and prose):
        ends = [end_on_purpose(groups, at, rooms[at]) for at in prose]
        if min(ends) < _ON_PURPOSE:
            return None
    rows = [cells_of(group) for group in groups]
    if sum(sum(bool(cell.lines) for cell in row) > 1 for row in rows) < _FEWEST_ROWS:
        return None
    first = run[0][0]
    box = around(piece.box for pieces in run for piece in pieces)
    table = Table(rows)
    return Line(glance(table), box, first.base, first.size, bold=False, table=table)


def _is_prose(cells: Sequence[Line | None]) -> bool:
    """Whether the cells of a column are lines of running text."""
    return median(len(cell.text) if cell else 0 for cell in cells) >= _PROSE


def _columns(run: Sequence[tuple[Line, ...]]) -> list[tuple[float, float]]:
    """Where the columns stand: what all pieces cover, from left to right."""
    spans: list[tuple[float, float]] = []
    for piece in sorted((p for pieces in run for p in pieces), key=lambda each: each.box[0]):
        left, _, right, _ = piece.box
        if spans and left <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], right)
        else:
            spans.append((left, right))
    return spans
