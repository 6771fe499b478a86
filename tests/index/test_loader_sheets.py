import datetime
import io
import resource
import time
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder
from office_files import FILES, hostile, libreoffice, part_of, with_parts

from index import Index, build
from index.errors import UnreadableFileError
from index.loaders.office import sheets
from index.loaders.office.cell_values import displayed
from index.loaders.office.sheets import load

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return libreoffice(FILES / "district.fods", "xlsx", tmp_path_factory.mktemp("district"))


def saved(workbook):
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def workbook_of(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


def test_a_workbook_of_libreoffice(district):
    loaded = load(district, "district.xlsx")
    assert loaded.text == (
        "## Towns\n\nTowns of the river district\n\n"
        "- Region: North; Town: Belmora; Population: 13,420; Charter: 1952-05-01; Share: 19.3%\n"
        "- Region: North; Town: Castrel; Population: 48,900; Charter: 1931-03-04; Share: 70.2%\n"
        "- Region: South; Town: Dunhaven; Population: 7,315; Charter: none; see the archive; "
        "Share: 10.5%\n"
        "- Region: All; Population: 69,635\n\n"
        "Source: the census of 2021.\n\n"
        "## Contacts\n\n- Office: Old Mill, 2nd floor\n- Opening hours: from nine to noon\n"
    )
    assert loaded.fields["title"] == "Figures of the district"
    assert loaded.fields["authors"] == ["Ana Ruiz"]
    assert loaded.notes == ("hidden sheets were left out: Drafts",)
    assert [(place.kind, place.name) for place in loaded.places] == [
        ("sheet", "Towns"),
        ("sheet", "Contacts"),
    ]


def test_quotes_through_the_whole_way(district, tmp_path):
    path = tmp_path / "district.xlsx"
    path.write_bytes(district)
    build([path], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        hits = index.search("What is the population of Castrel?", k=9)
        document = index.document(hits[0].document.id)
    quote = next(s for hit in hits for s in hit.passage.sentences if "Castrel" in s.text)
    assert quote.text == (
        "Region: North; Town: Castrel; Population: 48,900; Charter: 1931-03-04; Share: 70.2%"
    )
    assert load(district, "").text[quote.start : quote.end] == quote.text
    assert document.place_of(quote.start, quote.end) == "sheet Towns"


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.153, "0.0%", "15.3%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12.5, '0.00 "km"', "12.50 km"),
        (99.9, "[$€-407]#,##0.00", "€99.90"),
        (1200, "#,##0.00\\ [$€-407]", "1,200.00 €"),
        (1234.5, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$1,234.50"),
        (-1234.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "-$1,234.50"),
        (501, "00000", "00501"),
        (0.1 + 0.2, "General", "0.3"),
        (45123.0, "General", "45123"),
        (1e20, "General", "1e+20"),
        (0.5, "# ?/?", "0.5"),
        (1.5, "0.##", "1.5"),
        (-0.001, "0.00", "0.00"),
        (float("nan"), "0", ""),
        (datetime.datetime(2024, 5, 31), "dd.mm.yyyy", "2024-05-31"),
        (datetime.datetime(2024, 5, 31, 14, 29, 59, 999_900), "", "2024-05-31 14:30"),
        (datetime.time(7, 5), "h:mm", "07:05"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
        (True, "General", "TRUE"),
        (None, "General", ""),
        ("  two\nlines ", "@", "two lines"),
    ],
)
def test_values_are_as_displayed(value, number_format, expected):
    assert displayed(value, number_format) == expected


def test_merged_cells_and_hidden_rows_and_columns():
    workbook = workbook_of(
        ["Region", "Town", "Secret", "People"], ["North", "A", "x", 1], [None, "B", "y", 2],
        ["South", "C", "z", 3], ["East", "D", "w", 4],
    )  # fmt: skip
    sheet = workbook.active
    sheet.merge_cells("A2:A3")
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[4].hidden = True
    loaded = load(saved(workbook), "a.xlsx")
    assert loaded.text == (
        "## Sheet\n\n- Region: North; Town: A; People: 1\n- Region: North; Town: B; People: 2\n"
        "- Region: East; Town: D; People: 4\n"
    )
    assert loaded.notes == ("sheet Sheet: hidden rows and columns were left out",)


def test_errors_and_formulas_without_values_are_empty():
    workbook = workbook_of(["Town", "People", "Share"], ["A", "=1+1", "#N/A"], ["B", 2, "#DIV/0!"])
    assert load(saved(workbook), "a.xlsx").text == "## Sheet\n\n- Town: A\n- Town: B; People: 2\n"


@pytest.mark.slow
def test_ten_thousand_rows():
    rows = [[f"Town {n}", n, n / 7, f"remark {n}"] for n in range(10_000)]
    data = saved(workbook_of(["Town", "People", "Share", "Remark"], *rows))
    start = time.perf_counter()
    text = load(data, "a.xlsx").text
    assert time.perf_counter() - start < 20
    assert text.count("\n- ") == 10_000
    assert "- Town: Town 9999; People: 9999; Share: 1428.42857142857; Remark: remark 9999" in text


def test_what_is_too_much_is_told(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_CELLS", 10)
    workbook = workbook_of(["Town", "People"], *([f"Town {n}", n] for n in range(20)))
    workbook.create_sheet("More").append(["never", "read"])
    loaded = load(saved(workbook), "a.xlsx")
    assert loaded.text.endswith("- Town: Town 3; People: 3\n")
    assert loaded.notes == (
        "sheet Sheet: row 6 and those after it were left out, since a workbook is read up to 10 "
        "cells",
        "sheet More: row 1 and those after it were left out, since a workbook is read up to 10 "
        "cells",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('r="A2"', 'r="XFD2"'),
        ('<row r="2"', '<row r="999999999999"'),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:A9999999999"/></mergeCells>'),
        ("<sheetData>", '<cols><col min="1" max="999999999" hidden="0"/></cols><sheetData>'),
        ("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'),
    ],
)
def test_numbers_out_of_all_bounds_cost_nothing(old, new):
    data = saved(workbook_of(["Town", "People"], ["A", 1], ["B", 2]))
    xml = part_of(data, SHEET)
    assert old in xml
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with suppress(UnreadableFileError):
        assert "Town" in load(with_parts(data, {SHEET: xml.replace(old, new).encode()}), "a").text
    assert time.perf_counter() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize(
    "kind",
    [
        *("empty", "no archive", "cut off", "old", "password", "entities", "external", "no XML"),
        "something else",
    ],
)
def test_what_cannot_be_read_is_told(kind):
    data, message = hostile(saved(workbook_of(["One", "Two"])), SHEET)[kind]
    with pytest.raises(UnreadableFileError, match=f"a.xlsx: .*{message}"):
        load(data, "a.xlsx")


def test_no_text():
    with pytest.raises(UnreadableFileError, match="expected text, found none"):
        load(saved(openpyxl.Workbook()), "a.xlsx")


GOOD = saved(workbook_of(["Town", "People"], ["A", 1], ["B", 2.5]))


@settings(deadline=None, max_examples=40)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=9)).map(
            lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + len(change[1]) :]
        ),
        st.text(max_size=60).map(lambda xml: with_parts(GOOD, {SHEET: xml.encode("utf-8")})),
    )
)
def test_any_bytes_are_a_workbook_or_an_error(data):
    with suppress(UnreadableFileError):
        assert load(data, "a.xlsx").text.strip()
