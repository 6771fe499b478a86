"""Sources: a file, or a part of one that is a document of its own.

    notes.md                    a file
    archive.zip!/inner/a.pdf    a member of an archive
    rows.jsonl#line=12          a line of JSON Lines, from 1
    list.json#/3                an element of a JSON array, from 0
    inbox.mbox#message=3        a mail of a mailbox, from 1
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

from index.bounded import bounded, open_file
from index.errors import UnreadableFileError

ARCHIVES = (".zip",)
LINES = (".jsonl", ".ndjson")
MAILBOXES = (".mbox",)
RECORDS = ".json"
MAIL = ".eml"
CONTAINERS = (*ARCHIVES, *LINES, *MAILBOXES)
"""Suffixes of files that hold documents; one of `RECORDS` may hold one or several."""

_FRAGMENT = re.compile(
    r"(?:(?<=\.jsonl)|(?<=\.ndjson)|(?<=\.json))"
    r"#(?=line=|/|text=)(?:line=(?P<line>\d{1,12})|/(?P<element>\d{1,12}))?"
    r"(?:(?:(?<=\d)&|(?<=#))text=(?P<text>[^#&/]+))?$"
    r"|(?<=\.mbox)#message=(?P<message>\d{1,12})$",
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
    message: int | None = None
    """From 1, of a mailbox."""

    @property
    def is_member(self) -> bool:
        """Whether it is less than the file."""
        return bool(self.entry) or self.is_record

    @property
    def is_record(self) -> bool:
        """Whether it is one of several in a file, or in a member of an archive."""
        return any(each is not None for each in (self.line, self.element, self.message))


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a container, as it was met there."""

    source: str
    data: bytes
    weight: int
    """Bytes of the container that it stands for."""
    trouble: str = ""
    """Why it cannot be read, if so."""
    is_left_out: bool = False
    """Whether it is of a kind that is left out, and not an error."""


def part_of(source: str | Path) -> Part:
    """Divide a source into the file and what is meant within it."""
    text = str(source)
    fragment = _FRAGMENT.search(text)
    marks = list(_ENTRY.finditer(text))
    if (fragment is None and not marks) or os.path.lexists(text):
        return Part(Path(text))
    numbers: dict[str, int] = {}
    if fragment is not None:
        names = ("line", "element", "message")
        numbers = {name: int(fragment[name]) for name in names if fragment[name]}
        text = text[: fragment.start()]
    halves = [(text[: mark.start()], text[mark.end() :]) for mark in _ENTRY.finditer(text)]
    there = [(file, entry) for file, entry in halves if entry and os.path.isfile(file)]
    file, entry = next(iter(there or halves), (text, ""))
    return Part(Path(file), entry, **numbers)


def suffix_of(source: str | Path) -> str:
    """What tells a source's format, in lower case; a record's is that of one such file."""
    text = str(source)
    fragment = _FRAGMENT.search(text)
    if fragment is None:
        return PurePath(text).suffix.lower()
    return MAIL if fragment["message"] else RECORDS


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

    part = part_of(source)
    if not part.entry:
        with _opened(part.file) as stream:
            return _read_one(stream, str(source), part)
    with closing(Archive(part.file)) as archive, archive.open(part.entry) as stream:
        if not part.is_record:
            return archive.read(stream, part.entry)
        return _read_one(stream, str(source), part)


def _read_one(stream: BufferedReader, source: str, part: Part) -> bytes:
    from index.json_records import read_record
    from index.mailboxes import read_mail

    if part.message is not None:
        return read_mail(stream, source, part.message)
    return read_record(stream, source, part.line, part.element)


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

    if path.suffix.lower() in ARCHIVES:
        yield from archive_members(path, text_field)
        return
    with _opened(path) as stream:
        yield from members_in(stream, str(path), text_field)


def members_in(stream: BufferedReader, source: str, text_field: str | None) -> Iterator[Member]:
    """The records or mails of a file; see `members`.

    Args:
        stream: at its beginning.
        source: what it is a stream of.
        text_field: see `members`.
    """
    from index.json_records import record_members
    from index.mailboxes import mail_members

    if suffix_of(source) in MAILBOXES:
        return mail_members(stream, source)
    return record_members(stream, source, text_field)


def named(source: str, text_field: str | None) -> str:
    """The source, or for one JSON record: with the field that its text is in."""
    if text_field is None or suffix_of(source) != RECORDS:
        return source
    mark = "&" if _FRAGMENT.search(source) else "#"
    return f"{source}{mark}text={quote(text_field, safe='')}"


def _opened(path: Path) -> BufferedReader:
    return bounded(lambda: open_file(path), str(path))
