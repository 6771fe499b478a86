"""A small collection asked once: all vectors are compared, and Chroma is left alone."""

import shutil

import pytest

from index import Filter, Index, exact
from index.vectors import VectorStore

QUESTIONS = ("the harbor of town 3", "mark5v0b1", "Who rebuilt the orchard?", "sold")


def found(index, question, **options):
    return [(hit.passage.id, hit.score) for hit in index.search(question, k=12, **options)]


@pytest.mark.parametrize("labels", [("body",), (), ("heading",)])
def test_it_finds_what_chroma_finds(built_index, embedder, labels):
    with (
        Index.open(built_index, embedder) as index,
        Index.open(built_index, embedder, brief=True) as brief,
    ):
        some = Filter(documents=tuple(document.id for document in index.documents()[:3]))
        for question in QUESTIONS:
            for where in (None, some):
                expected = found(index, question, where=where, labels=labels)
                assert found(brief, question, where=where, labels=labels) == expected
        with index._live.lend() as stores, brief._live.lend() as same:
            assert isinstance(stores.vectors, VectorStore)
            vector = embedder.encode_query("the harbor")
            assert [name for name, _ in same.vectors.query(vector, 30)] == [
                name for name, _ in stores.vectors.query(vector, 30)
            ]


def test_chroma_is_not_opened(index_copy, embedder):
    (generation,) = (index_copy / "generations").iterdir()
    before = {path: path.stat().st_mtime_ns for path in generation.rglob("*")}
    with Index.open(index_copy, embedder, brief=True) as index:
        assert index.search("the harbor")
        with index._live.lend() as stores:
            assert isinstance(stores.vectors, exact.ExactVectors)
            assert stores.vectors.query(embedder.encode_query("x"), 5, documents=()) == []
    assert {path: path.stat().st_mtime_ns for path in generation.rglob("*")} == before


def test_a_large_collection_is_searched_by_chroma(built_index, embedder, monkeypatch):
    monkeypatch.setattr(exact, "MOST", 10)
    with Index.open(built_index, embedder, brief=True) as index:
        assert index.search("the harbor")
        with index._live.lend() as stores:
            assert isinstance(stores.vectors, VectorStore)


def test_damaged_stores_are_made_again(index_copy, embedder):
    shutil.rmtree(index_copy / "generations")
    with Index.open(index_copy, embedder, brief=True) as index:
        assert index.search("the harbor")
    with Index.open(index_copy, embedder) as index:
        assert index.search("the harbor")
