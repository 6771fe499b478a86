"""The values that leave this package: frozen, comparable, and free of any store."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from index.errors import FilterError

Label = Literal["body", "byline", "boilerplate", "notes", "front_matter"]
"""What a passage is made of. Answers quote `body` unless asked for more."""

Span = tuple[int, int]
"""Half-open range of Unicode code points in a document's canonical text."""

PlaceKind = Literal["page", "slide", "sheet", "chapter", "section", "row", "line"]
"""What a file is divided into, apart from its text."""

_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


_NAME = re.compile(r"[^/]*(?:#/\d+(?:&text=[^/]*)?)?$")


def source_name(source: str) -> str:
    """The last part of a source's path: `a.md`, `rows.jsonl#line=12`, `list.json#/3`."""
    match = _NAME.search(source.replace("\\", "/").rstrip("/"))
    return match[0] if match else source


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known about a document, without its text."""

    id: str
    """First 16 hex digits of `sha256`."""
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    """ISO date; its length tells the precision: `2023-10-31`, `2023-10` or `2023`."""
    source: str
    """Path or URI of the file the text was read from (the first, if there are several)."""
    sha256: str
    """SHA-256 of the canonical text as UTF-8, 64 hex digits."""
    language: str | None = None
    found: tuple[tuple[str, str], ...] = ()
    """How each field was found, as (field, method) pairs: `front_matter`, `embedded`, `byline`,
    `sidecar` or `user`."""
    url: str | None = None
    """Where it is on the web, as its file or sidecar states it: `http` or `https`."""

    @property
    def name(self) -> str:
        """The title, or the file name where the title is unknown."""
        return self.title or source_name(self.source)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A slice of a passage, the unit of quoting."""

    start: int
    end: int
    """Span in the document's canonical text, without surrounding white space."""
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous slice of a document, the unit of retrieval. Passages tile their document."""

    document_id: str
    start: int
    end: int
    text: str
    label: Label
    heading: str | None
    """The nearest heading above, if any."""
    sentences: tuple[Sentence, ...]

    @property
    def id(self) -> str:
        """`{document.id}:{start}-{end}`."""
        return f"{self.document_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Place:
    """A page or another part of the file that a text was converted from."""

    start: int
    """Where it begins in the canonical text; it ends where the next one begins."""
    kind: PlaceKind
    name: str
    """As readers know it: `12`, `iv`, `Costs 2024`."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source file's canonical text with its metadata."""

    info: DocumentInfo
    text: str
    sources: tuple[str, ...]
    """Every file this text was found in; `info.source` is the first."""
    byline: tuple[tuple[str, Span], ...] = ()
    """Where the text itself states its metadata: (field, span) pairs."""
    places: tuple[Place, ...] = ()
    """The pages, slides or sheets of the file, in order; empty where it has none."""
    notes: tuple[str, ...] = ()
    """What the conversion of the file has to tell; not kept in an index."""

    def places_of(self, start: int, end: int) -> tuple[Place, ...]:
        """The pages (slides, ...) that the range `[start, end)` lies on, in order."""
        first = max(bisect_right(self.places, start, key=lambda place: place.start) - 1, 0)
        return tuple(place for place in self.places[first:] if place.start < end)

    def place_of(self, start: int, end: int) -> str | None:
        """The same in words: `page 3`, `pages 3–4`, `sheet Costs`; None where there is none."""
        found = self.places_of(start, end)
        if not found:
            return None
        first, last = found[0], found[-1]
        if first == last:
            return f"{first.kind} {first.name}"
        if first.kind == last.kind:
            return f"{first.kind}s {first.name}–{last.name}"
        return f"{first.kind} {first.name} to {last.kind} {last.name}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score and rank."""

    passage: Passage
    document: DocumentInfo
    score: float
    """Fused score, comparable within one search only."""
    rank: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents to search. Fields are combined by AND, values of one field by OR."""

    documents: tuple[str, ...] = ()
    """Document ids (or unique beginnings of ids, six digits or more)."""
    authors: tuple[str, ...] = ()
    """Case- and accent-insensitive parts of an author's name."""
    after: str | None = None
    """Published on or after this ISO date (day, month or year); unknown dates do not match."""
    before: str | None = None
    """Published on or before this ISO date; `2023` includes all of 2023."""

    def __post_init__(self) -> None:
        for name in ("after", "before"):
            value = getattr(self, name)
            if value is not None and not _ISO_DATE.fullmatch(value):
                raise FilterError(
                    f"The filter {name!r} expects an ISO date such as 2024, 2024-05 or 2024-05-31, "
                    f"and got {value!r:.60}. Write the date in that form."
                )

    def __bool__(self) -> bool:
        return bool(self.documents or self.authors or self.after or self.before)


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be indexed, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class MovedFile:
    """A file that is somewhere else now, with the same content."""

    source: str
    before: str
    """Where it was."""


@dataclass(frozen=True, slots=True)
class DuplicateFile:
    """A file whose text another file has as well: both are one document."""

    source: str
    of: str


@dataclass(frozen=True, slots=True)
class FileNote:
    """What users should know of a file that was indexed: pages without text, for example."""

    source: str
    note: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What `build` did, or would do, as sources (see `index.members`)."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    moved: tuple[MovedFile, ...] = ()
    """These are neither added nor removed."""
    duplicates: tuple[DuplicateFile, ...] = ()
    """Of those added or changed: they are named there as well."""
    notes: tuple[FileNote, ...] = ()
    """On files that were added or changed; on those left out of folders, one for each suffix."""
    is_dry_run: bool = False
    """Whether nothing was changed, and this is what would be."""
    documents: int = 0
    """Documents in the index afterwards."""
    passages: int = 0
    """Passages in the index afterwards."""
    seconds: float = field(default=0.0, compare=False)
