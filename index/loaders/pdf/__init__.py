"""PDF files: text as running text, pages as places, and pages as images.

Only this package uses PDFium, and only in a process of its own.
"""

from index.errors import UnreadableFileError
from index.loaders.pdf.apart import count_apart
from index.loaders.pdf.apart import paint_apart as paint_page
from index.loaders.pdf.converting import Converted
from index.loaders.pdf.images import Marking, find_markings
from index.loaders.pdf.recent import converted
from index.loading import Loaded

__all__ = ["Converted", "Marking", "converted", "find_markings", "load", "paint_page"]


def load(data: bytes, name: str, ocr: bool = False) -> Loaded:
    """Convert a PDF file.

    Args:
        data: the whole file.
        name: for messages.
        ocr: whether to recognize the text of pages that are pictures.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted, too large, or has no text.
    """
    return converted(data, name, ocr).loaded


def has_unread_pages(data: bytes, name: str, read: int) -> bool:
    """Whether a file has pages that are pictures, besides those that were read.

    Args:
        data: the whole file.
        name: for messages.
        read: how many pages were read: where those are all, the file is not looked at closely.
    """
    try:
        return count_apart(data, name) > read and converted(data, name).unread > 0
    except UnreadableFileError:
        return False
