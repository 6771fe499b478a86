import json
from contextlib import closing

import numpy as np
import pytest
from index_helpers import encode_words, words_embedder, write_document, write_documents

from index import build, reach
from index.catalog import Catalog
from index.chroma_address import ChromaAddress
from index.errors import IndexDamagedError, IndexUnreachableError, InputError
from index.layout import Layout
from index.vector_server import Held, ServerVectors, bring_into_step


@pytest.fixture
def address(chroma):
    return ChromaAddress(chroma.url)


@pytest.fixture
def catalog(index_dir):
    with closing(Catalog(Layout(index_dir).catalog, writable=True)) as catalog:
        yield catalog


def everything(catalog):
    return {record.id: record for batch in catalog.stream() for record in batch}


def assert_in_step(address, catalog):
    records = everything(catalog)
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        assert vectors.held == Held(catalog.revision, clean=True)
        assert vectors.count == len(records)
        for record in list(records.values())[:10]:
            hits = vectors.query(record.vector, 5)
            scores = sorted(
                (each.vector @ record.vector for each in records.values()), reverse=True
            )
            assert [score for _, score in hits] == pytest.approx(scores[:5], abs=1e-5)
            assert hits[0][0] in records


def collection_id(address, catalog):
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        return vectors._collection.id


def test_it_is_made_and_follows(address, catalog, index_dir, docs, embedder):
    bring_into_step(address, catalog)
    assert_in_step(address, catalog)
    before = collection_id(address, catalog)
    write_document(docs, 3, version=1)
    sorted(docs.iterdir())[5].unlink()
    write_document(docs, 20)
    build([docs], index_dir, embedding_model=embedder, prune=True)
    bring_into_step(address, catalog)
    assert_in_step(address, catalog)
    assert collection_id(address, catalog) == before  # changed, and not made again


@pytest.mark.slow
def test_records_that_differ_in_a_number_can_be_found(address, tmp_path, embedder, monkeypatch):
    monkeypatch.setattr(reach, "_SOME", 200)  # of 20, a graph that loses few may lose none
    texts = [f"The mill of town {n} was rebuilt in the year {n}." for n in range(1000)]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    build([tmp_path / "rows.jsonl"], tmp_path / "rows", embedding_model=embedder)
    with closing(Catalog(Layout(tmp_path / "rows").catalog, writable=True)) as catalog:
        bring_into_step(address, catalog)
        with closing(ServerVectors(address, catalog.identity)) as vectors:
            sample = catalog.sample(200, catalog.revision)
            assert vectors.check(sample, most=reach._THIN) is None


def test_nothing_to_do_changes_nothing(address, catalog):
    bring_into_step(address, catalog)
    with closing(ServerVectors(address, catalog.identity)) as before:
        bring_into_step(address, catalog)
        with closing(ServerVectors(address, catalog.identity)) as after:
            assert after._collection.id == before._collection.id


def test_filters(address, catalog):
    bring_into_step(address, catalog)
    first = catalog.documents()[0].id
    vector = encode_words(["the harbor was sold"])[0]
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        found = [name for name, _ in vectors.query(vector / np.linalg.norm(vector), 50, {first})]
    assert {name.partition(":")[0] for name in found} == {first}
    assert len(found) == catalog.passage_counts()[first]


def test_one_who_was_killed_in_the_middle(address, catalog, docs, index_dir, embedder):
    bring_into_step(address, catalog)
    revision = catalog.revision
    for number in range(30, 36):
        write_document(docs, number)
    build([docs], index_dir, embedding_model=embedder)
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        vectors.note(Held(revision, clean=False))
        vectors.add(list(everything(catalog).values())[:7])
    bring_into_step(address, catalog)
    assert_in_step(address, catalog)


def test_one_who_was_killed_while_it_was_made_again(address, catalog):
    bring_into_step(address, catalog)
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        vectors._collection.modify(name=f"{vectors.name}-new")
    bring_into_step(address, catalog)
    assert_in_step(address, catalog)


@pytest.mark.parametrize("how", ["lost", "half", "of another index", "from the future", "emptied"])
def test_what_cannot_be_followed_is_made_again(address, catalog, how):
    bring_into_step(address, catalog)
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        if how == "lost":
            vectors._client.delete_collection(vectors.name)
        elif how == "half":
            vectors.delete_documents([catalog.documents()[0].id])
        elif how == "of another index":
            vectors._collection.modify(metadata={"verbatim_index": "x", "verbatim_revision": 1})
        elif how == "from the future":
            vectors.note(Held(catalog.revision + 5, clean=True))
        else:
            vectors.delete_documents([info.id for info in catalog.documents()])
    bring_into_step(address, catalog)
    assert_in_step(address, catalog)


def test_a_reader_is_told_when_its_collection_is_gone(address, catalog):
    bring_into_step(address, catalog)
    with closing(ServerVectors(address, catalog.identity)) as reader:
        vector = everything(catalog).popitem()[1].vector
        assert reader.query(vector, 3)
        reader._client.delete_collection(reader.name)
        bring_into_step(address, catalog)
        with pytest.raises(IndexDamagedError):
            reader.query(vector, 3)


def test_two_indexes_share_a_server(address, catalog, tmp_path):
    write_documents(tmp_path / "more", range(50, 53))
    build([tmp_path / "more"], tmp_path / "other", embedding_model=words_embedder())
    with closing(Catalog(Layout(tmp_path / "other").catalog, writable=True)) as other:
        bring_into_step(address, catalog)
        bring_into_step(address, other)
        assert_in_step(address, catalog)
        assert_in_step(address, other)


def test_a_server_that_is_gone(catalog):
    with pytest.raises(IndexUnreachableError, match=r"127\.0\.0\.1:1 could not be used"):
        bring_into_step(ChromaAddress("http://127.0.0.1:1"), catalog)


@pytest.mark.slow
def test_a_server_killed_and_started_again(tmp_path, catalog, docs, index_dir, embedder):
    from data_servers.chroma import ChromaServer

    server = ChromaServer(tmp_path / "chroma").start()
    try:
        address = ChromaAddress(server.url)
        bring_into_step(address, catalog)
        server.kill()
        with pytest.raises(IndexUnreachableError):
            bring_into_step(address, catalog)
        write_document(docs, 40)
        build([docs], index_dir, embedding_model=embedder)
        server.start()
        bring_into_step(address, catalog)
        assert_in_step(address, catalog)
    finally:
        server.stop()


def test_the_limits_of_chroma_cloud(chroma, catalog, monkeypatch):
    """The client for the cloud, with a server of this machine in its place."""
    monkeypatch.setattr("index.chroma_address._CLOUD", "127.0.0.1")
    monkeypatch.setattr("index.vector_server._CLOUD_WRITE", 7)
    monkeypatch.setattr("index.vector_server._CLOUD_READ", 9)
    monkeypatch.setattr("index.vector_server._CLOUD_TEXT", 20)
    address = ChromaAddress(f"{chroma.url}/default_tenant/default_database", "key")
    assert address.is_cloud
    _create_plainly(monkeypatch)
    bring_into_step(address, catalog)
    assert_in_step(address, catalog)
    with closing(ServerVectors(address, catalog.identity)) as vectors:
        assert len(vectors.query(everything(catalog).popitem()[1].vector, 30)) == 9
        kept = vectors._collection.get(include=["documents"])["documents"]
    assert max(len(text.encode()) for text in kept) <= 20


def _create_plainly(monkeypatch):
    """A server of one's own has no index of the cloud's kind."""
    from chromadb.api.client import Client

    create = Client.create_collection

    def plainly(self, name, *, configuration, **options):
        assert configuration == {"spann": {"space": "cosine"}}
        return create(self, name, configuration={"hnsw": {"space": "cosine"}}, **options)

    monkeypatch.setattr(Client, "create_collection", plainly)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://chroma", ("chroma", 8000, False, None, None)),
        ("https://vectors.example.org", ("vectors.example.org", 443, True, None, None)),
        ("http://10.0.0.5:9000/team/docs", ("10.0.0.5", 9000, False, "team", "docs")),
        ("http://[::1]:8000/", ("::1", 8000, False, None, None)),
    ],
)
def test_addresses(url, expected):
    found = ChromaAddress(url)
    assert (found.host, found.port, found.has_tls, found.tenant, found.database) == expected


@pytest.mark.parametrize(
    "url",
    ["", "chroma:8000", "ftp://chroma", "http://", "http://u:hunter2@chroma", "http://chroma/a",
     "http://chroma?x=1", "https://api.trychroma.com", "http://chroma:99999"],
)  # fmt: skip
def test_addresses_that_are_refused(url):
    with pytest.raises(InputError, match="Chroma") as told:
        ChromaAddress(url)
    assert "hunter2" not in str(told.value)


def test_tokens_become_headers_and_are_not_shown():
    assert ChromaAddress("http://c", "abc").headers == {"Authorization": "Bearer abc"}
    assert ChromaAddress("http://c", "X-Key: abc").headers == {"X-Key": "abc"}
    assert ChromaAddress("http://c").headers == {}
    assert "abc" not in repr(ChromaAddress("http://c", "abc"))
