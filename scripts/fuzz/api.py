"""Fuzz the HTTP API of a server that really runs, as schemathesis does: see docs/fuzzing.md.

The description of the API is made for this run alone, from the application's own routes; the server
publishes none. Every path is asked with its own method and others, with right, changed and made-up
parameters and bodies, with sign-in off and on. No answer may be a 5xx but a busy one that says so,
every refusal is JSON with a sentence, and nothing hangs.

python scripts/fuzz/api.py --requests 5000 --seed 1
"""

import argparse
import json
import os
import re
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

PATIENCE = 30.0
"""Seconds without an answer after which a request is taken to hang."""
PASSWORD = "correct horse battery"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_BUSY = (503, 507)
"""Statuses of a refusal for now: there, too, a sentence says what to do."""


@dataclass(frozen=True)
class Operation:
    """A path of the API, with a method it takes and a body that is right for it."""

    method: str
    path: str
    body: Any = None


def operations_of(app: Any, saved: Mapping[str, Any], document: str) -> list[Operation]:  # noqa: ANN401
    """What there is to be asked: the routes of the application, and those of Gradio that are kept.

    Args:
        app: the application.
        saved: a turn as it is kept, whose quotes stand in a document.
        document: the id of a document.
    """
    from fastapi.openapi.utils import get_openapi

    described = get_openapi(title="Verbatim", version="1", routes=app.routes)["paths"]
    found = [(method.upper(), path) for path, methods in described.items() for method in methods]
    found += [("POST", "/v1/chat/completions"), ("GET", "/reports/a.html"), ("POST", "/mcp")]
    bodies = _bodies(saved, document)
    made = [Operation(method, path, bodies.get(path)) for method, path in found]
    return [*made, *_gradio()]


def _gradio() -> Iterator[Operation]:
    questions = (
        ["When?"],
        ["When?", [["a", "b"]], {"authors": ["Ann Lee"]}, None],
        ["Who?", 3, None],
        [],
    )
    for index in (0, 1, 2, 3, 5, 99):
        for data in questions:
            event = {"data": data, "fn_index": index, "session_hash": "s", "event_data": None}
            yield Operation("POST", "/gradio_api/queue/join", event)
    yield Operation(
        "POST", "/gradio_api/cancel", {"session_hash": "s", "fn_index": 1, "event_id": "e"}
    )
    yield Operation("POST", "/gradio_api/reset", {"event_id": "e"})
    for path in (
        "/",
        "/config",
        "/gradio_api/info",
        "/theme.css",
        "/favicon.ico",
        "/gradio_api/file=/etc/passwd",
    ):
        yield Operation("GET", path)


def _bodies(saved: Mapping[str, Any], document: str) -> dict[str, Any]:
    where = {"where": {"authors": ["Ann Lee"], "after": "2020"}}
    quoted = saved["answer"]["citations"][0]["quote"]
    turn = {"id": "t1", "question": "When?", "answer": "In 1954.", "saved": saved}
    call = {"name": "search", "arguments": {"query": "ferry", "k": 3}}
    return {
        "/v1/chat/completions": {
            "model": "verbatim",
            "messages": [{"role": "user", "content": "When was the ferry built?"}],
            "stream": False,
            "verbatim": where,
        },
        "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        "/app/choices/matching": where,
        "/app/choices/standing": where,
        "/app/conversations/{conversation}": {"title": "A", "turns": [turn], "drop": []},
        "/app/conversations/{conversation}/title": {"title": "Another"},
        "/app/keep/export": {"form": "bundle", "turns": [saved]},
        "/app/keep/feedback/{feedback_id}": {"verdict": "up", "comment": "Good.", "turn": saved},
        "/app/library/stop": {"job": "j"},
        "/app/library/index": {"files": ["t"]},
        "/app/library/documents/{document_id}": {"title": "Ferry", "authors": ["Ann Lee"]},
        "/app/library/undo": {"token": "t"},
        "/app/library/reindex": {"documents": [document]},
        "/app/library/files": "The quay is old.",
        "/app/evaluation/run": {
            "dataset": "none",
            "model": "extractive",
            "cases": 1,
            "documents": "dataset",
        },
        "/app/evaluation/resume": {"id": "r"},
        "/app/source/pages": {"document": document, "spans": [[0, 4]]},
        "/app/source/quote": {"document": document, "number": 1, **quoted},
        "/signin": "name=anna&password=wrong&next=/",
    }


class Requests:
    """Makes requests out of operations, the same for the same seed."""

    def __init__(
        self, operations: list[Operation], document: str, headers: Mapping[str, str]
    ) -> None:
        self._operations = operations
        self._document = document
        self._headers = dict(headers)

    def make(self, random: Random) -> dict[str, Any]:
        """A request as `httpx.Client.request` takes it."""
        from scripts.fuzz.texts import word

        operation = random.choice(self._operations)
        method = operation.method if random.random() < 0.9 else random.choice(_METHODS)
        path = re.sub(
            r"\{[^}]*\}", lambda match: quote(self._part(random), safe=""), operation.path
        )
        if random.random() < 0.4:
            path += "?" + "&".join(self._pair(random) for _ in range(random.randint(1, 3)))
        if random.random() < 0.03:
            path = "/" + quote(word(random), safe="/%?&=")
        headers = {**self._headers, "X-Verbatim": "1"} if random.random() < 0.95 else {}
        content = (
            self._content(random, operation.body, headers)
            if method not in ("GET", "HEAD")
            else None
        )
        return {"method": method, "url": path, "headers": headers, "content": content}

    def _part(self, random: Random) -> str:
        from scripts.fuzz.texts import word

        usual = (self._document, "c1", "0123456789abcdef" * 2, "0", "3", "verbatim")
        odd = ("..", "../../etc/passwd", "-1", "9" * 40, "%00", "1e9", "a" * 3_000, "NaN")
        return random.choice((*usual, *usual, *odd, word(random))) or "x"

    def _pair(self, random: Random) -> str:
        from scripts.fuzz.texts import word

        names = (
            "at",
            "words",
            "search",
            "state",
            "sort",
            "down",
            "page",
            "name",
            "path",
            "a",
            "b",
            "width",
        )
        values = (
            "0",
            "1",
            "-1",
            "title",
            "true",
            "9" * 30,
            "../a.md",
            "a.txt",
            "changed",
            "1" * 5_000,
            "%ff",
        )
        name = random.choice((*names, "session_hash", "next", "everywhere"))
        return f"{name}={random.choice(values) if random.random() < 0.7 else quote(word(random))}"

    def _content(self, random: Random, body: Any, headers: dict[str, str]) -> bytes:  # noqa: ANN401
        from scripts.fuzz.changes import changed_bytes, changed_value, value

        if isinstance(body, str):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return changed_bytes(random, body.encode())
        headers["Content-Type"] = random.choice(
            ("application/json",) * 6 + ("text/plain", "x", "multipart/form-data")
        )
        if headers.get("Accept") is None:
            headers["Accept"] = "application/json, text/event-stream"
        choice = random.random()
        made = (
            body if choice < 0.2 else changed_value(random, body) if choice < 0.9 else value(random)
        )
        try:
            data = json.dumps(made).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            data = b"[" * 100_000
        return changed_bytes(random, data) if random.random() < 0.1 else data


def fault_of(response: Any) -> str | None:  # noqa: ANN401 -- of httpx
    """What is wrong with an answer; None where nothing is."""
    status = response.status_code
    if status < 400 or response.request.method == "HEAD":
        return None
    if status >= 500 and status not in _BUSY:
        return f"status {status}: {response.text[:200]!r}"
    kind = response.headers.get("content-type", "")
    if kind.startswith("text/html") and response.request.url.path == "/signin":
        return None  # a form tells its visitor, not a program
    try:
        said = response.json()
    except ValueError:
        return f"status {status} without JSON ({kind}): {response.text[:100]!r}"
    message = said.get("error") if isinstance(said, dict) else None
    message = message.get("message") if isinstance(message, dict) else message
    if not isinstance(message, str) or len(message.split()) < 3 or "Traceback" in message:
        return f"status {status} without a sentence: {response.text[:200]!r}"
    return None


@contextmanager
def serving(folder: Path, is_signed_in: bool) -> Iterator[tuple[str, Requests]]:
    """A server over a small collection of its own, and what makes requests for it."""
    import asyncio

    from assistant import Assistant
    from assistant.web.asgi import run
    from assistant.web.server import ENVIRONMENT
    from assistant.web.site import Site, SiteOptions
    from index import build
    from scripts.fuzz.targets.payloads import _TEXT

    os.environ.update(ENVIRONMENT)
    documents, index = folder / "documents", folder / "index"
    documents.mkdir(parents=True)
    (documents / "ferry.md").write_text(f"{_TEXT}\n", encoding="utf-8")
    (documents / "quay.md").write_text(
        "# Quay\n\nThe quay of Norvik is 300 meters long.\n", encoding="utf-8"
    )
    build([documents], index)
    (folder / "reports").mkdir()
    headers = {}
    options: dict[str, Any] = {
        "data": folder / "data",
        "index": index,
        "reports": folder / "reports",
        "mcp": True,
    }
    if is_signed_in:
        options["auth_file"], token = _accounts(folder)
        headers["Authorization"] = f"Bearer {token}"
    started: list[Any] = []
    ready = threading.Event()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Assistant.open(index) as desk:
        site = Site(desk, SiteOptions(("When?",), **options))

        def announce(server: Any) -> None:  # noqa: ANN401
            started.append(server)
            ready.set()

        job = run(site, "127.0.0.1", port, announce)
        thread = threading.Thread(target=lambda: asyncio.run(job), daemon=True)
        thread.start()
        assert ready.wait(120), "the server did not start"
        document = desk.documents()[0].id
        answer = desk.answer("When was the ferry built?")
        saved = {"format": 1, "id": "t1", "answer": answer.to_dict()}
        operations = operations_of(started[0].config.app, saved, document)
        try:
            yield f"http://127.0.0.1:{port}", Requests(operations, document, headers)
        finally:
            started[0].should_exit = True
            thread.join(20)
            site.close()


def _accounts(folder: Path) -> tuple[Path, str]:
    from datetime import UTC, datetime

    from assistant.account_file import save
    from assistant.accounts import Account, Accounts, new_token, password_record, with_token

    token = new_token()
    account = with_token(
        Account("anna", password_record(PASSWORD, (16, 8, 1))), token, datetime.now(UTC).date()
    )
    path = folder / "accounts"
    save(Accounts().with_account(account), path)
    return path, token


def ask_many(url: str, requests: Requests, count: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Send requests one after another; (how often each status came, what was wrong)."""
    import httpx

    statuses: Counter[int] = Counter()
    faults: dict[str, str] = {}
    alone = httpx.Limits(max_keepalive_connections=0)  # a server may end a connection it keeps
    with httpx.Client(base_url=url, timeout=PATIENCE, limits=alone) as client:
        for number in range(count):
            made = requests.make(Random(f"api:{seed}:{number}"))
            fault = None
            try:
                with client.stream(**made) as response:
                    _read(response)
                    statuses[response.status_code] += 1
                    fault = fault_of(response)
            except httpx.InvalidURL:
                continue
            except httpx.HTTPError as error:
                fault = f"no answer: {type(error).__name__}: {error}"
            if fault is not None:
                place = re.sub(r"[0-9a-f]{16,}|\d+", "N", made["url"].partition("?")[0])[:60]
                kind = f"{made['method']} {place} {fault[:60]}"
                faults.setdefault(
                    kind,
                    f"{number}: {made['method']} {made['url'][:200]} "
                    f"{(made['content'] or b'')[:300]!r}: {fault}",
                )
        last = client.get("/healthz")
        assert last.status_code == 200, last.text
    return statuses, list(faults.values())


def _read(response: Any) -> None:  # noqa: ANN401 -- of httpx
    """An answer whole; of one that goes on (a heartbeat, events), its beginning."""
    if response.headers.get("content-type", "").startswith("text/event-stream"):
        for _ in zip(range(1), response.iter_raw(), strict=False):
            return
        return
    response.read()


def ask_raw(url: str, count: int, seed: int) -> list[str]:
    """Send what is no HTTP, or nearly is; the server answers or hangs up, and goes on."""
    from scripts.fuzz.changes import changed_bytes

    host, port = url.removeprefix("http://").split(":")
    right = (
        b"POST /app/choices/matching HTTP/1.1\r\nHost: localhost\r\nX-Verbatim: 1\r\n"
        b"Content-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n"
        b'{"where":{}}'
    )
    faults = []
    for number in range(count):
        data = changed_bytes(Random(f"raw:{seed}:{number}"), right)
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                begun = connection.recv(200)
            except TimeoutError:
                faults.append(f"raw {number}: no answer to {data[:300]!r}")
                continue
            except OSError:
                continue
        status = re.match(rb"HTTP/1\.1 (\d)", begun)
        if status is not None and status[1] == b"5":
            faults.append(f"raw {number}: {begun[:100]!r} to {data[:300]!r}")
    return faults


def main() -> int:
    """Fuzz the API with sign-in off and on; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=2_000, help="each with sign-in off and on")
    parser.add_argument("--raw", type=int, default=300, help="connections with broken HTTP")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = 0
    for is_signed_in in (False, True):
        with (
            tempfile.TemporaryDirectory(prefix="verbatim-api-") as folder,
            serving(Path(folder), is_signed_in) as (url, requests),
        ):
            began = time.monotonic()
            statuses, faults = ask_many(url, requests, options.requests, options.seed)
            faults += ask_raw(url, options.raw, options.seed)
        found += len(faults)
        told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
        print(
            f"sign-in {'on' if is_signed_in else 'off'}: {sum(statuses.values())} requests in "
            f"{time.monotonic() - began:.0f} s: {told}; {len(faults)} faults",
            flush=True,
        )
        for fault in faults:
            print(f"  {fault}", flush=True)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
