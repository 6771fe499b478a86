"""Answers on a terminal: readable at any width, and unable to steer it."""

import pytest

from assistant import Answer, Citation, DocumentInfo, Hit, Quote, Statement
from assistant.terminal import inert, render_answer, render_documents
from index import Passage

EVIL = "red \x1b[31m\x07 \x9b2J over\u202eridden \u2066isolated\u2069 \r gone"
TEXT = f"It begins here. The kiln burns {EVIL} at 1100 degrees, they say. It ends here."
DOCUMENT = DocumentInfo(
    *("d" * 16, f"Title {EVIL}\nsecond", (f"Ann {EVIL}",), None, None),
    *(f"documents/{EVIL}.md", "e" * 64),
)
HIT = Hit(Passage(DOCUMENT.id, 0, len(TEXT), TEXT, "body", None, ()), DOCUMENT, 0.5, 1)


QUOTED = (TEXT.index("The kiln"), TEXT.index(" It ends"))


def answer(span=QUOTED):
    quote = Quote.slice(TEXT, *span)
    statement = Statement(f"Ann says: “{quote.text}”", (1,), 1.0)
    citation = Citation(1, quote, DOCUMENT, f"{DOCUMENT.id}:0-{len(TEXT)}")
    return Answer(
        *("?", f"{statement.text} [1]", "answered", None, (statement,), (citation,)), dropped=2
    )


def abstention():
    return Answer("?", f"No {EVIL}.", "abstained", reason="No.", nearest=(HIT,))


def assert_inert(text):
    assert not set("\x1b\x07\x9b\u202e\u2066\u2069\r") & set(text)


@pytest.mark.parametrize("make", [answer, abstention])
def test_text_cannot_steer_the_terminal(make):
    plain = render_answer(make())
    assert_inert(plain)
    colored = render_answer(make(), color=True)
    for code in ("\x1b[1m", "\x1b[2m", "\x1b[0m"):
        colored = colored.replace(code, "")
    assert colored == plain


def test_a_document_is_one_line():
    text = render_documents([DOCUMENT, DOCUMENT])
    assert_inert(text)
    assert text.count("\n") == 2
    assert "undated" in text
    assert render_documents([]) == ""


@pytest.mark.parametrize("columns", [10, 30, 60, 200])
@pytest.mark.parametrize("make", [answer, abstention])
def test_lines_fit_the_terminal(monkeypatch, columns, make):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = render_answer(make()).splitlines()
    places = [line for line in lines if "characters" in line]
    assert len(places) == 1
    assert max(len(line) for line in lines if line not in places) <= min(max(columns, 24), 96)


def test_a_quote_stands_in_its_surroundings():
    text = " ".join(render_answer(answer()).split())
    assert "…It begins here. »The kiln burns red" in text
    assert "they say.« It ends here.…" in text
    assert "Left out because they failed a check: 2" in text
    whole = " ".join(render_answer(answer((0, len(TEXT)))).split())
    assert "»It begins here." in whole
    assert "It ends here.«" in whole
    assert "…" not in whole


@pytest.mark.parametrize("text", ["👨\u200d👩\u200d👧", "نمی\u200cخواهم", "a\tb\nc", "é İ 日本"])
def test_scripts_and_emoji_stay(text):
    assert inert(text) == text
