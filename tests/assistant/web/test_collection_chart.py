import re
from xml.etree import ElementTree

import pytest
from library_texts import document_info

from assistant.web.collection_chart import MOST_AUTHORS, MOST_BARS, bars_of, picture

HOSTILE = '<script>alert("1")</script>'


def counts(bars):
    return {bar.label: bar.count for bar in bars}


def test_months_where_all_dates_tell_them():
    bars = bars_of(["2023-11-02", "2024-01", "2023-11"])
    assert [(bar.label, bar.count) for bar in bars] == [
        ("Nov 2023", 2),
        ("Dec 2023", 0),
        ("Jan 2024", 1),
    ]


def test_years_otherwise():
    assert counts(bars_of(["2024", "2023-11", "2021-01-01"])) == {
        "2021": 1,
        "2022": 0,
        "2023": 1,
        "2024": 1,
    }


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        (["1900", "1999"], "1900–1904", "1995–1999"),
        (["1001", "2024"], "1000–1049", "2000–2049"),
        (["2001", "2039"], "2001", "2039"),
    ],
)
def test_spans_of_years(dates, first, last):
    bars = bars_of(dates)
    assert (bars[0].label, bars[-1].label) == (first, last)
    assert len(bars) <= MOST_BARS
    assert sum(bar.count for bar in bars) == 2


def test_nothing_to_show():
    assert bars_of([]) == []
    assert picture([]) == ""
    html = picture([document_info("A")])
    assert "No document has a date." in html
    assert "No document names an author." in html


def parsed(html):
    return ElementTree.fromstring(html)


def test_every_number_is_told_in_words_too():
    infos = [
        document_info("A", published="2020", authors=("Ann", "Bo")),
        document_info("B", published="2022", authors=("Ann",)),
        document_info("C"),
        document_info("D", authors=("Ann", "Ann")),
    ]
    tree = parsed(picture(infos))
    svg = tree.find(".//svg[@role='img']")
    told = "2 documents with a date, 2 without one, which are not shown, from 2020 to 2022."
    assert svg.get("aria-label") == told
    tables = [
        [["".join(cell.itertext()) for cell in row] for row in table.iterfind("tbody/tr")]
        for table in tree.iterfind(".//table")
    ]
    assert tables == [[["2020", "1"], ["2022", "1"], ["No date", "2"]], [["Ann", "3"], ["Bo", "1"]]]
    assert "1 document without an author" in "".join(tree.itertext())


def test_bars_are_as_high_as_their_numbers_and_within_the_chart():
    dates = ["2020"] * 4 + ["2021"] * 2 + ["2024"]
    infos = [document_info(str(n), published=date) for n, date in enumerate(dates)]
    bars = parsed(picture(infos)).findall(".//svg[@role='img']/rect")
    heights = [int(bar.get("height")) for bar in bars]
    assert heights == [132, 66, 0, 0, 33]
    assert {int(bar.get("y")) + int(bar.get("height")) for bar in bars} == {152}
    for bar in bars:
        x, width = (float(bar.get(name).rstrip("%")) for name in ("x", "width"))
        assert 0 <= x < x + width <= 100


@pytest.mark.parametrize(
    ("dates", "labels"),
    [
        (["2001", "2004"], ["2001", "2002", "2003", "2004"]),
        (["2001", "2021"], ["2001", "2005", "2009", "2013", "2017", "2021"]),
        (["1900", "2099"], ["1900–1904", "1965–1969", "2030–2034", "2095–2099"]),
    ],
)
def test_as_many_names_as_fit_on_a_phone(dates, labels):
    infos = [document_info(date, published=date) for date in dates]
    below = parsed(picture(infos)).findall(".//svg[@role='img']/text[@y='169']")
    assert [text.text for text in below] == labels


def test_the_authors_of_most_documents():
    infos = [document_info(str(n), authors=(f"Author {n:02}",)) for n in range(MOST_AUTHORS + 3)]
    html = picture(infos)
    assert html.count("v-lib-find") == MOST_AUTHORS
    assert "And 3 more authors." in html


def test_names_are_text():
    html = picture([document_info("A", authors=(HOSTILE,), published="2020")])
    assert "<script" not in html
    tree = parsed(html)
    assert tree.find(".//button").get("data-words") == HOSTILE
    assert not re.search(r"\son\w+=|style=", html)
