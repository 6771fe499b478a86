"""The characters of a page, upright and as they can be seen."""

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.loaders.pdf.drawings import Upright, read_paint
from index.loaders.pdf.paper import Paper, paint
from index.loaders.pdf.tagged import read_tables
from index.loaders.pdf.values import Box, Glyph, Handle, Page, around

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MOST_CHARACTERS = 200_000
"""On one page: a newspaper's has 40,000."""
SMALLEST = 2.5
"""Points: smaller letters are there for machines only."""
_MOST_DOTS = 500
_BOLD = re.compile(r"bold|black|heavy|demi", re.I)
_MONO = re.compile(r"mono|courier|consol|typewriter|cmtt", re.I)
_BOLD_WEIGHT = 600
_RAISED = 0.15
_ARMENIAN = "\u0530"
"""The first letter after Latin, Greek and Cyrillic: small letters of others have other heights."""
_FEWEST_LETTERS, _FEWEST_POINTS = 2, 6.0
_SMALL, _HALF = 0.42, 0.55
"""Of the font size, and of that height."""
_BELOW = 1.5
"""Points: boxes are made larger by so much where pixels are counted."""
_FILLED, _INVISIBLE = 0, 3
"""PDFium's FPDF_TEXTRENDERMODE_FILL and ..._INVISIBLE."""
_HYPHEN = 2
"""What PDFium makes of a hyphen at a line's end."""
_BULLETS = (0xF0A7, 0xF0B7, 0xF0A8)
"""Of the fonts Symbol and Wingdings, as word processors write them."""
_DROPPED = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of a text object have in common."""

    size: float
    bold: bool
    turn: int
    invisible: bool
    mono: bool
    mark: int
    color: tuple[int, int, int, int] | None
    """Red, green, blue, opacity; None where it is not filled with one."""


def read_page(document: "PdfDocument", number: int) -> Page:
    """Read one page.

    Args:
        document: open.
        number: of the page, from 0.

    Raises:
        PdfiumError: the page is damaged.
        ValueError: it has too many characters.
    """
    page = document[number]
    try:
        width, height = page.get_size()
        label = " ".join(document.get_page_label(number).split())[:20] or str(number + 1)
        upright = _upright(page)
        found = Page(number, label, width, height, [], [])
        painted = read_paint(page, upright)
        found.edges, found.dots = painted.edges, painted.dots[:_MOST_DOTS]
        paper = paint(page)
        found.ink = paper.ink
        found.tables = read_tables(page)
        found.picture = painted.share_of(width, height)
        _take_glyphs(page, found, upright, paper)
        return found
    finally:
        page.close()


def _upright(page: "PdfPage") -> Upright:
    """From the page's own coordinates to those of the page as it is shown."""
    left, bottom, right, top = page.get_bbox()
    turns: dict[int, Upright] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turns[page.get_rotation()]


def _take_glyphs(page: "PdfPage", found: Page, upright: Upright, paper: Paper) -> None:
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > MOST_CHARACTERS:
            raise ValueError(
                f"page {found.label} has {count:,} characters, and at most {MOST_CHARACTERS:,} are "
                "read"
            )
        reader = _Reader(raw, text.raw, page.get_rotation(), upright)
        glyphs = [reader.glyph(index) for index in range(count)]
        paper.take_off(reader.objects.values())
        paper.paint_again(page)
    finally:
        text.close()
    for word in _words(glyphs):
        letters = sum(1 for glyph in word if glyph.char.isalnum() or not glyph.char)
        if not _is_seen(word, found, paper):
            found.unseen += letters
            continue
        found.garbled += sum(1 for glyph in word if not glyph.char)
        found.glyphs.extend(word)


class _Reader:
    """Asks PDFium for one character after the other."""

    def __init__(self, raw: Handle, text: Handle, turned: int, upright: Upright) -> None:
        self.raw, self.text, self.turned, self.upright = raw, text, turned, upright
        self.objects: dict[int, Handle] = {}
        self._styles: dict[int, _Style] = {}
        self._rect = raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(200)

    def glyph(self, index: int) -> Glyph:
        """The character at an index; a space where PDFium put one between words."""
        raw, text, rect = self.raw, self.text, self._rect
        handle = raw.FPDFText_GetTextObject(text, index)
        if not handle:
            is_break = raw.FPDFText_GetUnicode(text, index) in (10, 13)
            return Glyph("\n" if is_break else " ", (0, 0, 0, 0), 0, 0, False, 0)
        style = self._style(handle, index)
        raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect))
        corners = self.upright(rect.left, rect.top), self.upright(rect.right, rect.bottom)
        xs, ys = zip(*corners, strict=True)
        raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(self._x), ctypes.byref(self._y))
        x, y = self.upright(self._x.value, self._y.value)
        box = (min(xs), min(ys), max(xs), max(ys))
        char = self._char(index)
        base = x if style.turn in (90, 270) else y
        glyph = Glyph(
            *(char, box, base, style.size, style.bold, style.turn, style.invisible, style.color)
        )
        glyph.mono, glyph.mark = style.mono, style.mark
        glyph.raised = char.isdigit() and style.turn == 0 and self._is_raised(index, glyph)
        return glyph

    def _is_raised(self, index: int, glyph: Glyph) -> bool:
        """Whether a digit does not stand on its baseline: fonts have such for marks of notes."""
        sides = [ctypes.c_double() for _ in range(4)]
        if not self.raw.FPDFText_GetCharBox(self.text, index, *map(ctypes.byref, sides)):
            return False
        left, right, bottom, top = (side.value for side in sides)
        lowest = max(self.upright(left, bottom)[1], self.upright(right, top)[1])
        return glyph.base - lowest > _RAISED * glyph.size

    def _char(self, index: int) -> str:
        raw = self.raw
        code = raw.FPDFText_GetUnicode(self.text, index)
        if code == _HYPHEN or raw.FPDFText_IsHyphen(self.text, index) == 1:
            return "-"
        if 0xD800 <= code < 0xDC00:
            low = raw.FPDFText_GetUnicode(self.text, index + 1)
            return chr(0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF))
        if 0xDC00 <= code < 0xE000:
            return "\u00ad"  # the second half of the character before
        if code in _BULLETS:
            return "•"
        if raw.FPDFText_HasUnicodeMapError(self.text, index) == 1 or 0xE000 <= code < 0xF900:
            return ""
        char = chr(code) if 0 < code < 0x110000 else ""
        if char in ("", "\ufffd") or char.isspace() or char == "\u2028":
            return " " if char.isspace() or char == "\u2028" else ""
        if "\ufb00" <= char <= "\ufb06" or "\ufb50" <= char <= "\ufdff" or char >= "\ufe70":
            return unicodedata.normalize("NFKC", char) if char < "\uff00" else char
        return _DROPPED.sub(" " if char == "\x00" else "", char) or "\u00ad"

    def _style(self, handle: Handle, index: int) -> _Style:
        address = ctypes.addressof(handle.contents)
        style = self._styles.get(address)
        if style is None:
            self.objects[address] = handle
            style = self._styles[address] = self._read_style(handle, index)
        return style

    def _read_style(self, handle: Handle, index: int) -> _Style:
        raw, matrix, flags = self.raw, self.raw.FS_MATRIX(), ctypes.c_int()
        raw.FPDFText_GetMatrix(self.text, index, ctypes.byref(matrix))
        size = raw.FPDFText_GetFontSize(self.text, index)
        raw.FPDFText_GetFontInfo(self.text, index, self._name, 200, ctypes.byref(flags))
        weight = raw.FPDFText_GetFontWeight(self.text, index)
        name = self._name.value.decode("utf-8", "replace")
        bold = weight >= _BOLD_WEIGHT or _BOLD.search(name)
        mode = raw.FPDFTextObj_GetTextRenderMode(handle)
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turn = (round(self.turned - angle)) % 360
        return _Style(
            size=size * math.hypot(matrix.c, matrix.d),
            bold=bool(bold),
            turn=next((each for each in (0, 90, 180, 270) if abs(turn - each) <= 2), turn % 360),
            invisible=mode == _INVISIBLE,
            mono=bool(flags.value & 1) or _MONO.search(name) is not None,
            mark=raw.FPDFPageObj_GetMarkedContentID(handle),
            color=self._color(index) if mode == _FILLED else None,
        )

    def _color(self, index: int) -> tuple[int, int, int, int] | None:
        parts = [ctypes.c_uint() for _ in range(4)]
        if not self.raw.FPDFText_GetFillColor(self.text, index, *map(ctypes.byref, parts)):
            return None
        red, green, blue, opacity = (part.value for part in parts)
        return red, green, blue, opacity


def _words(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters by word, each with the spaces after it."""
    words: list[list[Glyph]] = [[]]
    was_space = False
    for glyph in glyphs:
        is_space = glyph.char in (" ", "\n")
        if was_space and not is_space:
            words.append([])
        words[-1].append(glyph)
        was_space = is_space
    return words


def _is_seen(word: list[Glyph], page: Page, paper: Paper) -> bool:
    letters = [glyph for glyph in word if glyph.char not in (" ", "\n")]
    if not letters:
        return True
    left, top, right, bottom = around(_grown(glyph.box) for glyph in letters)
    if right <= 0 or bottom <= 0 or left >= page.width or top >= page.height:
        return False
    if max(glyph.size for glyph in letters) < SMALLEST:
        return False
    if letters[0].invisible:
        seen = [paper.has_ink(glyph.box) for glyph in letters] if page.picture else [False]
    else:
        seen = [paper.is_changed(glyph.box) for glyph in letters]
        if letters[0].color and not paper.shows(letters[0].color, (left, top, right, bottom)):
            return False
    return 2 * sum(seen) >= len(seen) and not _is_half_covered(letters, paper)


def _is_half_covered(letters: list[Glyph], paper: Paper) -> bool:
    """Whether much of the height that small letters have is covered: it cannot be read then."""
    first = letters[0]
    words = [glyph for glyph in letters if glyph.char.isalnum() and glyph.char < _ARMENIAN]
    if first.invisible or first.turn or len(words) < _FEWEST_LETTERS or first.size < _FEWEST_POINTS:
        return False
    left, _, right, _ = around(glyph.box for glyph in words)
    band = (left, first.base - _SMALL * first.size, right, first.base - _BELOW)
    return paper.rows_changed(band) < _HALF


def _grown(box: Box) -> Box:
    return box[0] - 0.5, box[1] - 0.5, box[2] + 0.5, box[3] + 0.5
