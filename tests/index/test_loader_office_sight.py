"""What nobody sees of Office files is left out and told; what may be seen stays."""

import io
import re
import zipfile

import docx
import openpyxl
import pptx
import pytest
from docx.enum.dml import MSO_THEME_COLOR
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor
from office_files import with_parts
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.worksheet.table import Table
from PIL import Image
from pptx.dml.color import RGBColor as SlideColor
from pptx.enum.dml import MSO_THEME_COLOR as SLIDE_THEME
from pptx.util import Inches
from pptx.util import Pt as SlidePt

from index.loading import load

PLAIN = "The kiln of Alsen burns at 1100 degrees."
MARKED = "The vault code is CANARY-7F3A."
WHITE, BLACK = RGBColor(255, 255, 255), RGBColor(0, 0, 0)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def shaded(properties, color):
    properties.append(parse_xml(f'<w:shd {_W} w:val="clear" w:color="auto" w:fill="{color}"/>'))


def document(change):
    """A Word document of two paragraphs, of which `change` is given the second one's run."""
    found = docx.Document()
    found.add_paragraph(PLAIN)
    change(found, found.add_paragraph().add_run(MARKED))
    stream = io.BytesIO()
    found.save(stream)
    return load(stream.getvalue(), "kiln.docx")


def colored(color, size=None):
    def change(_, run):
        run.font.color.rgb = color
        run.font.size = size

    return change


def by_style(kind):
    def change(found, run):
        style = found.styles.add_style("Pale", kind)
        base = found.styles.add_style("Paler", kind)
        base.font.color.rgb = WHITE
        style.base_style = base
        (run if kind is WD_STYLE_TYPE.CHARACTER else run._parent).style = style

    return change


def in_theme(_, run):
    run.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def black_on(place):
    def change(_, run):
        run.font.color.rgb = BLACK
        shaded(place(run), "000000")

    return change


def in_cell(color, style=None):
    def change(found, run):
        run.text = ""
        table = found.add_table(1, 1, style)
        inner = table.cell(0, 0).paragraphs[0].add_run(MARKED)
        inner.font.color.rgb = WHITE
        if color:
            shaded(table.cell(0, 0)._tc.get_or_add_tcPr(), color)

    return change


def highlighted(_, run):
    run.font.color.rgb = WHITE
    run.font.highlight_color = WD_COLOR_INDEX.BLUE


def on_dark(place):
    def change(_, run):
        run.font.color.rgb = WHITE
        shaded(place(run), "203040")

    return change


def under_automatic(found, run):
    style = found.styles.add_style("Pale", WD_STYLE_TYPE.PARAGRAPH)
    style.font.color.rgb = WHITE
    run._parent.style = style
    run._r.get_or_add_rPr().append(parse_xml(f'<w:color {_W} w:val="auto"/>'))


def over_floating(found, run):
    run.font.color.rgb = WHITE
    name = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    anchor = parse_xml(f'<w:r {_W}><w:drawing><a:anchor xmlns:a="{name}"/></w:drawing></w:r>')
    found.paragraphs[0]._p.append(anchor)


def on_dark_pages(found, run):
    run.font.color.rgb = WHITE
    found.element.insert(0, parse_xml(f'<w:background {_W} w:color="101010"/>'))


UNSEEN_IN_WORD = {
    "white": colored(WHITE),
    "nearly white": colored(RGBColor(252, 251, 253)),
    "a speck": colored(None, Pt(1)),
    "of a theme": in_theme,
    "by a style of characters": by_style(WD_STYLE_TYPE.CHARACTER),
    "by a style of paragraphs": by_style(WD_STYLE_TYPE.PARAGRAPH),
    "black on black": black_on(lambda run: run._r.get_or_add_rPr()),
    "in a black paragraph": black_on(lambda run: run._parent._p.get_or_add_pPr()),
    "in a cell": in_cell(None),
    "in a white cell": in_cell("FFFFFF"),
    "in a plain table": in_cell(None, "Table Grid"),
}
SEEN_IN_WORD = {
    "gray": colored(RGBColor(217, 217, 217)),
    "small": colored(None, Pt(6)),
    "on a dark run": on_dark(lambda run: run._r.get_or_add_rPr()),
    "in a dark paragraph": on_dark(lambda run: run._parent._p.get_or_add_pPr()),
    "in a dark cell": in_cell("203040"),
    "in a table of colors": in_cell(None, "Medium Shading 1 Accent 1"),
    "highlighted": highlighted,
    "automatic": under_automatic,
    "over a picture": over_floating,
    "on dark pages": on_dark_pages,
}


@pytest.mark.parametrize("kind", UNSEEN_IN_WORD)
def test_in_a_document_what_nobody_sees_is_left_out(kind):
    loaded = document(UNSEEN_IN_WORD[kind])
    assert loaded.text == f"{PLAIN}\n"
    assert loaded.notes == ("hidden text was left out",)


@pytest.mark.parametrize("kind", SEEN_IN_WORD)
def test_in_a_document_what_may_be_seen_stays(kind):
    loaded = document(SEEN_IN_WORD[kind])
    assert MARKED in loaded.text
    assert loaded.notes == ()


def presentation(change, spoil=bytes):
    """A slide with a title and a box of text, of which `change` is given the run."""
    found = pptx.Presentation()
    slide = found.slides.add_slide(found.slide_layouts[5])
    slide.shapes.title.text = PLAIN
    box = slide.shapes.add_textbox(Inches(1), Inches(4), Inches(4), Inches(1))
    run = box.text_frame.paragraphs[0].add_run()
    run.text = MARKED
    change(slide, box, run)
    stream = io.BytesIO()
    found.save(stream)
    return load(spoil(stream.getvalue()), "kiln.pptx")


def white(_, __, run):
    run.font.color.rgb = SlideColor(255, 255, 255)


def themed(_, __, run):
    run.font.color.theme_color = SLIDE_THEME.BACKGROUND_1


def speck(_, __, run):
    run.font.size = SlidePt(1)


def clear(_, __, run):
    run.font.color.rgb = SlideColor(0, 0, 0)
    run._r.rPr.find(".//{*}srgbClr").append(
        parse_xml(
            '<a:alpha xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" val="0"/>'
        )
    )


def beside(_, box, __):
    box.left = Inches(-6)


def below(_, box, __):
    box.top = Inches(12)


def ground(color):
    def change(slide, box, run):
        white(slide, box, run)
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = SlideColor.from_string(color)

    return change


def filled(color):
    def change(slide, box, run):
        white(slide, box, run)
        box.fill.solid()
        box.fill.fore_color.rgb = SlideColor.from_string(color)

    return change


def on_shape(slide, box, run):
    white(slide, box, run)
    slide.shapes.add_shape(1, box.left, box.top, box.width, box.height)


def on_picture(slide, box, run):
    white(slide, box, run)
    stream = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(stream, "PNG")
    slide.shapes.add_picture(stream, 0, 0, Inches(10), Inches(7))


def partly_beside(_, box, __):
    box.left = Inches(-3)


def flies_in(slide, box, _):
    box.left = Inches(-6)
    slide.element.append(
        parse_xml(
            '<p:timing xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
            "<p:animMotion/></p:timing>"
        )
    )


UNSEEN_ON_SLIDES = {
    "white": white,
    "of the theme": themed,
    "a speck": speck,
    "clear": clear,
    "beside": beside,
    "below": below,
    "white slide": ground("FFFFFF"),
    "white box": filled("FEFEFE"),
}
SEEN_ON_SLIDES = {
    "dark slide": ground("203040"),
    "dark box": filled("203040"),
    "on a shape": on_shape,
    "on a picture": on_picture,
    "partly beside": partly_beside,
    "flies in": flies_in,
}


@pytest.mark.parametrize("kind", UNSEEN_ON_SLIDES)
def test_on_a_slide_what_nobody_sees_is_left_out(kind):
    loaded = presentation(UNSEEN_ON_SLIDES[kind])
    assert loaded.text == f"## {PLAIN}\n"
    assert loaded.notes == ("text that nobody sees was left out of slides: 1",)


@pytest.mark.parametrize("kind", SEEN_ON_SLIDES)
def test_on_a_slide_what_may_be_seen_stays(kind):
    loaded = presentation(SEEN_ON_SLIDES[kind])
    assert MARKED in loaded.text
    assert loaded.notes == ()


@pytest.mark.parametrize(
    ("change", "part", "old", "new"),
    [
        (beside, "ppt/presentation.xml", rb'cx="\d+"', b'cx="wide"'),
        (beside, "ppt/slides/slide1.xml", rb'off x="-?\d+"', b'off x="left"'),
        (themed, "ppt/slides/_rels/slide1.xml.rels", rb"slideLayout\"", b'other"'),
        (
            themed,
            "ppt/slideMasters/_rels/slideMaster1.xml.rels",
            rb"relationships/theme\"",
            b'other"',
        ),
    ],
)
def test_a_slide_of_which_a_part_is_damaged_is_read(change, part, old, new):
    """Where its letters are and what is behind them cannot be told then."""

    def spoil(data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content, count = re.subn(old, new, archive.read(part))
        assert count
        return with_parts(data, {part: content})

    loaded = presentation(change, spoil)
    assert MARKED in loaded.text
    assert loaded.notes == ()


def workbook(change):
    """A sheet of three rows, of which `change` is given the cell in the third one."""
    found = openpyxl.Workbook()
    sheet = found.active
    for row in (("Town", "What"), ("Alsen", PLAIN), ("Rovik", MARKED)):
        sheet.append(row)
    change(sheet, sheet["B3"])
    stream = io.BytesIO()
    found.save(stream)
    return load(stream.getvalue(), "kiln.xlsx")


def font(**options):
    def change(_, cell):
        cell.font = Font(**options)

    return change


def on(color):
    def change(_, cell):
        cell.font = Font(color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=color)

    return change


def formatted(number_format):
    def change(_, cell):
        cell.number_format = number_format

    return change


def by_rule(sheet, cell):
    cell.font = Font(color="FFFFFFFF")
    rule = CellIsRule("notEqual", ['""'], fill=PatternFill(bgColor="FF203040"))
    sheet.conditional_formatting.add("B3", rule)


def in_table(sheet, cell):
    cell.font = Font(color="FFFFFFFF")
    sheet.add_table(Table(displayName="Towns", ref="A1:B3"))


def commented(_, cell):
    cell.value = "Nothing"
    cell.comment = Comment(MARKED, "Ida")


UNSEEN_IN_CELLS = {
    "white": font(color="FFFFFFFF"),
    "white of the theme": font(color=Color(theme=0)),
    "white by number": font(color=Color(indexed=9)),
    "a speck": font(sz=1),
    "on white": on("FFFFFFFF"),
    "by its format": formatted(";;;"),
}
SEEN_IN_CELLS = {
    "gray": font(color="FFD9D9D9"),
    "darker of the theme": font(color=Color(theme=0, tint=-0.5)),
    "black of the theme": font(color=Color(theme=1)),
    "on a dark cell": on("FF203040"),
    "by a rule": by_rule,
    "in a table": in_table,
    "numbers without a format": formatted(";;"),
}


@pytest.mark.parametrize("kind", UNSEEN_IN_CELLS)
def test_in_a_sheet_what_nobody_sees_is_left_out(kind):
    loaded = workbook(UNSEEN_IN_CELLS[kind])
    assert PLAIN in loaded.text
    assert "CANARY" not in loaded.text
    assert loaded.notes == ("sheet Sheet: values that nobody sees were left out",)


@pytest.mark.parametrize("kind", SEEN_IN_CELLS)
def test_in_a_sheet_what_may_be_seen_stays(kind):
    loaded = workbook(SEEN_IN_CELLS[kind])
    assert MARKED in loaded.text
    assert loaded.notes == ()


def test_a_number_that_a_format_shows_nothing_of_is_left_out():
    def change(sheet, cell):
        sheet["A3"], cell.value, cell.number_format = 7154, 1999, ";;"

    loaded = workbook(change)
    assert "7154" in loaded.text
    assert "1999" not in loaded.text


def test_a_comment_of_a_cell_is_left_out():
    assert "CANARY" not in workbook(commented).text
