"""No text keeps a regular expression busy, where texts come in: documents, questions, replies."""

import json
import time

import pytest
from pattern_scan import PUMPS, at_most

from assistant.instructions import instructed_spans
from assistant.redaction import redact
from assistant.replies.reader import ReplyReader
from index.loading import load

SIZE = 20_000
"""Characters of a document's one line; a reply has at most some thousand."""
REPLY = 4_000
SECONDS = 3.0
"""Most for one text; on an idle machine none takes a tenth of it."""
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
