"""Damage to what has no checksum in the catalog: columns of filters, paths, the schema."""

import sqlite3
from contextlib import closing

import pytest
from index_helpers import assert_whole, query_embedder, words_embedder

from index import Filter, Index, build
from index.catalog.damage import readable_sources
from index.checkup import examine
from index.errors import IndexDamagedError
from index.layout import Layout
from index.repair import repair

ABOUT = "---\ntitle: The quay\nauthor: Ann Lee\ndate: 1954-05-04\n---\n\nThe mark9v0b0 is old.\n"


@pytest.fixture
def layout(docs, index_dir, embedder, monkeypatch):
    """An index with a document of which all is known, all of it in the file of its catalog."""
    for place in ("index.indexing.load_embedder", "index.collection.load_recorded"):
        monkeypatch.setattr(place, lambda *_: words_embedder())
    (docs / "quay.md").write_text(ABOUT)
    (docs / "quay.md.meta.yaml").write_text("publisher: River House\n")
    build([docs / "quay.md"], index_dir, embedding_model=embedder)
    with closing(sqlite3.connect(index_dir / "catalog.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Layout(index_dir)


def mend(layout):
    result = repair(layout, examine(layout))
    assert examine(layout).is_well
    assert_whole(layout.folder)
    return result


def test_a_changed_column_of_filters_is_named(index_copy):
    with closing(sqlite3.connect(index_copy / "catalog.sqlite3")) as database:
        (name,) = database.execute(
            "UPDATE documents SET author_key = 'ann lee' WHERE rowid = 3 RETURNING id"
        ).fetchone()
        database.commit()
    expected = (name, "what filters compare are not its authors and date")
    assert examine(Layout(index_copy)).documents == (expected,)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value", "where"),
    [
        ("author_key", "ann leo", Filter(authors=("Ann Lee",))),
        ("first_day", "1914-05-04", Filter(after="1954")),
        ("last_day", "1994-05-04", Filter(before="1954")),
    ],
)
def test_what_filters_compare_is_held_against_the_metadata(
    layout, column, value, where, monkeypatch
):
    with closing(sqlite3.connect(layout.catalog)) as database:
        database.execute(f"UPDATE documents SET {column} = ? WHERE title = 'The quay'", (value,))
        database.commit()
    with Index.open(layout, query_embedder()) as index:
        assert index.matching(where) == frozenset()
    ((name, trouble),) = examine(layout).documents
    assert trouble == "what filters compare are not its authors and date"
    monkeypatch.setattr("index.collection.load_recorded", lambda *_: query_embedder())
    assert mend(layout).done == [f"{name} was written again ({trouble})"]
    with Index.open(layout, query_embedder()) as index:
        assert index.matching(where) == {name}


@pytest.mark.slow
def test_other_columns_than_those_of_a_catalog_are_named(layout):
    data = layout.catalog.read_bytes()
    layout.catalog.write_bytes(data.replace(b"last_day", b"last_dau"))
    assert examine(layout).catalog == (
        "the table documents has not the columns and indexes of a catalog"
    )
    assert mend(layout).left == []


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1], ids=["row", "index"])
def test_a_path_that_changed_in_one_of_its_two_places_is_named_and_nothing_is_lost(layout, place):
    data = layout.catalog.read_bytes()
    assert data.count(b"/town003.md") == 2
    at = [data.index(b"/town003.md"), data.rindex(b"/town003.md")][place]
    layout.catalog.write_bytes(data[:at] + b"/tovn003" + data[at + 8 :])
    assert "sqlite_autoindex_sources_1" in examine(layout).catalog
    assert mend(layout).left == []
    with Index.open(layout, query_embedder()) as index:
        assert index.document_count == 9
        assert not any("tovn" in path for path in index.sources())


@pytest.mark.slow
def test_a_path_that_became_that_of_another_file_names_no_wrong_document(layout):
    data = layout.catalog.read_bytes()
    at = data.index(b"/town003.md")
    layout.catalog.write_bytes(data[:at] + b"/town002" + data[at + 8 :])
    assert list(readable_sources(layout.catalog).values()).count("") == 2
    assert mend(layout).left == []
    with Index.open(layout, query_embedder()) as index:
        assert index.document_count == 9


@pytest.mark.slow
def test_a_catalog_that_is_no_database_any_more_tells_its_files_by_its_bytes(layout, docs):
    with layout.catalog.open("r+b") as stream:
        stream.write(b"\xff" * 4096)
    paths = {str(path) for path in docs.glob("*.md")}
    assert readable_sources(layout.catalog).keys() == paths
    assert mend(layout).left == []
    with Index.open(layout, query_embedder()) as index:
        assert index.sources().keys() == paths


def test_files_that_are_gone_are_told_and_nothing_is_wrong_with_their_documents(layout, docs):
    (docs / "quay.md").unlink()
    health = examine(layout)
    assert health.is_well
    assert health.gone == (str(docs / "quay.md"),)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["model", "fingerprint"])
def test_another_model_than_was_written_is_damage(layout, embedder, key):
    with closing(sqlite3.connect(layout.catalog)) as database:
        database.execute("UPDATE meta SET value = 'w' || value WHERE key = ?", (key,))
        database.commit()
    told = "the embedding model that it names is not the one that was written"
    assert told in examine(layout).catalog
    with pytest.raises(IndexDamagedError, match=told):
        Index.open(layout, embedder)
    assert mend(layout).left == []
    with Index.open(layout, embedder) as index:
        assert index.document_count == 9


def test_a_catalog_without_a_checksum_of_its_model_is_read(index_copy, embedder):
    with closing(sqlite3.connect(index_copy / "catalog.sqlite3")) as database:
        database.execute("DELETE FROM meta WHERE key = 'model_seal'")
        database.commit()
        assert database.total_changes == 1
    assert examine(Layout(index_copy)).is_well


@pytest.mark.slow
def test_a_name_in_the_schema_that_is_no_text_is_told_and_repaired(layout):
    data = bytearray(layout.catalog.read_bytes())
    at = data.index(b"tablepassages")  # its kind and name, as SQLite keeps them
    data[at + len(b"table")] = 0xFF
    layout.catalog.write_bytes(data)
    with pytest.raises(UnicodeDecodeError), closing(sqlite3.connect(layout.catalog)) as database:
        database.execute("SELECT 1 FROM passages")
    assert "can't decode byte 0xff" in examine(layout).catalog
    mend(layout)
