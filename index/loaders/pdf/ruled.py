"""Tables with ruled lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.loaders.pdf.tabulating import cell_of, table_line
from index.loaders.pdf.values import Box, Edge, Glyph, Line, Table, TableCell

_NEAR = 3.0
"""Points: lines that meet up to this are one corner."""
MOST_EDGES = 4_000
"""Of a page; more are a drawing or a map."""
_MOST_CELLS = 20_000


@dataclass(slots=True)
class _Grid:
    """Where the lines of a table run."""

    xs: list[float]
    ys: list[float]
    edges: list[Edge]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def take_tables(glyphs: list[Glyph], edges: Sequence[Edge]) -> tuple[list[Line], list[Glyph]]:
    """The ruled tables of a page, and the characters outside of them.

    Args:
        glyphs: upright.
        edges: the page's ruled lines.
    """
    tables: list[Line] = []
    for grid in _grids(edges):
        inside = [glyph for glyph in glyphs if glyph.char in (" ", "\n") or _is_in(glyph, grid.box)]
        table = _table(grid, inside)
        if table is not None:
            tables.append(table)
            taken = {id(glyph) for glyph in inside if glyph.char not in (" ", "\n")}
            glyphs = [glyph for glyph in glyphs if id(glyph) not in taken]
    return tables, glyphs


def _grids(edges: Sequence[Edge]) -> list[_Grid]:
    if not 4 <= len(edges) <= MOST_EDGES:
        return []
    found = []
    for group in _touching(edges):
        xs = _merged(edge.box[0] for edge in group if not edge.is_level)
        ys = _merged(edge.box[1] for edge in group if edge.is_level)
        if len(xs) >= 3 and len(ys) >= 3 and len(xs) * len(ys) <= _MOST_CELLS:
            found.append(_Grid(xs, ys, group))
    return found


def _touching(edges: Sequence[Edge]) -> list[list[Edge]]:
    """Edges by group, those of one group connected; found by sweeping from top to bottom."""
    parent = list(range(len(edges)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    order = sorted(range(len(edges)), key=lambda index: edges[index].box[1])
    active: list[int] = []
    for index in order:
        left, top, right, _ = edges[index].box
        active = [other for other in active if edges[other].box[3] + _NEAR >= top]
        for other in active:
            there = edges[other].box
            if left - _NEAR <= there[2] and there[0] <= right + _NEAR:
                parent[root(index)] = root(other)
        active.append(index)
    groups: dict[int, list[Edge]] = {}
    for index, edge in enumerate(edges):
        groups.setdefault(root(index), []).append(edge)
    return list(groups.values())


def _merged(values: Iterable[float]) -> list[float]:
    merged: list[float] = []
    for value in sorted(values):
        if not merged or value - merged[-1] > _NEAR:
            merged.append(value)
    return merged


def _is_in(glyph: Glyph, box: Box) -> bool:
    x, y = _middle(glyph)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _middle(glyph: Glyph) -> tuple[float, float]:
    left, top, right, bottom = glyph.box
    return (left + right) / 2, (top + bottom) / 2


def _table(grid: _Grid, glyphs: Sequence[Glyph]) -> Line | None:
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    owner = _owners(grid, rows, columns)
    cells: dict[tuple[int, int], list[Glyph]] = {}
    last: tuple[int, int] | None = None
    for glyph in glyphs:
        if glyph.char not in (" ", "\n"):
            x, y = _middle(glyph)
            last = owner[_index(grid.ys, y), _index(grid.xs, x)]
        if last is not None:
            cells.setdefault(last, []).append(glyph)
    found = {place: cell_of(cell) for place, cell in cells.items()}
    found = {place: cell for place, cell in found.items() if cell.lines}
    filled = sorted({row for row, _ in found}), sorted({column for _, column in found})
    if min(map(len, filled)) < 2:
        return None  # a frame around running text
    for (row, column), cell in found.items():
        cell.width = sum(owner[row, each] == (row, column) for each in filled[1])
    grid_rows = [[_shown(found, owner, row, column) for column in filled[1]] for row in filled[0]]
    return table_line(
        Table(grid_rows), [each for cell in cells.values() for each in cell], grid.box
    )


def _shown(
    found: Mapping[tuple[int, int], TableCell],
    owner: Mapping[tuple[int, int], tuple[int, int]],
    row: int,
    column: int,
) -> TableCell:
    """What stands at a place: a cell over several rows stands in each of them."""
    first = owner[row, column]
    return found.get(first, TableCell()) if first[1] == column else TableCell()


def _owners(grid: _Grid, rows: int, columns: int) -> dict[tuple[int, int], tuple[int, int]]:
    """The first cell of those that are one, because no line runs between them."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(rows):
        middle = (grid.ys[row] + grid.ys[row + 1]) / 2
        for column in range(columns):
            owner[row, column] = row, column
            across = (grid.xs[column] + grid.xs[column + 1]) / 2
            if column and not _has_upright(grid, grid.xs[column], middle):
                owner[row, column] = owner[row, column - 1]
            elif row and not _has_level(grid, grid.ys[row], across):
                owner[row, column] = owner[row - 1, column]
    return owner


def _has_upright(grid: _Grid, x: float, y: float) -> bool:
    return any(
        not e.is_level and abs(e.box[0] - x) <= _NEAR and e.box[1] - 1 <= y <= e.box[3] + 1
        for e in grid.edges
    )


def _has_level(grid: _Grid, y: float, x: float) -> bool:
    return any(
        e.is_level and abs(e.box[1] - y) <= _NEAR and e.box[0] - 1 <= x <= e.box[2] + 1
        for e in grid.edges
    )


def _index(values: Sequence[float], value: float) -> int:
    inner = sum(1 for each in values[1:-1] if value >= each)
    return min(inner, len(values) - 2)
