"""One index of several machines: each has a folder of its own, PostgreSQL and Chroma the rest."""

import random
import sys
import time
from contextlib import ExitStack, closing

import pytest
from data_servers import postgres as postgres_server
from data_servers.chroma import ChromaServer
from index_helpers import child, query_embedder, words_embedder, write_document, write_documents

from index import Index, build
from index.catalog import Catalog
from index.chroma_address import ChromaAddress
from index.errors import IndexStoreError, IndexUnreachableError
from index.layout import Layout
from index.removal import put_back, take_out
from index.terms import TermStore
from index.vector_server import Held, ServerVectors

pytestmark = pytest.mark.slow

QUESTION = "Which harbor was flooded?"


@pytest.fixture
def machine(tmp_path, postgres, chroma):
    """Makes the layout of a machine by its name: all share one catalog and one Chroma."""
    url, address = postgres.new_database(), ChromaAddress(chroma.url)
    return lambda name: Layout(tmp_path / name, url, address)


def assert_all_in_step(layout, count):
    """Documents, vectors and terms are the same, with nothing doubled."""
    with Index.open(layout, query_embedder()) as index:
        hits = index.search(QUESTION, k=5)
        assert len(hits) == 5
        ids = {p.id for info in index.documents() for p in index.passages(info.id)}
        assert index.document_count == count
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        identity, revision = catalog.identity, catalog.content_revision()
    with closing(ServerVectors(layout.chroma, identity)) as vectors:
        assert vectors.held is not None
        assert vectors.held.clean
        assert vectors.held.revision >= revision
        assert sorted(vectors._collection.get(include=[])["ids"]) == sorted(ids)
    with closing(TermStore(layout.current_generation().terms)) as terms:
        assert terms.count == len(ids)


def test_the_same_answers_as_in_one_folder(machine, tmp_path, docs, embedder):
    layout = machine("a")
    report = build([docs], layout, embedding_model=embedder)
    assert len(report.added) == report.documents == 8
    build([docs], tmp_path / "local", embedding_model=embedder)
    with (
        Index.open(machine("c"), query_embedder()) as index,
        Index.open(tmp_path / "local", query_embedder()) as local,
    ):
        for question in (QUESTION, "mark3v0b2", "the ledger of town 5"):
            found, expected = (each.search(question, k=6) for each in (index, local))
            assert [hit.passage.id for hit in found] == [hit.passage.id for hit in expected]
            assert [hit.score for hit in found] == pytest.approx([h.score for h in expected])
    assert not (layout.folder / "catalog.sqlite3").exists()
    assert not list(layout.folder.rglob("chroma*"))
    assert_all_in_step(machine("c"), 8)


def test_one_that_is_asked_follows(machine, docs, embedder):
    build([docs], machine("a"), embedding_model=embedder)
    with Index.open(machine("c"), query_embedder()) as index:
        assert not any("mark77v0" in h.passage.text for h in index.search("mark77v0b1"))
        write_document(docs, 77)
        build([docs], machine("a"), embedding_model=embedder)
        assert "mark77v0b1" in index.search("mark77v0b1")[0].passage.text
        info = next(info for info in index.documents() if "town 77" in info.name)
        taken = take_out(machine("b"), [info.id])
        assert not any("mark77v0" in h.passage.text for h in index.search("mark77v0b1"))
        put_back(machine("b"), taken)
        assert "mark77v0b1" in index.search("mark77v0b1")[0].passage.text
    assert_all_in_step(machine("b"), 9)


def test_a_file_of_another_machine_has_not_gone(machine, tmp_path):
    write_documents(tmp_path / "one", range(3))
    build([tmp_path / "one"], machine("a"), embedding_model=words_embedder())
    (tmp_path / "one").rename(tmp_path / "elsewhere")  # as on a machine without that folder
    write_documents(tmp_path / "two", range(3))
    report = build([tmp_path / "two"], machine("b"), embedding_model=words_embedder())
    assert (len(report.added), len(report.moved), len(report.duplicates)) == (3, 0, 3)
    with Index.open(machine("c"), query_embedder()) as index:
        assert len(index.sources()) == 6
        assert index.document_count == 3


@pytest.mark.slow
def test_two_machines_index_at_once_and_a_third_asks(machine, tmp_path):
    write_documents(tmp_path / "one", range(20))
    write_documents(tmp_path / "two", range(15, 40))  # five are the same on both
    build([write_document(tmp_path / "first", 90)], machine("c"), embedding_model=words_embedder())
    with (
        child(tmp_path / "one", machine("a"), 0.001) as one,
        child(tmp_path / "two", machine("b"), 0.001) as two,
    ):
        with Index.open(machine("c"), query_embedder()) as index:
            while one.is_alive() or two.is_alive():
                assert index.search("mark90v0b1")[0].document.name.endswith("town 90")
                time.sleep(0.05)
        one.join()
        two.join()
        assert (one.exitcode, two.exitcode) == (0, 0)
    assert_all_in_step(machine("c"), 41)
    with Index.open(machine("a"), query_embedder()) as index:
        assert len(index.sources()) == 46


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is not for Windows")
def test_a_machine_that_is_killed(machine, tmp_path):
    write_documents(tmp_path / "docs", range(30))
    chance = random.Random(3)
    for _ in range(4):
        with child(tmp_path / "docs", machine("a"), 0.001):
            time.sleep(chance.uniform(0.2, 1.5))
    report = build([tmp_path / "docs"], machine("b"), embedding_model=words_embedder())
    assert report.documents == 30
    assert_all_in_step(machine("b"), 30)


@pytest.fixture
def servers(tmp_path):
    """Servers of the test's own, to be killed, and the layout of a machine."""
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server.running())
        chroma = ChromaServer(tmp_path / "chroma").start()
        stack.callback(chroma.stop)
        url, address = postgres.new_database(), ChromaAddress(chroma.url)
        yield {"postgres": postgres, "chroma": chroma}, Layout(tmp_path / "a", url, address)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["postgres", "chroma"])
def test_a_server_killed_while_files_are_indexed(servers, which, tmp_path):
    programs, layout = servers
    write_documents(tmp_path / "docs", range(5))
    build([tmp_path / "docs"], layout, embedding_model=words_embedder())
    write_documents(tmp_path / "docs", range(5, 40))
    chance = random.Random(which)
    for _ in range(3):
        with child(tmp_path / "docs", layout, 0.002, fails=True) as process:
            time.sleep(chance.uniform(0.3, 1.5))
            programs[which].kill()
            process.join(60)
        with pytest.raises(IndexStoreError), Index.open(layout, query_embedder()) as index:
            index.search(QUESTION)
        programs[which].start()
    report = build([tmp_path / "docs"], layout, embedding_model=words_embedder())
    assert report.documents == 40
    assert_all_in_step(layout, 40)


def test_what_the_chroma_server_lost_comes_from_the_catalog(machine, docs, embedder):
    build([docs], machine("a"), embedding_model=embedder)
    with Index.open(machine("c"), query_embedder()) as index:
        before = [hit.passage.id for hit in index.search(QUESTION)]
        with closing(ServerVectors(machine("a").chroma, _identity(machine("a")))) as vectors:
            vectors._client.delete_collection(vectors.name)
        assert [hit.passage.id for hit in index.search(QUESTION)] == before
    assert_all_in_step(machine("a"), 8)


def test_an_index_half_brought_to_the_server_is_finished_by_who_asks(machine, docs, embedder):
    build([docs], machine("a"), embedding_model=embedder)
    with closing(ServerVectors(machine("a").chroma, _identity(machine("a")))) as vectors:
        held = vectors.held
        vectors.delete_documents([next(iter(_documents(machine("a"))))])
        vectors.note(Held(held.revision - 1, clean=False))
    with Index.open(machine("new"), query_embedder()) as index:
        assert index.search(QUESTION)
    assert_all_in_step(machine("new"), 8)


def test_chroma_alone_on_a_server(tmp_path, chroma, docs, embedder):
    layout = Layout(tmp_path / "a", chroma=ChromaAddress(chroma.url))
    build([docs], layout, embedding_model=embedder)
    assert_all_in_step(layout, 8)
    assert layout.catalog.exists()


def test_the_catalog_alone_on_a_server(tmp_path, postgres, docs, embedder):
    layout = Layout(tmp_path / "a", postgres.new_database())
    build([docs], layout, embedding_model=embedder)
    other = Layout(tmp_path / "b", layout.catalog_url)
    with Index.open(other, query_embedder()) as index:
        assert index.search("mark3v0b2")[0].passage.text.count("mark3v0b2")
    assert list(other.folder.rglob("chroma.sqlite3"))


def test_a_server_that_hangs_up_is_named_without_its_password(tmp_path):
    url = "postgresql+psycopg://verbatim:hunter2@127.0.0.1:1/none"
    with pytest.raises(IndexUnreachableError) as told:
        Index.open(Layout(tmp_path / "a", url))
    assert "hunter2" not in str(told.value)
    assert not (tmp_path / "a").exists()


def _identity(layout):
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        return catalog.identity


def _documents(layout):
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        return [info.id for info in catalog.documents()]
