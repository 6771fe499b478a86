"""From the body of a Word document to its blocks: paragraphs, headings, items, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.loaders.office.word_lists import Lists
from index.loaders.office.word_names import (
    ALTERNATIVES,
    CHOICE,
    Element,
    child,
    is_on,
    number,
    value,
    w,
)
from index.loaders.office.word_styles import Style, Styles, outline_level
from index.loaders.office.word_text import LEFT_OUT, TextReader
from index.loaders.rows import EMPTY, Cell
from index.loaders.writing import line

_LONGEST_CELL = 600
"""A table with a longer one lays out running text, which reads as paragraphs."""
_WIDEST = 63
"""Columns that a table of Word may have."""
_FIRST_ROW = 0x20
"""The bit of `w:tblLook` for a first row that is set off (ECMA-376, part 1, section 17.4.55)."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document between two blank lines."""

    text: str = ""
    level: int = 0
    """Of a heading, from 1."""
    label: str | None = None
    """Of an item, what stands before it."""
    depth: int = 0
    """Of an item, in how many lists its list is."""
    rows: tuple[tuple[Cell, ...], ...] = ()
    """Of a table."""
    headers: int | None = None
    """Of a table, how many rows the file calls its header; None where it does not say."""


@dataclass(slots=True)
class _Cell:
    blocks: list[Block]
    span: int
    goes_on: bool
    """It is one with the cell above."""
    is_bold: bool

    @property
    def text(self) -> str:
        return " ".join(line(block.text) for block in self.blocks)


class BlockReader:
    """Reads the parts of a document in order: numbers of lists and fields run through them."""

    def __init__(self, styles: Styles, lists: Lists, text: TextReader) -> None:
        self._styles = styles
        self._lists = lists
        self._text = text
        self._carried = ""
        """The text of a paragraph whose end was deleted: the next one goes on with it."""

    def read(self, element: Element) -> Iterator[Block]:
        """The blocks in an element: a document, a note, a cell, a text box."""
        for part in element:
            if part.tag == w("p"):
                yield from self._paragraph(part)
            elif part.tag == w("tbl"):
                yield from self._table(part)
            elif part.tag == ALTERNATIVES:
                chosen = part.find(CHOICE)
                yield from self.read(chosen if chosen is not None else part)
            elif part.tag == w("sdt") and _is_contents(part):
                continue
            elif part.tag not in LEFT_OUT:
                yield from self.read(part)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        properties = child(paragraph, "pPr")
        style = self._styles.of_paragraph(properties)
        text = self._text.read(paragraph)
        boxes, self._text.boxes = self._text.boxes, []
        if child(properties, "rPr", "del") is not None:
            self._carried = f"{self._carried} {text}".strip()
        elif not style.is_contents:
            text, self._carried = f"{self._carried} {text}".strip(), ""
            block = self._block(text, properties, style)
            if text:
                yield block
        for box in boxes:
            yield from self.read(box)

    def _block(self, text: str, properties: Element | None, style: Style) -> Block:
        stated = outline_level(properties)
        level = (style.level or 0) if stated is None else stated
        list_id = number(properties, "numPr", "numId")
        depth = number(properties, "numPr", "ilvl")
        list_id = style.list_id if list_id is None else list_id
        depth = style.list_level if depth is None else depth
        label = None if list_id is None else self._lists.label(list_id, depth or 0)
        if level:
            words = " ".join(filter(None, (None if label == "-" else label, line(text))))
            return Block(words, level=level)
        return Block(text, label=label, depth=min(depth or 0, 8))

    def _table(self, element: Element) -> Iterator[Block]:
        rows = [[self._cell(each) for each in _within(row, "tc")] for row in _rows(element)]
        cells = [cell for row in rows for cell in row]
        is_data = (
            len(rows) > 1
            and max(map(len, rows)) > 1
            and not any(block.rows for cell in cells for block in cell.blocks)
            and all(len(cell.text) <= _LONGEST_CELL for cell in cells)
        )
        if is_data:
            yield Block(rows=_grid(rows), headers=self._headers(element))
        else:
            for cell in cells:
                yield from cell.blocks

    def _cell(self, element: Element) -> _Cell:
        properties = child(element, "tcPr")
        merged = child(properties, "vMerge")
        span = number(properties, "gridSpan") or 1
        return _Cell(
            blocks=list(self.read(element)),
            span=max(1, min(span, _WIDEST)),
            goes_on=merged is not None and merged.get(w("val")) != "restart",
            is_bold=_is_bold(element),
        )

    def _headers(self, table: Element) -> int | None:
        """How many rows are the header: those repeated on each page, or set off by the style."""
        stated = [is_on(row, "trPr", "tblHeader") is True for row in _rows(table)]
        if any(stated):
            return stated.index(False) if not all(stated) else None
        has_header = _wants_header(table) and self._styles.sets_off_header(child(table, "tblPr"))
        return 1 if has_header else None


def _grid(rows: list[list[_Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """The cells by column; one that goes over several rows is repeated in each."""
    grid: list[tuple[Cell, ...]] = []
    for row in rows:
        cells: list[Cell] = []
        for cell in row:
            column = len(cells)
            above = grid[-1][column : column + 1] if grid and cell.goes_on else ()
            text = above[0].text if above and above[0].text else cell.text
            cells += [Cell(text, cell.is_bold, cell.span), *[EMPTY] * (cell.span - 1)]
        grid.append(tuple(cells))
    return tuple(grid)


def _is_bold(cell: Element) -> bool:
    """Whether all of a cell's text is made bold."""
    runs = [run for run in cell.iter(w("r")) if child(run, "t") is not None]
    return bool(runs) and all(is_on(run, "rPr", "b") for run in runs)


def _wants_header(table: Element) -> bool:
    """Whether a table has its first row look as its style has it for headers."""
    look = child(table, "tblPr", "tblLook")
    if look is None:
        return False
    stated = look.get(w("firstRow"))
    if stated is not None:
        return stated in ("1", "true", "on")
    mask = look.get(w("val")) or ""
    return re.fullmatch(r"[0-9A-Fa-f]{4}", mask) is not None and bool(int(mask, 16) & _FIRST_ROW)


def _rows(table: Element) -> Iterator[Element]:
    for row in _within(table, "tr"):
        if child(row, "trPr", "del") is None:
            yield row


def _within(element: Element, name: str) -> Iterator[Element]:
    """The parts of that name, also those in a control or a marked change."""
    for part in element:
        if part.tag == w(name):
            yield part
        elif part.tag not in LEFT_OUT and part.tag not in (w("tc"), w("tr"), w("p"), w("tbl")):
            yield from _within(part, name)


def _is_contents(control: Element) -> bool:
    gallery = value(control, "sdtPr", "docPartObj", "docPartGallery") or ""
    return gallery.casefold() in ("table of contents", "bibliographies-contents")
