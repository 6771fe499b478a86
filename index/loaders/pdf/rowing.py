"""Which lines of a table without ruled lines are one row: a cell may go over several lines."""

from collections.abc import Sequence
from itertools import pairwise

from index.loaders.pdf.values import Line, TableCell

Cells = list[Line | None]
"""What a line has in each column."""
_WIDER = 0.3
"""Times the font size: by how much rows stand farther apart than lines of a cell at least."""
_GAP = 0.45
"""Times the font size: what is free between two columns at least."""
_SPARE = 1.5
"""Times the font size: a line with one cell, or without the first, begins a row only if so much
more was free above it."""
_LONG_WORD = 12
"""Characters of what a program breaks without a hyphen, at least."""
_SPACE = 0.25
"""Times the font size: between two words."""


Room = tuple[float, float]
"""Where a column begins, and where the next one does."""


def find_rooms(spans: Sequence[tuple[float, float]]) -> list[Room]:
    """The rooms that columns have, by where their text begins and ends."""
    ends = [left for left, _ in spans[1:]] + [spans[-1][1] + _GAP]
    return [(left, end) for (left, _), end in zip(spans, ends, strict=True)]


def group_rows(lines: Sequence[Cells], rooms: Sequence[Room]) -> list[list[Cells]]:
    """The lines of a table by row.

    Where rows stand farther apart than the lines of a cell, that tells; else a line goes on with
    the row above where it leaves columns empty, and no word of it had room in the line above.

    Args:
        lines: from top to bottom.
        rooms: of the columns.
    """
    return _by_distance(lines, rooms) or _by_columns(lines, rooms)


def end_on_purpose(rows: Sequence[Sequence[Cells]], column: int, room: Room) -> float:
    """The share of a column's cells after which there is room for a word of the cell below.

    In a table it is near 1; in columns of running text, which lines fill, it is near 0.
    """
    found = []
    for row, following in pairwise(rows):
        above = [line[column] for line in row if line[column] is not None]
        below = [line[column] for line in following if line[column] is not None]
        if above and below and above[-1] is not None and below[0] is not None:
            found.append(has_room(above[-1], below[0], room))
    return sum(found) / len(found) if found else 0.0


def cells_of(row: Sequence[Cells]) -> list[TableCell]:
    """The cells of a row."""
    return [_cell(cells) for cells in zip(*row, strict=True)]


def _cell(lines: Sequence[Line | None]) -> TableCell:
    found = [line for line in lines if line is not None]
    is_bold = bool(found) and all(line.bold for line in found)
    return TableCell([line.marked for line in found], is_bold)


def _by_distance(lines: Sequence[Cells], rooms: Sequence[Room]) -> list[list[Cells]] | None:
    """Rows that stand farther apart than their lines; None where it is not so."""
    steps = [_base(below) - _base(above) for above, below in pairwise(lines)]
    size = max(cell.size for line in lines for cell in line if cell is not None)
    bound = min(steps, default=0.0) + _WIDER * size
    if not any(step > bound for step in steps):
        return None
    rows = [[lines[0]]]
    for line, step in zip(lines[1:], steps, strict=True):
        if step <= bound:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows if all(_holds_together(row, rooms) for row in rows) else None


def _holds_together(row: Sequence[Cells], rooms: Sequence[Room]) -> bool:
    """Whether each line of each cell has a word that had no room in the line above."""
    for column, room in enumerate(rooms):
        cells = [line[column] for line in row]
        found = [cell for cell in cells if cell is not None]
        if any(has_room(*pair, room) for pair in pairwise(found)):
            return False
    return True


def _by_columns(lines: Sequence[Cells], rooms: Sequence[Room]) -> list[list[Cells]]:
    rows: list[list[Cells]] = []
    for line in lines:
        if rows and _goes_on(rows[-1], line, rooms):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _goes_on(row: Sequence[Cells], line: Cells, rooms: Sequence[Room]) -> bool:
    filled = [n for n, cell in enumerate(line) if cell is not None]
    if len(filled) == len(line) and len(filled) > 2:
        return False
    spare = _SPARE if line[0] is None or len(filled) == 1 else 0.0
    for column in filled:
        above = row[-1][column]
        cell = line[column]
        if above is None or cell is None or has_room(above, cell, rooms[column], spare):
            return False
    return True


def has_room(above: Line, below: Line, room: Room, spare: float = 0.0) -> bool:
    """Whether the first word of a line would have fit in the line above.

    Args:
        above: the line that may have had room.
        below: the next one in the column.
        room: of the column.
        spare: times the font size: what would have been left free besides.
    """
    if not any(map(str.isalpha, above.text + below.text)):
        return True  # figures do not go on
    if _is_broken(above.text, below.text):
        return False
    word = below.text.split(None, 1)[0]
    width = (below.box[2] - below.box[0]) * len(word) / max(len(below.text), 1)
    used = above.box[2] - above.box[0] + (_SPACE + spare) * above.size + width
    return used <= room[1] - room[0] - _GAP * above.size


def _is_broken(above: str, below: str) -> bool:
    """Whether two lines are one long word that had no room in a narrow column."""
    is_whole = " " not in above and above[-1:].isalnum() and len(above) > len(below)
    return is_whole and len(above) >= _LONG_WORD and below.isalpha() and below.islower()


def _base(line: Cells) -> float:
    return max(cell.base for cell in line if cell is not None)
