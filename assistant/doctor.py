"""What works here, and what does not: `assistant doctor`."""

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import WeightsError
from index.counting import plural
from index.errors import IndexMissingError, VerbatimError

if TYPE_CHECKING:
    from index.checkup import Health
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

_LISTED = 20
"""Documents and files that are named of each kind."""
_NAMED = 3
"""Files that are named where nothing is wrong."""
_REMEDY = "Run: assistant doctor --repair --index DIR"


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

    Nothing is fetched from the network, and nothing changed before the last of the index's checks.

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
    yield from _health(index)
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


def mend(
    index: "Path | Layout",
    paths: Sequence[str | Path] = (),
    embedding_model: str | None = None,
) -> Iterator[Finding]:
    """Set right what is wrong with an index, and say what was done and what is left.

    Args:
        index: the folder of the index, or its layout.
        paths: files and folders to index, where the catalog does not tell any more.
        embedding_model: name or folder of the model, where the catalog does not tell.

    Raises:
        InputError: the catalog is lost, and no file is known to make it again from.
        IndexStoreError: there is no index, another process writes to it, or it cannot be written.
    """
    from index.checkup import Health, examine
    from index.layout import Layout
    from index.repair import repair, unfinished

    layout = Layout.at(index)
    try:
        health = examine(layout)
    except IndexMissingError:
        if not unfinished(layout):
            raise
        health = Health(catalog="a repair of it was interrupted")
    done = repair(layout, health, paths, embedding_model)
    for line in done.done or ("nothing had to be",):
        yield Finding("repaired", True, line)
    for line in done.left:
        yield Finding("not repaired", False, line)


def _health(index: "Path | Layout") -> Iterator[Finding]:
    """What an examination finds; nothing where there is no index, or none of ours."""
    from index.checkup import examine
    from index.layout import Layout
    from index.repair import unfinished

    layout = Layout.at(index)
    for aside in unfinished(layout):
        yield Finding("repair", False, f"one was interrupted; {aside} waits for it. {_REMEDY}")
    try:
        health = examine(layout)
    except VerbatimError:
        return  # the next check says so
    if health.catalog is not None:
        yield Finding("catalog", False, f"damaged: {health.catalog}. {_REMEDY}")
        return
    documents = plural(health.document_count, "document")
    counts = f"{documents}, {plural(health.passage_count, 'passage')}"
    if not health.documents:
        yield Finding("catalog", True, f"{counts}: all as they were indexed")
    for name, trouble in health.documents[:_LISTED]:
        yield Finding("catalog", False, f"{name} is damaged: {trouble}. {_REMEDY}")
    if len(health.documents) > _LISTED:
        more = len(health.documents) - _LISTED
        yield Finding("catalog", False, f"{more} more documents are damaged. {_REMEDY}")
    yield from _derived(health)


def _derived(health: "Health") -> Iterator[Finding]:
    if health.stores is not None:
        yield Finding("stores", False, f"{health.stores}. {_REMEDY}")
    elif health.queried:
        found = f"they hold what the catalog holds; {plural(health.queried, 'vector')} found"
        yield Finding("stores", True, found)
    for path in health.files[:_LISTED]:
        told = "is as it was indexed, and gives another text by this release: index it again"
        yield Finding("files", False, f"{path} {told}")
    if health.compared and not health.files:
        told = f"{health.compared} were read again, and give the text that was indexed"
        yield Finding("files", True, told)

    if health.gone:
        named, more = ", ".join(health.gone[:_NAMED]), len(health.gone) - _NAMED
        listed = f"{named} and {more} more" if more > 0 else named
        told = "`assistant index --prune` on their folder removes their documents"
        yield Finding("files", True, f"gone since they were indexed: {listed}. {told}")


def _reads(max_tokens: int | None) -> str:
    return "" if max_tokens is None else f", reads up to {max_tokens} tokens"


def _index(place: "Path | Layout") -> str:
    from index import Index

    with Index.open(place) as index:
        hits = index.search("test", k=1, labels=())
        return (
            f"{place}: {plural(index.document_count, 'document')}, "
            f"{plural(index.passage_count, 'passage')}, "
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
