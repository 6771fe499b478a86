"""A PDF file into canonical text."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.errors import UnreadableFileError
from index.loaders.pdf.glyphs import read_page
from index.loaders.pdf.information import read_fields
from index.loaders.pdf.layout import Layout
from index.loaders.pdf.ocr import recognize
from index.loaders.pdf.opening import opened
from index.loaders.pdf.values import Page
from index.loaders.pdf.writing import Written, write
from index.loading import Loaded
from index.types import Place

MOST_SECONDS = 1_800.0
"""For one file: a page takes a twentieth of a second."""
MOST_CHARACTERS = 30_000_000
"""Of one file: a thick book has three million."""
_FEW = 20
"""Letters: a page with fewer has no text to speak of."""
_LARGE = 0.3
"""Share of a page: an image that covers less is no scan."""
_INK, _INK_OF_IMAGE = 0.002, 0.0002
"""Share of a page that is painted at least: with lines alone, and on an image."""
_GARBLED = 0.3
"""Share of a page's characters that are unknown: the rest makes no sentences, either."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A file's text, and where it stands on the pages."""

    loaded: Loaded
    written: Written
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each page in points, as it is shown."""
    labels: tuple[str, ...]
    """Of each page."""
    unread: int = 0
    """Pages that are pictures, or whose letters the file does not tell: left out."""


@dataclass(slots=True)
class _Count:
    """Labels of the pages of which something is to be told."""

    scanned: list[str]
    garbled: list[str]
    unseen: list[str]
    recognized: list[str]


def convert(
    data: bytes, name: str, ocr: bool = False, tell: Callable[[int], None] = lambda page: None
) -> Converted:
    """Convert a file.

    Args:
        data: the whole file.
        name: for messages.
        ocr: whether to recognize the text of pages that are pictures.
        tell: called after each page with how many are read.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted, too large, or has no text.
    """
    layout, count = Layout(), _Count([], [], [], [])
    sizes, labels = [], []
    with opened(data, name) as document:
        fields = read_fields(document, data)
        ends, characters = time.monotonic() + MOST_SECONDS, 0
        for number in range(len(document)):
            try:
                page = read_page(document, number)
            except ValueError as error:
                raise UnreadableFileError(f"{name}: {error}. Leave the file out.") from error
            if not _judge(page, count) and ocr:
                recognize(document, page)
                _take_back(page, count)
            characters += len(page.glyphs)
            if characters > MOST_CHARACTERS or time.monotonic() > ends:
                raise UnreadableFileError(
                    f"{name}: expected at most {MOST_CHARACTERS:,} characters, to be read within "
                    f"{MOST_SECONDS:.0f} seconds, found more. Split the file."
                )
            layout.add(page)
            sizes.append((page.width, page.height))
            labels.append(page.label)
            tell(number + 1)
    written = write(layout.columns())
    if not any(map(str.isalnum, written.text)):
        raise UnreadableFileError(_without_text(name, count))
    places = tuple(Place(start, "page", labels[page]) for start, page in written.starts)
    loaded = Loaded(written.text, fields, places, _notes(count))
    unread = len(count.scanned) + len(count.garbled)
    return Converted(loaded, written, tuple(sizes), tuple(labels), unread)


def _judge(page: Page, count: _Count) -> bool:
    """Whether a page has text; what cannot be read of it is left out, and noted."""
    letters = sum(glyph.char.isalnum() for glyph in page.glyphs)
    if page.unseen > _FEW:
        count.unseen.append(page.label)
    if page.garbled > max(_FEW, _GARBLED * (letters + page.garbled)):
        count.garbled.append(page.label)
        page.glyphs = []
        return False
    if letters < _FEW and _is_picture(page, letters):
        count.scanned.append(page.label)
        return False
    page.glyphs = [glyph for glyph in page.glyphs if glyph.char]
    return True


def _is_picture(page: Page, letters: int) -> bool:
    """Whether something is painted that may be text: on an image, or by lines alone."""
    return page.ink > (_INK_OF_IMAGE if page.picture > _LARGE else _INK) and (
        page.picture > _LARGE or not letters
    )


def _take_back(page: Page, count: _Count) -> None:
    """Note that a page's text was recognized, if it was."""
    if sum(glyph.char.isalnum() for glyph in page.glyphs) < _FEW:
        return
    for labels in (count.scanned, count.garbled):
        if labels and labels[-1] == page.label:
            labels.pop()
    count.recognized.append(page.label)


def _notes(count: _Count) -> tuple[str, ...]:
    notes = []
    if count.recognized:
        notes.append(
            f"{_pages(count.recognized)}: text recognized in a picture (OCR), may have errors"
        )
    if count.scanned:
        notes.append(f"{_pages(count.scanned)}: a picture without text (a scan?), left out")
    if count.garbled:
        notes.append(
            f"{_pages(count.garbled)}: the file does not say which letters its signs are, left out"
        )
    if count.unseen:
        notes.append(f"{_pages(count.unseen)}: text that cannot be seen on the page, left out")
    return tuple(notes)


def _pages(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:12]) + (f" and {len(labels) - 12} more" if len(labels) > 12 else "")
    return f"page {shown}" if len(labels) == 1 else f"pages {shown}"


def _without_text(name: str, count: _Count) -> str:
    if count.garbled:
        return (
            f"{name}: expected text, found letters of which the file does not say what they are. "
            "Print it to a new PDF from where it was made."
        )
    if count.scanned:
        return (
            f"{name}: expected text, found pictures of pages (a scan). Have the text recognized: "
            "pip install 'verbatim-assistant[ocr]', then index with --ocr."
        )
    if count.unseen:
        return f"{name}: expected text, found none that can be seen on the pages. Leave it out."
    return f"{name}: expected text, found empty pages. Leave it out."
