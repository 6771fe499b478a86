import pytest
from library_texts import document_info

from assistant.library_edits import changes, known_url
from index.errors import InputError

INFO = document_info("Old", authors=("Jane Doe",), published="2021-03-03")


def changed(**given):
    return changes(given, INFO, None)


def test_only_what_changes_is_stated():
    assert changed(title=" Old ", authors="Jane Doe", published="March 3, 2021") == {}
    assert changed(title="New", authors="Jane Doe;; Doe, John ; Jane Doe") == {
        "title": "New",
        "authors": ["Jane Doe", "Doe, John"],
    }


def test_an_empty_field_is_unknown():
    assert changed(title="", authors=" ; ", published="", publisher="", url="") == {
        "title": None,
        "authors": None,
        "published": None,
    }


@pytest.mark.parametrize(
    ("text", "date"),
    [("2024", "2024"), ("May 2024", "2024-05"), ("31.5.2024", "2024-05-31"), ("2024-02-29",) * 2],
)
def test_dates(text, date):
    assert changed(published=text) == {"published": date}


@pytest.mark.parametrize(
    "given",
    [
        {"published": "soon"},
        {"published": "2023-02-29"},
        {"published": "3/4/2024"},
        {"published": "99999"},
        {"title": "x" * 501},
        {"title": "null"},
        {"title": "~"},
        {"authors": "null"},
        {"authors": "; ".join(f"Name {number}" for number in range(201))},
        {"authors": "x" * 501},
        {"title": 4},
        {"title": None},
        {"authors": ["Jane"]},
        {"language": "en"},
        {"url": "javascript:alert(1)"},
        {"url": "data:text/html,x"},
        {"url": "example.org"},
        {"url": "https://"},
        {"url": "https://a b.example"},
        {"url": "http://[::1"},
        {"url": "https://example.org:0/"},
        {"url": "https://example.org/" + "x" * 2000},
    ],
)
def test_values_that_are_refused(given):
    with pytest.raises(InputError, match=r"[Ee]xpected|stands for an unknown"):
        changed(**given)


def test_what_cannot_be_seen_is_taken_away():
    assert changed(title="a\u202eb\x00c\nd") == {"title": "abc d"}
    assert changed(title="نیم\u200cفاصله") == {"title": "نیم\u200cفاصله"}


def test_addresses():
    assert changed(url="https://example.org/a?b=c#d") == {"url": "https://example.org/a?b=c#d"}
    assert known_url({"url": "https://example.org"}) == "https://example.org"
    assert known_url({"url": "javascript:alert(1)"}) is None
    assert known_url({"url": ["https://example.org"]}) is None
    assert known_url({}) is None
