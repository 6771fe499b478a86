"""What clients send and keep: requests, saved turns, bundles, settings, prompts, accounts."""

import json
import os
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any

from scripts.fuzz.changes import changed_bytes, changed_value, value
from scripts.fuzz.target import Target, workplace
from scripts.fuzz.targets.answers import DOCUMENT
from scripts.fuzz.targets.files import check_message
from scripts.fuzz.texts import text

_TEXT = "The quay is old.\n\nThe ferry 😀 was built in 1954 by Norvik. It carries 40 cars."
_COMPLETION = {
    "model": "verbatim",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "When was it built?"}]},
        {"role": "assistant", "content": "In 1954.\n\n---\n\n[1] a"},
        {"role": "user", "content": "And who built it?"},
    ],
    "stream": True,
    "stream_options": {"include_usage": True},
    "n": 1,
    "tools": [],
    "response_format": {"type": "text"},
    "verbatim": {
        "where": {"authors": ["Ann Lee"], "after": "2020-01"},
        "sources": True,
        "format": "text",
    },
}
_WHERE = {"documents": ["ferry.md"], "authors": "Ann Lee", "after": "2020-01", "before": "2021"}


@lru_cache(maxsize=1)
def _folder() -> Path:
    return Path(workplace())


def _file(name: str) -> Path:
    return _folder() / f"{os.getpid()}-{name}"


def saved_answer() -> dict[str, Any]:
    """An answer in JSON whose quotes stand in a text."""
    from dataclasses import replace

    from assistant.types import Answer, Citation, Quote, Statement
    from index.canonical import text_sha256

    sha256 = text_sha256(_TEXT)
    source = replace(DOCUMENT, id=sha256[:16], sha256=sha256, source=str(_source()))
    citations, statements = [], []
    for number, words in enumerate(
        ("The ferry 😀 was built in 1954 by Norvik.", "It carries 40 cars."), 1
    ):
        start = _TEXT.index(words)
        quote = Quote.slice(_TEXT, start, start + len(words))
        citations.append(Citation(number, quote, source, f"{source.id}:0-9"))
        statements.append(Statement(f"It says: “{words}”", (number,), 1.0))
    whole = "\n\n".join(f"{each.text} [{n}]" for n, each in enumerate(statements, 1))
    parts = {"statements": tuple(statements), "citations": tuple(citations)}
    return Answer("When?", whole, "answered", **parts).to_dict()


@lru_cache(maxsize=1)
def _source() -> Path:
    path = _folder() / "ferry.md"
    path.write_text(_TEXT, encoding="utf-8")
    return path


@lru_cache(maxsize=1)
def _kept() -> dict[str, Any]:
    return {"format": 1, "id": "t1", "answer": saved_answer(), "scope": "all", "where": _WHERE}


@lru_cache(maxsize=1)
def _bundle() -> dict[str, Any]:
    from assistant.exporting import BundleContext, Item, to_bundle
    from assistant.saved_answers import answer_from_dict

    context = BundleContext("2026-01-02T03:04:05+00:00", {"embedding_model": "m@1"}, ["b" * 64])
    return to_bundle([Item("When?", answer_from_dict(saved_answer()))], context)


def _requested(body: Any) -> None:  # noqa: ANN401
    from assistant.errors import QuestionError
    from assistant.web.openai_errors import RequestError
    from assistant.web.openai_request import completion_from, models_of
    from index.errors import FilterError

    if not isinstance(body, dict):
        return
    try:
        made = completion_from(body, models_of(("openai:x",)))
    except (RequestError, QuestionError, FilterError) as error:
        _check_said(error)
        return
    assert made.question.strip()
    assert len(made.question) <= 4_000


def _check_said(error: Exception) -> None:
    check_message(str(error).encode("utf-8", "replace").decode())


def _filtered(made: tuple[Any, Any, Any]) -> None:
    from assistant.web.choices import choice_from
    from assistant.web.inputs import count_from, filter_from, filter_to_dict, history_from
    from index.errors import InputError, VerbatimError
    from index.filters import date_range

    where, history, count = made
    for read, given in (
        (history_from, history),
        (count_from, count),
        (choice_from, _dumped(where)),
    ):
        try:
            read(given)  # type: ignore[operator]
        except VerbatimError as error:
            _check_said(error)
    try:
        chosen = filter_from(where)
    except InputError as error:
        _check_said(error)
        return
    if chosen is not None:
        filter_from(filter_to_dict(chosen))
        for date in filter(None, (chosen.after, chosen.before)):
            date_range(date)


def _dumped(given: Any) -> str:  # noqa: ANN401
    try:
        return json.dumps(given)
    except (ValueError, RecursionError):
        return "{"


def _restored(data: Any) -> None:  # noqa: ANN401
    from assistant.web.saved_turns import answer_of, asked_of
    from index.errors import InputError

    asked_of(data)
    try:
        kept = answer_of(data)
    except InputError as error:
        _check_said(error)
        return
    json.dumps(kept.to_dict(), ensure_ascii=False).encode()


def _verified(form: str, data: bytes) -> None:
    from assistant.verify import verify
    from index.errors import InputError

    path = _file(f"{form}.json")
    path.write_bytes(data)
    try:
        found = verify(path)
    except InputError as error:
        _check_said(error)
        return
    json.dumps(found.to_dict())
    for verdict in found.verdicts:
        assert verdict.state in ("exact", "altered", "moved", "changed", "missing")


def _evidence(random: Random, make: Callable[[], dict[str, Any]]) -> bytes:
    whole = make()
    if random.random() < 0.3:
        return changed_bytes(random, json.dumps(whole).encode())
    try:
        return json.dumps(changed_value(random, whole)).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return b"[" * 3_000


def _exact(data: bytes) -> None:
    """A quote that is called exact is the slice of the file that it says."""
    from assistant.verify import verify
    from index.errors import InputError

    path = _file("exact.json")
    path.write_bytes(data)
    try:
        found = verify(path)
    except InputError:
        return
    whole = json.loads(data)
    given = [each for answer in whole.get("answers", [whole]) for each in answer["citations"]]
    for verdict, citation in zip(found.verdicts, given, strict=True):
        if verdict.is_exact:
            quote = citation["quote"]
            assert _TEXT[quote["start"] : quote["end"]] == quote["text"], quote


_TOML = """index = "a.index"
model = "ollama:x"
also_models = ["openai:y", "extractive"]
base_url = "http://127.0.0.1:8080/v1"
model_timeout = 60.5
port = 7860
ocr = false
largest_upload = 50
allowed_host = "a.b,c.d"
"""


def _set(data: bytes) -> None:
    from assistant.errors import SettingsError
    from assistant.settings import load_settings
    from index.errors import InputError

    folder = _folder() / f"toml-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    (folder / "assistant.toml").write_bytes(data)
    before = os.getcwd()
    os.chdir(folder)
    try:
        settings = load_settings({})
        settings.model_options()
        _ = settings.place
    except (SettingsError, InputError) as error:
        _check_said(error)
    finally:
        os.chdir(before)


def _prompted(data: bytes) -> None:
    from prompts import Library, TemplateError, model_names

    folder = _folder() / f"prompts-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    name = model_names()[0]
    (folder / f"{name}.md").write_bytes(data)
    try:
        template = Library(folder).load(name)
        template.render(**dict.fromkeys(template.variables, "{{a}}"))
    except TemplateError as error:
        _check_said(error)


def _prompt(random: Random) -> bytes:
    from prompts import Library, model_names

    path = Library().load(model_names()[0]).path
    assert path is not None
    return changed_bytes(random, path.read_bytes())


_ACCOUNTS = (
    "# Verbatim accounts, version 1\nann password scrypt$16384$8$1$"
    + "a" * 22
    + "$"
    + "b" * 43
    + "\n"
    "bo token sha256$" + "c" * 64 + "\n# note\n"
)


def _accounted(data: bytes) -> None:
    from assistant.account_file import load
    from assistant.errors import AccountsError

    path = _file("accounts")
    path.write_bytes(data)
    try:
        load(path)
    except AccountsError as error:
        _check_said(error)


def _weighed(made: Any) -> None:  # noqa: ANN401
    from assistant.weights import load_weights
    from index.errors import VerbatimError

    path = _file("weights.json")
    path.write_text(_dumped(made), encoding="utf-8")
    try:
        load_weights(path)
    except VerbatimError as error:
        _check_said(error)


@lru_cache(maxsize=1)
def _weights() -> Any:  # noqa: ANN401
    import assistant

    return json.loads(
        (Path(assistant.__file__).parent / "default_weights.json").read_text(encoding="utf-8")
    )


def _triple(random: Random) -> tuple[Any, Any, Any]:
    history = [["When?", "In 1954."], ["Who?", "Norvik."]]
    return changed_value(random, _WHERE), changed_value(random, history), value(random)


def _toml(random: Random) -> bytes:
    lines = _TOML.split("\n")
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        lines[at] = random.choice(
            (lines[at] + text(random, 20), text(random, 40), lines[at].partition("=")[0] + "=")
        )
    return changed_bytes(random, "\n".join(lines).encode("utf-8", "replace"))


TARGETS = (
    Target(
        "chat completions", lambda random: changed_value(random, _COMPLETION), _requested, 1_000
    ),
    Target("filters and histories", _triple, _filtered, 1_000),
    Target("saved turns", lambda random: changed_value(random, _kept()), _restored, 300),
    Target(
        "evidence: answers",
        partial(_evidence, make=saved_answer),
        partial(_verified, "answer"),
        150,
    ),
    Target(
        "evidence: bundles", partial(_evidence, make=_bundle), partial(_verified, "bundle"), 150
    ),
    Target("evidence: exact", partial(_evidence, make=_bundle), _exact, 100),
    Target("settings", _toml, _set, 60),
    Target("prompts", _prompt, _prompted, 200),
    Target("accounts", lambda random: changed_bytes(random, _ACCOUNTS.encode()), _accounted, 200),
    Target("weights", lambda random: changed_value(random, _weights()), _weighed, 100),
)
