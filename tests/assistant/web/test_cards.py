import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Citation, Hit, Quote
from assistant.web.cards import excerpt, passage_card, quote_card
from assistant.web.transcript import turn_html
from assistant.web.turns import Turn
from index.types import DocumentInfo, Passage

CANONICAL = "Before it stands this. The quote itself. After it stands that."


def document(title="Title", authors=("Anna Example", "Boris Probe"), published="2023-10-31"):
    return DocumentInfo(
        "0" * 16, title, authors, "Institute", published, "C:\\docs\\file.txt", "0" * 64
    )


def citation(about=None):
    return Citation(3, Quote.slice(CANONICAL, 23, 40), about or document(), "p")


def plain(markup):
    return re.sub(r"<[^>]*>", "", markup)


def test_a_quote_card_says_where_the_quote_is_from():
    card = quote_card(citation(), "t1")
    assert 'id="t1-quote-3"' in card
    assert "<mark>The quote itself.</mark>" in card
    for part in ("Title", "Anna Example, Boris Probe", "October 31, 2023", "Institute", "file.txt"):
        assert part in plain(card)


def test_what_is_unknown_is_called_unknown():
    card = quote_card(citation(document(title=None, authors=(), published=None)), "t1")
    assert "author not stated · date not stated" in plain(card)
    assert "<time" not in card


def test_ellipses_only_where_text_was_left_out():
    assert "…" not in plain(quote_card(citation(), "t1"))
    text = "word " * 60
    middle = Citation(1, Quote.slice(text, 145, 149), document(), "p")
    assert plain(quote_card(middle, "t1")).count("…") == 2


def test_the_text_around_a_quote_is_of_its_paragraph():
    text = "---\nkey: value\n---\n\n## Heading\n\nBefore. Quoted. After.\n \n[^1]: A note."
    start = text.index("Quoted")
    card = quote_card(Citation(1, Quote.slice(text, start, start + 7), document(), "p"), "t1")
    assert "Before. Quoted. After." in plain(card)
    for other in ("key", "Heading", "note", "…"):
        assert other not in plain(card)


def test_a_nearest_passage_has_no_number_and_no_mark():
    passage = Passage("0" * 16, 0, len(CANONICAL), CANONICAL, "body", None, ())
    card = passage_card(Hit(passage, document(), 0.1, 1))
    assert "v-number" not in card
    assert "<mark>" not in card
    assert CANONICAL in plain(card)


def test_an_excerpt_ends_between_words():
    assert excerpt("short") == "short"
    assert excerpt("one two three", limit=9) == "one two …"


@given(st.text(min_size=1), st.text(), st.text())
def test_no_text_of_a_document_is_markup(quoted, title, author):
    quote = Quote(quoted, 0, len(quoted), title, author)
    about = document(title=title, authors=(author,))
    card = quote_card(Citation(1, quote, about, "p"), "t1")
    tags = set(re.findall(r"<(\w+)", card))
    assert tags <= {
        "li", "div", "a", "cite", "bdi", "span", "time", "blockquote", "mark", "button",
    }  # fmt: skip
    assert f"<mark>{escape(quoted)}</mark>" in card


def test_an_abstention_gives_its_reason_and_no_links():
    answer = Answer("Why?", "No.", "abstained", reason="Nothing about <that>.")
    page = turn_html(Turn("t1", "Why?").after(answer))
    assert "Nothing about &lt;that&gt;." in page
    assert "v-abstained" in page
    assert "v-error" not in page


def test_an_error_never_looks_like_an_abstention():
    page = turn_html(Turn("t1", "Why?", provisional="half an").failed("The model is <gone>."))
    assert 'role="alert"' in page
    assert "The model is &lt;gone&gt;." in page
    assert "v-abstained" not in page
    assert "half an" not in page


@pytest.mark.parametrize("question", ["<b>bold</b>", "a & b", '" onclick="x'])
def test_questions_are_escaped(question):
    page = turn_html(Turn("t1", question))
    assert f">{escape(question)}</h2>" in page
