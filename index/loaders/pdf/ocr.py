"""Text recognized in pictures of pages, by the optional extra `ocr`."""

from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.loaders.pdf.values import Glyph, Handle, Page
from index.telemetry import turn_off_telemetry

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

Corners = npt.NDArray[np.float64]
"""Of a line: four points."""
DOTS_PER_INCH = 150
MOST_PIXELS = 8_000_000
"""Of a page's picture."""
_CERTAIN = 0.6
"""What is recognized with less certainty is left out."""
_SAME_SIZE = 0.25
"""Lines whose heights differ by no more have letters of one size."""
_LETTERS = 0.75
"""Share of a line's height that its font size is."""


def recognize(document: "PdfDocument", page: Page) -> None:
    """Read a page's text off its picture, and put it in place of what the page has.

    Args:
        document: open.
        page: gets the characters.
    """
    scale = DOTS_PER_INCH / 72
    scale = min(scale, (MOST_PIXELS / max(page.width * page.height, 1.0)) ** 0.5)
    handle = document[page.number]
    bitmap = handle.render(scale=scale)
    try:
        pixels = np.array(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()
        handle.close()
    found = _engine()(pixels)
    lines = [
        (np.asarray(corners, dtype=float) / scale, text)
        for corners, text, score in zip(
            *(found.boxes if found.boxes is not None else (), found.txts or ()),
            found.scores or (),
            strict=False,
        )
        if score >= _CERTAIN and text.strip()
    ]
    page.glyphs = []
    usual = median(_height(corners) for corners, _ in lines) if lines else 0.0
    for corners, text in lines:
        height = _height(corners)
        size = usual if abs(height - usual) <= _SAME_SIZE * usual else height
        page.glyphs.extend(_glyphs(corners, text, _LETTERS * size))


def _height(corners: Corners) -> float:
    return float(corners[:, 1].max() - corners[:, 1].min())


def _glyphs(corners: Corners, text: str, size: float) -> list[Glyph]:
    """A line's characters, each given an equal share of the line."""
    left, top = corners.min(axis=0).tolist()
    right, bottom = corners.max(axis=0).tolist()
    step = (right - left) / len(text)
    base = bottom - 0.25 * (bottom - top)
    glyphs = [Glyph("\n", (0, 0, 0, 0), 0, 0, False, 0)]
    for number, char in enumerate(text):
        box = (left + number * step, top, left + (number + 1) * step, bottom)
        char = " " if char.isspace() else char
        glyphs.append(Glyph(char, box, base, size, False, 0))
    return glyphs


@lru_cache(maxsize=1)
def _engine() -> Handle:
    """The recognizer; its models come with the package."""
    turn_off_telemetry()
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.use_cls": False})
