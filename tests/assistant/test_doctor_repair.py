"""`assistant doctor --repair`: what it says of a damaged index, and that it answers again."""

import sqlite3
from contextlib import closing

import pytest

from assistant.cli import main
from index import build

QUESTION = "How many bolts did the mill make a day?"


@pytest.fixture
def index_dir(tmp_path, monkeypatch, embedder):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "one.md").write_text(
        "# One text\n\nThe mill made sixty bolts a day.\n"
    )
    (tmp_path / "documents" / "two.md").write_text("# Two text\n\nThe kiln was moved to Torsby.\n")
    build([tmp_path / "documents"], tmp_path / "small.index", embedding_model=embedder)
    with closing(sqlite3.connect(tmp_path / "small.index" / "catalog.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return tmp_path / "small.index"


@pytest.fixture
def run(capsys, index_dir):
    def run(command, *arguments):
        code = main([command, *map(str, arguments), "--index", str(index_dir)])
        done = capsys.readouterr()
        assert "Traceback" not in done.err
        return code, done.out, done.err

    return run


@pytest.mark.slow
def test_a_changed_word_is_named_and_set_right(run, index_dir):
    catalog = index_dir / "catalog.sqlite3"
    catalog.write_bytes(catalog.read_bytes().replace(b"sixty bolts", b"ninty bolts"))
    code, out, err = run("ask", QUESTION, "--alone")
    assert (code, out) == (1, "")
    assert "doctor --repair" in err
    assert "has changed since" in err
    code, out, _ = run("doctor")
    assert code == 1
    assert "FAIL catalog: " in out
    code, out, _ = run("doctor", "--repair")
    assert code == 0
    assert "ok   repaired: " in out
    assert "sixty bolts" in run("ask", QUESTION, "--alone")[1]


@pytest.mark.slow
def test_a_lost_catalog_is_made_again_of_paths(run, index_dir):
    catalog = index_dir / "catalog.sqlite3"
    catalog.write_bytes(b"\0" * 90_000)
    code, out, _ = run("doctor")
    assert code == 1
    assert "FAIL catalog: damaged: " in out
    assert run("doctor", "documents")[0] == 2
    code, out, err = run("doctor", "--repair")
    assert (code, out) == (2, "")
    assert "Nothing was changed" in err
    code, out, _ = run("doctor", "--repair", "documents")
    assert code == 0
    assert "damaged-1; delete it when all is well" in out
    assert "ok   catalog: 2 documents" in out
    assert "sixty bolts" in run("ask", QUESTION, "--alone")[1]


def test_a_file_that_is_gone_is_told_and_is_no_damage(run, index_dir):
    (index_dir.parent / "documents" / "two.md").unlink()
    code, out, _ = run("doctor")
    assert code == 0
    assert (
        f"ok   files: gone since they were indexed: {index_dir.parent}/documents/two.md. `" in out
    )
