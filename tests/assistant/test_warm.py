"""`assistant ask` by an open chat: the same answers, and none of another index, user or release."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant import Assistant, warm
from assistant.cli import main
from assistant.warm import ask_chat
from assistant.warm_server import answering
from index import Filter, build
from index.errors import FilterError

FERRY = "How many cars does the ferry to Alsen carry?"
_SERVER = """
import sys
from assistant import Assistant
from assistant.warm_server import answering
with Assistant.open(sys.argv[1]) as desk, answering(desk):
    desk.answer("Is it warm?")
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A user is not kept waiting for long; a busy machine may take longer."""
    monkeypatch.setattr(warm, "SECONDS", 60.0)


@contextmanager
def chat_process(folder):
    """A process that answers for an index, as `assistant chat` does."""
    command = [sys.executable, "-c", _SERVER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        yield child
        child.stdin.close()
        child.wait(timeout=20)


@pytest.fixture(scope="module")
def own_index(tmp_path_factory, index_dir):
    """An index that only these tests serve."""
    return shutil.copytree(index_dir, tmp_path_factory.mktemp("warm") / "index")


@pytest.fixture(scope="module")
def serving(own_index):
    with chat_process(own_index) as child:
        yield child


def told(folder):
    return folder / "server.json"


def without_timings(answer):
    return {name: value for name, value in answer.items() if name != "timings"}


@pytest.mark.parametrize(
    ("question", "where"),
    [
        (FERRY, None),
        ("Who is Anna Example?", Filter(authors=("Example",), after="2020-01-01")),
        ("What is the price of bread on Mars?", None),
        ("Which documents are there?", None),
    ],
)
def test_the_answer_is_the_same(serving, own_index, desk, question, where):
    found = ask_chat(own_index, question, where)
    assert without_timings(found) == without_timings(desk.answer(question, where=where).to_dict())


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_the_command_prints_the_same(serving, own_index, capsys, options, monkeypatch):
    monkeypatch.setattr(Assistant, "open", lambda *_, **__: pytest.fail("opened the index"))
    assert main(["ask", FERRY, "--index", str(own_index), *options]) == 0
    by_chat = capsys.readouterr()
    monkeypatch.undo()
    assert main(["ask", FERRY, "--index", str(own_index), "--alone", *options]) == 0
    alone = capsys.readouterr()
    assert by_chat.err == alone.err == ""
    if options:
        first, second = (without_timings(json.loads(out.out)) for out in (by_chat, alone))
        assert first == second
    else:
        assert by_chat.out == alone.out
        assert "240 cars" in alone.out


def test_a_path_by_another_name_is_the_same_index(serving, own_index, tmp_path):
    (tmp_path / "link").symlink_to(own_index)
    assert ask_chat(tmp_path / "link", FERRY, None)["status"] == "answered"


def test_what_is_wrong_is_said_by_the_command_itself(serving, own_index, desk):
    where = Filter(documents=("no-such-document",))
    with pytest.raises(FilterError):
        desk.answer(FERRY, where=where)
    assert ask_chat(own_index, FERRY, where) is None
    assert ask_chat(own_index, "?", None) is None


@pytest.mark.parametrize(
    "options",
    [
        ["--alone"],
        ["--reranker", "/nowhere"],
        ["--model", "ollama:none"],
        ["--bundle", "b.json"],
        ["--catalog", "postgresql+psycopg://127.0.0.1:1/none"],
        ["--chroma", "http://127.0.0.1:1"],
    ],
    ids=lambda options: options[0],
)
def test_other_options_are_not_for_the_chat(
    serving, own_index, options, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("assistant.warm.ask_chat", lambda *_: pytest.fail("the chat was asked"))
    main(["ask", FERRY, "--index", str(own_index), *options])


def test_a_copy_of_the_index_does_not_ask_the_chat_of_the_original(serving, own_index, tmp_path):
    copy = shutil.copytree(own_index, tmp_path / "copy")
    assert told(copy).is_file()
    assert ask_chat(copy, FERRY, None) is None


def test_nobody_else_may_read_or_enter(serving, own_index):
    assert told(own_index).stat().st_mode & 0o777 == 0o600
    path = Path(json.loads(told(own_index).read_text())["socket"])
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o620, 0o602], ids=oct)
def test_a_file_that_others_may_write_is_not_believed(serving, own_index, mode):
    told(own_index).chmod(mode)
    try:
        assert ask_chat(own_index, FERRY, None) is None
    finally:
        told(own_index).chmod(0o600)
    assert ask_chat(own_index, FERRY, None)


def test_another_users_file_is_not_believed(serving, own_index, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert ask_chat(own_index, FERRY, None) is None


def test_another_release_is_not_asked(serving, own_index, monkeypatch):
    monkeypatch.setattr(warm, "version", lambda name: "99.0")
    assert ask_chat(own_index, FERRY, None) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "\x00", '{"index": 1, "release": 2}'])
def test_a_damaged_file_is_no_error(tmp_path, text):
    told(tmp_path).write_text(text)
    told(tmp_path).chmod(0o600)
    assert ask_chat(tmp_path, FERRY, None) is None


def test_junk_does_not_end_the_server(serving, own_index):
    path = json.loads(told(own_index).read_text())["socket"]
    for junk in (b"", b"\xff\x00", b"[]", b'{"index": "/elsewhere", "question": "x"}'):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(path)
            line.sendall(junk)
            line.shutdown(socket.SHUT_WR)
            assert line.recv(100) in (b"", b'{"answer": null}')
    assert ask_chat(own_index, FERRY, None)


@pytest.mark.slow
def test_changes_are_seen_at_once(tmp_path, embedder):
    text = tmp_path / "mill.md"
    text.write_text("# Mill\n\nThe mill at Torsby made sixty bolts a day in 1954.\n")
    build([text], tmp_path / "index", embedding_model=embedder)
    with chat_process(tmp_path / "index"):
        question = "How many bolts did the mill at Torsby make?"
        assert "sixty" in ask_chat(tmp_path / "index", question, None)["text"]
        text.write_text("# Mill\n\nThe mill at Torsby made ninety bolts a day in 1954.\n")
        build([text], tmp_path / "index", embedding_model=embedder)
        assert "ninety" in ask_chat(tmp_path / "index", question, None)["text"]
    assert not told(tmp_path / "index").exists()


@pytest.mark.slow
def test_a_killed_chat_leaves_nothing_in_the_way(own_index, tmp_path, capsys):
    folder = shutil.copytree(own_index, tmp_path / "index")
    with chat_process(folder) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert told(folder).is_file()
    assert ask_chat(folder, FERRY, None) is None
    assert main(["ask", FERRY, "--index", str(folder)]) == 0
    assert "240 cars" in capsys.readouterr().out
    shutil.rmtree(Path(json.loads(told(folder).read_text())["socket"]).parent)
    with chat_process(folder):
        assert ask_chat(folder, FERRY, None)


def test_one_that_does_not_answer_is_not_waited_for(own_index, tmp_path, monkeypatch):
    monkeypatch.setattr(warm, "SECONDS", 0.2)
    folder = shutil.copytree(own_index, tmp_path / "index")
    place = tmp_path / "s"
    place.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(place / "x"))
        (place / "x").chmod(0o600)
        deaf.listen()
        known = {"index": os.path.realpath(folder), "release": warm.release()}
        told(folder).write_text(json.dumps({**known, "socket": str(place / "x")}))
        told(folder).chmod(0o600)
        started = time.monotonic()
        assert ask_chat(folder, FERRY, None) is None
        assert time.monotonic() - started < 5


def test_the_later_of_two_chats_answers_and_keeps_its_file(own_index, tmp_path, desk):
    folder = shutil.copytree(own_index, tmp_path / "index")
    with Assistant.open(folder) as first, Assistant.open(folder) as second, answering(second):
        with answering(first):
            mine = told(folder).read_text()
        assert not told(folder).exists()
        with answering(first):
            assert told(folder).read_text() != mine
            assert ask_chat(folder, FERRY, None)


def test_a_read_only_index_is_served_without(own_index, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("read-only")

    folder = shutil.copytree(own_index, tmp_path / "index")
    told(folder).unlink(missing_ok=True)
    monkeypatch.setattr("assistant.warm_server._write", refuse)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Assistant.open(folder) as desk, answering(desk):
        assert not told(folder).exists()
    assert list(tmp_path.glob("verbatim-*")) == []


@pytest.mark.slow
def test_a_real_chat_answers_the_command(own_index, tmp_path):
    folder = shutil.copytree(own_index, tmp_path / "index")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # `-P`: else the folder `index` here would be taken for the package.
    command = [sys.executable, "-P", "-m", "assistant.cli", "chat", "--index", str(folder)]
    with subprocess.Popen(
        [*command, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    ) as chat:
        assert b"ready" in chat.stdout.readline()
        assert ask_chat(folder, FERRY, None)["status"] == "answered"
        chat.send_signal(signal.SIGINT)
        assert chat.wait(timeout=30) == 0
    assert not told(folder).exists()
