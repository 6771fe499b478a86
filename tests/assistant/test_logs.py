"""The log: what it says, and that nothing which people ask or documents say gets into it."""

import ast
import io
import json
import logging
import subprocess
import sys
import threading
import traceback
import warnings
from pathlib import Path

import pytest

from assistant.logs import REQUEST, JsonLines, Plain, TextLines, configure, request_note
from assistant.strays import caught

ROOT = Path(__file__).parents[2]
CANARY = "Kanarienvogel-4711"


@pytest.fixture
def lines():
    """Everything that is logged meanwhile, as JSON lines; called, it gives them."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def test_a_line_has_its_fields_and_the_request_it_belongs_to(lines):
    token = REQUEST.set("abc12345")
    try:
        logging.getLogger("assistant.x").warning("done", extra={"fields": {"seconds": 1.5}})
        assert request_note() == " (Request abc12345.)"
    finally:
        REQUEST.reset(token)
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "assistant.x",
        "message": "done",
        "seconds": 1.5,
        "request": "abc12345",
    }
    assert request_note() == ""


def test_values_in_a_message_are_left_out_unless_they_are_numbers_or_plain(lines):
    log = logging.getLogger("assistant.x")
    log.warning("%s of %d in %s", CANARY, 3, Plain("cache.db"))
    log.warning("%(a)s", {"a": CANARY})
    assert [line["message"] for line in lines()] == ["<str> of 3 in cache.db", "<str>"]


def test_of_other_packages_only_the_place_is_told(lines):
    logging.getLogger("chromadb.telemetry").error(f"cannot parse {CANARY}")
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert line["at"].startswith("assistant/test_logs.py:")
    assert "message" not in line


def test_an_exception_is_told_by_kind_and_place_with_its_causes(lines):
    def fail():
        try:
            int(CANARY)
        except ValueError as error:
            raise PermissionError(13, CANARY, CANARY) from error

    for raised in (PermissionError, BaseExceptionGroup):
        try:
            if raised is PermissionError:
                fail()
            raise ExceptionGroup(CANARY, [KeyError(CANARY)])
        except (PermissionError, ExceptionGroup):
            logging.getLogger("assistant.x").exception("it failed")
    text = json.dumps(lines())
    assert CANARY not in text
    first, second = (line["errors"] for line in lines())
    assert [each["type"] for each in first] == ["builtins.PermissionError", "builtins.ValueError"]
    assert first[0]["reason"] == "Permission denied"
    assert first[0]["at"][0].endswith(" fail")
    assert [each["type"] for each in second] == [
        "builtins.ExceptionGroup",
        "builtins.KeyError",
    ]


def test_a_line_of_text_is_one_line_whatever_its_values_are():
    record = logging.makeLogRecord({
        "name": "assistant.x",
        "levelname": "INFO",
        "msg": "done",
        "fields": {"reader": "a\nERROR forged: b", "seconds": 1.5, "timings": {"read": 0.1}},
    })  # fmt: skip
    line = TextLines().format(record)
    assert "\n" not in line
    assert line.split(" ", 1)[1] == (
        'INFO assistant.x: done reader="a\\nERROR forged: b" seconds=1.5 timings={"read": 0.1}'
    )


def test_what_others_print_is_logged_without_its_text(lines, capsys):
    def end():
        raise RuntimeError(CANARY)

    with caught():
        print(CANARY)  # noqa: T201
        try:
            int(CANARY)
        except ValueError:
            traceback.print_exc()
        warnings.simplefilter("default")
        warnings.warn(CANARY, UserWarning, stacklevel=1)
        thread = threading.Thread(target=end)
        thread.start()
        thread.join()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert CANARY not in shown.err + json.dumps(lines())
    told = [line["errors"][0]["type"] for line in lines() if "errors" in line]
    assert told == ["builtins.ValueError", "builtins.RuntimeError"]
    assert [line["type"] for line in lines() if line["message"] == "a warning"] == ["UserWarning"]


def test_our_own_messages_are_constants_of_the_program():
    calls = 0
    for package in ("assistant", "eval", "index", "prompts"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                owner = getattr(node.func.value, "id", None)
                if owner not in ("_log", "log", "logger", "logging") or not node.args:
                    continue
                if node.func.attr not in (
                    *("debug", "info", "warning", "error", "exception", "critical", "log"),
                ):
                    continue
                message = node.args[1 if node.func.attr == "log" else 0]
                assert isinstance(message, ast.Constant), f"{path}:{node.lineno}"
                calls += 1
    assert calls > 20


def test_each_level_and_form_can_be_had_again_and_again(capsys):
    log = logging.getLogger("assistant.x")
    try:
        configure("json")
        log.info("a line")
        log.debug("none")
        configure("text", "error")
        log.warning("none")
        log.error("another")
    finally:
        configure()
        root = logging.getLogger()
        root.removeHandler(root.handlers[-1])
    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["message"] == "a line"
    assert second.endswith("ERROR assistant.x: another")


def test_every_command_logs_json_where_that_is_wanted(tmp_path):
    command = [sys.executable, "-m", "assistant.cli", "ask", "Why?", "--index", "none"]
    run = subprocess.run(
        [*command, "--log-format", "json"], capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""}, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert [json.loads(line)["message"] for line in run.stderr.splitlines()] == ["said"]
    assert "Expected an index" in run.stderr
