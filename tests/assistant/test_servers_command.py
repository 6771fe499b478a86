"""The same commands with a catalog on PostgreSQL and vectors on Chroma's server."""

import json

import pytest

from assistant.desk import Assistant
from assistant.settings import load_settings
from index import Layout
from index.chroma_address import ChromaAddress
from index.errors import InputError

pytestmark = pytest.mark.slow

BRIEF = """---
title: The ferry
author: Ada Loon
date: 2021-05-04
---

The ferry crosses the lake twice a day in winter. In summer it crosses six times a day.

A return ticket costs nine crowns, and children travel free of charge until they are twelve.
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def documents(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "ferry.md").write_text(BRIEF, encoding="utf-8")
    return tmp_path / "docs"


def test_the_commands(run, documents, postgres, chroma, tmp_path):
    servers = ["--catalog", postgres.new_database(), "--chroma", chroma.url]
    code, out, err = run("index", documents, "--index", tmp_path / "one", *servers)
    assert (code, "1 added" in out) == (0, True), err
    code, out, _ = run("ask", "What does a ticket cost?", "--index", "two", *servers, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["citations"][0]["quote"]["text"] in BRIEF
    assert "nine crowns" in answer["text"]
    assert not (tmp_path / "two" / "catalog.sqlite3").exists()
    code, out, _ = run("doctor", "--index", "two", *servers)
    assert f"postgresql+psycopg://verbatim@127.0.0.1:{postgres.port}" in out
    assert chroma.url in out
    code, out, _ = run("documents", "--index", "three", *servers, "--json")
    (document,) = json.loads(out)
    assert document["title"] == "The ferry"
    assert run("remove", document["id"], "--index", "three", *servers)[0] == 0
    assert json.loads(run("documents", "--index", "one", *servers, "--json")[1]) == []


def test_by_the_environment(run, documents, postgres, chroma, monkeypatch):
    monkeypatch.setenv("ASSISTANT_CATALOG", postgres.new_database())
    monkeypatch.setenv("ASSISTANT_CHROMA", chroma.url)
    assert run("index", documents)[0] == 0
    assert "nine crowns" in run("ask", "What does a ticket cost?")[1]


def test_from_python(documents, postgres, chroma, tmp_path):
    from index import build

    layout = Layout(tmp_path / "one", postgres.new_database(), ChromaAddress(chroma.url))
    build([documents], layout)
    with Assistant.open(layout) as desk:
        assert "nine crowns" in desk.answer("What does a ticket cost?").text


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--catalog", "mysql://me:hunter2@db/x"], "expected to be postgresql+psycopg://"),
        (["--catalog", "postgresql+psycopg://me:hunter2@127.0.0.1:1/x"], "Check that the server"),
        (["--chroma", "http://me:hunter2@chroma"], "expected to be http://HOST:PORT"),
        (["--chroma", "https://api.trychroma.com/a/b"], "ASSISTANT_CHROMA_TOKEN"),
    ],
)
def test_addresses_that_do_not_work(run, documents, options, expected, tmp_path):
    code, out, err = run("index", documents, "--index", "new", *options)
    assert code in (1, 2)
    assert expected in err
    assert "hunter2" not in out + err
    assert "Traceback" not in err
    assert not (tmp_path / "new").exists()


def test_a_chroma_that_is_gone_loses_nothing(run, documents, tmp_path):
    code, _, err = run("index", documents, "--index", "new", "--chroma", "http://127.0.0.1:1")
    assert code == 1
    assert "Check that the server runs" in err
    assert run("index", documents, "--index", "new")[0] == 0  # what was embedded is there
    assert "nine crowns" in run("ask", "What does a ticket cost?", "--index", "new")[1]


def test_the_token_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("ASSISTANT_CHROMA_TOKEN", "X-Key: abc")
    place = load_settings({"chroma": "https://vectors.example.org"}).place
    assert place.chroma.headers == {"X-Key": "abc"}
    assert "abc" not in repr(place)
    assert "abc" not in str(place)


def test_private_libraries_are_folders(tmp_path):
    from assistant.errors import SettingsError
    from assistant.web.opening import library_index

    settings = load_settings({"chroma": "http://chroma", "private_libraries": True})
    with pytest.raises(SettingsError, match="Leave these out"):
        library_index(settings)


def test_a_password_is_not_shown():
    settings = load_settings({"catalog": "postgresql+psycopg://me:hunter2@db/x"})
    assert "hunter2" not in repr(settings)
    assert str(settings.place).endswith("(postgresql+psycopg://me:***@db/x)")
    with pytest.raises(InputError, match="is something else"):
        Assistant.open(Layout(settings.index, "nonsense"))
