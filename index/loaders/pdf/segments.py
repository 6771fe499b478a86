"""From characters to lines: pieces of a line first, then whole lines of a column."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from index.loaders.pdf.righttoleft import in_reading_order, is_right_to_left
from index.loaders.pdf.values import Box, Glyph, Line, Marked, around

WIDE_GAP = 1.5
"""Times the font size: what lies that far apart is not the same piece of a line."""
_SPACE = Glyph(" ", (0, 0, 0, 0), 0, 0, False, 0)
_BREAK_GAP = 0.15
"""Times the font size: where PDFium sees another line, a raised sign, this much is a space."""
_RAISED_SIZE = 0.86
_CODE = 0.9
"""Share of letters of one width: a line with less is running text with a name from code in it."""
_RAISED = 0.12
"""Times the font size: how far a mark of a note stands above the line at least."""


def find_pieces(glyphs: Iterable[Glyph]) -> list[Line]:
    """Characters that follow one another on a line, up to a wide gap.

    Args:
        glyphs: upright, in the order of the file, with the spaces between words.
    """
    pieces: list[Line] = []
    current: list[Glyph] = []
    box: Box | None = None
    has_space = has_break = False
    for glyph in glyphs:
        if glyph.char in (" ", "\n"):
            has_space = has_space or glyph.char == " "
            has_break = has_break or glyph.char == "\n"
            continue
        if box is not None and not _goes_on(current[-1], box, glyph, has_space):
            pieces.extend(_piece(current))
            current, box = [], None
        if box is not None and has_break and not has_space:
            has_space = glyph.box[0] - box[2] > _BREAK_GAP * glyph.size
        if has_space and current:
            current.append(_SPACE)
        current.append(glyph)
        box = glyph.box if box is None else around((box, glyph.box))
        has_space = has_break = False
    pieces.extend(_piece(current))
    return pieces


def _goes_on(last: Glyph, box: Box, glyph: Glyph, has_space: bool) -> bool:
    size = max(last.size, glyph.size, 1.0)
    if abs(glyph.base - last.base) > 0.25 * size:
        small, large = sorted((last, glyph), key=lambda each: each.size)
        is_mark = small.size <= _RAISED_SIZE * large.size
        if not is_mark or abs(glyph.base - last.base) > 0.6 * size:
            return False
    gap = max(glyph.box[0] - box[2], box[0] - glyph.box[2])
    is_rtl = max(last.char, glyph.char) >= "\u0590" and (
        is_right_to_left(last.char) or is_right_to_left(glyph.char)
    )
    if not is_rtl and glyph.box[0] < last.box[0] - size and glyph.char.isalpha():
        return False  # back to the left: another line at the same height
    return gap <= (4.0 if is_rtl else WIDE_GAP if has_space else 1.0) * size


def _piece(glyphs: list[Glyph]) -> list[Line]:
    printed = [glyph for glyph in glyphs if glyph.char.strip() and glyph.char != "\u00ad"]
    if not printed:
        return []
    code = sum(glyph.mono for glyph in printed) >= _CODE * len(printed)
    words = printed if code else [glyph for glyph in printed if not glyph.mono]
    size = _commonest(words, lambda glyph: round(glyph.size, 1))
    base = _commonest([g for g in printed if round(g.size, 1) == size], lambda g: round(g.base, 1))
    rtl = is_right_to_left("".join(glyph.char for glyph in printed))
    if rtl:
        glyphs = in_reading_order(glyphs, _SPACE)
    marked = Marked()
    raised: list[tuple[int, int]] = []
    for glyph in glyphs:
        start = len(marked.text)
        char = "" if glyph.char == "\u00ad" and glyph is not glyphs[-1] else glyph.char
        char = "-" if char == "\u00ad" else char
        marked.text += char
        marked.boxes.extend(array("f", glyph.box * len(char)))
        is_small = 0 < glyph.size <= _RAISED_SIZE * size
        is_high = is_small and base - glyph.base > _RAISED * size
        if (is_high or glyph.raised) and char and char in "0123456789*†‡":
            if raised and raised[-1][1] == start:
                start = raised.pop()[0]
            raised.append((start, len(marked.text)))
    bold = 2 * sum(glyph.bold for glyph in printed) > len(printed)
    box = around(glyph.box for glyph in printed)
    return [Line(marked, box, base, size, bold, rtl, tuple(raised), is_code=code)]


def _commonest(glyphs: Sequence[Glyph], key: Callable[[Glyph], float]) -> float:
    return Counter(map(key, glyphs)).most_common(1)[0][0]


def join_lines(pieces: Sequence[Line]) -> list[Line]:
    """Whole lines of a column, from top to bottom."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda each: (each.base, each.box[0])):
        if rows and _is_beside(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_joined(row) for row in rows]


def _is_beside(row: Sequence[Line], piece: Line) -> bool:
    first = max(row, key=lambda each: each.size)
    if piece.is_table or first.is_table:
        return False
    size = max(first.size, piece.size)
    if any(min(o.box[2], piece.box[2]) - max(o.box[0], piece.box[0]) > 0.5 * size for o in row):
        return False
    return abs(piece.base - first.base) <= 0.35 * size


def _joined(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    rtl = sum(piece.rtl for piece in row) * 2 > len(row)
    row = sorted(row, key=lambda each: each.box[0], reverse=rtl)
    largest = max(row, key=lambda each: (len(each.text), each.size))
    marked = Marked()
    raised: list[tuple[int, int]] = []
    for piece in row:
        if marked.text:
            marked.say(" ")
        raised.extend(
            (start + len(marked.text), end + len(marked.text)) for start, end in piece.raised
        )
        marked.add(piece.marked)
    return Line(
        marked=marked,
        box=around(piece.box for piece in row),
        base=largest.base,
        size=largest.size,
        bold=all(piece.bold for piece in row),
        rtl=rtl,
        raised=tuple(raised),
        is_code=all(piece.is_code for piece in row),
        pieces=tuple(row),
    )
