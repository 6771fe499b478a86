"""E-books (EPUB 2 and 3): chapters in reading order, footnotes, and what the book states."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from index.errors import UnreadableFileError
from index.loaders.epub.archive import Archive
from index.loaders.epub.book import Book, inside, read_book
from index.loaders.epub.contents import Entry, contents
from index.loaders.html.covered import Surroundings
from index.loaders.html.notes import Notes, find_notes, type_of
from index.loaders.html.pieces import Piece, joined
from index.loaders.html.stylesheet import StyleReader
from index.loaders.html.tree import Element, parse_page, read_page, read_sheet
from index.loaders.html.unseen import told, without_hidden
from index.loaders.html.writing import write_pieces
from index.loading import Loaded
from index.types import Place

_BEFORE = "Front matter"
"""What stands before the first chapter, as editors call it."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A file of the book as text."""

    path: str
    pieces: list[Piece]
    root: Element


def load(data: bytes, name: str) -> Loaded:
    """Convert an e-book.

    Raises:
        UnreadableFileError: it is no EPUB, damaged, locked by DRM, too large, or without text.
    """
    with Archive(data, name) as archive:
        book = read_book(archive, name)
        archive.expect(book.spine)
        pages, notes = _pages(archive, book, name)
        entries = contents(archive, book, name)
        missing = [path for path in book.spine if path not in archive.paths]
    written = list(_written(pages))
    if not any(each.pieces for each in written):
        raise UnreadableFileError(
            f"{name}: expected a book with text, found none: perhaps its pages are pictures. "
            "Convert it by text recognition, or leave it out."
        )
    text, places = _assembled(written, entries)
    notes += tuple(f"{path}: named by the book and missing from it" for path in missing)
    return Loaded(text, book.fields, places, notes)


def _pages(
    archive: Archive, book: Book, name: str
) -> tuple[list[tuple[str, Element]], tuple[str, ...]]:
    """The pages without what nobody sees of them, and notes on that."""
    pages: list[tuple[str, Element]] = []
    hidden = 0
    sheet = cache(lambda path: _sheet(archive, path))
    reader = StyleReader()
    for path in book.spine:
        data = archive.read(path) if path != book.nav else None
        if data is not None and data.strip():
            page = f"{name} ({path})"
            root = parse_page(read_page(data, page), page, is_xhtml=True)
            linked = partial(_linked, path, sheet)
            hidden += without_hidden(root, Surroundings(linked, reader))
            _without_page_numbers(root)
            pages.append((path, root))
    return pages, told(hidden)


def _linked(path: str, sheet: Callable[[str], str | None], href: str) -> str | None:
    """A stylesheet by what a page calls it."""
    return sheet(inside(path, href.partition("?")[0])) if href else None


def _sheet(archive: Archive, path: str) -> str | None:
    try:
        data = archive.read(path)
    except UnreadableFileError:  # its text may still be whole
        return None
    return None if data is None else read_sheet(data)


def _without_page_numbers(root: Element) -> None:
    """Without the numbers of the printed pages, which stand amid sentences, and lists of links."""
    for element in list(root.iter()):
        kinds = set(type_of(element).replace("doc-", "").split())
        is_gone = kinds & {"pagebreak", "toc", "landmarks", "page-list", "pagelist"}
        if is_gone and element.getparent() is not None and element.tag != "body":
            element.drop_tree()


def _written(pages: Sequence[tuple[str, Element]]) -> Iterator[_Written]:
    notes: Notes = find_notes(pages)
    for path, root in pages:
        yield _Written(path, write_pieces(root, notes), root)


def _assembled(
    written: Sequence[_Written], entries: Sequence[Entry]
) -> tuple[str, tuple[Place, ...]]:
    """The whole text, and where each chapter begins in it."""
    parts: list[str] = []
    starts: list[tuple[int, str]] = []
    length = 0
    for each in written:
        text = joined(each.pieces)
        if not text:
            continue
        starts += [(length + at, name) for at, name in _chapters(each, entries)]
        parts.append(text)
        length += len(text) + 1
    if starts and starts[0][0] > 0:
        starts.insert(0, (0, _BEFORE))
    places: dict[int, str] = {}
    for start, name in sorted(starts, key=lambda pair: pair[0]):
        places.setdefault(start, name)
    return "\n".join(parts), tuple(Place(start, "chapter", name) for start, name in places.items())


def _chapters(written: _Written, entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """The chapters that begin in a file: what the table of contents says, else its heading."""
    if not entries:
        title = next((each.text for each in written.pieces if each.kind == "heading"), None)
        if title is not None:
            yield 0, title.lstrip("# ")
        return
    for entry in entries:
        if entry.path == written.path:
            yield _offset(written, entry.fragment), entry.name


def _offset(written: _Written, fragment: str) -> int:
    """Where the element with an id begins in the text of its file."""
    order = {element: place for place, element in enumerate(written.root.iter())}
    target = next((each for each in order if fragment and each.get("id") == fragment), None)
    if target is None:
        return 0
    for place, piece in enumerate(written.pieces):
        is_inside = any(each is target for each in piece.element.iter())
        if order[piece.element] >= order[target] or is_inside:
            return len(joined(written.pieces[:place]).rstrip("\n")) + (2 if place else 0)
    return 0
