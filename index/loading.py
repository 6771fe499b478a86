"""From a file's bytes to canonical text: the table of formats, and what a loader returns.

A loader is a function `load(data, name)` in a module of `index.loaders`, imported when a file of
its kind is first met. It converts the same way every time: quotes are slices of what it returns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

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


def load(data: bytes, name: str) -> Loaded:
    """Convert a file; one of an unknown kind is read as text.

    Args:
        data: the whole file.
        name: its path, whose suffix tells the format.

    Raises:
        UnreadableFileError: it is not of that format, damaged, encrypted, or holds no text.
    """
    module = LOADERS.get(suffix_of(name), _PLAIN)
    loader: Loader = import_module(f"index.loaders.{module}").load
    return loader(data, name)
