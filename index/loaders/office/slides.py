"""Presentations: the text of each slide in the order in which screen readers read it.

Hidden slides, text that nobody sees, footers, dates, slide numbers, pictures and charts are left
out; what the speaker noted follows its slide under a heading of its own.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from index.loaders.office.opening import opened, with_text
from index.loaders.office.properties import read_fields
from index.loaders.office.slide_sight import Sight
from index.loaders.rows import Cell, write_table
from index.loaders.writing import Writer, heading, line
from index.loading import Loaded

if TYPE_CHECKING:
    from pptx.slide import Slide

Shape = Any
"""A shape of python-pptx: what each kind has is declared in many classes."""
Part = Any
"""A paragraph, cell or table of one."""

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FURNITURE = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")
_TITLES = ("TITLE", "CENTER_TITLE", "VERTICAL_TITLE")
_LISTS = ("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT")
_DEEPEST = 30
"""Groups in groups; programs make two or three."""
_SPACES = re.compile(r"[^\S\n]+")


def load(data: bytes, name: str) -> Loaded:
    """Convert a presentation.

    Raises:
        UnreadableFileError: it is none, protected by a password, damaged, too large, or without
            text.
    """
    from pptx import Presentation

    writer = Writer()
    hidden: list[str] = []
    unseen: list[str] = []
    with opened(data, name, "PPTX", "ppt/") as stream:
        presentation = Presentation(stream)
        for number, slide in enumerate(presentation.slides, start=1):
            if slide.element.get("show") in ("0", "false"):
                hidden.append(str(number))
                continue
            sight = Sight(slide, presentation, partial(_scheme, slide))
            _write(writer, slide, number, sight)
            if sight.has_unseen:
                unseen.append(str(number))
        core = presentation.core_properties
        fields = read_fields(core, core.author)
    text = with_text(writer.text(), name)
    notes = [f"hidden slides were left out: {', '.join(hidden)}"] if hidden else []
    if unseen:
        notes.append(f"text that nobody sees was left out of slides: {', '.join(unseen)}")
    return Loaded(text, fields, tuple(writer.places), tuple(notes))


def _write(writer: Writer, slide: "Slide", number: int, sight: Sight) -> None:
    for shape in slide.shapes:
        if _role(shape) not in _FURNITURE and not _is_hidden(shape):
            _take_out(shape, sight)
    shapes = [shape for shape in _flat(slide.shapes) if _role(shape) not in _FURNITURE]
    titles = [shape for shape in shapes if _role(shape) in _TITLES and _text(shape)]
    blocks = [block for shape in shapes if shape not in titles for block in _blocks(shape)]
    noted = _noted(slide)
    if not (titles or blocks or noted):
        return
    title = line(" ".join(map(_text, titles))) or f"Slide {number}"
    writer.begin("slide", str(number))
    writer.add(heading(title, 2))
    for block, is_item in blocks:
        writer.add(block, is_item)
    if noted:
        writer.add(heading(f"Speaker notes: {title}", 3))
    for block in noted:
        writer.add(block)


def _scheme(slide: "Slide") -> Part | None:
    """The colors of the theme of a slide's master, if it has one."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    try:
        theme = slide.slide_layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    except KeyError:
        return None
    return parse_xml(theme.blob).find(f"{_A}themeElements/{_A}clrScheme")


def _take_out(shape: Shape, sight: Sight) -> None:
    """Empty what nobody sees of a shape of a slide."""
    is_outside = sight.is_outside(shape)
    for text in shape.element.iter(f"{_A}t"):
        if (text.text or "").strip() and (is_outside or sight.is_unseen(text.getparent(), shape)):
            text.text = ""
            sight.has_unseen = True


def _flat(shapes: Iterable[Shape], depth: int = 0) -> Iterator[Shape]:
    for shape in shapes:
        inner = getattr(shape, "shapes", None)
        if _is_hidden(shape):
            continue
        if inner is None:
            yield shape
        elif depth < _DEEPEST:
            yield from _flat(inner, depth + 1)


def _role(shape: Shape) -> str:
    """What a placeholder is for; empty for other shapes."""
    found = shape.placeholder_format.type if shape.is_placeholder else None
    return found.name if found is not None else ""


def _text(shape: Shape) -> str:
    return " ".join(map(_paragraph, shape.text_frame.paragraphs)) if shape.has_text_frame else ""


def _blocks(shape: Shape) -> Iterator[tuple[str, bool]]:
    """The blocks of a shape, and whether each is an item of a list."""
    if getattr(shape, "has_table", False):
        yield from _table(shape.table)
    elif shape.has_text_frame:
        in_list = _role(shape) in _LISTS
        for paragraph in shape.text_frame.paragraphs:
            text = _paragraph(paragraph)
            is_item = bool(text) and _is_item(paragraph, in_list)
            mark = f"{'  ' * paragraph.level}- " if is_item else ""
            yield mark + (line(text) if is_item else text), is_item


def _table(found: Part) -> Iterator[tuple[str, bool]]:
    rows: list[list[Cell]] = []
    for row in found.rows:
        cells: list[Cell] = []
        for column, cell in enumerate(row.cells):
            text = line(" ".join(map(_paragraph, cell.text_frame.paragraphs)))
            if cell.is_spanned and not text and cell._tc.vMerge and rows:
                cells.append(rows[-1][column])
            else:
                cells.append(Cell(text, _is_bold(cell), cell._tc.gridSpan))
        rows.append(cells)
    if len(rows) > 1 and len(rows[0]) > 1:
        yield write_table(rows, 1 if found.first_row else None), False
    else:
        yield from ((cell.text, False) for row in rows for cell in row)


def _is_bold(cell: Part) -> bool:
    runs = [run for paragraph in cell.text_frame.paragraphs for run in paragraph.runs]
    return bool(runs) and all(run.font.bold for run in runs)


def _is_item(paragraph: Part, in_list: bool) -> bool:
    """Whether a paragraph has a bullet: its own word, else what its placeholder is made for."""
    properties = paragraph._p.pPr
    if properties is not None:
        if properties.find(f"{_A}buNone") is not None:
            return False
        if any(properties.find(f"{_A}{kind}") is not None for kind in ("buChar", "buAutoNum")):
            return True
    return in_list


def _paragraph(paragraph: Part) -> str:
    """The text of a paragraph, in lines where it has line breaks."""
    pieces: list[str] = []
    for part in paragraph._p.iter():
        if part.tag in (f"{_A}t", f"{_MATH}t"):
            pieces.append(part.text or "")
        elif part.tag == f"{_A}br":
            pieces.append("\n")
    text = "".join(pieces).replace("\v", "\n").replace("\t", " ")
    return "\n".join(_SPACES.sub(" ", each).strip() for each in text.strip().split("\n"))


def _is_hidden(shape: Shape) -> bool:
    return shape._element._nvXxPr.cNvPr.get("hidden") in ("1", "true")


def _noted(slide: "Slide") -> list[str]:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    texts = map(_paragraph, frame.paragraphs) if frame is not None else ()
    return [text for text in texts if any(map(str.isalnum, text))]
