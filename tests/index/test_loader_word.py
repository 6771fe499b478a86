import io
import zipfile
from contextlib import suppress

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder
from office_files import (
    FILES,
    hostile,
    libreoffice,
    pandoc,
    part_of,
    scrambled,
    with_parts,
)

from index import Index, build
from index.errors import UnreadableFileError
from index.loaders.office import word_blocks
from index.loaders.office.word import load
from index.segmentation import split

BODY = "word/document.xml"


@pytest.fixture(scope="module")
def ferry(tmp_path_factory):
    return libreoffice(FILES / "ferry.fodt", "docx", tmp_path_factory.mktemp("ferry"))


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    return pandoc(FILES / "mill.md", "docx", tmp_path_factory.mktemp("mill"), "--toc")


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def of_body(xml):
    """A document with that body."""
    data = saved(docx.Document())
    whole = part_of(data, BODY)
    begin, end = whole.index("<w:body>") + len("<w:body>"), whole.index("</w:body>")
    return with_parts(data, {BODY: f"{whole[:begin]}{xml}{whole[end:]}".encode()})


def text_of(xml):
    return load(of_body(xml), "a.docx").text


def test_a_document_of_libreoffice(ferry):
    loaded = load(ferry, "ferry.docx")
    assert loaded.text == (
        "# Timetable\n\n"
        "The ferry always leaves at noon[^1]. It takes forty minutes.\n\n"
        "1. Buy a ticket.\n\na) At the counter.\n\nb) On board.\n\n"
        "2. Go on board.\n- A bulleted remark.\n\n"
        "- Season: Summer; Fare: 12 | 14; Remark: adults only\n"
        "- Season: Summer; Fare: 6; Remark: children\n\n"
        "Before the box.\n\nA text box says that dogs are welcome.\n\n"
        "# History\n\n"
        "The first ferry sank in 1840.\nThe second is still afloat. See the register.\n\n"
        "[^1]: Except on Sundays.\n"
    )
    assert loaded.fields == {
        "title": "The ferry of Dunhaven",
        "authors": ["Ida Holm"],
        "language": "en-US",
    }
    assert loaded.notes == ("hidden text was left out",)
    assert [place.name for place in loaded.places] == ["Timetable", "History", "Notes"]


def test_a_document_of_pandoc(mill):
    loaded = load(mill, "mill.docx")
    text = loaded.text
    assert text.startswith(
        "# The mill on the river\n\nAna Ruiz\n\nTomas Vidal\n\nThe mill was built"
    )
    assert (
        "The mill was built in 1792.[^1] It burned down twice, and was rebuilt each time." in text
    )
    assert "# History\n\n## The first owners\n\n1. The town bought the land.\n2. A miller" in text
    assert "lease:\n  - for ten years,\n  - with an option.\n3. The lease ended." in text
    rows = "- Year: 1792; Owner: Town; Rent: 40\n- Year: 1801; Owner: A. Holm; Rent: 55\n\n"
    assert f"{rows}See the archive for more. An equation: E=mc2." in text
    assert text.endswith("page 4.\n\n[^2]: The Herald reported it. It was May.\n")
    assert text.count("History") == 1, "a table of contents is left out"
    assert loaded.fields["authors"] == ["Ana Ruiz", "Tomas Vidal"]
    assert all(place.start == 0 or text[place.start - 2 : place.start] == "\n\n"
               for place in loaded.places)  # fmt: skip


def test_notes_are_labeled(ferry):
    passages = split(load(ferry, "ferry.docx").text, "0" * 16)
    notes = [passage for passage in passages if passage.label == "notes"]
    assert [s.text for passage in notes for s in passage.sentences] == ["Except on Sundays."]


def test_quotes_through_the_whole_way(ferry, tmp_path):
    path = tmp_path / "ferry.docx"
    path.write_bytes(ferry)
    build([path], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        hit = index.search("When did the first ferry sank?", k=1)[0]
        document = index.document(hit.document.id)
    assert document.info.title == "The ferry of Dunhaven"
    assert dict(document.info.found)["title"] == "embedded"
    quote = next(s for s in hit.passage.sentences if "1840" in s.text)
    assert quote.text == "The first ferry sank in 1840."
    assert load(ferry, "").text[quote.start : quote.end] == quote.text
    assert document.place_of(quote.start, quote.end) == "section History"


def test_text_before_the_first_heading():
    document = docx.Document()
    document.add_paragraph("It begins without a heading.")
    document.add_heading("Part 2", 2)
    document.add_paragraph("It goes on.")
    loaded = load(saved(document), "a.docx")
    assert loaded.text == "It begins without a heading.\n\n## Part 2\n\nIt goes on.\n"
    assert [(place.start, place.name) for place in loaded.places] == [
        (0, "Beginning"),
        (30, "Part 2"),
    ]
    assert loaded.fields == {}, "the library's own author and title say nothing"


def test_changes_are_accepted():
    paragraph = (
        '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>One</w:t></w:r></w:p>'
    )
    moved = (
        '<w:p><w:moveFrom w:id="2"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'
        '<w:moveTo w:id="3"><w:r><w:t>here</w:t></w:r></w:moveTo></w:p>'
    )
    assert text_of(paragraph + moved) == "One here\n"


def test_codes_of_fields_are_left_out():
    field = "".join(
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r><w:r><w:{tag}>{text}</w:{tag}></w:r>'
        for kind, tag, text in [
            ("begin", "instrText", "IF "), ("begin", "instrText", "PAGE"), ("separate", "t", "7"),
            ("end", "instrText", "= 7"), ("separate", "t", "seven"), ("end", "t", " pages."),
        ]
    )  # fmt: skip
    assert text_of(f"<w:p><w:r><w:t>It has </w:t></w:r>{field}</w:p>") == "It has seven pages.\n"


def test_signs():
    signs = (
        "<w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/><w:t>d</w:t>"
        '<w:sym w:font="Symbol" w:char="F0B7"/><w:sym w:font="Arial" w:char="2192"/>'
        "<w:cr/><w:t>e</w:t>"
    )
    assert text_of(f"<w:p><w:r>{signs}</w:r></w:p>") == "a b\u2011cd→\ne\n"


def test_a_table_that_lays_out_a_page_reads_as_paragraphs():
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "A long story. " * 60
    table.cell(1, 1).text = "The end."
    text = load(saved(document), "a.docx").text
    assert "|" not in text
    assert text.endswith("A long story.\n\nThe end.\n")


def test_merged_cells():
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, words in enumerate(["Town Counts x", "Castrel 1 2", "y 3 4"]):
        for cell, word in zip(table.rows[row].cells, words.split(), strict=True):
            cell.text = word
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Counts"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Castrel"
    assert load(saved(document), "a.docx").text == (
        "- Town: Castrel; Counts: 1; Counts: 2\n- Town: Castrel; Counts: 3; Counts: 4\n"
    )


def row_of(*cells, more=""):
    texts = "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{more}</w:trPr>{texts}</w:tr>"


@pytest.mark.parametrize(
    ("look", "more"),
    [
        ("", "<w:tblHeader/>"),
        ('<w:tblStyle w:val="LightGrid"/><w:tblLook w:firstRow="1"/>', ""),
        ('<w:tblStyle w:val="LightGrid"/><w:tblLook w:val="04A0"/>', ""),
    ],
)
def test_a_header_that_the_file_states_names_two_columns_of_words(look, more):
    rows = row_of("Keeper", "Trade", more=more) + row_of("Ada", "baker") + row_of("Olof", "smith")
    assert text_of(f"<w:tbl><w:tblPr>{look}</w:tblPr>{rows}</w:tbl>") == (
        "- Keeper: Ada; Trade: baker\n- Keeper: Olof; Trade: smith\n"
    )
    plain = rows.replace(more, "") if more else rows
    assert text_of(f"<w:tbl>{plain}</w:tbl>").startswith("- Keeper: Trade\n- Ada: baker\n")


def test_a_table_right_below_a_list_begins_a_block_of_its_own():
    item = '<w:p><w:pPr><w:pStyle w:val="ListBullet"/></w:pPr><w:r><w:t>A point.</w:t></w:r></w:p>'
    rows = row_of("Year", "Rent") + row_of("1792", "40")
    assert text_of(f"{item}<w:tbl>{rows}</w:tbl>") == "- A point.\n\n- Year: 1792; Rent: 40\n"


@pytest.mark.parametrize(
    "kind",
    [
        *("empty", "no archive", "cut off", "old", "password", "entities", "external", "no XML"),
        "something else",
    ],
)
def test_what_cannot_be_read_is_told(kind):
    data, message = hostile(of_body("<w:p><w:r><w:t>a</w:t></w:r></w:p>"), BODY)[kind]
    with pytest.raises(UnreadableFileError, match=f"a.docx: .*{message}"):
        load(data, "a.docx")


def test_no_text():
    with pytest.raises(UnreadableFileError, match="expected text, found none"):
        load(saved(docx.Document()), "a.docx")


def test_a_real_old_file_with_the_new_suffix(tmp_path, tmp_path_factory):
    source = tmp_path / "a.txt"
    source.write_text("Old words.", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"before 2007\. Open it and save it as DOCX"):
        load(libreoffice(source, "doc", tmp_path_factory.mktemp("old")), "a.docx")


def test_other_formats_in_an_archive(tmp_path_factory):
    with pytest.raises(UnreadableFileError, match="found a file of OpenDocument"):
        load(libreoffice(FILES / "ferry.fodt", "odt", tmp_path_factory.mktemp("odt")), "a.docx")


def test_deep_nesting_is_refused():
    with pytest.raises(UnreadableFileError, match=r"damaged|nested too deeply"):
        text_of("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000)


def test_a_bomb_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open(BODY, "w") as part:
            for _ in range(70):
                part.write(bytes(1_000_000))
    with pytest.raises(UnreadableFileError, match="expected at most 60,000,000 bytes in a part"):
        load(stream.getvalue(), "a.docx")


GOOD = of_body("<w:p><w:r><w:t>One sentence.</w:t></w:r></w:p>" * 3)


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=9)).map(
            lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + len(change[1]) :]
        ),
        st.text(max_size=60).map(lambda xml: with_parts(GOOD, {BODY: xml.encode("utf-8")})),
    )
)
def test_any_bytes_are_a_document_or_an_error(data):
    with suppress(UnreadableFileError):
        assert load(data, "a.docx").text.strip()


@pytest.mark.parametrize("made", ["ferry", "mill"])
def test_damage_within_the_parts_is_never_an_error_of_ours(made, request):
    data = request.getfixturevalue(made)
    refusals = []
    for seed in range(25):
        try:
            load(scrambled(data, seed), "a.docx")
        except UnreadableFileError as error:
            refusals.append(str(error))
    assert refusals
    assert not [each for each in refusals if "a bug here" in each]


def test_an_error_of_ours_is_not_called_damage(monkeypatch, mill):
    monkeypatch.setattr(word_blocks, "_WIDEST", None)  # makes a comparison fail
    with pytest.raises(UnreadableFileError, match=r"TypeError: .*word_blocks, line \d+\): a bug"):
        load(mill, "a.docx")
