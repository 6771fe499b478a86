"""Damage to an index: it is found and named, never quoted from, and set right."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from index_helpers import assert_whole, query_embedder, words_embedder, write_document

from index import Index, build
from index.catalog import Catalog
from index.checkup import examine
from index.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexStoreError,
    InputError,
    VerbatimError,
)
from index.layout import Layout
from index.repair import repair, unfinished

MARK = b"mark3v0b2"


@pytest.fixture(autouse=True)
def model(monkeypatch):
    """The model that is loaded by its name is the tests' own."""
    for place in ("index.indexing.load_embedder", "index.collection.load_recorded"):
        monkeypatch.setattr(place, lambda *_: words_embedder())


def layout_of(index_dir):
    """The index, with all that was written in the file of its catalog itself."""
    layout = Layout(index_dir)
    with closing(sqlite3.connect(layout.catalog)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return layout


def change(path, old, new):
    data = path.read_bytes()
    assert data.count(old) >= 1
    assert len(old) == len(new)
    path.write_bytes(data.replace(old, new))


def mend(layout, paths=()):
    result = repair(layout, examine(layout), paths)
    assert examine(layout).is_well
    return result


def test_a_whole_index_is_well(index_dir):
    health = examine(layout_of(index_dir))
    assert health.is_well
    assert (health.document_count, health.compared) == (8, 8)
    assert health.queried == health.passage_count > 8
    assert repair(Layout(index_dir), health).done == []


def test_a_changed_text_is_never_quoted(index_dir):
    layout = layout_of(index_dir)
    change(layout.catalog, MARK, b"mark3v0b7")
    with Index.open(layout, query_embedder()) as index:
        document = next(each for each in index.documents() if "town003" in each.source)
        with pytest.raises(IndexDamagedError, match=r"doctor --repair"):
            index.document(document.id)
        with pytest.raises(IndexDamagedError, match=r"doctor --repair"):
            index.search("mark3v0b1 mark3v0b2 mark3v0b3", k=50, labels=())
        with pytest.raises(IndexDamagedError, match=r"doctor --repair"):
            index.passages(document.id)
    (found,) = examine(layout).documents
    assert found[0] == document.id
    assert mend(layout).left == []
    assert_whole(index_dir)


@pytest.mark.parametrize("column", ["vector", "sentence_vectors"])
def test_a_changed_vector_is_found_and_made_again(index_dir, column):
    layout = layout_of(index_dir)
    with closing(sqlite3.connect(layout.catalog)) as database, database:
        ((number, blob),) = database.execute(f"SELECT number, {column} FROM passages LIMIT 1")
        changed = bytearray(blob)
        changed[5] ^= 4
        database.execute(
            f"UPDATE passages SET {column} = ? WHERE number = ?", (bytes(changed), number)
        )
    assert len(examine(layout).documents) == 1
    mend(layout)
    with closing(sqlite3.connect(layout.catalog)) as database:
        (left,) = database.execute(f"SELECT count(*) FROM passages WHERE {column} = ?", (blob,))
    assert left == (1,)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("documents", "authors", '["A. Forger"]'), ("documents", "places", '[[0, "page", "9"]]')],
)
def test_changed_metadata_are_found(index_dir, table, column, value):
    layout = layout_of(index_dir)
    with closing(sqlite3.connect(layout.catalog)) as database, database:
        database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = 1", (value,))
    assert len(examine(layout).documents) == 1
    with Index.open(layout, query_embedder()) as index:
        ids = index.passage_counts()
        with pytest.raises(IndexDamagedError):
            [index.document(document_id) for document_id in ids]
    mend(layout)
    assert_whole(index_dir)


def test_a_damaged_document_whose_file_is_gone_is_named_and_stays(docs, index_dir):
    layout = layout_of(index_dir)
    change(layout.catalog, MARK, b"mark3v0b7")
    (docs / "town003.md").unlink()
    (left,) = repair(layout, examine(layout)).left
    assert "town003.md" in left
    assert "assistant remove" in left
    write_document(docs, 3)
    assert mend(layout).left == []


@pytest.mark.slow
def test_a_damaged_document_whose_file_was_edited_gives_way_to_it(docs, index_dir):
    layout = layout_of(index_dir)
    change(layout.catalog, MARK, b"mark3v0b7")
    write_document(docs, 3, version=1)
    assert "edited" in mend(layout).done[0]
    assert_whole(index_dir)


def truncated(path):
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2)


def zeroed(path):
    path.write_bytes(b"\0" * path.stat().st_size)


def no_database(path):
    path.write_bytes(b"no database " * 5000)


def page_lost(path):
    """Every eighth page, but not the first one."""
    with path.open("r+b") as stream:
        for page in range(9, path.stat().st_size // 4096, 8):
            stream.seek(page * 4096)
            stream.write(b"\xff" * 4096)


@pytest.mark.slow
def test_a_catalog_with_lost_pages_is_made_again_of_what_is_left(docs, index_dir):
    layout = layout_of(index_dir)
    (docs / "town003.meta.yaml").write_text("title: As edited\n")
    page_lost(layout.catalog)
    health = examine(layout)
    assert health.catalog
    result = mend(layout)
    assert list(layout.folder.glob("damaged-1/catalog.sqlite3"))
    assert any("documents, of which" in line for line in result.done)
    assert_whole(index_dir)
    with Index.open(layout) as index:
        assert index.document_count == 8
        assert "As edited" in [document.title for document in index.documents()]


def emptied(path):
    path.write_bytes(b"")


@pytest.mark.slow
@pytest.mark.parametrize("damage", [truncated, zeroed, no_database, emptied])
def test_a_lost_catalog_is_made_again_of_the_paths_that_are_named(docs, index_dir, damage):
    layout = layout_of(index_dir)
    damage(layout.catalog)
    with pytest.raises(VerbatimError, match=r"doctor --repair|Make one with"):
        Index.open(layout).search("harbor")
    before = layout.catalog.read_bytes()
    health = examine(layout)
    assert health.catalog
    if damage is not truncated:  # of which the first half may tell what there was
        with pytest.raises(InputError, match="Nothing was changed"):
            repair(layout, health)
        assert layout.catalog.read_bytes() == before
    mend(layout, [docs])
    assert (layout.folder / "damaged-1" / "catalog.sqlite3").read_bytes() == before
    assert_whole(index_dir)
    with Index.open(layout) as index:
        assert index.document_count == 8


def interrupted(*_, **__):
    raise KeyboardInterrupt


def test_a_repair_that_was_killed_goes_on(docs, index_dir, monkeypatch):
    layout = layout_of(index_dir)
    page_lost(layout.catalog)
    with monkeypatch.context() as patch:
        patch.setattr("index.repair.build", interrupted)
        with pytest.raises(KeyboardInterrupt):
            repair(layout, examine(layout))
    assert unfinished(layout)
    result = repair(layout, examine(layout))
    assert not unfinished(layout)
    assert result.left == []
    assert_whole(index_dir)


@pytest.mark.slow
def test_a_repair_that_was_killed_between_files_goes_on(index_dir, monkeypatch):
    layout = layout_of(index_dir)
    page_lost(layout.catalog)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            repair(layout, examine(layout))
    assert unfinished(layout) == [index_dir / "damaged-1"]
    assert mend(layout).left == []
    assert list(index_dir.glob("damaged-*")) == [index_dir / "damaged-1"]
    assert_whole(index_dir)


def test_documents_without_files_are_taken_out_of_a_damaged_catalog(docs, index_dir):
    layout = layout_of(index_dir)
    shutil.rmtree(docs)
    with layout.catalog.open("r+b") as stream:  # a page at the end, of the last documents
        stream.seek(-3 * 4096, 2)
        stream.write(b"\xff" * 4096)
    result = repair(layout, examine(layout))
    with Index.open(layout) as index:
        kept = index.document_count
    assert 0 < kept < 8
    assert len([line for line in result.left if "its file is gone" in line]) == 8 - kept
    assert_whole(index_dir)


@pytest.mark.slow
def test_stores_are_compared_with_the_catalog(index_dir):
    layout = layout_of(index_dir)
    with closing(Catalog(layout.catalog, writable=True)) as catalog:
        (name, vector), *_ = catalog.sample(1, catalog.revision)
    from index.layout import measure, read_stamp, write_stamp
    from index.vectors import VectorStore

    generation = layout.current_generation()
    with closing(VectorStore(generation.chroma)) as vectors:
        moved = np.roll(vector, 1).tolist()
        for _ in range(2):
            vectors._collection.update([name], embeddings=[moved])
    stamp = read_stamp(generation)
    from dataclasses import replace

    write_stamp(generation, replace(stamp, files=measure(generation)))
    assert f"another vector for {name}" in examine(layout).stores
    assert "made again from the catalog" in mend(layout).done[0]
    assert layout.current_generation().name != generation.name


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["CURRENT", "STAMP.json", "meta.json", "data_level0.bin"])
def test_damaged_stores_are_named_and_made_again(index_dir, pattern):
    layout = layout_of(index_dir)
    path = next(
        each for each in sorted(layout.folder.rglob(pattern), reverse=True) if each.is_file()
    )
    path.write_bytes(b"?" * path.stat().st_size)
    assert examine(layout).stores
    mend(layout)
    assert_whole(index_dir)


def test_where_there_is_no_index(tmp_path):
    with pytest.raises(IndexMissingError):
        examine(Layout(tmp_path))
    assert list(Path(tmp_path).iterdir()) == []


def test_a_full_disk_is_named_whatever_the_store_says(docs, index_dir, monkeypatch):
    def broken(*_):
        raise IndexDamagedError("Failed to apply logs.")

    monkeypatch.setattr("index.generations._fill", broken)
    write_document(docs, 0, version=1)
    shutil.rmtree(Layout(index_dir).generations)
    with pytest.raises(IndexDamagedError, match="apply logs"):
        build([docs], index_dir)
    usage = shutil.disk_usage(index_dir)._replace(free=4096)
    monkeypatch.setattr("index.generations.shutil.disk_usage", lambda _: usage)
    with pytest.raises(IndexStoreError, match=r"4,096 bytes are free .* Make room"):
        build([docs], index_dir)
