"""What works here, and what does not: `assistant doctor`."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.errors import IndexMissingError, VerbatimError

PACKAGES = (
    "verbatim-assistant",
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


def diagnose(index: Path) -> Iterator[Finding]:
    """Check Python, the packages, the embedding model and the index, one after another."""
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()}")
    for name in PACKAGES:
        try:
            yield Finding(name, True, version(name))
        except PackageNotFoundError:
            yield Finding(name, False, "not installed: run make install")
    try:
        yield _embedding()
    except VerbatimError as error:
        yield Finding("embedding model", False, str(error))
    try:
        yield _index(index)
    except IndexMissingError as error:
        yield Finding("index", True, f"none yet: {error}")
    except VerbatimError as error:
        yield Finding("index", False, str(error))


def _embedding() -> Finding:
    from index.embedding import load_embedder

    embedder = load_embedder()
    size = embedder.encode_query("Does the model answer?").shape[0]
    return Finding("embedding model", True, f"{embedder.name}, {size} dimensions, checksum right")


def _index(folder: Path) -> Finding:
    from index import Index

    with Index.open(folder) as index:
        hits = index.search("test", k=1)
        detail = (
            f"{folder}: {index.document_count} documents, {index.passage_count} passages, "
            f"revision {index.revision}; a search found {len(hits)}"
        )
        return Finding("index", bool(hits) or index.document_count == 0, detail)
