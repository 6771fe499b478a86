"""A document's file as pages: their images, and where on them a quote stands.

That is shown only while the file is what was indexed: it is converted again, and compared.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.canonical import read_bytes, text_sha256
from index.errors import UnreadableFileError
from index.loading import can_recognize
from index.members import suffix_of
from index.types import Document, Span

if TYPE_CHECKING:
    from index.loaders.pdf import Converted

WIDTHS = (480, 960, 1440, 1920)
"""Pixels: the widths that images are made in."""
LARGEST_FILE = 200_000_000
"""Bytes of a file that is shown as pages."""
MOST_CACHED = 48_000_000
"""Bytes of all images kept."""
MOST_AT_ONCE = 6
"""Images that are being made or waited for: they are made one after the other."""

_SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True)
class Paged:
    """A file that is what was indexed, as pages."""

    name: str
    data: bytes
    converted: "Converted"


class Images:
    """Makes images of pages, and keeps the latest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[bytes, int, int], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)

    def get(self, paged: Paged, number: int, width: int) -> bytes | None:
        """A page as PNG.

        Args:
            paged: its file.
            number: of the page, from 1.
            width: in pixels; the next of `WIDTHS` is taken.

        Returns:
            None while too many others are being made.

        Raises:
            UnreadableFileError: there is no such page, or it cannot be painted.
        """
        from index.loaders.pdf import paint_page

        wide = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
        key = hashlib.sha256(paged.data).digest(), number, wide
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if not self._places.acquire(blocking=False):
            return None
        try:
            image = paint_page(paged.data, paged.name, number - 1, wide)
        finally:
            self._places.release()
        self._keep(key, image)
        return image

    def _keep(self, key: tuple[bytes, int, int], image: bytes) -> None:
        with self._lock:
            self._size += len(image) - len(self._kept.pop(key, b""))
            self._kept[key] = image
            while self._size > MOST_CACHED and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])


def is_paged(document: Document) -> bool:
    """Whether a document may be shown as pages: whether one of its files has them."""
    return any(suffix_of(source) == _SUFFIX for source in document.sources)


def paged_file(document: Document) -> Paged | None:
    """The first of a document's files with pages that still has the text that was indexed."""
    for source in document.sources:
        if suffix_of(source) != _SUFFIX:
            continue
        try:
            data = read_bytes(source)
            found = _converted(data, source, document.info.sha256)
        except UnreadableFileError:
            continue
        if found is not None:
            return Paged(source, data, found)
    return None


def _converted(data: bytes, source: str, sha256: str) -> "Converted | None":
    from index.loaders.pdf import converted

    if len(data) > LARGEST_FILE:
        return None
    for ocr in (False, True) if can_recognize() else (False,):
        try:
            found = converted(data, source, ocr)
        except UnreadableFileError:
            continue
        if text_sha256(found.loaded.text) == sha256:
            return found
        if not found.loaded.notes:
            break  # nothing in it that could be recognized
    return None


def pages_of(paged: Paged, spans: Sequence[Span]) -> dict[str, Any]:
    """What the source pane needs to know: the pages, and where the spans stand on them.

    Returns:
        `pages`: label, width and height of each; `marks`: for each span its `page` (from 1) and
        `boxes` (left, top, width and height as shares of the page), once for each page it is on.
    """
    from index.loaders.pdf import find_markings

    found = paged.converted
    return {
        "pages": [
            {"label": label, "width": round(width, 1), "height": round(height, 1)}
            for label, (width, height) in zip(found.labels, found.sizes, strict=True)
        ],
        "marks": [
            [
                {"page": marking.page + 1, "boxes": [_placed(*box) for box in marking.boxes]}
                for marking in find_markings(found, *span)
            ]
            for span in spans
        ],
    }


def _placed(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [round(each, 5) for each in (left, top, right - left, bottom - top)]
