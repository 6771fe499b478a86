"""Answers on a terminal: readable at any width, and unable to steer it."""

from dataclasses import replace

import pytest

from assistant import Answer, Citation, DocumentInfo, Hit, Quote, Statement
from assistant.steps import told
from assistant.terminal import inert, render_answer, render_documents, render_stream, usage_line
from assistant.types import Stated, Token, Withdrawn
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


def printed(events, **options):
    return "".join(f"{part.rstrip()}\n" for part in render_stream(events, **options))


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("make", [answer, abstention])
def test_a_stream_comes_to_the_same_as_the_answer(make, color):
    whole = make()
    streamed = printed([*told(whole), whole], color=color)
    assert streamed.rstrip() == render_answer(whole, color=color).rstrip()


def test_statements_are_shown_once_they_passed_and_nothing_else():
    whole = answer()
    (statement,) = whole.statements
    withdrawn = [Token("It burns at 900 degrees."), Withdrawn("It burns at 900 degrees.", "900")]
    parts = render_stream([*withdrawn, Token("Ann "), Stated(statement, whole.citations), whole])
    first, rest = parts
    assert first.endswith("[1]")
    assert "900" not in first + rest
    assert rest.startswith("\nLeft out")


def test_an_answer_that_replaces_what_was_shown_says_so():
    whole = answer()
    (statement,) = whole.statements
    events = [Stated(replace(statement, text="Ann says more."), whole.citations), whole]
    text = printed(events)
    assert text.startswith(
        "Ann says more. [1]\n\nThis answer replaces the text above:\n\nAnn says:"
    )
    assert text.rstrip().endswith(render_answer(whole).rstrip())


def test_notes_and_usage_stand_beside_the_answer():
    notes = ("2 statements of the model were left out: \x1b[31m.", "Its text broke off.")
    usage = {"input_tokens": 1204, "output_tokens": 87, "calls": 1, "cached_calls": 0}
    whole = replace(answer(), notes=notes, usage=usage, model="openai:small")
    text = render_answer(whole)
    assert_inert(text)
    after = text.split("\n\n")[1:]
    assert after[:3] == ["2 statements of the model were left out: [31m.", notes[1], "Sources"]
    assert after[-1] == "openai:small: 1,204 tokens in, 87 out\n"
    assert "Left out because" not in text
    assert f"\x1b[2m{notes[1]}\x1b[0m" in render_answer(whole, color=True)
    assert f"*{notes[1]}*\n\n---" in whole.to_markdown()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ""),
        ({"cost": None}, ""),
        ({"cost": 0.0021}, ", $0.0021"),
        ({"cost": 0.00003}, ", $0.00003"),
        ({"cost": 12.5}, ", $12.5"),
        ({"cost": 10.0}, ", $10"),
        ({"cost": 0.0}, ", $0"),
        ({"calls": 2, "cached_calls": 1}, ", 1 of 2 replies from the cache"),
    ],
)
def test_usage(more, expected):
    usage = {"input_tokens": 1000, "output_tokens": 7, "calls": 1, **more}
    assert usage_line(usage) == f"1,000 tokens in, 7 out{expected}"


def test_a_quote_names_its_page():
    made = answer()
    (citation,) = made.citations
    paged = replace(made, citations=(replace(citation, place=f"page {EVIL}"),))
    text = render_answer(paged)
    assert_inert(text)
    assert "page red" in text
    assert ", characters" in text.partition("page red")[2]
