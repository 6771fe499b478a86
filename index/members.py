"""Sources: a file, or a part of one that is a document of its own.

    notes.md                    a file
    archive.zip!/inner/a.pdf    a member of an archive
    rows.jsonl#line=12          a line of JSON Lines, from 1
    list.json#/3                an element of a JSON array, from 0
    rows.jsonl#line=12&text=summary     the same, its text in another field than the usual ones

A record may be in an archive as well: `archive.zip!/rows.jsonl#line=12`. What looks like this and
is a file's own name is that file.
"""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePath
from urllib.parse import quote, unquote

from index.bounded import bounded
from index.errors import UnreadableFileError

ARCHIVES = (".zip",)
LINES = (".jsonl", ".ndjson")
RECORDS = ".json"
CONTAINERS = (*ARCHIVES, *LINES)
"""Suffixes of files that hold documents; one of `RECORDS` may hold one or several."""

_FRAGMENT = re.compile(
    r"(?:(?<=\.jsonl)|(?<=\.ndjson)|(?<=\.json))"
    r"#(?=line=|/|text=)(?:line=(?P<line>\d{1,12})|/(?P<element>\d{1,12}))?"
    r"(?:(?:(?<=\d)&|(?<=#))text=(?P<text>[^#&/]+))?$",
    re.I | re.A,
)
_ENTRY = re.compile(r"(?<=\.zip)!/", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """A source, divided."""

    file: Path
    """On disk."""
    entry: str = ""
    """Name of a member of that archive."""
    line: int | None = None
    """From 1, of a file of JSON Lines."""
    element: int | None = None
    """From 0, of a JSON array."""

    @property
    def is_member(self) -> bool:
        """Whether it is less than the file."""
        return bool(self.entry) or self.line is not None or self.element is not None


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a container, as it was met there."""

    source: str
    data: bytes
    weight: int
    """Bytes of the container that it stands for."""
    trouble: str = ""
    """Why it cannot be read, if so."""


def part_of(source: str | Path) -> Part:
    """Divide a source into the file and what is meant within it."""
    text = str(source)
    fragment = _FRAGMENT.search(text)
    marks = list(_ENTRY.finditer(text))
    if (fragment is None and not marks) or os.path.lexists(text):
        return Part(Path(text))
    line = element = None
    if fragment is not None:
        line = int(fragment["line"]) if fragment["line"] else None
        element = int(fragment["element"]) if fragment["element"] else None
        text = text[: fragment.start()]
    halves = [(text[: mark.start()], text[mark.end() :]) for mark in _ENTRY.finditer(text)]
    there = [(file, entry) for file, entry in halves if entry and os.path.isfile(file)]
    file, entry = next(iter(there or halves), (text, ""))
    return Part(Path(file), entry, line, element)


def suffix_of(source: str | Path) -> str:
    """What tells a source's format, in lower case; a record's is that of one JSON object."""
    text = str(source)
    fragment = _FRAGMENT.search(text)
    return RECORDS if fragment is not None else PurePath(text).suffix.lower()


def text_field_of(source: str | Path) -> str | None:
    """The field that a record's text is in, where the source names it."""
    fragment = _FRAGMENT.search(str(source))
    return unquote(fragment["text"]) if fragment is not None and fragment["text"] else None


def file_of(source: str | Path) -> Path:
    """The file on disk that a source is, or is in."""
    return part_of(source).file


def is_member(source: str | Path) -> bool:
    """Whether a source is less than a file."""
    return part_of(source).is_member


def exists(source: str | Path) -> bool:
    """Whether a source is there now."""
    part = part_of(source)
    if not part.is_member:
        return os.path.exists(part.file)
    if not os.path.isfile(part.file):
        return False
    try:
        read_member(source)
    except UnreadableFileError:
        return False
    return True


def read_member(source: str | Path) -> bytes:
    """The bytes of a part of a file: a member's, or those of one record.

    Raises:
        UnreadableFileError: it is not there, cannot be read, or is larger than a member may be.
    """
    from index.archives import Archive
    from index.json_records import read_record

    part = part_of(source)
    if not part.entry:
        with _opened(part.file) as stream:
            return read_record(stream, str(source), part.line, part.element)
    with closing(Archive(part.file)) as archive, archive.open(part.entry) as stream:
        if part.line is None and part.element is None:
            return archive.read(stream, part.entry)
        return read_record(stream, str(source), part.line, part.element)


def is_container(path: Path) -> bool:
    """Whether a file holds documents instead of being one.

    Raises:
        UnreadableFileError: one has to look into it, and cannot.
    """
    from index.json_records import begins_array

    suffix = path.suffix.lower()
    if suffix != RECORDS:
        return suffix in CONTAINERS
    with _opened(path) as stream:
        return begins_array(stream)


def members(path: Path, text_field: str | None = None) -> Iterator[Member]:
    """The documents in a container, in its order, read one after the other.

    Args:
        path: of the container.
        text_field: where the text of JSON records is, if not in one of the usual fields.

    Raises:
        UnreadableFileError: it cannot be read, from here on; what came before is right.
    """
    from index.archives import archive_members
    from index.json_records import record_members

    if path.suffix.lower() in ARCHIVES:
        yield from archive_members(path, text_field)
        return
    with _opened(path) as stream:
        yield from record_members(stream, str(path), text_field)


def named(source: str, text_field: str | None) -> str:
    """The source, or for one JSON record: with the field that its text is in."""
    if text_field is None or suffix_of(source) != RECORDS:
        return source
    mark = "&" if _FRAGMENT.search(source) else "#"
    return f"{source}{mark}text={quote(text_field, safe='')}"


def _opened(path: Path) -> BufferedReader:
    return bounded(lambda: path.open("rb"), str(path))
