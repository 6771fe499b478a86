"""A desk made by hand, a server that really runs, and a browser that really opens its page."""

import asyncio
import queue
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

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
from index.errors import ModelError
from index.types import Passage

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

    def answer(self, question, history=None, where: Filter | None = None):
        self.histories.append(list(history or []))
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

    def stream(self, question, history=None, where=None) -> Iterator[Event]:
        result = self.answer(question, history, where)
        yield Retrieved(f"Alone: {question}" if history else question, (hit(),))
        pause = 0.15 if "slowly" in question else 0.005
        for number, statement in enumerate(result.statements):
            before = "\n\n" if number else ""
            for word in re.findall(r"\s*\S+", f"{before}{statement.text} [{number + 1}]"):
                yield Token(word)
                time.sleep(pause)
            yield Stated(statement, result.citations[number : number + 1])
        yield result

    def search(self, query, k=8, where=None):
        return [hit()][:k]

    def documents(self):
        return [info()]


EXAMPLES = ("Who supplied most of the arms?", "What will the weather be?")


@dataclass(frozen=True)
class Site:
    url: str
    desk: HandDesk
    reports: Path | None = None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def serving():
    """Starts servers, each in a thread, and ends them with the session."""
    from assistant.web.asgi import run
    from assistant.web.server import ENVIRONMENT

    environment = pytest.MonkeyPatch()
    for name, value in ENVIRONMENT.items():
        environment.setenv(name, value)
    threads, started = [], queue.SimpleQueue()
    servers = []

    def start(desk, examples, reports=None):
        port = free_port()
        job = run(desk, examples, "127.0.0.1", port, started.put, reports)
        threads.append(threading.Thread(target=asyncio.run, args=(job,), daemon=True))
        threads[-1].start()
        servers.append(started.get(timeout=60))
        return f"http://127.0.0.1:{port}"

    yield start
    for server, thread in zip(servers, threads, strict=True):
        server.should_exit = True
        thread.join(15)
    environment.undo()


@pytest.fixture(scope="session")
def site(serving):
    desk = HandDesk()
    return Site(serving(desk, EXAMPLES), desk)


@pytest.fixture(scope="module")
def reports_site(serving, tmp_path_factory):
    """A site with an Evaluation tab; the folder of its reports is not there yet."""
    desk, reports = HandDesk(), tmp_path_factory.mktemp("site") / "reports"
    return Site(serving(desk, EXAMPLES, reports), desk, reports)


@pytest.fixture
def open_page(chromium):
    """Opens pages; at the end none, nor one they opened, may have had an error or spoken to
    another server."""
    contexts, faults = [], []

    def open_at(url, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        contexts.append(context)
        context.on("console", lambda line: line.type == "error" and faults.append(line.text))
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("request", lambda request: faults.extend(foreign(request.url, url)))
        page = context.new_page()
        page.goto(url)
        page.get_by_role("textbox", name="Question").wait_for()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


def foreign(address, url):
    own = address == url or address.startswith((url + "/", "data:", "blob:"))
    return [] if own else [f"request to {address}"]
