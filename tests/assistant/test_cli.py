"""The command `assistant`: what it prints where, and its exit codes."""

import gc
import io
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

import pytest
from assistant_texts import FERRY, UNKNOWN
from model_servers import Garbage, Says, Status

from assistant.cli import main
from assistant.settings import Settings
from assistant.terminal import render_answer
from assistant.weights import default_weights
from index import Index, build
from prompts import TemplateError, load, model_names, names

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder, and nothing set in the environment."""
    for name in (*(f"ASSISTANT_{key.upper()}" for key in Settings.model_fields), "ASSISTANT_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def loaded(monkeypatch, embedder):
    """The embedding model is loaded once for all commands; that takes half a second each."""
    from index import collection

    monkeypatch.setattr(collection, "load_recorded", lambda *arguments: embedder)


@pytest.fixture
def small_index(folder, embedder):
    (folder / "documents").mkdir()
    (folder / "documents" / "one.md").write_text("# One text\n\nThe mill made sixty bolts a day.\n")
    (folder / "documents" / "two.md").write_text("# Two text\n\nThe kiln was moved to Torsby.\n")
    build([folder / "documents"], folder / "small.index", embedding_model=embedder)
    return folder / "small.index"


def refused(result, code, *parts):
    """The command printed one message on stderr and nothing else."""
    assert result[0] == code
    assert result[1] == ""
    for part in parts:
        assert part in result[2]
    assert result[2].startswith(("assistant: ", "usage: ", "Opening the index"))


# Asking


def test_ask(run, loaded, index_dir):
    code, out, err = run("ask", FERRY, "--index", index_dir)
    assert (code, err) == (0, "")
    assert out.startswith("Anna Example (May 4, 2021) writes: “The ferry to Alsen carries 240 cars")
    assert "[1] Anna Example: The Harbor of Alsen (May 4, 2021)" in out
    assert "\x1b" not in out
    assert gc.isenabled()


def test_ask_json_is_one_document(run, loaded, desk, index_dir):
    code, out, err = run("ask", FERRY, "--index", index_dir, "--json")
    value, expected = json.loads(out), desk.answer(FERRY).to_dict()
    assert value.pop("timings").keys() == expected.pop("timings").keys()
    assert (code, value, err) == (0, expected, "")


def test_an_abstention_is_done(run, loaded, index_dir):
    code, out, err = run("ask", UNKNOWN, "--index", index_dir)
    assert (code, err) == (0, "")
    assert "nothing in them mentions" in out
    assert "Nearest passages" in out
    code, out, err = run("ask", UNKNOWN, "--index", index_dir, "--json")
    assert (code, json.loads(out)["status"]) == (0, "abstained")


def test_ask_with_filters(run, loaded, index_dir):
    where = ("--where", "author=Example", "--where", "after=2021", "--where", "before=2021")
    assert "240 cars" in run("ask", FERRY, "--index", index_dir, *where)[1]
    where = ("--where", "author=Example", "--where", "after=2022")
    assert "No document matches the filter" in run("ask", FERRY, "--index", index_dir, *where)[1]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (["year=2021"], "KEY one of author, document, after, before; found 'year=2021'"),
        (["author"], "KEY=VALUE"),
        (["author= "], "KEY=VALUE"),
        (["after=May 2021"], "expects an ISO date"),
        (["after=2021", "after=2022"], "takes one 'after', found 2"),
    ],
)
def test_a_bad_filter(run, where, message):
    options = [part for condition in where for part in ("--where", condition)]
    refused(run("ask", FERRY, *options), 2, message)


@pytest.mark.parametrize("condition", ["document=ffffffffff", "document=ab", "after=2021-13-40"])
def test_a_filter_the_index_refuses(run, loaded, index_dir, condition):
    refused(run("ask", FERRY, "--index", index_dir, "--where", condition), 2)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "Expected a question, and got none. Ask in words."),
        (" \n", "got none"),
        ("a" * 100_000, "at most 4,000 characters, and got 100,000"),
        ("Who\udcff?", "Write it in UTF-8."),
    ],
)
def test_a_bad_question(run, question, message):
    refused(run("ask", question), 2, message)


def test_a_question_on_stdin(run, loaded, index_dir, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{FERRY}\n"))
    assert "240 cars" in run("ask", "-", "--index", index_dir)[1]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Who\xff?"), "utf-8"))
    refused(run("ask", "-", "--index", index_dir), 2, "on stdin in utf-8, and byte 3 is not")


# Asking a chat model


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("nosuch", "Expected the name of a chat model with its provider"),
        ("nosuch:model", "nosuch"),
    ],
)
def test_a_chat_model_that_is_none(run, index_dir, model, message):
    refused(run("ask", FERRY, "--index", index_dir, "--model", model), 1, message)


def test_a_chat_model_is_asked_as_the_options_say(run, loaded, folder, index_dir, scripted_server):
    run("prompts", "answer", "--copy", "own")
    prompt = folder / "own" / "answer.md"
    prompt.write_text(prompt.read_text() + "\nBe brief as a telegram.\n")
    server = scripted_server(Says("NO ANSWER"))
    options = ["--base-url", server.base_url, "--prompts", "own", "--structured", "off"]
    options += ["--model-cache", "replies.db", "--model", f"openai:{server.model}"]
    code, out, err = run("ask", FERRY, "--index", index_dir, *options, "--json")
    assert (code, err) == (0, "")
    value = json.loads(out)
    assert value["details"]["model"] == f"openai:{server.model}"
    assert value["usage"]["calls"] == 1
    assert "Be brief as a telegram." in server.request.prompt
    assert "response_format" not in server.request.body
    code, out, _ = run("ask", FERRY, "--index", index_dir, *options)
    assert code == 0
    assert f"openai:{server.model}: 0 tokens in, 0 out, 1 of 1 replies from the cache" in out
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (Status(401), "access was refused"),
        (Status(400, {"error": {"message": "two\nlines \x1b[31m"}}), "two lines"),
        (Garbage(), "openai:scripted"),
    ],
)
def test_an_error_of_the_model_is_one_line(run, loaded, index_dir, scripted_server, turn, message):
    server = scripted_server(lambda body: turn)
    options = ["--base-url", server.base_url, "--model", f"openai:{server.model}"]
    result = run("ask", FERRY, "--index", index_dir, *options)
    refused(result, 1, message)
    assert result[2].count("\n") == 1
    assert "\x1b" not in result[2]


@pytest.mark.slow
def test_an_interruption_stops_the_model(index_dir, scripted_server):
    server = scripted_server(Says("The ferry carries 240 cars. " * 400, delay=0.05))
    options = ["--base-url", server.base_url, "--model", f"openai:{server.model}"]
    with command("ask", FERRY, "--index", index_dir, *options, stdout=subprocess.PIPE) as process:
        wait_until(lambda: server.requests and server.request.events > 3, 60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, b"", b"assistant: interrupted\n")
    wait_until(lambda: server.request.left, 5)
    assert server.request.events < 100


def wait_until(is_so, seconds):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_on_a_terminal_statements_come_one_by_one(index_dir, desk):
    """A real terminal: what comes is the same as the answer at the end, in colors."""
    pty = pytest.importorskip("pty")
    controller, terminal = pty.openpty()
    with command(
        *("ask", FERRY, "--index", index_dir),
        stdout=terminal,
        env={"COLUMNS": "80", "NO_COLOR": "", "PYTHONIOENCODING": "utf-8"},
    ) as process:
        os.close(terminal)
        out = read_all(controller).replace("\r\n", "\n")
    assert process.returncode == 0
    assert " ".join(out.split()) == " ".join(render_answer(desk.answer(FERRY)).split())


def quoting(body):
    """Says the ferry's sentence with its id, and goes on for long."""
    prompt = "\n".join(message["content"] for message in body["messages"])
    number, sentence = re.search(r"^\[(\d+\.\d+)\] (.*240 cars.*)$", prompt, re.M).groups()
    return Says(f"{sentence} [{number}]\n" + "It goes on. [1.1] " * 400, chunk=20, delay=0.05)


@pytest.mark.slow
def test_a_statement_is_on_the_terminal_while_the_model_still_writes(index_dir, scripted_server):
    pty = pytest.importorskip("pty")
    server = scripted_server(quoting)
    options = ["--base-url", server.base_url, "--model", f"openai:{server.model}"]
    controller, terminal = pty.openpty()
    with command("ask", FERRY, "--index", index_dir, *options, stdout=terminal) as process:
        os.close(terminal)
        first = os.read(controller, 4096).decode()
        process.send_signal(signal.SIGINT)
        rest, err = read_all(controller), process.stderr.read().decode()
    assert "240 cars" in first
    assert first.startswith("\x1b[1m")
    assert "Sources" not in first + rest
    assert (process.returncode, err) == (130, "assistant: interrupted\n")
    wait_until(lambda: server.request.left, 5)


def read_all(descriptor):
    parts = []
    with suppress(OSError):  # on Linux, that the other end is closed
        while part := os.read(descriptor, 4096):
            parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize(
    "command", [["ask", FERRY], ["documents"], ["documents", "--json"], ["remove", "abcdef"]]
)
def test_a_missing_index(run, folder, command):
    refused(run(*command, "--index", "no.index"), 1, "no.index")
    (folder / "a.file").write_text("no index")
    refused(run(*command, "--index", "a.file"), 1, "a.file")
    (folder / "a.folder").mkdir()
    refused(run(*command, "--index", "a.folder"), 1, "a.folder")
    assert sorted(path.name for path in folder.iterdir()) == ["a.file", "a.folder"]
    assert not list((folder / "a.folder").iterdir())


# Indexing


def test_index(run, loaded, folder, monkeypatch, embedder):
    monkeypatch.setattr("index.indexing.load_embedder", lambda *arguments: embedder)
    (folder / "one.txt").write_text("A first text about a mill.")
    code, out, _ = run("index", "one.txt", "--index", "new.index")
    assert code == 0
    assert out.startswith("new.index: 1 added, 0 changed, 0 unchanged, 0 removed, 0 failed; now 1 ")
    assert "1 document in 1 passage (" in out
    (folder / "two.md").write_text("A second text about a kiln.")
    code, out, _ = run("index", "two.md", "--index", "new.index", "--json")
    report = json.loads(out)
    assert (code, report["added"], report["documents"]) == (0, [str(folder / "two.md")], 2)
    (folder / "two.md").unlink()
    code, out, _ = run("index", folder, "--index", "new.index", "--prune")
    assert "1 unchanged, 1 removed" in out


def test_a_binary_file_among_good_ones(run, loaded, folder, small_index):
    (folder / "documents" / "evil\x1b[31m.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "documents" / "three.txt").write_text("Three text.")
    code, out, err = run("index", "documents", "--index", small_index)
    assert code == 1
    assert "1 added, 0 changed, 2 unchanged, 0 removed, 1 failed" in out
    assert "not indexed: " in err
    assert "evil[31m.txt: expected text, found binary data" in err
    assert "\x1b[31m" not in err
    code, out, err = run("index", "documents", "--index", small_index, "--json")
    (failed,) = json.loads(out)["failed"]
    assert (code, failed["source"]) == (1, str(folder / "documents" / "evil\x1b[31m.txt"))


@pytest.mark.parametrize(
    ("paths", "options", "code", "message"),
    [
        (["empty"], [], 2, "found none"),
        (["nowhere"], [], 2, "expected a file or folder, found nothing"),
        (["binary.txt"], [], 1, "expected text, found binary data"),
        (["good.txt"], ["--embedding-model", "nowhere"], 1, "or another embedding model"),
        (["good.txt"], ["--embedding-model", "empty"], 1, "with a modules.json in it"),
        (["good.txt"], ["--embedding-model", "broken"], 1, "no weights"),
    ],
)
def test_nothing_is_half_written(run, folder, paths, options, code, message):
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "modules.json").write_text("{")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "good.txt").write_text("A good text.")
    result = run("index", *paths, "--index", "new.index", *options)
    assert (result[0], result[1]) == (code, "")
    assert message in result[2] or message == "no weights"
    assert "assistant: " in result[2]
    assert not (folder / "new.index").exists()


def test_another_embedding_model_is_refused(run, folder, small_index, monkeypatch):
    from index.embedding import Embedder

    other = Embedder(lambda texts: [[1.0]], name="other", fingerprint="{}", dimension=1)
    monkeypatch.setattr("index.collection.load_recorded", lambda *arguments: other)
    refused(run("ask", FERRY, "--index", small_index), 1, "their vectors cannot be compared")


# Upkeep


def test_documents(run, small_index):
    code, out, err = run("documents", "--index", small_index)
    assert (code, err) == (0, "")
    assert [line.split("  ")[1:] for line in out.splitlines()] == [
        ["undated", "author not stated", "One text"],
        ["undated", "author not stated", "Two text"],
    ]
    code, out, err = run("documents", "--index", small_index, "--json")
    assert [row["title"] for row in json.loads(out)] == ["One text", "Two text"]


def test_remove(run, small_index):
    with Index.open(small_index) as index:
        first, second = (document.id for document in index.documents())
    refused(run("remove", "ffffffffff", "--index", small_index), 2, "ffffffffff")
    code, out, _ = run("remove", first[:8], "--index", small_index)
    assert (code, out) == (0, f"{small_index}: 1 document removed: {first}\n")
    run("remove", second, "--index", small_index)
    assert run("documents", "--index", small_index) == (0, "no documents\n", "")
    assert run("documents", "--index", small_index, "--json") == (0, "[]\n", "")


def test_verify(run, loaded, folder, index_dir, documents):
    (folder / "answer.json").write_text(run("ask", FERRY, "--index", index_dir, "--json")[1])
    code, out, err = run("verify", "answer.json")
    assert (code, err) == (0, "")
    assert out.startswith("ok    [1] ")
    assert "exact" in out.splitlines()[-1]
    assert run("verify", "answer.json", "--documents", documents)[0] == 0
    code, out, _ = run("verify", "answer.json", "--documents", folder)
    assert (code, out[:9]) == (1, "WRONG [1]")
    (folder / "answer.json").write_text(run("ask", UNKNOWN, "--index", index_dir, "--json")[1])
    assert run("verify", "answer.json") == (0, "no quotes to check: the assistant abstained\n", "")
    refused(run("verify", "nothing.json"), 2, "nothing.json")
    refused(run("verify", "answer.json", "--documents", "nowhere"), 2, "expected a folder, found")


def test_a_bundle_is_written_and_verified(run, loaded, folder, index_dir):
    code, out, err = run("ask", FERRY, "--index", index_dir, "--bundle", "ferry.json")
    assert (code, err) == (0, "")
    assert "[1]" in out
    bundle = json.loads((folder / "ferry.json").read_text())
    assert '"all-MiniLM-L6-v2"' in bundle["models"]["embedding_model"]
    assert run("verify", "ferry.json")[0] == 0
    bundle["items"][0]["target"]["selector"][0]["prefix"] = "It is not true: "
    (folder / "ferry.json").write_text(json.dumps(bundle))
    code, out, _ = run("verify", "ferry.json")
    assert code == 1
    assert "WRONG answer 1, quote 1: its annotation has another prefix" in out
    code, out, _ = run("verify", "ferry.json", "--json")
    assert (code, json.loads(out)["is_well"]) == (1, False)
    refused(run("ask", FERRY, "--bundle", "no/ferry.json"), 2, "expected a file to write, found no")


def test_doctor(run, small_index):
    code, out, err = run("doctor", "--index", small_index)
    assert (code, err) == (0, "")
    assert "ok   embedding model: all-MiniLM-L6-v2, 384 dimensions, checksum right" in out
    assert "small.index: 2 documents, 2 passages" in out
    assert out.endswith("ok   weights: of this package; fitted for all-MiniLM-L6-v2@53aa51172d14\n")


@pytest.mark.slow
def test_doctor_tells_where_weights_are_for_another_model(run, small_index):
    text = default_weights().model_dump_json().replace("all-MiniLM-L6-v2@", "other@")
    (small_index / "weights.json").write_text(text.replace('"reranker":null', '"reranker":"cross"'))
    _, out, _ = run("doctor", "--index", small_index)
    assert out.endswith("ok   weights: of this package; fitted for all-MiniLM-L6-v2@53aa51172d14\n")
    (small_index / "weights.json").write_text("no json")
    code, out, _ = run("doctor", "--index", small_index)
    assert code == 1
    assert "FAIL weights: " in out
    assert "weights.json: expected weights of format 1" in out


def test_commands_of_the_evaluation_suite(run, monkeypatch):
    assert "calibrate" in run("--help")[1]
    monkeypatch.setattr("assistant.cli._plugins", list)
    refused(run("calibrate", "any"), 2, "Expected the evaluation suite", "Run make install.")
    assert run("--help")[0] == 0


def test_no_plugin_is_looked_for_where_none_is_needed(run, folder, monkeypatch):
    monkeypatch.setattr("assistant.cli._plugins", lambda: pytest.fail("looked"))
    refused(run("documents", "--index", "no.index"), 1, "no.index")


def test_doctor_goes_on_where_something_is_broken(run, folder, monkeypatch):
    def broken(*arguments):
        raise ImportError("no torch here")

    monkeypatch.setattr("index.embedding.load_embedder", broken)
    (folder / "bad.index").mkdir()
    (folder / "bad.index" / "catalog.sqlite").write_text("no database")
    code, out, _ = run("doctor", "--index", "bad.index")
    assert code == 1
    assert "FAIL embedding model: ImportError: no torch here" in out
    assert " index: " in out.splitlines()[-1]
    code, out, _ = run("doctor", "--index", "no.index")
    assert "ok   index: none yet" in out


# Prompts


def test_prompts_are_listed(run):
    code, out, err = run("prompts")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[:5]] == model_names()
    assert len(out.splitlines()) == len(names())
    assert out.splitlines()[0].split() == [
        *("answer", "version", str(load("answer").version), "for", "the", "model", "shipped"),
        *("mark",),
    ]
    listed = json.loads(run("prompts", "--json")[1])
    assert [each["name"] for each in listed] == names()


def test_a_prompt_is_shown(run):
    assert run("prompts", "repair") == (0, f"{load('repair').text}\n", "")
    value = json.loads(run("prompts", "repair", "--json")[1])
    assert value["text"] == load("repair").text
    assert (value["for"], value["is_own"]) == ("model", False)
    assert value["variables"] == sorted(load("repair").variables)
    assert json.loads(run("prompts", "quote", "--json")[1])["for"] == "reader"
    refused(run("prompts", "nope"), 2, "found 'nope'. There are: abstain_absent, ")


def test_prompts_are_copied_edited_and_used(run, folder, monkeypatch):
    code, out, err = run("prompts", "--copy", "own/prompts")
    assert (code, err) == (0, "")
    assert out.split() == [f"own/prompts/{name}.md" for name in model_names()]
    edited = folder / "own" / "prompts" / "repair.md"
    assert edited.read_bytes() == load("repair").path.read_bytes()
    edited.write_text(edited.read_text().replace("version: 1", "version: 7") + "Be brief.\n")
    refused(run("prompts", "--copy", "own/prompts"), 2, "found answer.md, ", "Nothing was copied")
    assert "version: 7" in edited.read_text()
    monkeypatch.setenv("ASSISTANT_PROMPTS", "own/prompts")
    assert run("prompts", "repair")[1].endswith("Be brief.\n")
    value = json.loads(run("prompts", "repair", "--json")[1])
    assert (value["version"], value["is_own"], value["path"]) == (7, True, "own/prompts/repair.md")
    assert "own/prompts/repair.md" in run("prompts")[1]


def test_one_prompt_is_copied(run, folder):
    assert run("prompts", "condense", "--copy", "own")[:2] == (0, "own/condense.md\n")
    refused(run("prompts", "condense", "--copy", "own"), 2, "found condense.md")
    assert run("prompts", "repair", "--copy", "own")[0] == 0
    refused(run("prompts", "quote", "--copy", "own"), 2, "can be replaced: answer, ")
    (folder / "file").touch()
    refused(run("prompts", "--copy", "file"), 2, "expected a folder, found a file")
    assert sorted(path.name for path in (folder / "own").iterdir()) == ["condense.md", "repair.md"]


@pytest.mark.parametrize("command", [["prompts"]])
def test_prompts_of_ones_own_that_cannot_be_used(run, folder, command):
    refused(run(*command, "--prompts", "nowhere"), 1, "nowhere: expected a folder with prompts")
    (folder / "own").mkdir()
    (folder / "own" / "answr.md").write_text("x")
    refused(run(*command, "--prompts", "own"), 1, "own/answr.md: expected only prompts of a model")


# The chat


def test_a_port_in_use(run, index_dir):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("chat", "--index", index_dir, "--port", port)
    refused(result, 1, f"port {port}", "another program listens there", "--port")


def test_chat_without_an_index(run, folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refused(run("chat", "--index", "no.index", "--port", port), 1, "no.index")


# Settings


def test_a_bad_port_variable(run, monkeypatch):
    monkeypatch.setenv("ASSISTANT_PORT", "abc")
    refused(run("documents"), 2, "ASSISTANT_PORT", "found 'abc'")


def test_a_broken_settings_file(run, folder):
    (folder / "assistant.toml").write_text("port = = 1")
    refused(run("documents"), 2, "assistant.toml", "TOML")


def test_settings_name_the_index(run, folder, small_index, monkeypatch):
    (folder / "assistant.toml").write_text('index = "small.index"')
    assert "One text" in run("documents")[1]
    monkeypatch.setenv("ASSISTANT_INDEX", "environment.index")
    refused(run("documents"), 1, "environment.index")
    assert "One text" in run("documents", "--index", small_index)[1]


# Usage


@pytest.mark.parametrize(
    "arguments", [[], ["unknown"], ["ask"], ["index"], ["chat", "--port", "x"]]
)
def test_wrong_usage(run, arguments):
    refused(run(*arguments), 2, "usage: assistant")


# What nobody foresaw


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (RuntimeError("a vendor's error"), 1, "unexpected error, RuntimeError: a vendor's error"),
        (TemplateError("quote.md must begin"), 1, "prompt template cannot be used. quote.md must"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_no_error_is_a_traceback(run, monkeypatch, error, code, message):
    def fail(*arguments):
        raise error

    monkeypatch.setattr("assistant.commands.run_documents", fail)
    monkeypatch.setattr("assistant.cli.give_up_stdout", lambda: None)
    result = run("documents")
    assert (result[0], result[1]) == (code, "")
    assert message in result[2]


def test_a_bug_can_be_looked_into(run, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DEBUG", "1")
    monkeypatch.setattr("assistant.commands.run_documents", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["documents"])


# Output


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_stdout_in_any_encoding(loaded, desk, index_dir, monkeypatch, encoding):
    question = "At how many degrees does the glass kiln burn, “İ”?"
    for options in ([], ["--json"]):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
        assert main(["ask", question, "--index", str(index_dir), *options]) == 0
        text = raw.getvalue().decode(encoding)
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    value = json.loads(text)
    assert value["question"] == question
    assert value["citations"] == desk.answer(question).to_dict()["citations"]


def command(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})},
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize("arguments", [["documents", "--json"], ["--help"]])
def test_a_reader_that_is_gone(small_index, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    options = ["--index", small_index] if arguments != ["--help"] else []
    with command(*arguments, *options, stdout=writing) as process:
        os.close(writing)
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_full_disk(small_index):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with (
        Path("/dev/full").open("wb") as full,
        command("documents", "--index", small_index, stdout=full) as process,
    ):
        message = process.stderr.read().decode()
    assert process.returncode == 1
    assert message.startswith("assistant: the system refused it: [Errno 28]")
    assert "room on the disk" in message
    assert message.count("\n") == 1


def test_a_whole_question_from_a_shell(index_dir):
    """Nothing is patched: the vendors' own warnings and bars stay off both streams."""
    with command(
        *("ask", FERRY, "--json", "--index", index_dir),
        stdout=subprocess.PIPE,
        env={"PYTHONIOENCODING": "ascii"},
    ) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["citations"][0]["document"]["title"] == "The Harbor of Alsen"
