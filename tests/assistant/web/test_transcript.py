"""What the page shows of an answer that a chat model writes."""

import re
from dataclasses import replace
from html import unescape

import pytest
from web_texts import FIRST, MODEL, SHARE, answer_from, cite, written

from assistant.details import Check, Details, Drafted
from assistant.types import Answer, Stated, Statement, Token, Withdrawn
from assistant.web.transcript import turn_html

HOSTILE = '<img src=x onerror="window.hacked = 9"> “We surrender,” [1] [x](http://evil.example)'
DETAILS = Details(
    MODEL,
    drafts=(
        Drafted("It was sold.", ("1.1",), "shown", (Check("ids", True, "borne out by 1.1"),)),
        Drafted(HOSTILE, ("9.9",), "dropped", (Check("ids", False, "there is no <9.9>"),)),
    ),
)


def part(page, name):
    """The first element of a class, as far as its own closing tag."""
    found = re.search(rf'<(\w+)[^>]* ?class="[^"]*\b{name}\b.*?</\1>', page, re.S)
    return found and found[0]


def plain(markup):
    return unescape(re.sub(r"<[^>]*>", "", markup or ""))


def answered(**options):
    made = answer_from("Why?", SHARE)
    values = {name: getattr(made, name) for name in ("text", "statements", "citations")}
    return written(Answer("Why?", status="answered", **values, **options))


@pytest.mark.parametrize("end", [Token(""), Withdrawn(HOSTILE, HOSTILE)])
def test_what_is_not_checked_is_neither_markup_nor_quote_nor_citation(end):
    page = turn_html(written(Token(HOSTILE), end))
    text = part(page, "v-text")
    assert "<img" not in page
    assert "<a " not in text
    assert "“" not in plain(part(text, "v-unchecked")) + plain(part(text, "del"))
    assert "We surrender, [1]" in plain(text)


def test_unchecked_text_says_that_it_is():
    page = turn_html(written(Token("It was sold.")))
    assert plain(part(page, "v-unchecked")) == "It was sold. being checked"
    assert "v-unchecked" not in turn_html(written(Token("\n\n")))


def test_a_statement_gets_its_links_while_the_next_is_written():
    stated = Stated(Statement(f"Anna wrote: “{SHARE}”", (1,), 0.9), (cite(1, SHARE),))
    again = Stated(Statement("So it was.", (1,), 0.9), (cite(1, SHARE),))
    page = turn_html(written(Token("x"), stated, again, Token("And then")))
    assert page.count('href="#t1-quote-1"') == 2
    assert page.count('id="t1-ref-1"') == 1
    assert f"<mark>{SHARE.replace(chr(39), '&#x27;')}</mark>" in page
    assert plain(part(page, "v-unchecked")).startswith("And then")


def test_what_is_withdrawn_is_struck_through_with_its_reason():
    page = turn_html(
        written(FIRST, Token("It flew."), Withdrawn("It flew.", "no quote says “flew”"))
    )
    assert "<del>It flew.</del>" in page
    assert "no quote says <i>flew</i>." in page
    assert plain(part(page, "v-why")) == "Withdrawn: no quote says flew."


def test_the_status_names_the_model_and_how_long_it_has_said_nothing():
    reading = written()
    assert "asking openai:scripted…" in plain(part(turn_html(reading), "v-status"))
    late = turn_html(reading.waited(3.2))
    assert '<span aria-hidden="true">3 s</span>' in late
    writing = turn_html(written(Token("It")))
    assert "Writing with openai:scripted…" in plain(part(writing, "v-status"))


def test_notes_stand_below_the_text():
    page = turn_html(answered(notes=("Made by <quoting> alone.",)))
    assert plain(part(page, "v-notes")) == "Made by <quoting> alone."
    assert "<quoting>" not in page


def test_each_sentence_is_listed_with_what_was_checked():
    page = turn_html(answered(details=DETAILS, dropped=1))
    checks = page[page.index("<details") :]
    assert "2 sentences · 1 left out" in plain(checks)
    assert "Shown It was sold." in plain(checks)
    assert "there is no <9.9>" in plain(checks)
    assert "<img" not in page
    dropped = re.search(r"<del>(.*?)</del>", checks)[1]
    assert "“" not in unescape(dropped)
    assert "not borne out" not in page[: page.index("<details")]


def test_of_checks_that_passed_the_names_are_enough():
    checks = (Check("numbers", False, "no quote says “7”"), Check("dates", True, "every date"))
    draft = Drafted("Seven.", ("1.1",), "dropped", (*checks, Check("roles", True, "as quoted")))
    page = plain(turn_html(answered(details=Details(MODEL, drafts=(draft,)))))
    assert "✗ numbers failed no quote says 7" in page
    assert "✓ passed dates, roles" in page
    assert "every date" not in page


def test_an_answer_without_a_model_lists_no_checks():
    assert "v-drafts" not in turn_html(answered())
    assert "<details" not in turn_html(answered(details=Details(MODEL, fallback="silent")))


def test_what_took_how_long_is_listed_in_order():
    page = turn_html(answered(timings={"total": 2.5, "retrieve": 0.012, "evidence": 0.0001}))
    times = plain(part(page, "v-times"))
    assert times == "Searching12 msIn all2.5 s"


def test_of_what_was_asked_is_said_and_inert():
    turn = replace(answered(), scope="2 documents · by <b>Cutler</b>", standalone="And then <i>?")
    asked = part(turn_html(turn), "v-asked")
    assert "<b>" not in asked
    assert "<i>" not in asked
    assert "Asked of 2 documents · by <b>Cutler</b>" in plain(asked)


@pytest.mark.parametrize(
    ("cost", "shown"),
    [(0.0, "$0.00"), (0.000042, "less than $0.0001"), (0.00123, "$0.0012"), (1234.5, "$1,234.50")],
)
def test_what_it_took_is_said(cost, shown):
    usage = {
        "calls": 2, "cached_calls": 1, "input_tokens": 1290, "output_tokens": 56,
        "total_tokens": 1346, "cost": cost,
    }  # fmt: skip
    page = turn_html(answered(usage=usage, timings={"total": 2.5}, model=MODEL))
    assert plain(part(page, "v-note")) == (
        "Answered by openai:scripted · 2.5 s · 2 model calls, 1 from the cache · "
        f"1,290 tokens in, 56 out · {shown}"
    )


def test_whatever_became_of_a_question_it_can_be_asked_again():
    running = written(Token("It was sold."))
    lapsed = replace(running, phase="done", provisional="", lapsed=(Withdrawn("Sold.", "gone"),))
    for ended in (lapsed, running.stopped(), running.failed("The model is not there.")):
        actions = part(turn_html(ended), "v-actions")
        assert plain(actions) == "Ask againEdit question"
    assert plain(part(turn_html(running), "v-actions")) == ""
