"""Columns and timelines, from answers alone."""

import re
from hashlib import sha256

import pytest

from assistant.telling import lead_statements
from assistant.types import Answer, Citation, DocumentInfo, Quote, Statement
from assistant.web.comparison import comparison_of

QUESTION = "How many pilots work in the harbor?"
FORTY = "From 2011 to 2014 40 pilots work in the harbor."
FEWER = "25 pilots work in the harbor, and <b>no</b> tugs."


def cite(number, text, author="Ada Loon", published="2017-08-14", title="The Harbor"):
    digest = sha256(f"{title}{author}{published}".encode()).hexdigest()
    authors = (author,) if author else ()
    document = DocumentInfo(digest[:16], title, authors, None, published, "harbor.md", digest)
    return Citation(number, Quote.slice(text, 0, len(text)), document, "p")


def answer_of(*citations, question=QUESTION, searched=None):
    leads = [
        Statement(text, numbers, 0.9)
        for text, numbers in lead_statements(searched or question, citations)
    ]
    quoted = [Statement(each.quote.text, (each.number,), 0.9) for each in citations]
    return Answer(
        question, "…", "answered", statements=(*leads, *quoted), citations=citations,
        searched=searched,
    )  # fmt: skip


def columns(html):
    return re.findall(r'<li class="v-side">(.*?)</li>', html)


def test_different_figures_stand_in_columns_with_author_and_date():
    html = comparison_of(answer_of(cite(1, FORTY), cite(2, FEWER, "Bo Lind", "2019")), "t7")
    first, second = columns(html)
    assert "Ada Loon</bdi>" in first
    assert '<time datetime="2017-08-14">August 14, 2017</time> · naming 2011 to 2014' in first
    assert "From 2011 to 2014 <mark>40 pilots</mark> work" in first
    assert '<a class="v-ref" href="#t7-quote-1" aria-label="Quote 1">[1]</a>' in first
    assert "Bo Lind" in second
    assert '<time datetime="2019">2019</time>' in second
    assert "<mark>25 pilots</mark> work in the harbor, and &lt;b&gt;no&lt;/b&gt; tugs." in second
    assert "v-timeline" not in html


def test_the_older_side_comes_first_and_one_without_a_date_last():
    new, undated, old = (
        cite(1, FORTY, "Ada Loon", "2020"),
        cite(2, FEWER, "", None),
        cite(3, "The harbor: 30 pilots work in the harbor.", "Bo Lind", "2015-02"),
    )
    html = comparison_of(answer_of(new, undated, old), "t1")
    found = [re.search(r"Quote (\d)", column)[1] for column in columns(html)]
    assert found == ["3", "1", "2"]
    assert "author not stated" in columns(html)[2]
    assert "date not stated" in columns(html)[2]


def test_a_follow_up_is_compared_by_what_was_searched():
    citations = cite(1, FORTY), cite(2, FEWER, "Bo Lind")
    html = comparison_of(answer_of(*citations, question="And pilots?", searched=QUESTION), "t1")
    assert html.count("<mark>") == 2


def test_where_the_difference_is_not_found_again_whole_quotes_are_compared():
    answer = answer_of(cite(1, FORTY), cite(2, FEWER, "Bo Lind"), searched=QUESTION)
    other = Answer(
        "Why?", answer.text, "answered", statements=answer.statements, citations=answer.citations
    )
    html = comparison_of(other, "t1")
    assert len(columns(html)) == 2
    assert "From 2011 to 2014 40 pilots work in the harbor." in html
    assert "<mark>" not in html


def test_opposite_verdicts_stand_in_columns():
    question = "Did the tolls of the harbor rise?"
    one = cite(1, "The tolls of the harbor did rise.")
    other = cite(2, "The tolls of the harbor did not rise.", "Bo Lind")
    assert len(columns(comparison_of(answer_of(one, other, question=question), "t1"))) == 2


@pytest.mark.parametrize(
    "citations",
    [
        (cite(1, FORTY),),
        (cite(1, FORTY), cite(2, FEWER)),
        (cite(1, FORTY), cite(2, "The harbor has cranes.", "Bo Lind")),
    ],
    ids=["one quote", "one document", "nothing differs"],
)
def test_nothing_is_shown_where_nothing_is_put_side_by_side(citations):
    assert comparison_of(answer_of(*citations), "t1") == ""


def test_an_abstention_has_nothing_to_compare():
    assert comparison_of(Answer("Why?", "No.", "abstained", reason="No."), "t1") == ""


def times(*published):
    cited = [
        cite(number, "It has cranes.", f"Author {number}", day)
        for number, day in enumerate(published, start=1)
    ]
    return comparison_of(answer_of(*cited, question="What is there?"), "t1")


def dots(html):
    found = re.findall(r'class="v-dot" style="left:([\d.]+)%;--v-lane:(\d+)">(\d+)<', html)
    return [(float(place), int(lane), int(number)) for place, lane, number in found]


def test_three_dated_sources_stand_along_a_line_in_order_of_time():
    html = times("2020-01-01", "2010-01-01", "2015-01-01")
    assert dots(html) == [(0, 0, 2), (50, 0, 3), (100, 0, 1)]
    entries = re.findall(r'<li><time datetime="([\d-]+)">.*?\[(\d)\]', html)
    assert entries == [("2010-01-01", "2"), ("2015-01-01", "3"), ("2020-01-01", "1")]
    assert "<span>January 1, 2010</span><span>January 1, 2020</span>" in html


def test_dots_that_would_cover_each_other_stand_one_above_the_other():
    html = times("2010-01-01", "2010-01-02", "2010-02-01", "2020-01-01")
    assert [lane for _, lane, _ in dots(html)] == [0, 1, 2, 0]
    assert {place for place, _, _ in dots(times("2020", "2020", "2020"))} == {50}


def test_a_date_that_is_known_in_part_stands_in_its_middle():
    html = times("2019-01-01", "2019", "2019-12-31")
    assert dots(html)[1] == (50, 0, 2)
    assert [lane for _, lane, _ in dots(times("9999-12", "9999", "0001"))] == [0, 0, 1]


def test_two_dated_sources_make_no_timeline():
    assert times("2010", "2020") == times("2010", "2020", None) == ""
    assert "1 source without a date." in times("2010", "2020", "2021", None)


def test_quotes_of_one_document_are_one_point_in_time():
    cited = [cite(1, "A crane."), cite(2, "A tug."), cite(3, "A quay.", "Bo Lind", "2019")]
    more = cite(4, "A toll.", "Cy Moe", "2021")
    html = comparison_of(answer_of(*cited, more, question="What is there?"), "t1")
    assert [number for _, _, number in dots(html)] == [1, 3, 4]
    assert re.search(r"\[1\]</a> <a [^>]*>\[2\]</a>", html)


def test_metadata_is_escaped():
    title = "<img src=x onerror=alert(1)>"
    cited = [
        cite(n, "A crane.", f"<b>{n}</b>", f"20{n}0", title) for n in (1, 2, 3)
    ]  # fmt: skip
    html = comparison_of(answer_of(*cited, question="What is there?"), "t1")
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
