"""A server that is told to end, as a process of its own: who is answered, who is told what."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.errors import LibraryBusyError
from assistant.library_jobs import Jobs
from assistant.web.answers import CUT, STOPPING

SERVER = Path(__file__).parent / "serve_by_hand.py"


@contextmanager
def serving_process(seconds):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(SERVER), str(port), str(seconds)]
    environment = {**os.environ, "PYTHONPATH": str(SERVER.parents[3])}
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        ) as process,
    ):
        try:
            yield Running(process, process.stdout.readline().strip(), log)
        finally:
            process.kill()


@dataclass
class Running:
    process: subprocess.Popen
    url: str
    log: object

    def ended(self):
        """Its exit code, what it printed and the lines of its log, once it has ended."""
        code = self.process.wait(20)
        self.log.seek(0)
        return code, self.process.stdout.read(), self.log.read()


class Asking(threading.Thread):
    """Asks for a stream in a thread, and keeps its lines."""

    def __init__(self, url, question):
        super().__init__(daemon=True)
        self._url, self._question = url, question
        self.lines, self.begun = [], threading.Event()
        self.start()

    def run(self):
        message = {"role": "user", "content": self._question}
        body = {"model": "verbatim", "messages": [message], "stream": True}
        url = f"{self._url}/v1/chat/completions"
        with (
            suppress(httpx.TransportError),  # the server may be gone at once
            httpx.stream("POST", url, json=body, timeout=30) as response,
        ):
            for line in response.iter_lines():
                self.lines.append(line)
                self.begun.set()


def page_question(url, question):
    """Asks as a program of Gradio's does, and gives what its request is answered."""
    config = httpx.get(f"{url}/config").json()
    number = next(each["id"] for each in config["dependencies"] if each["api_name"] == "ask")
    event = {"fn_index": number, "data": [question, None, None, None], "session_hash": "s"}
    return httpx.post(f"{url}/gradio_api/queue/join", json=event)


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
def test_what_runs_comes_to_its_end_and_nothing_else_begins():
    with serving_process(20) as server:
        process, url = server.process, server.url
        asking = Asking(url, "Who armed them, said slowly?")
        assert asking.begun.wait(20)
        process.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{url}/readyz").json()["reasons"] == ["stopping"])
        assert httpx.get(f"{url}/readyz").status_code == 503
        assert httpx.get(f"{url}/healthz").status_code == 200
        body = {"model": "verbatim", "messages": [{"role": "user", "content": "Why?"}]}
        refused = httpx.post(f"{url}/v1/chat/completions", json=body)
        assert (refused.status_code, refused.json()["error"]["message"]) == (503, STOPPING)
        assert int(refused.headers["retry-after"]) > 0
        joined = page_question(url, "Why?")
        assert (joined.status_code, joined.json()["error"]) == (503, STOPPING)
        asking.join(20)
        assert asking.lines[-2] == "data: [DONE]"
        code, _, log = server.ended()
    assert code == 0
    lines = [json.loads(line) for line in log.splitlines()]
    told = [line for line in lines if line["logger"] == "assistant.server"]
    assert [line.get("answers", line.get("cut")) for line in told] == [1, 0]


@pytest.mark.slow
def test_what_takes_too_long_is_broken_off_with_a_word():
    with serving_process(0.3) as server:
        process, url = server.process, server.url
        asking = Asking(url, "Who armed them, said slowly?")
        assert asking.begun.wait(20)
        process.send_signal(signal.SIGINT)
        asking.join(20)
        last = [line for line in asking.lines if line][-1]
        assert json.loads(last.removeprefix("data: "))["error"]["message"].startswith(CUT)
        code, _, log = server.ended()
    assert code == 0
    assert '"outcome": "cut"' in log


@pytest.mark.slow
def test_a_second_signal_ends_it_at_once():
    with serving_process(60) as server:
        process, url = server.process, server.url
        asking = Asking(url, "Who armed them, said slowly?")
        assert asking.begun.wait(20)  # 31 words are to come, of .15 s each
        process.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{url}/readyz").json()["reasons"] == ["stopping"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 128 + signal.SIGTERM
        assert not any("DONE" in line for line in asking.lines)


@pytest.mark.slow
def test_nothing_private_leaves_a_process_whatever_other_packages_print():
    canary = "Kanarienvogel4711"
    with serving_process(5) as server, httpx.Client(base_url=server.url) as client:
        for question in (f"{canary}?", f"a bug in {canary}?"):
            Asking(server.url, question).join(20)
        config = client.get("/config", params={"q": canary}).json()
        for event in config["dependencies"]:
            for data in ([canary], [canary] * len(event["inputs"]), [{"value": canary}] * 9, []):
                whole = {"fn_index": event["id"], "data": data, "session_hash": canary}
                client.post("/gradio_api/queue/join", json=whole)
        with suppress(httpx.ReadTimeout):
            query = {"session_hash": canary}
            client.get("/gradio_api/queue/data", params=query, timeout=3)
        client.get(f"/app/source/{canary}")
        server.process.send_signal(signal.SIGTERM)
        code, printed, log = server.ended()
    assert code == 0
    assert canary not in printed + log
    lines = [json.loads(line) for line in log.splitlines()]
    kinds = {line.get("message") for line in lines}
    assert {"answer", "request"} <= kinds


def test_a_change_of_the_documents_ends_after_the_file_it_is_at():
    jobs, files = Jobs(), []

    def work(progress):
        for number in range(1000):
            progress.count(number, 1000, 0)
            files.append(number)
            time.sleep(0.01)
        return "all"

    jobs.start("index", "Adding", work, may_stop=True)
    until(lambda: files)
    jobs.close()
    jobs.wait(5)
    assert jobs.latest().state == "stopped"
    assert len(files) < 1000
    assert jobs.ended == {"stopped": 1}
    with pytest.raises(LibraryBusyError, match="about to end"):
        jobs.start("index", "Adding", work)
