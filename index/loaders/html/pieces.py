"""What a page is divided into: paragraphs, headings, list items, tables, each as Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.loaders.html.tree import Element

Kind = Literal["paragraph", "heading", "item", "table", "quote", "code", "caption", "note"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page as it is written into the canonical text."""

    text: str
    element: Element
    """The element it begins in."""
    kind: Kind
    linked: float = 0.0
    """Share of its letters that are links."""
    links: int = 0
    """How many it has."""
    is_tight: bool = False
    """It follows the piece before it on the next line: an item of the same list."""
    level: int = 0
    """Of a heading, from 1."""
    shown: str = ""
    """Of a table, its rows as the page shows them: without the names that its text adds."""

    @property
    def original(self) -> str:
        """What the page itself has of it, to be compared and measured."""
        return self.shown or self.text


def joined(pieces: Iterable[Piece]) -> str:
    """The canonical text that pieces make."""
    parts: list[str] = []
    last: Piece | None = None
    for piece in pieces:
        if last is not None:
            is_list = piece.is_tight and last.kind == "item"
            is_same_note = piece.kind == last.kind == "note" and piece.text.startswith(" ")
            parts.append("\n" if is_list or is_same_note else "\n\n")
        parts.append(piece.text)
        last = piece
    return "".join(parts) + ("\n" if parts else "")
