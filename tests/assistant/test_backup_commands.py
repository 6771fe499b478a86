"""`assistant export` and `assistant import`, and that answers are the same afterwards."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Assistant
from index import build

BRIEFS = Path(__file__).parents[2] / "eval/datasets/briefs/documents"
QUESTIONS = (
    "Where was the kiln moved?",
    "How far can the Iskander missiles fly?",
    "How many bolts did the mill make?",
    "Who invented the telephone?",
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def small_index(tmp_path, embedder):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.md").write_text("# One text\n\nThe mill made sixty bolts a day.\n")
    (tmp_path / "docs" / "two.md").write_text("# Two text\n\nThe kiln was moved to Torsby.\n")
    build([tmp_path / "docs"], tmp_path / "small.index", embedding_model=embedder)
    return tmp_path / "small.index"


def answers(index):
    with Assistant.open(index) as desk:
        found = [desk.answer(question).to_dict() for question in QUESTIONS]
    for answer in found:
        del answer["timings"]
    return found


def test_answers_and_quotes_are_the_same_elsewhere(run, small_index, tmp_path, embedder):
    for path in sorted(BRIEFS.glob("*.md"))[:2]:
        shutil.copy(path, tmp_path / "docs")
    build([tmp_path / "docs"], small_index, embedding_model=embedder)
    assert run("export", "all.verbatim", "--index", small_index)[0] == 0
    code, _, err = run("import", "all.verbatim", "--index", "copy", "--documents", "/=/gone")
    assert (code, err) == (0, "")
    expected = answers(small_index)
    shutil.rmtree(tmp_path / "docs")
    assert [answer["status"] for answer in expected].count("answered") >= 2
    moved = json.loads(json.dumps(expected).replace('"source": "/', '"source": "/gone/'))
    assert answers(tmp_path / "copy") == moved


def test_the_commands(run, small_index, tmp_path):
    code, out, err = run("export", "x", "--index", small_index, "--sources")
    assert (code, err) == (0, "")
    assert "x: 2 documents in 2 passages, 2 files; 0.0 MB\nSHA-256 " in out
    digest = out.split()[-1]
    shutil.rmtree(tmp_path / "docs")
    shutil.rmtree(small_index)
    code, out, err = run("import", "x", "--index", "back", "--files", "here", "--sha256", digest)
    assert (code, err) == (0, "")
    assert "back: 2 documents in 2 passages, 2 files" in out
    code, out, _ = run("ask", "Where was the kiln moved?", "--index", "back", "--json")
    citation = json.loads(out)["citations"][0]
    assert "Torsby" in citation["quote"]["text"]
    assert citation["document"]["source"] == str(tmp_path / "here" / "two.md")
    code, out, _ = run("index", "here", "--index", "back")
    assert "2 unchanged, 0 removed, 0 failed" in out


def test_what_is_refused(run, small_index, tmp_path):
    assert run("export", "x", "--index", "nowhere")[0] == 1
    assert not (tmp_path / "x").exists()
    run("export", "x", "--index", small_index)
    code, out, err = run("export", "x", "--index", small_index)
    assert (code, out) == (2, "")
    assert "give --force to replace it" in err
    code, out, err = run("import", "x", "--index", small_index)
    assert (code, out) == (2, "")
    assert "give --force: it is then renamed" in err
    code, _, err = run("import", "x", "--index", "new", "--documents", "docs")
    assert code == 2
    assert "expects OLD=NEW" in err
    assert not (tmp_path / "new").exists()
    code, out, err = run("import", "x", "--index", small_index, "--force", "--json")
    aside = json.loads(out)["aside"]
    assert aside in err
    assert (tmp_path / aside / "catalog.sqlite3").exists()


def test_files_that_are_gone(run, small_index, tmp_path):
    (tmp_path / "docs" / "one.md").unlink()
    code, out, err = run("export", "x", "--index", small_index, "--sources", "--json")
    assert code == 1
    assert f"not in it, for it cannot be read: {tmp_path / 'docs' / 'one.md'}" in err
    assert json.loads(out)["files"] == 1
    assert run("import", "x", "--index", "back")[0] == 0


def test_a_model_that_is_not_here(run, small_index, tmp_path, embedder):
    """The texts are of use without it: the index is made, and what it wants is told."""
    with closing(sqlite3.connect(small_index / "catalog.sqlite3")) as connection, connection:
        connection.execute("UPDATE meta SET value = '/models/mine' WHERE key = 'model'")
        connection.execute("DELETE FROM meta WHERE key = 'model_seal'")
    run("export", "x", "--index", small_index)
    code, out, err = run("import", "x", "--index", "back")
    assert (code, "2 documents" in out) == (0, True)
    assert "its embedding model is not: " in err
    assert "/models/mine" in err
    assert "--embedding-model" in err
    code, _, err = run("import", "x", "--index", "b", "--embedding-model", embedder.name)
    assert (code, err) == (0, "")
    assert json.loads(run("ask", "Where was the kiln moved?", "--index", "b", "--json")[1])[
        "citations"
    ]
