import os
import shutil
from contextlib import contextmanager

import pytest
from data_servers import postgres as postgres_server
from data_servers.chroma import ChromaServer
from index_helpers import words_embedder, write_documents

from index import build


@pytest.fixture
def embedder():
    return words_embedder()


@pytest.fixture
def docs(tmp_path):
    """A folder with eight small documents."""
    write_documents(tmp_path / "docs", range(8))
    return tmp_path / "docs"


@pytest.fixture
def index_dir(tmp_path, docs, embedder):
    """An index of `docs`, to be updated."""
    build([docs], tmp_path / "index", embedding_model=embedder)
    return tmp_path / "index"


@pytest.fixture(scope="session")
def built_index(tmp_path_factory):
    """An index of the same documents that no test may change."""
    folder = tmp_path_factory.mktemp("built")
    write_documents(folder / "docs", range(8))
    build([folder / "docs"], folder / "index", embedding_model=words_embedder())
    return folder / "index"


@pytest.fixture
def index_copy(tmp_path, built_index):
    """A copy of it, to be damaged."""
    return shutil.copytree(built_index, tmp_path / "copy")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A PostgreSQL server of the session, which no test may stop."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def chroma(tmp_path_factory):
    """A Chroma server of the session, which no test may stop."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma") / "data").start()
    yield server
    server.stop()


@contextmanager
def running_postgres(folder):
    if postgres_server.programs() is None:
        if os.environ.get("CI_REQUIRE_SERVERS") == "1":
            pytest.fail(postgres_server.MISSING)
        pytest.skip(postgres_server.MISSING)
    server = postgres_server.Postgres(folder / "cluster").start()
    try:
        yield server
    finally:
        server.stop()
