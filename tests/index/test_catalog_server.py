import threading
from contextlib import closing

import pytest
from data_servers import postgres as postgres_server
from test_catalog import embedded

from index.catalog import Catalog
from index.errors import IndexBusyError, IndexMissingError, IndexUnreachableError, InputError


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def catalog(url):
    with closing(Catalog.create(url, model="m", fingerprint="f")) as catalog:
        yield catalog


def test_nothing_there_yet(url):
    with pytest.raises(
        IndexMissingError, match=r"assistant index PATH --catalog postgresql"
    ) as told:
        Catalog(url.replace("verbatim@", "verbatim:secret@"), writable=True)
    assert "secret" not in str(told.value)


def test_two_machines_make_it_at_once(url, catalog):
    with closing(Catalog.create(url, model="other", fingerprint="f")) as second:
        assert second.identity == catalog.identity
        assert second.model == "m"


def test_writers_of_several_machines_take_turns(url, catalog):
    """Each has connections of its own, as another machine would."""
    documents = [embedded(f"Text {n} of many.", f"/docs/{n}.txt") for n in range(40)]

    def write(part):
        with closing(Catalog(url, writable=True)) as own:
            for document in part:
                own.put(document)

    threads = [threading.Thread(target=write, args=(documents[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert catalog.revision == 40
    assert catalog.counts() == (40, 80)
    assert len(catalog.sources()) == 40


def test_the_same_file_from_two_machines_is_one_document(url, catalog):
    with closing(Catalog(url, writable=True)) as second:
        catalog.put(embedded("One text."))
        second.put(embedded("One text."))
    assert catalog.counts() == (1, 2)


def test_one_at_a_time(url, catalog):
    with closing(Catalog(url, writable=True)) as second:
        busy = pytest.raises(IndexBusyError, match="another machine")
        with catalog.sole(), busy, second.sole(wait=0.3):
            pass
        with second.sole():
            pass


def test_others_know_that_one_is_building(url, catalog):
    with closing(Catalog(url, writable=True)) as second:
        assert not second.is_building
        with catalog.building(), second.building():
            assert second.is_building
        assert not second.is_building


def test_an_error_inside_is_not_taken_for_the_lock(catalog):
    with pytest.raises(OSError, match="of the caller"), catalog.sole():
        raise OSError("of the caller")


def test_locks_of_two_indexes_in_one_database(url, catalog):
    schema = url + "?options=-csearch_path%3Dother"
    with closing(Catalog(url, writable=True)) as maker, maker._engine.begin() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("CREATE SCHEMA other")
    with closing(Catalog.create(schema, model="m", fingerprint="f")) as other:
        assert other.identity != catalog.identity
        with catalog.sole(), other.sole():
            pass


def test_a_server_that_is_gone():
    with pytest.raises(IndexUnreachableError, match="Check that the server runs"):
        Catalog("postgresql+psycopg://verbatim@127.0.0.1:1/none", writable=True)


@pytest.mark.parametrize("url", ["mysql://a:secret@b/c", "postgresql+psycopg2://x", "no url", ""])
def test_other_addresses_are_refused(url):
    with pytest.raises(InputError, match=r"expected to be postgresql\+psycopg://") as told:
        Catalog(url, writable=True)
    assert "secret" not in str(told.value)


def test_it_goes_on_after_a_restart():
    with postgres_server.running() as server:
        url = server.new_database()
        with closing(Catalog.create(url, model="m", fingerprint="f")) as catalog:
            catalog.put(embedded("Before."))
            server.kill()
            with pytest.raises(IndexUnreachableError):
                catalog.counts()
            server.start()
            assert catalog.counts() == (1, 2)
            catalog.put(embedded("After.", "/docs/b.txt"))
            assert catalog.counts() == (2, 4)
