"""Lines in scripts that run from right to left, put in the order they are read in.

PDFium turns some words of such a line and leaves others as they are; where the characters stand on
the page is certain.
"""

import unicodedata
from collections.abc import Sequence

from index.loaders.pdf.values import Glyph

_RANGES = (("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc"))
_GAP, _GAP_OF_FILE = 0.15, 0.08
"""Times the font size: a wider gap parts words, and one where PDFium sees a space."""


def is_right_to_left(text: str) -> bool:
    """Whether most letters are Hebrew, Arabic or of a related script."""
    letters = [char for char in text if char.isalpha()]
    turned = sum(any(low <= char <= high for low, high in _RANGES) for char in letters)
    return 2 * turned > len(letters)


def in_reading_order(glyphs: Sequence[Glyph], space: Glyph) -> list[Glyph]:
    """The characters of a line in the order they are read in, spaces between the words.

    Args:
        glyphs: of the line, spaces among them.
        space: what to put between words.
    """
    printed = [glyph for glyph in glyphs if glyph.char.strip()]
    parted = {
        frozenset((id(before), id(after)))
        for before, between, after in zip(glyphs, glyphs[1:], glyphs[2:], strict=False)
        if between.char == " "
    }
    ordered = sorted(printed, key=lambda glyph: -_middle(_base_of(glyph, printed)))
    found: list[Glyph] = []
    for glyph in ordered:
        if found:
            gap = (found[-1].box[0] - glyph.box[2]) / max(glyph.size, 1.0)
            is_parted = frozenset((id(found[-1]), id(glyph))) in parted
            if gap > (_GAP_OF_FILE if is_parted else _GAP):
                found.append(space)
        found.append(glyph)
    return _with_runs_turned(found)


def _middle(glyph: Glyph) -> float:
    return (glyph.box[0] + glyph.box[2]) / 2


def _base_of(glyph: Glyph, printed: Sequence[Glyph]) -> Glyph:
    """The letter that a vowel sign belongs to."""
    if unicodedata.combining(glyph.char[0]) == 0:
        return glyph
    bases = [each for each in printed if unicodedata.combining(each.char[0]) == 0]
    near = min(bases, key=lambda each: abs(_middle(each) - _middle(glyph)), default=glyph)
    return near


def _with_runs_turned(glyphs: list[Glyph]) -> list[Glyph]:
    """Numbers and words of other scripts run from left to right within the line."""
    strong = [index for index, glyph in enumerate(glyphs) if _runs_right(glyph.char)]
    found, position = [], 0
    while strong:
        first = last = strong.pop(0)
        while strong and not any(
            is_right_to_left(each.char) and each.char.isalpha()
            for each in glyphs[last + 1 : strong[0]]
        ):
            last = strong.pop(0)
        found.extend(glyphs[position:first])
        found.extend(reversed(glyphs[first : last + 1]))
        position = last + 1
    return found + glyphs[position:]


def _runs_right(char: str) -> bool:
    return char.isdigit() or (char.isalpha() and not is_right_to_left(char))
