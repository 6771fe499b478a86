"""One index, with the real embedding model, for all tests of the assistant."""

import shutil
from pathlib import Path

import pytest
from assistant_texts import TEXTS

from assistant import Assistant
from index import Index, build
from index.embedding import load_embedder

BRIEFS = Path(__file__).parents[2] / "eval/datasets/briefs/documents"


@pytest.fixture(scope="session")
def embedder():
    return load_embedder()


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    """A folder with the shipped briefs and with texts made for these tests."""
    folder = tmp_path_factory.mktemp("collection") / "documents"
    shutil.copytree(BRIEFS, folder)
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text.encode())
    return folder


@pytest.fixture(scope="session")
def index_dir(documents, embedder):
    folder = documents.parent / "index"
    report = build([documents], folder, embedding_model=embedder)
    assert report.failed == ()
    return folder


@pytest.fixture(scope="session")
def index(index_dir, embedder):
    with Index.open(index_dir, embedder) as index:
        yield index


@pytest.fixture(scope="session")
def desk(index):
    with Assistant.open(index) as desk:
        yield desk


@pytest.fixture
def ask(tmp_path, embedder):
    """Indexes one text in a file of its own, and asks it."""
    indexes = []

    def ask(text, question, name="text.md"):
        folder = tmp_path / str(len(indexes))
        folder.mkdir()
        (folder / name).write_bytes(text.encode())
        build([folder / name], folder / "index", embedding_model=embedder)
        indexes.append(Index.open(folder / "index", embedder))
        return Assistant.open(indexes[-1]).answer(question)

    yield ask
    for index in indexes:
        index.close()
