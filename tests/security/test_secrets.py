"""Neither keys and passwords nor what is asked and answered is in logs, messages and errors."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from model_servers import Says, Status

from assistant.cli import main

KEY = "sk-proj-Hush1234Hush5678"
PASSWORD = "hush-battery-staple"
WRONG = "hush-wrong-horse"
QUESTION = "How long is the lock of Zeven, says WOMBAT4417?"
DOCUMENT = "The lock of Zeven is 88 meters long, according to ZEBRA9931 and to nobody else."
SECONDS = 120
ASSISTANT = (sys.executable, "-m", "assistant.cli")


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lock.md").write_text(f"# The lock\n\n{DOCUMENT}\n", encoding="utf-8")
    assert main(["index", "docs", "--index", "i"]) == 0
    capsys.readouterr()
    return tmp_path


def echoes(body):
    """A server that says all it knows of a request it refuses."""
    return Status(400, {"error": {"message": f"Bad: {json.dumps(body)} with key {KEY}"}})


REFUSALS = {
    "key": Status(401, {"error": {"message": f"Incorrect API key provided: {KEY}."}}),
    "text": Status(500, f"Traceback: Authorization: Bearer {KEY}"),
    "echo": echoes,
}


def post(url, data, **headers):
    request = Request(url, data, headers)
    try:
        with urlopen(request, timeout=SECONDS) as response:
            return response.status, response.read().decode(), response.headers
    except HTTPError as error:
        return error.code, error.read().decode(), error.headers


@pytest.mark.slow
def test_a_server_that_is_used_and_fails_tells_its_log_nothing(folder, scripted_server):
    for command, text in (("add", PASSWORD), ("token", "")):
        done = subprocess.run(
            [*ASSISTANT, "users", command, "anna", "--auth-file", "accounts"],
            **{"input": f"{text}\n", "capture_output": True, "text": True},
        )
        assert done.returncode == 0, done.stderr
    token = done.stdout.strip()
    turns = [*REFUSALS.values(), Says("The lock of Zeven is 88 meters long. [1.1]")]
    now = [turns[0]]
    server = scripted_server(lambda body: turn_of(now[0], body))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["--index", "i", "--port", port, "--auth-file", "accounts", "--data", "data"]
    arguments += ["--model", "openai:scripted", "--base-url", server.base_url]
    arguments += ["--log-level", "debug"]
    said = []
    with Path("log").open("wb") as log:
        program = [*ASSISTANT, "chat", *map(str, arguments)]
        environment = {**os.environ, "ASSISTANT_RETRIES": "0"}
        process = subprocess.Popen(program, stdout=log, stderr=log, env=environment)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/healthz", process)
            for password in (WRONG, PASSWORD):
                form = urlencode({"name": "anna", "password": password}).encode()
                said.append(post(f"{url}/signin", form, Origin=url))
            cookie = re.search(r"=([\w-]{20,})", said[-1][2].get("set-cookie", ""))
            message = {"role": "user", "content": QUESTION}
            body = json.dumps({"model": "verbatim", "messages": [message]}).encode()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            answers = []
            for now[0] in turns:
                answers.append(post(f"{url}/v1/chat/completions", body, **headers))
            said += [(*answer[:2], {}) for answer in answers]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)
    logged = Path("log").read_text(encoding="utf-8")
    assert "88 meters" in answers[-1][1], answers
    assert [answer[0] for answer in answers[:3]] != [200] * 3
    for secret in (KEY, PASSWORD, WRONG, token, *(cookie.groups() if cookie else ())):
        assert secret not in logged
        assert not any(secret in text for _, text, _ in said)
    for text in ("WOMBAT4417", "ZEBRA9931"):
        assert text not in logged


def turn_of(turn, body):
    return turn(body) if callable(turn) else turn


def wait_for(url, process):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(url, timeout=5)
            return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(Path("log").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("debug", ["", "1"])
def test_a_command_whose_model_refuses_tells_no_key(
    folder, scripted_server, capsys, monkeypatch, kind, debug
):
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "debug" if debug else "warning")
    turn = REFUSALS[kind]
    server = scripted_server(lambda body: turn_of(turn, body))
    options = ["--model", "openai:scripted", "--base-url", server.base_url, "--alone"]
    assert main(["ask", QUESTION, "--index", "i", *options]) == 1
    printed = capsys.readouterr()
    assert printed.err
    assert KEY not in printed.out + printed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "Why?", "--catalog", "postgresql+psycopg://me:Hush9876@127.0.0.1:9/x"),
        ("ask", "Why?", "--chroma", "http://me:Hush9876@127.0.0.1:9"),
        ("ask", "Why?", "--model", "openai:x", "--base-url", "http://me:Hush9876@127.0.0.1:9/v1"),
        ("doctor", "--model", "openai:x", "--base-url", "http://me:Hush9876@127.0.0.1:9/v1"),
        ("index", "https://me:Hush9876@192.0.2.1/page", "--index", "i"),
        ("index", "http://127.0.0.1:9/?token=Hush9876", "--index", "i"),
    ],
)
def test_no_message_repeats_a_password(folder, capsys, arguments):
    with suppress(SystemExit):
        main([*arguments])
    printed = capsys.readouterr()
    assert printed.err + printed.out
    assert "Hush9876" not in printed.out + printed.err
