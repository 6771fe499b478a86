"""Texts, answers and a desk made by hand for the tests of the page."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256

from assistant.types import (
    Answer,
    Citation,
    DocumentInfo,
    Event,
    Filter,
    Hit,
    Quote,
    Retrieved,
    Stated,
    Statement,
    Token,
)
from assistant.web.turns import Turn
from index.errors import FilterError, ModelError
from index.types import Document, Passage

MODEL = "openai:scripted"
FIRST = Stated(Statement("It was sold.", (1,), 0.9), ())
HOSTILE = (
    "<script>window.hacked = 1</script> ![x](http://evil.example/x.png) "
    '<img src="http://evil.example/y.png" onerror="window.hacked = 2"> '
    "[click](javascript:window.hacked=3) הטקסט הזה נכתב מימין לשמאל."
)
TEXT = (
    "Who armed Armenia?\n\nBetween 2011 and 2020, Russia supplied 94 percent of Armenia's arms. "
    "The deliveries included missiles and aircraft, and they slowed after the war of 2020. "
    'By 2023 Yerevan had begun to buy from India [2] and France. "We cannot rely on one partner," '
    f"said the prime minister.\n\nMarginal note: {HOSTILE} Here the document ends, after some more "
    "words that nobody quotes, so that the quote before has a full context on either side."
)
SHARE = "Between 2011 and 2020, Russia supplied 94 percent of Armenia's arms."
BUYERS = "By 2023 Yerevan had begun to buy from India [2] and France."


def info(title="Who armed Armenia?", authors=("Anna Example",), published="2023-10-31"):
    digest = sha256(TEXT.encode()).hexdigest()
    return DocumentInfo(
        id=digest[:16],
        title=title,
        authors=authors,
        publisher="Example Institute" if title else None,
        published=published,
        source="documents/arms.md",
        sha256=digest,
    )


def hit(document=None):
    document = document or info()
    passage = Passage(document.id, 0, len(TEXT), TEXT, "body", None, ())
    return Hit(passage, document, score=0.5, rank=1)


def cite(number, part, document=None):
    document = document or info()
    start = TEXT.index(part)
    quote = Quote.slice(TEXT, start, start + len(part))
    return Citation(number, quote, document, f"{document.id}:0-{len(TEXT)}")


def answer_from(question, *parts):
    citations = tuple(cite(number, part) for number, part in enumerate(parts, start=1))
    lines = [f"Anna Example wrote: “{part}” [{n}]" for n, part in enumerate(parts, start=1)]
    return Answer(
        question,
        "\n\n".join(lines),
        "answered",
        statements=tuple(
            Statement(line.rpartition(" ")[0], (n,), 0.9) for n, line in enumerate(lines, start=1)
        ),
        citations=citations,
        timings={"total": 0.1},
    )


@dataclass
class HandDesk:
    """Answers by keyword, in real types; remembers the histories it was given."""

    histories: list = field(default_factory=list)
    model = "extractive"

    async def aanswer(self, question, history=None, where: Filter | None = None):
        self.histories.append(list(history or []))
        if "patiently" in question:
            await asyncio.sleep(3)
        if "model" in question:
            raise ModelError("The chat model did not answer. Start it, then ask again.")
        if "bug" in question:
            raise RuntimeError("a secret detail")
        if "weather" in question or (where and where.authors == ("Nobody",)):
            reason = "No passage speaks of the weather."
            return Answer(question, reason, "abstained", reason=reason, nearest=(hit(),))
        if "note" in question:
            return answer_from(question, HOSTILE)
        return answer_from(question, SHARE, BUYERS)

    async def astream(self, question, history=None, where=None) -> AsyncIterator[Event]:
        result = await self.aanswer(question, history, where)
        yield Retrieved(f"Alone: {question}" if history else question, (hit(),))
        pause = 1.0 if "very slowly" in question else 0.15 if "slowly" in question else 0.005
        for number, statement in enumerate(result.statements):
            before = "\n\n" if number else ""
            for word in re.findall(r"\s*\S+", f"{before}{statement.text} [{number + 1}]"):
                yield Token(word)
                await asyncio.sleep(pause)
            yield Stated(statement, result.citations[number : number + 1])
        yield result

    def search(self, query, k=8, where=None):
        return [hit()][:k]

    def documents(self):
        return [info()]

    def document(self, document_id):
        if document_id != info().id:
            raise FilterError(f"No document has the id {document_id!r}.")
        return Document(info(), TEXT, (info().source,))


@dataclass
class HeldDesk(HandDesk):
    """Answers nothing until it is let."""

    release: threading.Event = field(default_factory=threading.Event)

    async def aanswer(self, question, history=None, where: Filter | None = None):
        while not self.release.is_set():
            await asyncio.sleep(0.02)
        return await super().aanswer(question, history, where)


def run(coroutine):
    """What a coroutine returns; in a thread, since playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def in_loop(test):
    """Makes a test of an async function."""

    @wraps(test)
    def run_test():
        run(test())

    return run_test


def written(*events):
    """The turn after a model wrote."""
    turn = Turn("t1", "Why?", model=MODEL).after(Retrieved("Why?", ()))
    for event in events:
        turn = turn.after(event)
    return turn
