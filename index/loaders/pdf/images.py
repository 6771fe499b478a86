"""Pages as images, and where on them a range of the text stands."""

import ctypes
import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.errors import UnreadableFileError
from index.loaders.pdf.converting import Converted
from index.loaders.pdf.opening import opened
from index.loaders.pdf.values import Box, Handle

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfBitmap, PdfPage

MOST_PIXELS = 6_000_000
"""Of an image: a page at twice the resolution of a large screen."""
MOST_SECONDS = 10.0
"""For painting one page."""
_WIDE = 2.0
"""Times the height of a line: characters of one range that stand farther apart get two boxes."""
_GRAY = 2
"""Of 255: colors of which parts differ no more are gray."""


@dataclass(frozen=True, slots=True)
class Marking:
    """The part of a range that stands on one page."""

    page: int
    """From 0."""
    boxes: tuple[Box, ...]
    """One for each line: left, top, right and bottom as shares of the page's width and height."""


def find_markings(converted: Converted, start: int, end: int) -> list[Marking]:
    """Where the range `[start, end)` of a canonical text stands on the pages.

    Args:
        converted: the file.
        start: in code points.
        end: likewise.
    """
    written = converted.written
    lines: dict[int, list[Box]] = {}
    previous: Box | None = None
    for offset in range(max(start, 0), min(end, len(written.text))):
        box = written.box_of(offset)
        if box is None or written.text[offset].isspace():
            continue
        found = lines.setdefault(written.page_of(offset), [])
        if found and previous is not None and _is_beside(previous, box):
            last = found[-1]
            found[-1] = (
                *(min(last[0], box[0]), min(last[1], box[1])),
                *(max(last[2], box[2]), max(last[3], box[3])),
            )
        else:
            found.append(box)
        previous = box
    return [
        Marking(page, tuple(_share(box, *converted.sizes[page]) for box in boxes))
        for page, boxes in sorted(lines.items())
    ]


def _is_beside(last: Box, box: Box) -> bool:
    """Whether a character stands beside the one before it, on a line across or up the page."""
    for low, high in ((1, 3), (0, 2)):
        shared = min(last[high], box[high]) - max(last[low], box[low])
        height = min(last[high] - last[low], box[high] - box[low])
        other = 1 - low
        gap = max(box[other] - last[other + 2], last[other] - box[other + 2])
        if height > 0 and shared >= 0.5 * height and gap <= max(_WIDE * height, 1.0):
            return True
    return False


def _share(box: Box, width: float, height: float) -> Box:
    left, top, right, bottom = box
    return (
        *(max(left / width, 0.0), max(top / height, 0.0)),
        *(min(right / width, 1.0), min(bottom / height, 1.0)),
    )


def paint_page(data: bytes, name: str, number: int, width: int) -> bytes:
    """A page as a PNG image.

    Args:
        data: the whole file.
        name: for messages.
        number: of the page, from 0.
        width: of the image in pixels; it is made smaller where it would have too many.

    Raises:
        UnreadableFileError: the file is damaged, has no such page, or the page takes too long.
    """
    with opened(data, name) as document:
        if not 0 <= number < len(document):
            raise UnreadableFileError(
                f"{name}: expected a page from 1 to {len(document)}, found {number + 1}."
            )
        page = document[number]
        try:
            image = _paint(page, width)
        finally:
            page.close()
    if image is None:
        raise UnreadableFileError(
            f"{name}: page {number + 1} takes more than {MOST_SECONDS:.0f} seconds to paint."
        )
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=6)
    return stream.getvalue()


def _paint(page: "PdfPage", width: int) -> "Image | None":
    """The page; None if it takes too long."""
    from pypdfium2 import PdfBitmap, raw

    page_width, page_height = page.get_size()
    scale = max(width, 1) / max(page_width, 1.0)
    scale = min(scale, (MOST_PIXELS / max(page_width * page_height, 1.0)) ** 0.5)
    size = max(round(page_width * scale), 1), max(round(page_height * scale), 1)
    bitmap = PdfBitmap.new_native(*size, raw.FPDFBitmap_BGR)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        if not _is_painted_in_time(raw, bitmap, page, size):
            return None
        image: Image = bitmap.to_pil().copy()
        if (np.ptp(bitmap.to_numpy(), axis=2) <= _GRAY).all():
            image = image.convert("L")  # a third of the bytes
    finally:
        bitmap.close()
    return image


def _is_painted_in_time(
    raw: Handle, bitmap: "PdfBitmap", page: "PdfPage", size: tuple[int, int]
) -> bool:
    ends = time.monotonic() + MOST_SECONDS
    pause = raw.IFSDK_PAUSE(version=1)
    kind = type(pause.NeedToPauseNow)
    pause.NeedToPauseNow = kind(lambda _: time.monotonic() > ends)
    place = (0, 0, *size, 0, raw.FPDF_ANNOT)
    status = raw.FPDF_RenderPageBitmap_Start(bitmap.raw, page.raw, *place, ctypes.byref(pause))
    raw.FPDF_RenderPage_Close(page.raw)
    return bool(status == raw.FPDF_RENDER_DONE)
