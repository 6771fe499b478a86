"""A chat model that is slow, breaks off, refuses, answers nonsense, or writes what is false."""

import os
import random
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import corpus
from ledger import Ledger, Row

from assistant import Answer, Assistant, Stated
from assistant.model_types import ModelOptions
from index import Index, build, canonical_text
from index.errors import ModelError, VerbatimError

DOCUMENTS, TRIALS, SHORT = 24, 400, 40
MOST_SECONDS = 20
"""For one question, with all tries of a call: the model may be silent for `TIMEOUT` in each."""
TIMEOUT = 0.6
NUMBER = re.compile(r"\d{4,}")
LINE = re.compile(r"^\[(\d+\.\d+)\] (.*)$", re.M)
HOWS = ("closed", "reset", "quietly", "error")
Reply = Callable[[random.Random, str, str, str], object]
"""A turn of the server, from chance, a true sentence, its id and the prompt."""


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Ask again and again; the model does something else each time."""
    sys.path.append(str(Path(__file__).parents[2] / "tests"))
    from model_servers import ScriptedServer  # the one that the tests run

    docs, place = work / "docs", work / "index"
    files = [corpus.write(docs, number, 0) for number in range(DOCUMENTS)]
    known = {found for file in files for found in NUMBER.findall(file.read_text("utf-8"))}
    build([docs], place, embedding_model=corpus.embedder())
    os.environ["OPENAI_API_KEY"] = "none"
    replies = _replies()
    script: list[tuple[Reply, random.Random, int]] = []

    def turn(body: Mapping[str, Any]) -> object:
        reply, chance, number = script[-1]
        prompt = body["messages"][-1]["content"]
        for name, text in LINE.findall(prompt):
            if corpus.name_of(number) in text and "meters above" in text:
                return reply(chance, text, name, prompt)
        return reply(chance, "Nothing is known.", "1.1", prompt)

    with ScriptedServer(turn) as server, Index.open(place, corpus.embedder()) as index:
        options = ModelOptions(base_url=server.base_url, timeout=TIMEOUT, retries=1)
        with Assistant.open(index, "openai:scripted", options=options) as desk:
            for trial in range(ledger.count("chat model"), SHORT if short else TRIALS):
                chance = random.Random(seed * 100_003 + trial)
                fault = list(replies)[trial % len(replies)]
                script.append((replies[fault], chance, chance.randrange(DOCUMENTS)))
                found, is_well = _asked(desk, script[-1][2], known)
                script.append((replies["none"], chance, script[-1][2]))
                after, is_after = _asked(desk, script[-1][2], known)
                if not after.startswith("answered"):
                    found, is_well = f"{found}; and then, with a model that is well, {after}", False
                ledger.add(Row("chat model", f"{fault} #{trial}", found, is_well and is_after))


def _asked(desk: Assistant, number: int, known: set[str]) -> tuple[str, bool]:
    """How a question ends, and whether nothing is wrong with what was stated."""
    started = time.monotonic()
    answer: Answer | None = None
    stated = []
    try:
        for event in desk.stream(corpus.question(number)):
            if isinstance(event, Stated):
                stated.append(event.statement.text)
            elif isinstance(event, Answer):
                answer = event
    except ModelError as error:
        found = f"refused: {type(error).__name__}"
    except VerbatimError as error:
        return f"another error: {type(error).__name__}: {error}", False
    else:
        found = f"{answer.status} ({answer.model})" if answer is not None else "no answer"
    if time.monotonic() - started > MOST_SECONDS:
        return f"{found} after {time.monotonic() - started:.0f} s", False
    for text in [*stated, answer.text if answer is not None and answer.statements else ""]:
        if false := set(NUMBER.findall(text)) - known:
            return f"{found}, and stated what no document says: {false}", False
    for citation in answer.citations if answer is not None else ():
        quote = citation.quote
        if canonical_text(citation.document.source)[quote.start : quote.end] != quote.text:
            return f"{found}, with a quote that is no slice of its file", False
    return found, answer is not None or not found.startswith("no answer")


def _replies() -> Mapping[str, Reply]:
    from model_servers import CutOff, Empty, Garbage, Hangs, Says, Status

    def false(chance: random.Random, text: str) -> str:
        return re.sub(r"\d+(?= meters)", str(chance.randrange(2_000, 9_000)), text)

    def letters(chance: random.Random) -> str:
        kinds = (range(32, 127), range(160, 0xD7FF))
        return "".join(chr(chance.choice(chance.choice(kinds))) for _ in range(200))

    def says(reply: str, chance: random.Random, finish: str = "stop") -> object:
        return Says(reply, chunk=chance.randint(1, 30), finish=finish)

    def cut(chance: random.Random, text: str) -> str:
        return text[: chance.randrange(1, len(text) + 1)]

    wait = TIMEOUT / 2
    kinds = ("text/event-stream", "application/json")
    codes = (400, 401, 403, 404, 429, 500, 502, 503)
    return {
        "none": lambda c, t, n, p: says(f"{t} [{n}]", c),
        "slow": lambda c, t, n, p: Says(f"{t} [{n}]", 8, 0.01, wait),
        "silent": lambda c, t, n, p: Hangs(10, before=c.choice(["", cut(c, t)])),
        "breaks off": lambda c, t, n, p: CutOff(t, c.randrange(len(t)), c.choice(HOWS)),
        "refuses": lambda c, t, n, p: Status(c.choice(codes)),
        "no reply": lambda c, t, n, p: Garbage(c.randbytes(c.randint(0, 300)), c.choice(kinds)),
        "no text": lambda c, t, n, p: Empty(),
        "another number": lambda c, t, n, p: says(f"{false(c, t)} [{n}]", c),
        "a quote retyped": lambda c, t, n, p: says(f'It says: "{false(c, t)}" [{n}]', c),
        "an id that is not there": lambda c, t, n, p: says(f"{false(c, t)} [99.9]", c),
        "no id": lambda c, t, n, p: says(false(c, t), c),
        "a part of the prompt": lambda c, t, n, p: says(p[c.randrange(len(p)) :][:400], c),
        "letters by chance": lambda c, t, n, p: says(letters(c), c),
        "at its length's end": lambda c, t, n, p: says(cut(c, f"{t} [{n}]"), c, "length"),
    }
