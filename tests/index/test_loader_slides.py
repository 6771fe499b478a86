import io
from contextlib import suppress

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder
from office_files import FILES, hostile, libreoffice, pandoc, with_parts
from pptx.util import Inches

from index import Index, build
from index.errors import UnreadableFileError
from index.loaders.office.slides import load

SLIDE = "ppt/slides/slide1.xml"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    return libreoffice(FILES / "fleet.fodp", "pptx", tmp_path_factory.mktemp("fleet"))


def saved(presentation):
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def deck(*titles):
    presentation = pptx.Presentation()
    for title in titles:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"It tells of {title.lower()}."
    return presentation


def box(slide, text):
    shape = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
    shape.text_frame.text = text
    return shape


def test_a_presentation_of_libreoffice(fleet):
    loaded = load(fleet, "fleet.pptx")
    assert loaded.text == (
        "## Fleet\n\n- Three ferries cross the bay.\n  - Two of them are electric.\n\n"
        "Grouped: the oldest is the Gull.\n\nGrouped: the newest is the Tern.\n\n"
        "### Speaker notes: Fleet\n\nThe Gull was bought in 1967.\n\n"
        "## Slide 3\n\n- Ferry: Gull; Seats: 120\n\n"
        "Seats were counted\nin spring.\n"
    )
    assert loaded.fields["title"] == "Ferries of the bay"
    assert loaded.fields["authors"] == ["Ida Holm"]
    assert loaded.notes == ("hidden slides were left out: 2",)
    assert [(place.kind, place.name) for place in loaded.places] == [("slide", "1"), ("slide", "3")]


def test_a_presentation_of_pandoc(tmp_path):
    loaded = load(pandoc(FILES / "reopened.md", "pptx", tmp_path), "reopened.pptx")
    assert loaded.text.startswith(
        "## The mill reopened\n\nAna Ruiz\n\n## History\n\n- Built in 1792.\n"
    )
    assert "  - in 1840.\n\n### Speaker notes: History\n\nThe second fire began" in loaded.text
    assert (
        "## Figures\n\n- Year: 2021; Visitors: 1,200\n- Year: 2022; Visitors: 3,450" in loaded.text
    )
    assert loaded.text.endswith("## A plain paragraph\n\nThe wheel turns on Sundays. It is loud.\n")
    assert [place.name for place in loaded.places] == ["1", "2", "3", "4"]


def test_quotes_through_the_whole_way(fleet, tmp_path):
    path = tmp_path / "fleet.pptx"
    path.write_bytes(fleet)
    build([path], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        hits = index.search("How many seats has the ferry Gull?", k=9)
        document = index.document(hits[0].document.id)
    assert document.info.title == "Ferries of the bay"
    quote = next(s for hit in hits for s in hit.passage.sentences if "120" in s.text)
    assert quote.text == "Ferry: Gull; Seats: 120"
    assert load(fleet, "").text[quote.start : quote.end] == quote.text
    assert document.place_of(quote.start, quote.end) == "slide 3"


def test_the_title_comes_first_and_furniture_is_left_out():
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    box(slide, "A remark.")
    title = slide.shapes.title._element
    title.getparent().append(title)
    slide.shapes.title.text = "The title\vin two lines"
    footer = box(slide, "A footer")
    footer._element.nvSpPr.nvPr.insert(
        0, pptx.oxml.parse_xml(f'<p:ph xmlns:p="{NAMESPACE}" type="ftr" idx="11"/>')
    )
    assert load(saved(presentation), "a.pptx").text == "## The title in two lines\n\nA remark.\n"


NAMESPACE = "http://schemas.openxmlformats.org/presentationml/2006/main"


def test_merged_cells_and_tables_that_are_none():
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = slide.shapes.add_table(3, 3, 0, 0, Inches(6), Inches(2)).table
    for row, words in enumerate(["Town Counts x", "Castrel 1 2", "y 3 4"]):
        for column, word in enumerate(words.split()):
            table.cell(row, column).text = word
    for first, last, text in [((0, 1), (0, 2), "Counts"), ((1, 0), (2, 0), "Castrel")]:
        table.cell(*first).merge(table.cell(*last))
        table.cell(*last).text = ""
        table.cell(*first).text = text
    slide.shapes.add_table(1, 1, 0, 0, Inches(6), Inches(2)).table.cell(0, 0).text = "Framed."
    assert load(saved(presentation), "a.pptx").text == (
        "## Slide 1\n\n- Town: Castrel; Counts: 1; Counts: 2\n"
        "- Town: Castrel; Counts: 3; Counts: 4\n\nFramed.\n"
    )


def test_hidden_shapes():
    presentation = deck("Harbors")
    box(presentation.slides[0], "Nobody sees this.")._element._nvXxPr.cNvPr.set("hidden", "1")
    assert load(saved(presentation), "a.pptx").text == "## Harbors\n\n- It tells of harbors.\n"


@pytest.mark.parametrize(
    "kind",
    [
        *("empty", "no archive", "cut off", "old", "password", "entities", "external", "no XML"),
        "something else",
    ],
)
def test_what_cannot_be_read_is_told(kind):
    data, message = hostile(saved(deck("One")), SLIDE)[kind]
    with pytest.raises(UnreadableFileError, match=f"a.pptx: .*{message}"):
        load(data, "a.pptx")


def test_no_text():
    with pytest.raises(UnreadableFileError, match="expected text, found none"):
        load(saved(pptx.Presentation()), "a.pptx")


GOOD = saved(deck("One", "Two"))


@settings(deadline=None, max_examples=30)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=9)).map(
            lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + len(change[1]) :]
        ),
        st.text(max_size=60).map(lambda xml: with_parts(GOOD, {SLIDE: xml.encode("utf-8")})),
    )
)
def test_any_bytes_are_a_presentation_or_an_error(data):
    with suppress(UnreadableFileError):
        assert load(data, "a.pptx").text.strip()
