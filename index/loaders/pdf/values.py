"""What a page is made of, on its way from glyphs to paragraphs.

Coordinates are points of the page as it is shown, turned upright, from its left upper corner.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.loaders.pdf.tagged import TaggedTable

Handle = Any
"""Of PDFium: a pointer, or its module of C functions."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_NOWHERE = array("f", (0.0, 0.0, 0.0, 0.0))


@dataclass(slots=True)
class Glyph:
    """One character on a page."""

    char: str
    """Empty where the file does not say which character it is."""
    box: Box
    base: float
    """Height of the baseline, from the top."""
    size: float
    """Of its font, as shown."""
    bold: bool
    turn: int
    """Degrees clockwise by which the text is turned: 0, 90, 180, 270, or another for slanted."""
    invisible: bool = False
    """Whether the file says that it is not painted (text behind a scan)."""
    color: tuple[int, int, int, int] | None = None
    """Red, green, blue and opacity, where it is filled with one color."""
    raised: bool = False
    """Whether it is drawn high above its baseline."""
    mono: bool = False
    """Whether all characters of its font have one width."""
    mark: int = -1
    """Id of the marked content that it belongs to."""


@dataclass(slots=True)
class Marked:
    """Text with the box of each character; what was not on the page has an empty box."""

    text: str = ""
    boxes: "array[float]" = field(default_factory=lambda: array("f"))

    def add(self, other: "Marked") -> None:
        """Append what stands on the page."""
        self.text += other.text
        self.boxes.extend(other.boxes)

    def say(self, words: str) -> None:
        """Append what does not stand on the page: a space, the mark of a heading."""
        self.text += words
        self.boxes.extend(_NOWHERE * len(words))

    def cut(self, start: int, end: int | None = None) -> "Marked":
        """A slice."""
        end = len(self.text) if end is None else end
        return Marked(self.text[start:end], self.boxes[4 * start : 4 * end])

    def stripped(self) -> "Marked":
        """Without white space at its ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))


@dataclass(slots=True)
class TableCell:
    """A cell of a table."""

    lines: list[Marked] = field(default_factory=list)
    is_bold: bool = False
    width: int = 1
    """Columns that it spans."""


@dataclass(slots=True)
class Table:
    """Rows of cells, a cell over several columns followed by empty ones."""

    rows: list[list[TableCell]]
    headers: int | None = None
    """How many rows are its header, where that is known."""

    @property
    def lines(self) -> list[Marked]:
        """The lines of all cells, a cell that stands in several rows taken once."""
        cells = {id(cell): cell for row in self.rows for cell in row}
        return [line for cell in cells.values() for line in cell.lines]


@dataclass(slots=True)
class Line:
    """A line of a column, or a piece of one; a table is a line, too."""

    marked: Marked
    box: Box
    base: float
    size: float
    bold: bool
    rtl: bool = False
    raised: tuple[tuple[int, int], ...] = ()
    """Ranges of raised small digits: marks of notes, or powers."""
    table: Table | None = None
    is_code: bool = False
    """Whether its letters have one width: where others have not, line breaks mean something."""
    pieces: tuple["Line", ...] = ()
    """The pieces it was put together from, where it has wide gaps."""

    @property
    def text(self) -> str:
        """Its characters."""
        return self.marked.text

    @property
    def is_table(self) -> bool:
        """Whether it is one; its characters are then those of the cells, for a look at them."""
        return self.table is not None


@dataclass(slots=True)
class Column:
    """Lines below one another, that are read from top to bottom."""

    lines: list[Line]
    page: int
    """Number of the page, from 0."""
    edges: Sequence["Edge"] = ()
    """The ruled lines of its page."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A ruled line: horizontal where its top and bottom are the same."""

    box: Box

    @property
    def is_level(self) -> bool:
        """Whether it runs from left to right."""
        return self.box[2] - self.box[0] >= self.box[3] - self.box[1]


@dataclass(slots=True)
class Page:
    """What was read of a page."""

    number: int
    """From 0."""
    label: str
    width: float
    height: float
    glyphs: list[Glyph]
    edges: list[Edge]
    dots: list[Box] = field(default_factory=list)
    """Small drawings that may be bullets of a list."""
    tables: list["TaggedTable"] = field(default_factory=list)
    """Those that the file states."""
    picture: float = 0.0
    """Share of the page that images cover, up to 1."""
    ink: float = 0.0
    """Share of the page that is not as its background."""
    unseen: int = 0
    """Letters and digits that were left out, because nobody can see them."""
    garbled: int = 0
    """Characters of which the file does not say what they are."""


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box with all of these in it."""
    every = list(boxes)
    return (
        min(box[0] for box in every),
        min(box[1] for box in every),
        max(box[2] for box in every),
        max(box[3] for box in every),
    )
