"""Reading order: the columns of a page."""

from collections.abc import Sequence
from statistics import median

from index.loaders.pdf.segments import join_lines
from index.loaders.pdf.values import Line, Marked

_NARROWEST = 5.0
"""Points between two columns at least."""
_FEWEST_LINES = 4
_SHORTEST_LINE = 12
"""Characters of a column's lines (the median): tables have less."""
_DENSITY = 0.4
"""Share of a column's width that its lines fill on average: in a table it is less."""
_MOST_CROSSING = 0.5
_DEEPEST = 3
_LEADING = 1.4
"""Times the font size: from one line of a table to the next, about."""
_MOST_LINES = 100
_TITLE = 1.25
"""Times the usual size: a heading that may stand above several columns."""


def in_columns(
    pieces: Sequence[Line], usual: float | None = None, depth: int = 0
) -> list[list[Line]]:
    """Lines by column, the columns in the order they are read in.

    Args:
        pieces: pieces of lines, upright.
        usual: where the page before is divided; a page of few lines may be divided there, too.
        depth: how many times the page was divided already.
    """
    if not pieces:
        return []
    gutter = find_gutter(pieces) if depth < _DEEPEST else None
    if gutter is None and usual is not None and not depth:
        crossing = sum(p.box[0] < usual < p.box[2] for p in pieces)
        gutter = usual if crossing <= _MOST_CROSSING * len(pieces) else None
    if gutter is None:
        return [join_lines(pieces)]
    found: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []

    def finish() -> None:
        sides = (right, left) if _is_rtl(pieces) else (left, right)
        for side in sides:
            found.extend(in_columns(side, depth=depth + 1))
            side.clear()

    size = median(piece.size for piece in pieces)
    for piece in sorted(pieces, key=lambda each: each.box[1]):
        is_aside = piece.box[2] <= gutter or piece.box[0] >= gutter
        if is_aside and not (piece.size > _TITLE * size and _stands_alone(piece, pieces)):
            if across:
                found.append(join_lines(across))
                across = []
            (left if piece.box[2] <= gutter else right).append(piece)
        else:
            finish()
            across.append(piece)
    finish()
    if across:
        found.append(join_lines(across))
    return found


def _stands_alone(piece: Line, pieces: Sequence[Line]) -> bool:
    """Whether nothing is beside a line: a short heading above all columns."""
    top, bottom = piece.box[1], piece.box[3]
    return all(other is piece or other.box[3] <= top or other.box[1] >= bottom for other in pieces)


def _is_rtl(pieces: Sequence[Line]) -> bool:
    return 2 * sum(piece.rtl for piece in pieces) > len(pieces)


def find_gutter(pieces: Sequence[Line]) -> float | None:
    """The middle of the empty strip between two columns of running text."""
    texts = [piece for piece in pieces if not piece.is_table and not piece.is_code]
    texts += [line for piece in pieces if piece.is_table for line in _as_lines(piece)]
    if len(texts) < 2 * _FEWEST_LINES:
        return None
    start, end = min(p.box[0] for p in texts), max(p.box[2] for p in texts)
    crossing = [0] * (int(end - start) + 2)
    for piece in pieces:
        for at in range(max(int(piece.box[0] - start), 0), int(piece.box[2] - start) + 1):
            if at < len(crossing):
                crossing[at] += 1
    strips = []
    for level in sorted(set(crossing)):
        if level > _MOST_CROSSING * len(texts):
            break
        strips = [strip for strip in _strips(crossing, level) if strip[1] - strip[0] >= _NARROWEST]
        strips = [s for s in strips if _divides(texts, start + (s[0] + s[1]) / 2, end - start)]
        if strips:
            first, last = max(strips, key=lambda strip: strip[1] - strip[0])
            return start + (first + last) / 2
    return None


def _as_lines(table: Line) -> list[Line]:
    """Lines that fill the place of a table: one that fills a column is as good as text."""
    left, top, right, bottom = table.box
    words = Marked("-" * _SHORTEST_LINE)
    count = min(int((bottom - top) / max(_LEADING * table.size, 1.0)), _MOST_LINES)
    step = (bottom - top) / max(count, 1)
    return [
        Line(words, (left, y, right, y + table.size), y + table.size, table.size, bold=False)
        for y in (top + step * n for n in range(count))
    ]


def _strips(crossing: Sequence[int], level: int) -> list[tuple[int, int]]:
    """Ranges with at most so many lines across."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    for at, count in enumerate([*crossing, level + 1]):
        if count <= level and begin is None:
            begin = at
        elif count > level and begin is not None:
            found.append((begin, at))
            begin = None
    return [strip for strip in found if strip[0] > 0 and strip[1] < len(crossing)]


def _divides(texts: Sequence[Line], gutter: float, width: float) -> bool:
    sides = (
        [piece for piece in texts if piece.box[2] <= gutter],
        [piece for piece in texts if piece.box[0] >= gutter],
    )
    if any(not _is_text(side, width) for side in sides):
        return False
    (top, bottom), (other_top, other_bottom) = map(_reach, sides)
    shared = min(bottom, other_bottom) - max(top, other_top)
    return shared >= 0.2 * max(bottom - top, other_bottom - other_top)


def _is_text(side: Sequence[Line], width: float) -> bool:
    if len(side) < _FEWEST_LINES or median(len(p.text) for p in side) < _SHORTEST_LINE:
        return False
    left, right = min(p.box[0] for p in side), max(p.box[2] for p in side)
    if right - left < 0.15 * width:
        return False
    rows = len({round(piece.base / max(piece.size, 1.0)) for piece in side})
    return sum(p.box[2] - p.box[0] for p in side) >= _DENSITY * rows * (right - left)


def _reach(side: Sequence[Line]) -> tuple[float, float]:
    return min(piece.box[1] for piece in side), max(piece.box[3] for piece in side)
