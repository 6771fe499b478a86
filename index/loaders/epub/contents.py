"""A book's table of contents: which chapter begins where."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from index.errors import UnreadableFileError
from index.loaders.epub.archive import Archive
from index.loaders.epub.book import Book
from index.loaders.html.notes import type_of
from index.loaders.html.tree import Element, parse_page, parse_xml, read_page

_ENTRIES = 5_000
_TITLE = 200
_CHAPTER = re.compile(r"chapter\s+(?=\S)", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """The beginning of a chapter."""

    path: str
    fragment: str
    name: str
    """The title, without the word "Chapter" before it."""
    depth: int


def contents(archive: Archive, book: Book, name: str) -> list[Entry]:
    """The chapters: the first entry for each file, or in a book of one file the outermost ones.

    A table of contents that is missing or damaged has no entries: the book can be read without.
    """
    try:
        found = list(_nav(archive, book, name)) or list(_ncx(archive, book, name))
    except UnreadableFileError:
        return []
    entries = [entry for entry in found if entry.name and entry.path in book.spine][:_ENTRIES]
    if len({entry.path for entry in entries}) <= 1:
        return [entry for entry in entries if entry.depth == 0] or entries
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.path, entry)
    return list(first.values())


def _nav(archive: Archive, book: Book, name: str) -> Iterator[Entry]:
    data = archive.read(book.nav) if book.nav is not None else None
    if book.nav is None or data is None:
        return
    page = f"{name} ({book.nav})"
    root = parse_page(read_page(data, page), page, is_xhtml=True)
    navs = list(root.iter("nav"))
    for nav in [each for each in navs if "toc" in type_of(each).split()] or navs[:1]:
        for link in nav.iter("a"):
            depth = sum(1 for each in link.iterancestors("ol", "ul")) - 1
            yield _entry(book.nav, link.get("href", ""), link.text_content(), depth)


def _ncx(archive: Archive, book: Book, name: str) -> Iterator[Entry]:
    data = archive.read(book.ncx) if book.ncx is not None else None
    if book.ncx is None or data is None:
        return
    for point in parse_xml(data, f"{name} ({book.ncx})").iter("{*}navPoint"):
        title = "".join(point.findtext("{*}navLabel/{*}text") or "")
        target: Element | None = point.find("{*}content")
        depth = sum(1 for _ in point.iterancestors("{*}navPoint"))
        if target is not None:
            yield _entry(book.ncx, target.get("src", ""), title, depth)


def _entry(base: str, href: str, title: str, depth: int) -> Entry:
    file, _, fragment = href.partition("#")
    folder = posixpath.dirname(base)
    path = posixpath.normpath(posixpath.join(folder, unquote(file))) if file else base
    name = _CHAPTER.sub("", " ".join(title.split()), count=1) if title.strip() else ""
    return Entry(path, unquote(fragment), name[:_TITLE], depth)
