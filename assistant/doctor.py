"""What works here, and what does not: `assistant doctor`."""

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import WeightsError
from index.errors import IndexMissingError, VerbatimError

if TYPE_CHECKING:
    from index.cross_encoder import PairScorer
    from index.layout import Layout

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


def diagnose(
    index: "Path | Layout",
    embedding_model: str | None = None,
    reranker: str | None = None,
    nli: str | None = None,
) -> Iterator[Finding]:
    """Check Python, the packages, the models, the index and its weights, in this order.

    Nothing is fetched from the network.

    Args:
        index: the folder of the index, or its layout.
        embedding_model: name or folder of the model; the packaged one if None.
        reranker: name or folder of the cross-encoder, if one is used.
        nli: name or folder of the cross-encoder that checks what a chat model writes, if any.
    """
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()}")
    yield _verbatim()
    yield from map(_package, PACKAGES)
    yield _tried("embedding model", lambda: _embedding(embedding_model))
    used: list[PairScorer] = []
    if reranker is None:
        yield Finding("reranker", True, "none")
    else:
        yield _tried("reranker", lambda: _reranker(reranker, used))
    if nli is not None:
        yield _tried("nli", lambda: _nli(nli))
    found = _tried("index", lambda: _index(index))
    yield found
    if found.is_well:
        yield from _weights(index, used)


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

    embedder = load_embedder(model or DEFAULT_MODEL, None, False)
    size = embedder.encode_query("Does the model answer?").shape[0]
    embedder.encode(["By PyTorch, which a question may not need."])
    checked = ", checksum right" if embedder.name == DEFAULT_MODEL else ""
    prefixes = embedder.prefixes
    put_before = [
        f"; before a {what} it is given {prefix!r}"
        for what, prefix in (("question", prefixes.query), ("passage", prefixes.passage))
        if prefix
    ]
    reads = _reads(embedder.max_tokens)
    return f"{embedder.name}, {size} dimensions{checked}{reads}{''.join(put_before)}"


def _reranker(name: str, used: "list[PairScorer]") -> str:
    """Try a reranker, and put it in a list."""
    from index.cross_encoder import load_reranker

    scorer = load_reranker(name, False)
    scorer.relevance("Does the model answer?", ["It does."])
    used.append(scorer)
    return f"{scorer.name}{_reads(scorer.max_tokens)}"


def _nli(name: str) -> str:
    """Try a model for entailment on a sentence that follows from itself, and on its denial."""
    from assistant.checking import entailment_by
    from index.cross_encoder import load_pair_scorer
    from index.errors import ModelError

    scorer = load_pair_scorer(name)
    entailment = entailment_by(scorer)
    said, denied = "The ferry was built in 1954.", "The ferry was not built in 1954."
    same, opposite = entailment(said, said), entailment(said, denied)
    found = f"it holds a sentence to follow from itself by {same:.2f}, its denial by {opposite:.2f}"
    if same <= opposite:
        raise ModelError(
            f"{scorer.name}: expected a model for natural language inference in English, and "
            f"{found}. Its labels may be in another order than they are named; try another model."
        )
    return f"{scorer.name}, {found}{_reads(scorer.max_tokens)}"


def _reads(max_tokens: int | None) -> str:
    return "" if max_tokens is None else f", reads up to {max_tokens} tokens"


def _index(place: "Path | Layout") -> str:
    from index import Index

    with Index.open(place) as index:
        hits = index.search("test", k=1, labels=())
        return (
            f"{place}: {index.document_count} documents, {index.passage_count} passages, "
            f"revision {index.revision}, embedding model {index.model}; "
            f"a search found {len(hits)}"
        )


def _weights(place: "Path | Layout", rerankers: "Sequence[PairScorer]") -> Iterator[Finding]:
    from assistant.weights import choose
    from index import Index
    from index.embedding import identity

    try:
        with Index.open(place) as index:
            reranker = next((identity(used.fingerprint) for used in rerankers), None)
            choice = choose(index, reranker)
    except IndexMissingError:
        return  # that there is none was told
    except WeightsError as error:
        yield Finding("weights", False, str(error))
        return
    found = str(choice.path) if choice.path else "of this package"
    detail = f"fitted for {choice.weights.embedding_model}"
    if choice.mismatch:
        detail = f"{choice.mismatch}. 'assistant calibrate' fits them anew"
    yield Finding("weights", True, f"{found}; {detail}")
