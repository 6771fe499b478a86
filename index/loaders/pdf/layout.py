"""From what was read of the pages to columns in reading order."""

from array import array
from collections import Counter
from collections.abc import Sequence

from index.loaders.pdf.aligned import take_wide_tables, with_tables
from index.loaders.pdf.columns import find_gutter, in_columns
from index.loaders.pdf.furniture import without_furniture
from index.loaders.pdf.ruled import take_tables
from index.loaders.pdf.segments import find_pieces
from index.loaders.pdf.stated import StatedTables
from index.loaders.pdf.values import Box, Column, Edge, Glyph, Line, Marked, Page

_MOST_EDGES = 200
"""Level lines of a page that are kept, to see where its footnotes begin."""
_BULLET_DISTANCE = 2.0
"""Times the font size: between a bullet and its line at most."""
_MOST_CODE = 0.5
"""Share of the text."""
_FULL = 20
"""Pieces of lines: a page with so many tells by itself whether it has columns."""
_UPRIGHT = (0, 90, 180, 270)


class Layout:
    """Collects pages one by one, so that no more than their lines is kept of them."""

    def __init__(self) -> None:
        self._pieces: list[list[Line]] = []
        self._aside: list[list[list[Line]]] = []
        self._labels: list[str] = []
        self._edges: list[Sequence[Edge]] = []
        self._stated = StatedTables()

    def add(self, page: Page) -> None:
        """Take the next page."""
        counts = Counter(glyph.turn for glyph in page.glyphs if glyph.char not in (" ", "\n"))
        turns = [turn for turn, _ in counts.most_common() if turn in _UPRIGHT]
        found = [_pieces(page, turn, self._stated) for turn in turns] or [[]]
        self._pieces.append(found[0])
        self._aside.append(found[1:])
        self._labels.append(page.label)
        is_upright = not turns or turns[0] == 0
        self._edges.append(
            [edge for edge in page.edges if edge.is_level and is_upright][:_MOST_EDGES]
        )

    def columns(self) -> list[Column]:
        """All columns, without running heads, feet and page numbers."""
        found: list[Column] = []
        self._stated.finish()
        self._settle_code()
        kept = without_furniture(self._pieces, self._labels)
        gutter: float | None = None
        for number, (pieces, aside) in enumerate(zip(kept, self._aside, strict=True)):
            own = find_gutter(pieces)
            gutter = own if len(pieces) >= _FULL else own or gutter
            for group in (pieces, *aside):
                edges = self._edges[number]
                with_wide = take_wide_tables(group, is_divided=gutter is not None)
                for lines in in_columns(with_wide, gutter if group is pieces else None):
                    found.append(Column(with_tables(lines), number, edges))
        return found

    def _settle_code(self) -> None:
        """Where most of the text has letters of one width, that is how it is typed, and no code."""
        lines = [line for pieces in self._pieces for line in pieces if not line.is_table]
        code = sum(len(line.text) for line in lines if line.is_code)
        if code > _MOST_CODE * sum(len(line.text) for line in lines):
            for line in lines:
                line.is_code = False


def _pieces(page: Page, turn: int, stated: StatedTables) -> list[Line]:
    """Pieces of lines, and tables, of the text that is turned so much; boxes as they are shown."""
    glyphs = [glyph for glyph in page.glyphs if glyph.turn == turn or glyph.char in (" ", "\n")]
    edges: Sequence[Edge] = page.edges
    if turn:
        glyphs = [_turned(glyph, turn, page) for glyph in glyphs]
        edges = [Edge(_turned_box(edge.box, turn, page)) for edge in edges]
    tables, glyphs = stated.take(glyphs, page.tables)
    ruled, rest = take_tables(glyphs, edges)
    found = [*tables, *ruled, *find_pieces(rest)]
    if not turn:
        _put_bullets(found, page.dots)
    else:
        for line in found:
            _turn_back(line, turn, page)
    return found


def _put_bullets(pieces: Sequence[Line], dots: Sequence[Box]) -> None:
    """Have lines begin with the bullets that are drawn before them."""
    for dot in dots:
        middle = (dot[1] + dot[3]) / 2
        for piece in pieces:
            distance = piece.box[0] - dot[2]
            is_beside = piece.box[1] < middle < piece.box[3] and not piece.is_table
            if is_beside and 0 < distance <= _BULLET_DISTANCE * piece.size and not piece.rtl:
                marked = Marked("•", array("f", dot))
                marked.say(" ")
                marked.add(piece.marked)
                piece.marked = marked
                piece.raised = tuple((start + 2, end + 2) for start, end in piece.raised)
                break


def _turned(glyph: Glyph, turn: int, page: Page) -> Glyph:
    if glyph.char in (" ", "\n"):
        return glyph
    bases = {90: page.width - glyph.base, 180: page.height - glyph.base, 270: glyph.base}
    box = _turned_box(glyph.box, turn, page)
    turned = Glyph(glyph.char, box, bases[turn], glyph.size, glyph.bold, turn)
    turned.mark = glyph.mark
    return turned


def _turned_box(box: Box, turn: int, page: Page) -> Box:
    """A box after the page was turned so that the text runs from left to right."""
    left, top, right, bottom = box
    if turn == 90:
        return top, page.width - right, bottom, page.width - left
    if turn == 180:
        return page.width - right, page.height - bottom, page.width - left, page.height - top
    return page.height - bottom, left, page.height - top, right


def _turn_back(line: Line, turn: int, page: Page) -> None:
    for marked in line.table.lines if line.table is not None else [line.marked]:
        _turn_boxes(marked.boxes, turn, page)


def _turn_boxes(boxes: "array[float]", turn: int, page: Page) -> None:
    for at in range(0, len(boxes), 4):
        left, top, right, bottom = boxes[at : at + 4]
        if right <= left and bottom <= top:
            continue
        back = {
            90: (page.width - bottom, left, page.width - top, right),
            180: (page.width - right, page.height - bottom, page.width - left, page.height - top),
            270: (top, page.height - right, bottom, page.height - left),
        }[turn]
        for offset, value in enumerate(back):
            boxes[at + offset] = value
