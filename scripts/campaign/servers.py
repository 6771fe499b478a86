"""A Chroma server that is killed in the middle of questions, and comes back."""

import sys
import threading
import time
from pathlib import Path

import corpus
from ledger import Ledger, Row

from assistant import Assistant
from index import Index, build
from index.chroma_address import ChromaAddress
from index.errors import IndexUnreachableError, VerbatimError
from index.layout import Layout

ROUNDS = 5


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Kill the server at different moments of a question."""
    del seed
    rounds = 1 if short else ROUNDS
    if ledger.count("Chroma server") >= rounds:
        return
    sys.path.append(str(Path(__file__).parents[2] / "tests"))
    from data_servers.chroma import ChromaServer  # the one that the tests run

    docs = work / "docs"
    for number in range(10):
        corpus.write(docs, number, 0)
    server = ChromaServer(work / "server")
    server.start()
    try:
        place = ChromaAddress(server.url)
        layout = Layout(work / "index", None, place)
        build([docs], layout, embedding_model=corpus.embedder())
        for number in range(ledger.count("Chroma server"), rounds):
            ledger.add(_gone(server, layout, 0.002 * 5**number))
    finally:
        server.stop()


def _gone(server: "object", layout: Layout, delay: float) -> Row:
    from typing import Any

    running: Any = server
    ends: list[str] = []

    def ask() -> None:
        with Index.open(layout, corpus.embedder()) as index, Assistant.open(index) as desk:
            for number in range(200):
                try:
                    desk.answer(corpus.question(number % 10))
                except VerbatimError as error:
                    is_named = isinstance(error, IndexUnreachableError)
                    ends.append("refused, the server is named" if is_named else f"{error}")
                    return
            ends.append("never noticed")

    asker = threading.Thread(target=ask)
    asker.start()
    time.sleep(1 + delay)
    running.kill()
    asker.join(90)
    is_slow = asker.is_alive()
    running.start()
    with Index.open(layout, corpus.embedder()) as index, Assistant.open(index) as desk:
        is_back = desk.answer(corpus.question(3)).status == "answered"
    found = f"{ends[0] if ends else 'hung'}, and answers again when it is back: {is_back}"
    return Row(
        "Chroma server",
        "killed while it answers",
        found,
        is_back and not is_slow and "named" in found,
    )
