import os

import numpy as np
import pytest

from index.errors import IndexDamagedError
from index.records import PassageRecord
from index.vectors import SETTINGS, VectorStore, copy_vectors


def record(number, vector, label="body"):
    document = f"doc{number % 5}"
    return PassageRecord(f"{document}:{number}", document, label, "", "text", "", "", vector)


def some_records(count, dimension=16, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        record(number, vector, "notes" if number % 10 == 9 else "body")
        for number, vector in enumerate(vectors)
    ]


@pytest.fixture
def store(tmp_path):
    store = VectorStore(tmp_path / "chroma", create=SETTINGS)
    yield store
    store.close()


def exact(records, vector, k):
    scores = {each.id: float(each.vector @ vector) for each in records}
    return sorted(scores, key=lambda name: -scores[name])[:k]


def test_query_gives_the_nearest_with_their_cosine(store):
    records = some_records(300)
    store.add(records)
    hits = store.query(records[7].vector, 5)
    assert hits[0] == (records[7].id, pytest.approx(1.0, abs=1e-5))
    assert [name for name, _ in hits] == exact(records, records[7].vector, 5)
    assert store.query(records[7].vector, 1000)[-1][1] < hits[-1][1]


def test_holds_no_texts_which_chroma_would_index(store):
    records = some_records(3)
    store.add(records)
    held = store._collection.get(include=["documents", "metadatas"])
    assert held["documents"] == [None] * 3
    assert {each["document_id"] for each in held["metadatas"]} == {"doc0", "doc1", "doc2"}


def test_goes_on_with_a_store_that_was_made_with_texts(store):
    records = some_records(30)
    for each in records:
        store._collection.add(
            [each.id],
            embeddings=[each.vector],
            documents=[each.text],
            metadatas=[{"document_id": each.document_id, "label": each.label}],
        )
    store.delete_documents(["doc1"])
    store.add([each for each in records if each.document_id == "doc1"])
    assert store.count == 30
    assert [store.query(each.vector, 1)[0][0] for each in records] == [each.id for each in records]


def test_query_filters_by_document_and_label(store):
    records = some_records(300)
    store.add(records)
    vector = records[3].vector
    for documents in ({"doc2"}, {"doc1", "doc4"}, {f"doc{number}" for number in range(5)}, set()):
        for labels in ((), ("body",), ("notes",), ("body", "notes")):
            allowed = [
                each
                for each in records
                if each.document_id in documents and (not labels or each.label in labels)
            ]
            found = [name for name, _ in store.query(vector, 10, documents, labels)]
            assert found == exact(allowed, vector, 10)


def test_filters_ask_who_knows_what_passages_belong_to(store):
    records = some_records(100)
    store.add(records)
    known = {each.id: ("another", "notes") for each in records if each.document_id != "doc3"}

    def belongings(names):
        return {name: known[name] for name in names if name in known}

    allowed = [each for each in records if each.id in known]
    assert len(allowed) == 80
    vector = records[3].vector
    for documents, labels in (({"another"}, ("notes",)), (None, ("notes",)), ({"another"}, ())):
        hits = store.query(vector, 20, documents, labels, belongings)
        assert [name for name, _ in hits] == exact(allowed, vector, 20)


def test_a_filter_of_very_many_documents(store):
    records = some_records(50)
    store.add(records)
    documents = {f"none{number}" for number in range(40_000)} | {"doc3"}
    found = store.query(records[0].vector, 5, documents)
    assert len(found) == 5
    assert {name.partition(":")[0] for name, _ in found} == {"doc3"}


def test_delete_by_document(store):
    store.add(some_records(100))
    store.delete_documents(["doc1", "none"])
    assert store.count == 80
    assert store.query(some_records(100)[1].vector, 100, {"doc1"}) == []


def test_an_empty_store_finds_nothing(store):
    assert store.query(np.ones(16, dtype=np.float32), 5) == []
    assert store.check([]) is None


@pytest.mark.parametrize("count", [1, 2, 500])
def test_opening_changes_no_file_but_the_database(tmp_path, store, count):
    records = some_records(count)
    store.add(records)
    store.close()

    def files():
        paths = (tmp_path / "chroma").rglob("*.*")
        return {path.name: path.read_bytes() for path in paths if path.name != "chroma.sqlite3"}

    before = files()
    again = VectorStore(tmp_path / "chroma")
    assert again.check([(each.id, each.vector) for each in records[:20]]) is None
    again.close()
    assert files() == before


def test_check_notices_lost_vectors(store):
    records = some_records(100)
    store.add(records)
    sample = [(each.id, each.vector) for each in records[::5]]
    assert store.check(sample) is None
    store.delete_documents(["doc0"])
    assert "vectors lost" in store.check(sample)


def test_check_accepts_repeated_vectors(store):
    first = some_records(1)[0].vector
    records = [record(number, first) for number in range(40)]
    store.add(records)
    assert store.check([(each.id, each.vector) for each in records]) is None


def test_a_copy_is_whole_and_independent(tmp_path, store):
    records = some_records(100)
    store.add(records)
    copy_vectors(tmp_path / "chroma", tmp_path / "copy")
    copy = VectorStore(tmp_path / "copy")
    copy.delete_documents(["doc0"])
    assert (copy.count, store.count) == (80, 100)
    assert (
        copy.check([(each.id, each.vector) for each in records if each.document_id != "doc0"])
        is None
    )
    copy.close()


def test_vendor_errors_are_translated(tmp_path, store):
    store.add(some_records(10))
    with pytest.raises(IndexDamagedError) as raised:
        store.query(np.ones(3, dtype=np.float32), 5)
    assert type(raised.value.__cause__).__module__.startswith("chromadb")
    store.close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    database.write_bytes(b"\0" * os.path.getsize(database))
    with pytest.raises(IndexDamagedError):
        VectorStore(tmp_path / "chroma")
    with pytest.raises(IndexDamagedError):
        copy_vectors(tmp_path / "chroma", tmp_path / "copy")
    with pytest.raises(IndexDamagedError, match="found none"):
        VectorStore(tmp_path / "nothing")
