"""PDFium: opens a file within limits, and tells in words why it cannot be opened.

PDFium is not thread-safe: whatever is done with a file is done while `opened` holds its lock.
"""

import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import UnreadableFileError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MOST_PAGES = 10_000
MOST_BYTES = 1_000_000_000
"""Of the file; larger ones are archives of scans."""
MOST_UNPACKED = 100_000_000
"""Bytes of one page's packed drawing commands: a printed page has some 10,000."""
_PASSWORD = 4
"""PDFium's FPDF_ERR_PASSWORD."""
_LOCK = threading.RLock()
_PACKED = re.compile(rb"/(?:FlateDecode|Fl)\b")
_STREAM = re.compile(rb"stream\r?\n")
_HEAD = 1_000


@contextmanager
def opened(data: bytes, name: str) -> Iterator["PdfDocument"]:
    """Open a file; nobody else uses PDFium until it is closed.

    Args:
        data: the whole file.
        name: for messages.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted or too large.
    """
    _measure(data, name)
    from pypdfium2 import PdfDocument, PdfiumError

    with _LOCK:
        try:
            document = PdfDocument(data)
            pages = len(document)
        except PdfiumError as error:
            raise UnreadableFileError(_reason(error, name)) from error
        try:
            if not 0 < pages <= MOST_PAGES:
                raise UnreadableFileError(
                    f"{name}: expected 1 to {MOST_PAGES:,} pages, found {pages:,}. Split the file."
                )
            yield document
        except PdfiumError as error:
            raise UnreadableFileError(_damaged(name)) from error
        finally:
            document.close()


def count_pages(data: bytes, name: str) -> int:
    """How many pages a file has.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted or too large.
    """
    with opened(data, name) as document:
        return len(document)


def _measure(data: bytes, name: str) -> None:
    if b"%PDF-" not in data[: _HEAD + 24]:
        found = "an empty file" if not data.strip() else "something else"
        raise UnreadableFileError(
            f"{name}: expected a PDF file, found {found}. Check that it is whole, or leave it out."
        )
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(
            f"{name}: expected at most {MOST_BYTES:,} bytes, found {len(data):,}. Split the file."
        )
    if any(size > MOST_UNPACKED for size in _unpacked_sizes(data)):
        raise UnreadableFileError(
            f"{name}: a part of this PDF unpacks to more than {MOST_UNPACKED:,} bytes, which no "
            "printed page needs. Print it to a new PDF, or leave it out."
        )


def _unpacked_sizes(data: bytes) -> Iterator[int]:
    """How large its packed streams are, images left out, counted until one is too large."""
    for match in _STREAM.finditer(data):
        head = data[max(match.start() - _HEAD, 0) : match.start()]
        head = head[head.rfind(b" obj") + 1 :]
        filters = len(_PACKED.findall(head))
        if not filters or b"/Image" in head:
            continue
        size, rest = 0, data[match.end() : match.end() + MOST_UNPACKED]
        unpackers = [zlib.decompressobj() for _ in range(filters)]
        while rest and size <= MOST_UNPACKED:
            piece = rest
            try:
                for unpacker in unpackers:
                    piece = unpacker.decompress(piece, MOST_UNPACKED // 50)
            except zlib.error:
                break
            rest = unpackers[0].unconsumed_tail
            size += len(piece)
        yield size


def _reason(error: Exception, name: str) -> str:
    if getattr(error, "err_code", None) == _PASSWORD:
        return (
            f"{name}: expected a PDF that opens without a password, found an encrypted one. Save a "
            "copy without a password."
        )
    return _damaged(name)


def _damaged(name: str) -> str:
    return (
        f"{name}: expected a PDF file, found a damaged one. Get the file anew, or print it to a "
        "new PDF."
    )
