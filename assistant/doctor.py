"""What works here, and what does not: `assistant doctor`."""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.errors import IndexMissingError, VerbatimError

PACKAGES = (
    "chromadb",
    "gradio",
    "langchain-core",
    "sentence-transformers",
    "sqlalchemy",
    "tantivy",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    name: str
    is_well: bool
    detail: str


def diagnose(index: Path, embedding_model: str | None = None) -> Iterator[Finding]:
    """Check Python, the packages, the embedding model and the index, one after another.

    Args:
        index: the folder of the index.
        embedding_model: name or folder of the model; the packaged one if None.
    """
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()}")
    yield _verbatim()
    yield from map(_package, PACKAGES)
    yield _tried("embedding model", lambda: _embedding(embedding_model))
    yield _tried("index", lambda: _index(index))


def _verbatim() -> Finding:
    try:
        return Finding("verbatim-assistant", True, version("verbatim-assistant"))
    except PackageNotFoundError:
        return Finding("verbatim-assistant", True, "not installed: run from its source folder")


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed: run make install")


def _tried(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except IndexMissingError as error:
        return Finding(name, True, f"none yet: {error}")
    except VerbatimError as error:
        return Finding(name, False, str(error))
    except Exception as error:  # whatever is broken here is to be named, and the rest checked
        return Finding(name, False, f"{type(error).__name__}: {error}. Run make install again.")


def _embedding(model: str | None) -> str:
    from index.embedding import DEFAULT_MODEL, load_embedder

    embedder = load_embedder(model or DEFAULT_MODEL)
    size = embedder.encode_query("Does the model answer?").shape[0]
    checked = ", checksum right" if embedder.name == DEFAULT_MODEL else ""
    return f"{embedder.name}, {size} dimensions{checked}"


def _index(folder: Path) -> str:
    from index import Index

    with Index.open(folder) as index:
        hits = index.search("test", k=1, labels=())
        return (
            f"{folder}: {index.document_count} documents, {index.passage_count} passages, "
            f"revision {index.revision}; a search found {len(hits)}"
        )
