"""Whether text leaves a trace on the page: the page in pixels, with its text and without."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.loaders.pdf.values import Box, Handle

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_PIXELS = 4_000_000
"""Of the picture in which is looked whether text can be seen."""
_CONTRAST = 24
"""Of 255: what differs less from its background is not seen."""
_INK = 48
"""Of 255: what a scan's letters differ from its paper at least."""
Pixels = npt.NDArray[np.int32]
Image = npt.NDArray[np.uint8]


class Paper:
    """The page in pixels, with its text and without."""

    def __init__(self, scale: float, pixels: Image) -> None:
        self.scale = scale
        self._with = pixels
        self._without = pixels
        self._background = pixels[0, 0].astype(np.int16)
        self._changed: Pixels | None = None
        self._painted: Pixels | None = None

    def take_off(self, handles: Iterable[Handle]) -> None:
        """Have these text objects painted no more."""
        from pypdfium2 import raw

        for handle in handles:
            raw.FPDFPageObj_SetIsActive(handle, 0)

    def paint_again(self, page: "PdfPage") -> None:
        """Paint the page once more, to see what is gone."""
        without = self._without = _pixels(page, self.scale)
        self._background = without[0, 0].astype(np.int16)
        self._changed = _counted(self._with, without, _CONTRAST)
        self._painted = _counted(without, without[:1, :1], 1)

    @property
    def ink(self) -> float:
        """Share of the page that differs from the commonest color."""
        gray = self._with[::2, ::2, 1]
        background = int(np.bincount(gray.ravel(), minlength=256).argmax())
        return float((np.abs(gray.astype(np.int16) - background) >= _INK).mean())

    def is_changed(self, box: Box) -> bool:
        """Whether the text left a trace in a box."""
        return self._changed is None or _count(self._changed, self._cells(box)) > 0

    def rows_changed(self, box: Box) -> float:
        """The share of the rows of pixels in a box in which the text left a trace."""
        if self._changed is None:
            return 1.0
        left, top, right, bottom = self._cells(box)
        rows = self._changed[top : bottom + 1]
        counts = np.diff(rows[:, right] - rows[:, left])
        return float((counts > 0).mean()) if len(counts) else 0.0

    def shows(self, color: tuple[int, int, int, int], box: Box) -> bool:
        """Whether a color differs from what is painted in a box without the text."""
        left, top, right, bottom = self._cells(box)
        if left >= right or top >= bottom:
            return False
        under = self._background
        if self._painted is None or _count(self._painted, (left, top, right, bottom)):
            under = self._without[top:bottom, left:right].mean(axis=(0, 1))
        red, green, blue, opacity = color
        parts = zip(under.tolist(), (blue, green, red), strict=True)
        differs = max(abs(there - own) for there, own in parts)
        return bool(differs * opacity / 255 >= _CONTRAST)

    def has_ink(self, box: Box) -> bool:
        """Whether something dark on light, or light on dark, is painted in a box."""
        left, top, right, bottom = self._cells(box)
        cells = self._with[top:bottom, left:right]
        return bool(cells.size and int(cells.max()) - int(cells.min()) >= _INK)

    def _cells(self, box: Box) -> tuple[int, int, int, int]:
        height, width = self._with.shape[:2]
        left, top, right, bottom = (side * self.scale for side in box)
        return (
            max(0, min(width, int(left - 0.5))),
            max(0, min(height, int(top - 0.5))),
            max(0, min(width, int(right + 1.5))),
            max(0, min(height, int(bottom + 1.5))),
        )


def _counted(first: Image, second: Image, contrast: int) -> Pixels:
    """Sums of differing pixels from the left upper corner: any box is counted in four look-ups."""
    height, width = first.shape[0], first.shape[1]
    differs = np.zeros((height, width), dtype=bool)
    for channel in range(3):
        one, other = (image[:, :, channel].astype(np.int16) for image in (first, second))
        differs |= np.abs(one - other) >= contrast
    sums = np.zeros((height + 1, width + 1), dtype=np.int32)
    np.cumsum(differs, axis=0, out=sums[1:, 1:])
    np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
    return sums


def _count(sums: Pixels, cells: tuple[int, int, int, int]) -> int:
    left, top, right, bottom = cells
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return int(inside)


def paint(page: "PdfPage") -> Paper:
    """The page in pixels."""
    width, height = page.get_size()
    scale = min(1.0, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    return Paper(scale, _pixels(page, scale))


def _pixels(page: "PdfPage", scale: float) -> Image:
    bitmap = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
    try:
        found: Image = np.array(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()
    return found
