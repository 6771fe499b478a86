"""What a collection holds, as a table: searched, sorted, and a page at a time."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.library_containers import container_of
from assistant.library_files import FileStates, State
from assistant.references import file_name
from assistant.types import DocumentInfo
from index import Index
from index.errors import InputError
from index.filters import folded
from index.records import Source

Column = Literal["title", "authors", "published", "publisher", "passages", "state"]
COLUMNS: tuple[Column, ...] = get_args(Column)
PAGE_SIZE = 50
"""Documents on one page."""
LONGEST_SEARCH = 200
"""Characters of a search that count."""

_URGENCY: Mapping[State, int] = {"missing": 0, "changed": 1, "in step": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the table."""

    info: DocumentInfo
    passages: int
    state: State
    """Of its files, against what was indexed."""
    files: int
    """How many files hold it."""
    container: str = ""
    """Name of the one file that it is a part of, if it is."""
    parts: int = 1
    """How many documents go with it: those of that file."""

    @property
    def file(self) -> str:
        """Name of the file it was read from."""
        return file_name(self.info)


@dataclass(frozen=True, slots=True)
class Order:
    """Which documents are wanted, and in which order."""

    search: str = ""
    """Words that title, authors, publisher or file name have, in any case and without accents."""
    state: State | None = None
    """Of their files; None for any."""
    sort: Column = "title"
    is_down: bool = False
    """Whether the last come first. What is not known comes last either way."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the table."""

    entries: tuple[Entry, ...]
    page: int
    """From 1; the last one where a later one was asked for."""
    pages: int
    matching: int
    """Documents that the search found, on all pages."""
    total: int
    states: Mapping[State, int]
    """How many of all documents are in which state."""


def entries_of(index: Index, states: FileStates) -> list[Entry]:
    """All documents, in the order they were added.

    Args:
        index: has them.
        states: looks at their files.
    """
    counts = index.passage_counts()
    sources = sources_of(index)
    containers = {each: found for each, own in sources.items() if (found := container_of(own))}
    parts = Counter(containers.values())
    return [
        Entry(
            info,
            counts.get(info.id, 0),
            states.of(sources.get(info.id, ())),
            len(sources.get(info.id, ())),
            containers[info.id].name if info.id in containers else "",
            parts[containers[info.id]] if info.id in containers else 1,
        )
        for info in index.documents()
    ]


def sources_of(index: Index) -> dict[str, list[Source]]:
    """The indexed files of each document, by its id."""
    found: dict[str, list[Source]] = {}
    for source, document_id in index.sources().values():
        found.setdefault(document_id, []).append(source)
    return found


def listing_of(entries: Sequence[Entry], order: Order) -> Listing:
    """One page of the table.

    Raises:
        InputError: there is no such column.
    """
    if order.sort not in COLUMNS:
        raise InputError(
            f"Expected one of the columns {', '.join(COLUMNS)} to sort by, found {order.sort!r}. "
            "Choose one."
        )
    wanted = folded(order.search[:LONGEST_SEARCH]).split()
    matching = [
        entry
        for entry in entries
        if order.state in (None, entry.state) and all(word in _words(entry) for word in wanted)
    ]
    matching = _sorted(matching, order)
    pages = max(1, math.ceil(len(matching) / PAGE_SIZE))
    page = min(max(1, order.page), pages)
    start = (page - 1) * PAGE_SIZE
    return Listing(
        entries=tuple(matching[start : start + PAGE_SIZE]),
        page=page,
        pages=pages,
        matching=len(matching),
        total=len(entries),
        states={state: sum(entry.state == state for entry in entries) for state in _URGENCY},
    )


def _words(entry: Entry) -> str:
    info = entry.info
    parts = (info.name, *info.authors, info.publisher or "", info.published or "", entry.file)
    parts = (*parts, entry.container)
    return folded(" ".join(parts))


def _sorted(entries: Iterable[Entry], order: Order) -> list[Entry]:
    key = _KEYS[order.sort]
    by_title = sorted(entries, key=lambda entry: folded(entry.info.name))
    known = [entry for entry in by_title if key(entry) != ""]
    unknown = [entry for entry in by_title if key(entry) == ""]
    return sorted(known, key=key, reverse=order.is_down) + unknown


# Each column's values are all of one kind, so that they can be compared.
_KEYS: Mapping[Column, Callable[[Entry], str | int]] = {
    "title": lambda entry: folded(entry.info.name),
    "authors": lambda entry: folded(entry.info.authors[0]) if entry.info.authors else "",
    "published": lambda entry: entry.info.published or "",
    "publisher": lambda entry: folded(entry.info.publisher or ""),
    "passages": lambda entry: entry.passages,
    "state": lambda entry: _URGENCY[entry.state],
}
