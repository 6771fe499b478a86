"""One index, with the real embedding model, for all tests of the assistant."""

import shutil
from pathlib import Path

import pytest
from assistant_texts import TEXTS
from library_texts import MILL

from assistant import Assistant
from assistant.cli import main
from assistant.library_shelf import Places, Shelf
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
def run(capsys):
    """Runs a command: its exit code, stdout and stderr."""

    def run(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code
        done = capsys.readouterr()
        assert "Traceback" not in done.err
        return code, done.out, done.err

    return run


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


@pytest.fixture
def places(tmp_path, embedder):
    """A library with one document, and a folder for more."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "mill.md").write_text(MILL)
    build([tmp_path / "docs"], tmp_path / "index", embedding_model=embedder)
    return Places(tmp_path / "index", tmp_path / "data" / "files", 10_000)


@pytest.fixture
def shelf_desk(places):
    """Asks the index of `places`."""
    with Assistant.open(places.index) as desk:
        yield desk


@pytest.fixture
def shelf(places, shelf_desk):
    return Shelf(places, lambda: shelf_desk.index)
