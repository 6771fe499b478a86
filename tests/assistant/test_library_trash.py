"""What was removed from a library, until it is back or gone for good."""

import json
import time

import pytest
from library_texts import PIER, ended, files_in, info_of, upload

from assistant.library_trash import KEPT, UNDO, Trash
from index import build
from index.errors import InputError
from index.removal import take_out


@pytest.fixture
def desk(shelf_desk):
    return shelf_desk


@pytest.fixture
def removed(shelf, desk):
    """An uploaded and edited document that was removed, and a trash whose clock can be set."""
    ended(shelf, shelf.add([upload(shelf, "pier.md", PIER)]))
    ended(shelf, shelf.edit(info_of(desk, "The Pier").id, {"publisher": "Dunsay"}))
    trash = Trash(shelf.places.files)
    token = trash.add(take_out(shelf.places.index, [d.id for d in desk.documents()]), "all")
    return trash, token


def at(trash, seconds):
    trash.clock = lambda: time.time() + seconds


def test_uploaded_files_go_after_a_minute_and_are_deleted_after_a_week(removed, shelf, tmp_path):
    trash, token = removed
    indexed = shelf._index().sources
    here = [".incoming", ".trash", f".trash/{token}.json"]
    trash.sweep(indexed)
    assert files_in(shelf.places.files) == [*here, "pier.md", "pier.md.meta.yaml"]
    at(trash, UNDO + 1)
    trash.sweep(indexed)
    moved = f".trash/{token}"
    expected = sorted([*here, moved, f"{moved}/pier.md", f"{moved}/pier.md.meta.yaml"])
    assert files_in(shelf.places.files) == expected
    assert trash.removals() == []
    with pytest.raises(InputError, match="too late"):
        trash.undo(token, lambda taken: None)
    at(trash, KEPT + 1)
    trash.sweep(indexed)
    assert files_in(shelf.places.files) == [".incoming", ".trash"]
    assert files_in(tmp_path / "docs") == ["mill.md"]


def test_a_new_server_clears_away_what_the_last_one_removed(removed, shelf):
    trash = Trash(shelf.places.files)
    at(trash, UNDO + 1)
    trash.sweep(shelf._index().sources)
    assert "pier.md" not in files_in(shelf.places.files)


def test_a_file_that_is_indexed_again_stays(removed, shelf, desk, places):
    trash, _ = removed
    build([places.files], places.index, embedding_model=desk.index.embedder)
    at(trash, UNDO + 1)
    trash.sweep(shelf._index().sources)
    assert {"pier.md", "pier.md.meta.yaml"} <= set(files_in(shelf.places.files))


def test_an_undo_that_fails_can_be_tried_again(removed):
    trash, token = removed

    def fail(taken):
        raise InputError("not now")

    with pytest.raises(InputError, match="not now"):
        trash.undo(token, fail)
    assert trash.undo(token, lambda taken: None) == "all"


def test_notes_lead_nowhere_else(shelf, tmp_path):
    trash = Trash(shelf.places.files)
    folder = shelf.places.files / ".trash"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps({"at": 0, "files": ["../../docs/mill.md"]}))
    (folder / "b.json").write_text("no json")
    at(trash, KEPT / 2)
    trash.sweep(lambda: [])
    assert files_in(tmp_path / "docs") == ["mill.md"]
