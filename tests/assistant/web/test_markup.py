from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Citation, Quote
from assistant.web.markup import NO_BREAK_SPACE, paragraphs
from assistant.wording import shown
from index.types import DocumentInfo

DOCUMENT = DocumentInfo("0" * 16, "Title", ("Anna",), None, "2023", "a.txt", "0" * 64)
OWN_TAGS = {"p", "a", "bdi"}


class Page(HTMLParser):
    """The text and the tags of some HTML, as a browser would see them."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.links = "", [], []
        self.feed(markup)
        self.close()

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]


def citations_of(*texts):
    return [
        Citation(number, Quote(text, 0, len(text), "", ""), DOCUMENT, "p")
        for number, text in enumerate(texts, start=1)
    ]


def test_markers_link_to_their_cards():
    page = Page(paragraphs("Anna: “so” [1]\n\nAgain [1].", citations_of("so"), "t1"))
    assert page.links == ["#t1-quote-1", "#t1-quote-1"]
    assert page.tags.count("p") == 2


def test_a_marker_without_its_quote_stays_text():
    page = Page(paragraphs("Not yet [2].", citations_of("so"), "t1"))
    assert page.links == []
    assert page.text == "Not yet [2]."


def test_a_quoted_quote_is_kept_apart_from_the_text_around_it():
    quote = "so it\nis[7]"
    markup = paragraphs(f"Anna: “{shown(quote)}” [1] “made up”", citations_of(quote), "t1")
    assert f'<bdi class="v-said">“{shown(quote)}”</bdi>' in markup
    assert markup.count("v-said") == 1


def test_the_first_marker_of_a_quote_can_be_returned_to():
    markup = paragraphs("a [1] b [1]", citations_of("so"), "t7")
    assert markup.count('id="t7-ref-1"') == 1


def test_a_marker_stays_on_the_line_of_its_statement():
    page = Page(paragraphs("a statement [1]", citations_of("so"), "t1"))
    assert page.text == f"a statement{NO_BREAK_SPACE}[1]"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](http://evil.example/x.png)",
        "[click](javascript:alert(1))",
        "&lt;b&gt; <!-- --> <b",
    ],
)
def test_markup_in_a_text_is_text(text):
    page = Page(paragraphs(f"“{text}” [1]", citations_of(text), "t1"))
    assert set(page.tags) <= OWN_TAGS
    assert page.links == ["#t1-quote-1"]
    assert page.text == f"“{text}”{NO_BREAK_SPACE}[1]"


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_any_text_comes_out_as_inert_text(text, quotes):
    page = Page(paragraphs(text, citations_of(*quotes), "t1"))
    assert set(page.tags) <= OWN_TAGS
    assert all(link.startswith("#t1-quote-") for link in page.links)
    assert "".join(page.text.split()) == "".join(text.split())
