import shutil

import pytest
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
