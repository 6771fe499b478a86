"""Quotes are slices of their sources, whatever the sources hold."""

import re
from dataclasses import replace
from hashlib import sha256
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Answer, DocumentInfo, GroundingError, Quote, Statement
from assistant.grounding import checked, cite, marked, support
from assistant.wording import shown, statement_text
from index import Document, canonical_text
from index.types import Place

FRAGMENTS = (
    "e\u0301",
    "\u0130stanbul",
    "👨\u200d👩\u200d👧",
    "🏴\U000e0067\U000e0062\U000e007f",
    "co\u00adoperate",
    "\r\n",
    "\r",
    "\r\n\r\n",
    "[\\[1\\]](#)",
    "[7]",
    "[^3]",
    "[1]",
    "\u200b",
    "\ufeff",
    "“ja”",
    "ﬁne",
    "ǅ",
    "ß",
    "\u2028",
    "\x85",
    "{question}",
    "مرحبا",
    "日本。",
    " ",
    "Then it rained. ",
)
CHARACTERS = st.characters(exclude_categories=("Cs",))
READABLE = st.characters(exclude_categories=("Cs", "Cc"))


def texts_of(characters):
    parts = st.sampled_from(FRAGMENTS) | st.text(characters, max_size=5)
    return st.lists(parts, min_size=1, max_size=40).map("".join)


SENTENCE = "The ferry to Alsen carries 240 cars on every crossing."


def info_of(text):
    digest = sha256(text.encode()).hexdigest()
    return DocumentInfo(digest[:16], "T", ("Ann",), None, None, "t.md", digest)


def answer_of(text, *spans):
    document = info_of(text)
    citations = tuple(
        cite(number, Document(document, text, ()), start, end, f"{document.id}:0-{len(text)}")
        for number, (start, end) in enumerate(spans, start=1)
    )
    statements = tuple(
        Statement(statement_text(c, None), (c.number,), support(c.quote.text, [c]))
        for c in citations
    )
    return Answer(
        "?", "\n\n".join(map(marked, statements)), "answered", None, statements, citations
    )


@st.composite
def texts_with_spans(draw):
    text = draw(texts_of(CHARACTERS))
    start = draw(st.integers(0, len(text) - 1)) if text else 0
    return text, start, draw(st.integers(start + 1, len(text))) if text else 0


@given(texts_with_spans())
def test_a_quote_is_the_slice(case):
    text, start, end = case
    if not text:
        return
    answer = answer_of(text, (start, end))
    quote = answer.citations[0].quote
    assert checked(answer, {info_of(text).id: text}) is answer
    assert text[quote.start : quote.end] == quote.text
    assert f"{quote.prefix}{quote.text}{quote.suffix}" in text
    assert 0 <= answer.statements[0].support <= 1


@given(texts_with_spans(), st.integers(-3, 3), st.text(min_size=1, max_size=2))
def test_a_changed_quote_is_stopped(case, shift, insertion):
    text, start, end = case
    if not text:
        return
    answer, texts = answer_of(text, (start, end)), {info_of(text).id: text}
    quote = answer.citations[0].quote
    changes = [
        replace(quote, text=quote.text[:-1] + ("x" if quote.text[-1] != "x" else "y")),
        replace(quote, text=quote.text + insertion, end=quote.end + len(insertion)),
        replace(quote, prefix=quote.prefix + insertion),
        replace(quote, suffix=insertion + quote.suffix),
    ]
    if shift and start + shift >= 0:
        changes.append(replace(quote, start=quote.start + shift, end=quote.end + shift))
    for changed in changes:
        citation = replace(answer.citations[0], quote=changed)
        is_slice = Quote.slice(text + " " * 9, changed.start, changed.end).text == changed.text
        is_around = text.endswith(changed.prefix, 0, changed.start) and text.startswith(
            changed.suffix, changed.end
        )
        if is_slice and is_around and changed.end <= len(text):
            continue  # the text happens to hold the same there
        with pytest.raises(GroundingError):
            checked(replace(answer, citations=(citation,)), texts)


@given(texts_with_spans())
def test_a_changed_text_is_stopped(case):
    text, start, end = case
    if not text:
        return
    answer = answer_of(text, (start, end))
    for found in (text + "x", text[:-1], "", text.swapcase() + "x"):
        with pytest.raises(GroundingError):
            checked(answer, {info_of(text).id: found})
    with pytest.raises(GroundingError):
        checked(answer, {})


@given(texts_with_spans())
def test_what_is_shown_can_be_taken_for_nothing_else(case):
    words = shown(case[0])
    assert words == " ".join(words.split())
    assert not {"\x1b", "\u202e", "\n"} & set(words)
    depths = list(accumulate((c == "“") - (c == "”") for c in words))
    assert min(depths, default=0) >= 0
    assert depths[-1:] in ([], [0])
    assert not re.search(r"\[\d+\]", words)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2), (0, 99)])
def test_a_span_outside_its_text_is_stopped(start, end):
    with pytest.raises(GroundingError, match="must lie within 0-11"):
        cite(1, Document(info_of("Only this. "), "Only this. ", ()), start, end, "p")


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts_of(READABLE), texts_of(READABLE))
def test_every_citation_of_a_real_answer_is_exact(ask, before, after):
    text = f"# Ferries\r\n\r\n{SENTENCE} {before}\r\n\r\n{after}\r\n\r\n{SENTENCE}\n"
    answer = ask(text, "How many cars does the ferry to Alsen carry?")
    assert answer.citations
    for citation in answer.citations:
        quote, canonical = citation.quote, canonical_text(citation.document.source)
        assert canonical[quote.start : quote.end] == quote.text
        assert "\r" not in canonical


def test_hard_texts_are_answered_and_exact(ask):
    title = "# \u0130 e\u0301 👨\u200d👩\u200d👧\r\n\r\n"
    text = f"{title}\u200b[1] co\u00adop.[7] {SENTENCE} Fin.[^3]\r\n"
    answer = ask(text, "How many cars does the ferry to Alsen carry?")
    (citation,) = answer.citations
    canonical = canonical_text(citation.document.source)
    assert SENTENCE in citation.quote.text
    assert canonical[citation.quote.start : citation.quote.end] == citation.quote.text


def test_a_citation_names_its_page():
    text = f"{SENTENCE} {SENTENCE}"
    places = (Place(0, "page", "1"), Place(len(SENTENCE) + 1, "page", "2"))
    document = Document(info_of(text), text, (), places=places)
    spans = ((0, len(SENTENCE)), (len(SENTENCE) + 1, len(text)), (4, len(text)))
    found = [cite(1, document, start, end, "p").place for start, end in spans]
    assert found == ["page 1", "page 2", "pages 1–2"]
