"""Tables that a tagged PDF states: which marked content stands in which cell.

Chromium, Word and, if asked to, LibreOffice and LaTeX write such tags (ISO 32000-1, section 14.7).
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.loaders.pdf.values import Handle

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

Path = tuple[int, ...]
"""Where an element stands in the tree of the whole file: the same on each page that it is on."""
_MOST_ELEMENTS = 50_000
"""Of a page: a newspaper's has some thousands."""
_DEEPEST = 40
_MOST_ROWS = 20_000
_WIDEST = 200
"""Columns that a cell may span."""
_TEXT = 200
_PARTS = ("THead", "TBody", "TFoot")


@dataclass(frozen=True, slots=True)
class TaggedCell:
    """A cell of a table."""

    marks: tuple[int, ...]
    """Ids of the marked content in it that stands on the page."""
    is_header: bool
    width: int = 1
    """Columns that it spans."""
    height: int = 1
    """Rows that it spans."""


@dataclass(slots=True)
class TaggedTable:
    """What stands of a table on one page."""

    path: Path
    rows: dict[Path, dict[int, TaggedCell]] = field(default_factory=dict)
    """What is on the page: rows by where they stand, their cells by number."""
    count: int = 0
    """Rows, those on other pages included."""
    is_layout: bool = False
    """Whether it has tables in it: those are tables, and it only lays out the page."""


class _TooLargeError(Exception):
    """The tree has more than a page can need."""


def read_tables(page: "PdfPage") -> list[TaggedTable]:
    """The tables of a page; of tables in one another the inner ones."""
    from pypdfium2 import raw

    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return []
    try:
        return list(_Reader(raw).tables(tree))
    except _TooLargeError:
        return []
    finally:
        raw.FPDF_StructTree_Close(tree)


class _Reader:
    """Walks the tree of one page."""

    def __init__(self, raw: Handle) -> None:
        self.raw = raw
        self.left = _MOST_ELEMENTS
        self._name = ctypes.create_string_buffer(_TEXT)

    def tables(self, tree: Handle) -> Iterator[TaggedTable]:
        """The tables, in the order of the tree."""
        raw = self.raw
        waiting: list[tuple[Handle, Path]] = []
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            element = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                waiting.append((element, (index,)))
        waiting.reverse()
        while waiting:
            element, path = waiting.pop()
            table = TaggedTable(path)
            is_table = self._kind(element) == "Table"
            if is_table:
                self._take_rows(element, path, table)
            if is_table and not table.is_layout:
                yield table
            elif len(path) < _DEEPEST:
                waiting.extend(reversed(list(self._children(element, path))))

    def _children(self, element: Handle, path: Path) -> Iterator[tuple[Handle, Path]]:
        for index in range(self.raw.FPDF_StructElement_CountChildren(element)):
            self.left -= 1
            if self.left < 0:
                raise _TooLargeError
            child = self.raw.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                yield child, (*path, index)

    def _take_rows(self, element: Handle, path: Path, table: TaggedTable) -> None:
        table.count += max(self.raw.FPDF_StructElement_CountChildren(element), 0)
        for child, own in self._children(element, path):
            kind = self._kind(child)
            if kind in _PARTS and len(own) == len(table.path) + 1:
                self._take_rows(child, own, table)
            elif kind == "TR" and len(table.rows) < _MOST_ROWS:
                cells = {
                    path[-1]: self._cell(each, table) for each, path in self._children(child, own)
                }
                if any(cell.marks for cell in cells.values()):
                    table.rows[own] = cells

    def _cell(self, element: Handle, table: TaggedTable) -> TaggedCell:
        return TaggedCell(
            marks=tuple(self._marks(element, table)),
            is_header=self._kind(element) == "TH",
            width=self._number(element, b"ColSpan"),
            height=self._number(element, b"RowSpan"),
        )

    def _marks(self, element: Handle, table: TaggedTable, depth: int = 0) -> Iterator[int]:
        for index in range(self.raw.FPDF_StructElement_CountChildren(element)):
            mark = self.raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if mark >= 0:
                yield mark
            elif depth < _DEEPEST:
                self.left -= 1
                if self.left < 0:
                    raise _TooLargeError
                child = self.raw.FPDF_StructElement_GetChildAtIndex(element, index)
                if child:
                    table.is_layout = table.is_layout or self._kind(child) == "Table"
                    yield from self._marks(child, table, depth + 1)

    def _kind(self, element: Handle) -> str:
        size = self.raw.FPDF_StructElement_GetType(element, self._name, _TEXT)
        if not 2 < size <= _TEXT:
            return ""
        return self._name.raw[: size - 2].decode("utf-16-le", "replace")

    def _number(self, element: Handle, name: bytes) -> int:
        """An attribute that counts columns or rows; 1 where it is not stated."""
        raw, found = self.raw, ctypes.c_float()
        for index in range(min(raw.FPDF_StructElement_GetAttributeCount(element), _DEEPEST)):
            attribute = raw.FPDF_StructElement_GetAttributeAtIndex(element, index)
            value = attribute and raw.FPDF_StructElement_Attr_GetValue(attribute, name)
            if value and raw.FPDF_StructElement_Attr_GetNumberValue(value, ctypes.byref(found)):
                return int(max(1.0, min(found.value, _WIDEST)))
        return 1
