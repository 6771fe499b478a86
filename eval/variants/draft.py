"""A text under change that knows where each part of the original went."""

from dataclasses import dataclass

from index.types import Span


@dataclass(eq=False, slots=True)
class Piece:
    """A part of the changed text."""

    text: str
    start: int | None
    """Where it stands in the original; None for what was put in."""


class Draft:
    """Pieces of an original text and of new text. All positions are the original's."""

    def __init__(self, text: str) -> None:
        self.original = text
        self._pieces = [Piece(text, 0), Piece("", len(text))]  # the last marks the end

    @property
    def text(self) -> str:
        """The text as changed so far."""
        return "".join(piece.text for piece in self._pieces)

    @property
    def is_changed(self) -> bool:
        """Whether the text is another one by now."""
        return self.text != self.original

    def insert(self, position: int, text: str, *, before: str = "", after: str = "") -> Piece:
        """Put text in front of the original's `position`, behind what was put there earlier.

        Args:
            position: of a character that is still there, or the original's length.
            text: what is put in.
            before: white space in front of it.
            after: white space behind it.

        Returns:
            The piece that holds `text`; `locate` finds it in the changed text.
        """
        at = self._split(position)
        piece = Piece(text, None)
        self._pieces[at:at] = [Piece(before, None), piece, Piece(after, None)]
        return piece

    def cut(self, start: int, end: int) -> None:
        """Take out the original's `[start, end)`, all of which is still there."""
        self._split(start)
        self._split(end)
        self._pieces = [
            piece for piece in self._pieces if piece.start is None or not start <= piece.start < end
        ]

    def swap(self, first: Span, second: Span) -> None:
        """Let two ranges, the first one before the second, change places with each other."""
        for position in (*first, *second):
            self._split(position)
        a, b, c, d = (self._split(position) for position in (*first, *second))
        old = self._pieces
        self._pieces = [*old[:a], *old[c:d], *old[b:c], *old[a:b], *old[d:]]

    def place(self, start: int, end: int) -> Span | None:
        """Where the original's `[start, end)` now is; None where it is not whole any more."""
        offset = 0
        begin: int | None = None
        wanted = start
        for piece in self._pieces:
            origin, size = piece.start, len(piece.text)
            if begin is None and origin is not None and origin <= start < origin + size:
                begin, wanted = offset + start - origin, origin + size
            elif begin is not None and size:
                if origin != wanted:
                    return None
                wanted += size
            if begin is not None and wanted >= end:
                return begin, begin + end - start
            offset += size
        return None

    def locate(self, wanted: Piece) -> Span:
        """Where a piece that was put in now is."""
        at = self._pieces.index(wanted)
        offset = sum(len(piece.text) for piece in self._pieces[:at])
        return offset, offset + len(wanted.text)

    def _split(self, position: int) -> int:
        """The number of the piece that begins at a position, after dividing one if need be."""
        for number, piece in enumerate(self._pieces):
            origin, size = piece.start, len(piece.text)
            if origin == position and (size or position == len(self.original)):
                return number
            if origin is not None and origin < position < origin + size:
                cut = position - origin
                halves = [Piece(piece.text[:cut], origin), Piece(piece.text[cut:], position)]
                self._pieces[number : number + 1] = halves
                return number + 1
        raise ValueError(f"Position {position} is not in the text any more.")
