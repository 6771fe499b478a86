"""Web pages: the main text without menus, as Markdown, and what the page states about itself."""

import re
from collections.abc import Callable, Sequence

from index.errors import UnreadableFileError
from index.loaders.html.covered import Surroundings
from index.loaders.html.fields import fields_of
from index.loaders.html.main_text import main_pieces
from index.loaders.html.notes import find_notes
from index.loaders.html.pieces import Piece, joined
from index.loaders.html.tree import parse_page, read_page
from index.loaders.html.unseen import told, without_hidden
from index.loaders.html.writing import write_pieces
from index.loading import Loaded

_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(?P<address>\S+) -->")
"""What browsers write at the top of a page that they save."""
_BEGINNING = 2_000


def load(data: bytes, name: str) -> Loaded:
    """Convert an HTML or XHTML page, saved as it was sent or by a browser.

    Raises:
        UnreadableFileError: it is binary, too large, nested too deep, or shows no text.
    """
    return convert(read_page(data, name), name)


def convert(
    source: str,
    name: str,
    address: str = "",
    linked: Callable[[str], str | None] = lambda href: None,
) -> Loaded:
    """Convert a page that is decoded; raises as `load`.

    Args:
        source: the page.
        name: of the file, for messages.
        address: where it was saved from, where that is known: its links to itself begin with it.
        linked: gives a stylesheet that was saved with it by what the page calls it, if it was.
    """
    saved_from = _SAVED_FROM.search(source[:_BEGINNING])
    address = address or (saved_from["address"] if saved_from else "")
    root = parse_page(source, name)
    fields = fields_of(root)  # before the parts are gone that nobody sees: scripts hold metadata
    if address.startswith(("http://", "https://")):
        fields.setdefault("url", address)
    notes = told(without_hidden(root, Surroundings(linked)))
    pieces = write_pieces(root, find_notes([(address.partition("#")[0], root)]))
    return Loaded(_text(main_pieces(root, pieces, fields.get("title")), name), fields, notes=notes)


def _text(pieces: Sequence[Piece], name: str) -> str:
    text = joined(pieces)
    if not text.strip():
        raise UnreadableFileError(
            f"{name}: expected a page with text, found none that is shown. A page that a script "
            "fills has to be saved by a browser, after it is shown; or leave it out."
        )
    return text
