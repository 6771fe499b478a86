"""From a file's bytes to canonical text: the table of formats, and what a loader returns.

A loader is a function `load(data, name)` in a module of `index.loaders`, imported when a file of
its kind is first met. It converts the same way every time: quotes are slices of what it returns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from threading import Event
from typing import Any

from index.errors import InputError
from index.members import suffix_of
from index.types import Label, Place, Span


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loader makes of a file."""

    text: str
    """The canonical text: plain, or Markdown."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Metadata that the file itself carries (PDF information, HTML meta, ...), by the names that
    front matter uses: `title`, `authors`, `publisher`, `published`, `language`, `url`."""
    places: tuple[Place, ...] = ()
    """Its pages, slides, sheets or chapters, in order."""
    notes: tuple[str, ...] = ()
    """What users should know of the conversion: `page 3: a picture without text, left out`."""
    asides: tuple[tuple[Span, Label], ...] = ()
    """Spans of whole paragraphs that are not what the document itself says, and their label:
    `notes` for the earlier mail that a reply quotes, `boilerplate` for a signature."""


Loader = Callable[[bytes, str], Loaded]
"""Called with a file's bytes and its name, for messages. Raises `UnreadableFileError`."""

_PLAIN = "plain"
LOADERS: Mapping[str, str] = {
    ".txt": _PLAIN,
    ".md": _PLAIN,
    ".markdown": _PLAIN,
    ".text": _PLAIN,
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "html.saved",
    ".mht": "html.saved",
    ".epub": "epub",
    ".eml": "mail",
    ".json": "json_record",
    ".docx": "office.word",
    ".docm": "office.word",
    ".pptx": "office.slides",
    ".pptm": "office.slides",
    ".xlsx": "office.sheets",
    ".xlsm": "office.sheets",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
}
"""The module of `index.loaders` for each suffix."""
SUFFIXES = tuple(LOADERS)
"""The suffixes of files that can be indexed, in lower case."""


def is_plain(suffix: str) -> bool:
    """Whether a file with this suffix is its canonical text, and is not converted."""
    return LOADERS.get(suffix) == _PLAIN


_WITH_PICTURES = ("pdf",)
"""Loaders that recognize the text of pictures if asked to: `load(data, name, ocr)`."""
_RECOGNIZES = Event()


def recognize_pictures() -> None:
    """Have this process recognize the text of scanned pages from now on, whatever it reads.

    Raises:
        InputError: what that needs is not installed.
    """
    if not can_recognize():
        raise InputError(
            "Expected the extra `ocr` for recognizing the text of scanned pages, found it missing. "
            "Run pip install 'verbatim-assistant[ocr]'."
        )
    _RECOGNIZES.set()


def can_recognize() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None


def recognizes(name: str) -> bool:
    """Whether this process recognizes the text of pictures in a file of that name."""
    return _RECOGNIZES.is_set() and LOADERS.get(suffix_of(name)) in _WITH_PICTURES


def has_unread_pages(data: bytes, name: str, read: int) -> bool:
    """Whether a file has pages whose text is to be recognized, besides those that were read.

    Args:
        data: the whole file.
        name: its path; `recognizes` says yes to it.
        read: how many pages were read of it.
    """
    module = import_module(f"index.loaders.{LOADERS[suffix_of(name)]}")
    found: bool = module.has_unread_pages(data, name, read)
    return found


def load(data: bytes, name: str, ocr: bool | None = None) -> Loaded:
    """Convert a file; one of an unknown kind is read as text.

    Args:
        data: the whole file.
        name: its path, whose suffix tells the format.
        ocr: whether to recognize the text of scanned pages; by default as this process does it.

    Raises:
        UnreadableFileError: it is not of that format, damaged, encrypted, or holds no text.
    """
    module = LOADERS.get(suffix_of(name), _PLAIN)
    loader: Callable[..., Loaded] = import_module(f"index.loaders.{module}").load
    recognizes = _RECOGNIZES.is_set() if ocr is None else ocr
    if recognizes and module in _WITH_PICTURES:
        loader = partial(loader, ocr=True)
    return loader(data, name)
