"""No text keeps a regular expression busy, where texts come in: documents, questions, replies."""

import json
import time

import pytest
from pattern_scan import PUMPS, at_most, growing, patterns, seconds_for
from pattern_scan import pumped as repeated

from assistant.instructions import instructed_spans
from assistant.redaction import redact
from assistant.replies.reader import ReplyReader
from index.loading import load

SIZE = 20_000
"""Characters of a document's one line; a reply has at most some thousand."""
REPLY = 4_000
SECONDS = 3.0
"""Most for one text; on an idle machine none takes a tenth of it."""
SHORTLY = 1.0
"""For one of a bounded length; on an idle machine none takes a third of it."""
MAIL = "From: a@b.example\nSubject: {}\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\nHello.\n{}"
PAGE = "<html><head><title>{}</title></head><body><p>Some text that is read. {}</p></body></html>"
FORMS = {
    "txt": lambda text: text,
    "md": lambda text: f"# Title\n\n{text}\n\nThe end.",
    "html": lambda text: PAGE.format(text, text),
    "eml": lambda text: MAIL.format(text[:900].replace("\n", " "), text),
    "csv": lambda text: f"title,text\n{json.dumps(text)},b\nc,d\n",
    "json": lambda text: json.dumps({"title": text, "author": text, "date": text, "text": text}),
}

SHORT = {
    "assistant.about.": 4_000,
    "assistant.claims._UNSTATED": 2_000,
    "assistant.contextualize.": 4_000,
    "assistant.reported._ANYONE": 1_000,
    "index.bylines._QUOTED_TITLE": 1_000,
    "index.lines._SEGMENTS": 160,
    "index.loaders.html.fields._SEPARATOR": 500,
    "index.loaders.office.cell_values._TOKEN": 255,
    "index.loaders.pdf.furniture._PAGE_NUMBER": 200,
}
"""Expressions that are quadratic, by the beginning of their names, and how many characters they
are given at most: questions have 4,000, passages less."""
REPLIES = ("assistant.checking.", "assistant.replies.")
"""Given parts of a reply, of 2,000 characters: `test_replies` tries them together."""
FULL = ("index.loaders.pdf.information._JUNK",)
"""Expressions given to a function that calls `fullmatch`, which the scan does not see."""


def pumped(pump, size):
    return (pump * (size // len(pump) + 1))[:size]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_documents(form):
    with at_most(SECONDS * len(PUMPS)):
        for pump in PUMPS:
            began = time.thread_time()
            load(FORMS[form](f"By {pumped(pump, SIZE)}!").encode(), f"a.{form}")
            assert time.thread_time() - began < SECONDS, pump


@pytest.mark.parametrize("read", [instructed_spans, redact])
def test_texts(read):
    for pump in PUMPS:
        began = time.thread_time()
        read(f"{pumped(pump, SIZE)}!")
        assert time.thread_time() - began < SECONDS, pump


def test_replies():
    for pump in PUMPS:
        began = time.thread_time()
        reader = ReplyReader("Why?")
        reader.feed(pumped(pump, REPLY))
        reader.close()
        assert time.thread_time() - began < SECONDS, pump


@pytest.mark.slow
def test_expressions_by_themselves():
    """Each takes time that grows as its text does, or is given short texts alone."""
    found = patterns()
    for name in (*SHORT, *FULL):
        assert any(place.startswith(name) for place in found), f"take {name} off the list"
    bad = []
    for place, (pattern, ways) in found.items():
        if place.startswith(REPLIES):
            continue
        grows = growing(pattern, {"fullmatch"} if place in FULL else ways)
        if grows is None:
            continue
        most = next((most for name, most in SHORT.items() if place.startswith(name)), None)
        if most is None or seconds_for(pattern, ways, repeated(*grows, most, pattern)) > SHORTLY:
            bad.append((place, grows))
    assert not bad
