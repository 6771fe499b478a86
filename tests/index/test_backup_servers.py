"""An exported index moves between a folder and servers, and back."""

import threading
from contextlib import closing

import pytest
from index_helpers import query_embedder, write_document
from sqlalchemy import create_engine, text

from index import Index, build
from index.carrying import export_index, import_index
from index.catalog import Catalog
from index.chroma_address import ChromaAddress
from index.errors import IndexDamagedError, IndexMissingError, InputError
from index.layout import Layout

QUESTIONS = ("Which harbor was flooded?", "mark3v0b2", "the ledger of town 5")


@pytest.fixture
def exported(built_index, tmp_path):
    export_index(built_index, tmp_path / "one.verbatim")
    return tmp_path / "one.verbatim"


@pytest.fixture
def layout(tmp_path, postgres, chroma):
    return Layout(tmp_path / "machine", postgres.new_database(), ChromaAddress(chroma.url))


def rows(place):
    layout = Layout.at(place)
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        documents = [catalog.document(each.id) for each in catalog.documents()]
        return documents, catalog.sources(), catalog.revision, sorted(catalog.vector_rows())


def found(place):
    with Index.open(place, query_embedder()) as index:
        return [(h.passage.id, h.rank) for q in QUESTIONS for h in index.search(q, k=6)]


def test_there_and_back(built_index, exported, layout, tmp_path):
    import_index(exported, layout)
    assert rows(layout) == rows(built_index)
    assert found(layout) == found(built_index)
    export_index(layout, tmp_path / "two.verbatim")
    import_index(tmp_path / "two.verbatim", tmp_path / "back")
    assert rows(tmp_path / "back") == rows(built_index)
    assert found(tmp_path / "back") == found(built_index)


@pytest.mark.slow
def test_the_vectors_alone_on_a_server(built_index, exported, chroma, tmp_path):
    layout = Layout(tmp_path / "machine", None, ChromaAddress(chroma.url))
    import_index(exported, layout)
    assert found(layout) == found(built_index)
    assert not list(layout.folder.rglob("chroma*"))


@pytest.mark.slow
def test_a_database_with_a_catalog(exported, layout, tmp_path, docs, embedder):
    write_document(docs, 50)
    build([docs], layout, embedding_model=embedder)
    with pytest.raises(InputError, match="without a catalog") as told:
        import_index(exported, layout)
    assert "give --force" in str(told.value)
    before = rows(layout)
    report = import_index(exported, layout, force=True)
    assert len(rows(layout)[0]) == 8
    assert found(layout)
    build([docs], layout, embedding_model=embedder)  # its numbers are given out by its own tables
    assert len(rows(layout)[0]) == 9
    schema = report.aside.split()[2]
    engine = create_engine(layout.catalog_url)
    with engine.connect() as connection:
        kept = connection.execute(text(f"SELECT id FROM {schema}.documents"))
        assert {row.id for row in kept} == {each.info.id for each in before[0]}
        schemas = connection.execute(text("SELECT nspname FROM pg_namespace"))
        assert "verbatim_importing" not in {row.nspname for row in schemas}
    engine.dispose()


def test_nothing_is_left_of_an_import_that_fails(exported, layout, tmp_path, monkeypatch):
    from index.carrying import refilling

    def fail(*arguments):
        raise IndexDamagedError("in the middle")

    monkeypatch.setattr(refilling, "_sources", fail)
    with pytest.raises(IndexDamagedError, match="in the middle"):
        import_index(exported, layout)
    with pytest.raises(IndexMissingError):
        Catalog(layout.catalog_url, writable=True)


@pytest.mark.slow
def test_an_export_while_others_write_is_one_moment(layout, tmp_path, docs, embedder):
    """Each document that is written with a second one is there with it, or neither is."""
    build([docs], layout, embedding_model=embedder)
    stop = threading.Event()

    def change():
        with closing(Catalog(layout.catalog_url, writable=True)) as catalog:
            source, document = next(iter(catalog.sources().values()))
            number = 0
            while not stop.is_set():
                number += 1
                with catalog.together():
                    for part in ("a", "b"):
                        path = f"{source.path}.{part}{number}"
                        catalog.add_source(document, type(source)(path, "f", None, 1, 1))

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for number in range(3):
            file = tmp_path / f"{number}.verbatim"
            export_index(layout, file)
            import_index(file, tmp_path / f"copy{number}")
    finally:
        stop.set()
        thread.join()
    counts = [len(rows(tmp_path / f"copy{number}")[1]) for number in range(3)]
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
