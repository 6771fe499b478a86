"""How the loaders write a document: its blocks, its places, and what is no running text."""

import re

from index.types import Place, PlaceKind

_SPACE = re.compile(r"\s+")
_HASH = re.compile(r"^#+\s+")


def line(text: str) -> str:
    """A text in one line."""
    return _SPACE.sub(" ", text).strip()


def heading(text: str, level: int) -> str:
    """A heading of a level from 1 to 6; empty for an empty one."""
    words = _HASH.sub("", line(text))
    return f"{'#' * max(1, min(level, 6))} {words}" if words else ""


class Writer:
    """A document as it is written, block by block."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._parts: list[str] = []
        self._position = 0
        self._in_list = False

    def begin(self, kind: PlaceKind, name: str, before: str = "") -> None:
        """Begin a place with the next block. What was begun last is dropped if nothing followed.

        Args:
            kind: of the place.
            name: of it.
            before: name of what was written before the first place.
        """
        start = self._position + 2 * bool(self._parts)
        if start and not self.places:
            self.places.append(Place(0, kind, before))
        if self.places and self.places[-1].start == start:
            self.places.pop()
        self.places.append(Place(start, kind, line(name)))

    def add(self, block: str, is_item: bool = False) -> None:
        """Add a block below a blank line, or an item of a list right below the one before."""
        if not block.strip():
            return
        if self._parts:
            self._say("\n" if is_item and self._in_list and not self._begins else "\n\n")
        self._say(block)
        self._in_list = is_item

    @property
    def _begins(self) -> bool:
        return bool(self.places) and self.places[-1].start == self._position + 2

    def text(self) -> str:
        """What was written, with a line break at the end."""
        return "".join(self._parts) + "\n"

    def _say(self, text: str) -> None:
        self._parts.append(text)
        self._position += len(text)
