"""Workbooks: the values of each sheet as displayed, one line a row.

Formulas are not computed: a file has what they came to when it was saved. Hidden sheets, rows and
columns are left out, and so are values that nobody sees, charts, pictures and comments.
"""

import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from index.loaders.office.cell_values import displayed, shows_nothing
from index.loaders.office.opening import opened, with_text
from index.loaders.office.properties import read_fields
from index.loaders.office.sight import SMALLEST, WHITE, Color, Ground, color_of, is_lost
from index.loaders.rows import EMPTY, Cell, Row, write_rows
from index.loaders.writing import Writer, heading, line
from index.loading import Loaded

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._reader import WorkSheetParser

Sheet = Any
"""A sheet of openpyxl that is read as a stream: it declares nothing of what is used here."""
Look = Any
"""A cell of openpyxl, its fill, or a color: their fields are descriptors without types."""
MOST_CELLS = 500_000
"""Filled cells of a workbook: 10,000 rows of 50 columns. What follows is left out, and told."""
MOST_XML_BYTES = 300_000_000
"""Sheets are read as a stream, and end at `MOST_CELLS`."""
_MOST_COLUMNS = 2_000
_MOST_ROWS = 1_048_576
"""What Excel has; a file can say that a row has a higher number."""
_MOST_MERGED = 100_000
_WHITE_INDEXES = (1, 9)
"""Of the colors that Excel had before themes."""


def load(data: bytes, name: str) -> Loaded:
    """Convert a workbook.

    Raises:
        UnreadableFileError: it is none, protected by a password, damaged, too large, or without
            text.
    """
    from openpyxl import load_workbook

    writer = Writer()
    notes: list[str] = []
    with opened(data, name, "XLSX", "xl/", MOST_XML_BYTES) as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are not read
        workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            notes += _write(writer, workbook)
            properties = workbook.properties
            fields = read_fields(properties, properties.creator)
        finally:
            workbook.close()
    return Loaded(with_text(writer.text(), name), fields, tuple(writer.places), tuple(notes))


def _write(writer: Writer, workbook: "Workbook") -> Iterator[str]:
    """Write the sheets; gives what users should know of it."""
    left = MOST_CELLS
    hidden: list[str] = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        reader = _SheetReader(sheet, left)
        rows = reader.read()
        left -= reader.cells
        if any(cell.text for row in rows for cell in row):
            writer.begin("sheet", sheet.title)
            writer.add(heading(sheet.title, 2))
            for block, is_item in write_rows(rows):
                writer.add(block, is_item)
        if reader.cut_at:
            yield (
                f"sheet {line(sheet.title)}: row {reader.cut_at:,} and those after it were left "
                f"out, since a workbook is read up to {MOST_CELLS:,} cells"
            )
        if reader.has_hidden:
            yield f"sheet {line(sheet.title)}: hidden rows and columns were left out"
        if reader.has_unseen:
            yield f"sheet {line(sheet.title)}: values that nobody sees were left out"
    if hidden:
        yield f"hidden sheets were left out: {', '.join(map(line, hidden))}"


class _Style(NamedTuple):
    """How the cells of a style look."""

    number_format: str
    is_bold: bool
    is_lost: bool
    """Nobody sees what is in them."""


class _SheetReader:
    """Reads one sheet, row by row."""

    def __init__(self, sheet: Sheet, most_cells: int) -> None:
        self._sheet = sheet
        self._most_cells = most_cells
        self._styles: dict[int, _Style] = {}
        self._unseen: list[tuple[list[Cell], int]] = []
        """Rows, and columns from 0, of what nobody may see."""
        self.cells = 0
        self.cut_at = 0
        """The number of the first row that is left out; 0 where there is none."""
        self.has_hidden = False
        self.has_unseen = False

    def read(self) -> list[Row]:
        """The rows; one or several empty ones between others are one."""
        from openpyxl.worksheet._reader import WorkSheetParser

        rows: dict[int, list[Cell]] = {}
        book = self._sheet.parent
        with self._sheet._get_source() as source:
            parser = WorkSheetParser(
                source,
                self._sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, found in parser.parse():
                if self.cells >= self._most_cells or number > _MOST_ROWS:
                    self.cut_at = number
                    break
                rows[number] = self._row(found)
            if not (parser.formatting or parser.tables.tablePart):  # else those may color it
                self._leave_out()
            self._merge(rows, parser)
            hidden_rows, hidden_columns = _hidden(parser)
        return list(self._shown(rows, hidden_rows, hidden_columns))

    def _row(self, found: Iterable[dict[str, Any]]) -> list[Cell]:
        row: list[Cell] = []
        for each in found:
            column, value = each["column"] - 1, each["value"]
            if column >= _MOST_COLUMNS or value is None or each["data_type"] == "e":
                continue
            style = self._style(each)
            text = displayed(value, style.number_format)
            if text:
                row += [EMPTY] * (column + 1 - len(row))
                row[column] = Cell(text, style.is_bold)
                self.cells += 1
                if style.is_lost or shows_nothing(value, style.number_format):
                    self._unseen.append((row, column))
        return row

    def _style(self, found: dict[str, Any]) -> _Style:
        from openpyxl.cell.read_only import ReadOnlyCell

        style = found["style_id"]
        if style not in self._styles:
            cell = ReadOnlyCell(self._sheet, **found)
            self._styles[style] = _Style(
                cell.number_format, bool(cell.font and cell.font.b), _is_lost(cell)
            )
        return self._styles[style]

    def _leave_out(self) -> None:
        """Empty what nobody sees."""
        for row, column in self._unseen:
            row[column] = EMPTY
        self.has_unseen = bool(self._unseen)

    def _merge(self, rows: dict[int, list[Cell]], parser: "WorkSheetParser") -> None:
        """Repeat a cell over several rows in each, and note over how many columns it goes."""
        merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
        for area in merged[:_MOST_MERGED]:
            first, last, column = area.min_row, min(area.max_row, _MOST_ROWS), area.min_col - 1
            if first not in rows or column >= len(rows[first]):
                continue
            cell = rows[first][column]
            cell = Cell(cell.text, cell.is_bold, area.max_col - area.min_col + 1)
            rows[first][column] = cell
            below = range(first + 1, last + 1)
            for number in below if len(below) < len(rows) else [n for n in rows if n in below]:
                row = rows.get(number)
                if row is not None and self.cells < 2 * MOST_CELLS:
                    row += [EMPTY] * (column + 1 - len(row))
                    row[column] = Cell(cell.text, cell.is_bold)
                    self.cells += 1

    def _shown(
        self, rows: dict[int, list[Cell]], hidden_rows: set[int], hidden_columns: set[int]
    ) -> Iterator[Row]:
        previous = 0
        for number, row in rows.items():
            if number in hidden_rows:
                self.has_hidden = self.has_hidden or any(cell.text for cell in row)
                previous = number
                continue
            if number > previous + 1:
                yield []
            previous = number
            gone = {n for n, cell in enumerate(row) if n in hidden_columns and cell.text}
            self.has_hidden = self.has_hidden or bool(gone)
            yield [EMPTY if n in gone else cell for n, cell in enumerate(row)] if gone else row


def _is_lost(cell: Look) -> bool:
    """Whether a cell's letters have the color of the cell, or are specks."""
    font = cell.font
    if font is None:
        return False
    return (font.sz or SMALLEST) < SMALLEST or is_lost(_color(font.color), _ground(cell.fill))


def _ground(fill: Look) -> Ground:
    if fill is None or fill.fill_type is None:
        return WHITE
    return _color(fill.fgColor) or "unknown" if fill.fill_type == "solid" else "unknown"


def _color(found: Look) -> Color | None:
    """A color of openpyxl; None where it depends on a theme, but for white."""
    if found is None or found.tint:
        return None
    is_white = found.theme == 0 if found.type == "theme" else found.indexed in _WHITE_INDEXES
    if found.type != "rgb":
        return WHITE if is_white else None
    return color_of(str(found.rgb)[-6:])


def _hidden(parser: "WorkSheetParser") -> tuple[set[int], set[int]]:
    """The numbers of hidden rows, from 1, and of hidden columns, from 0."""
    on = ("1", "true")
    rows = {
        int(number)
        for number, values in parser.row_dimensions.items()
        if values.get("hidden") in on
    }
    columns: set[int] = set()
    for values in parser.column_dimensions.values():
        if values.get("hidden") in on:
            last = min(int(values["max"]), _MOST_COLUMNS)
            columns.update(range(int(values["min"]) - 1, last))
    return rows, columns
