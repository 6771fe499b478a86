"""Whether an open index answers: what it holds is searched for by itself."""

from index import reach
from index.collection import Index
from index.errors import IndexDamagedError
from index.exact import ExactVectors

_SAMPLE = 3
"""Passages that are searched for by their words."""
_MOST = 50
"""Hits among which one has to be: other passages may have the same words."""


def check_catalog(index: Index) -> None:
    """Nothing, if the catalog can be read.

    Raises:
        IndexUnreachableError: the server that keeps it does not answer.
        IndexStoreError: it cannot be read.
    """
    index._catalog.counts()


def check_stores(index: Index) -> None:
    """Nothing, if passages are found by their vectors and by their words.

    Raises:
        IndexUnreachableError: the server that keeps the vectors does not answer.
        IndexDamagedError: one is not found.
        IndexStoreError: the stores cannot be opened.
    """
    with index._live.lend() as stores:
        if not isinstance(stores.vectors, ExactVectors):
            trouble = reach.trouble_at_once(stores.vectors, index._catalog, stores.revision)
            if trouble is not None:
                raise IndexDamagedError(f"The vector store has {trouble}. Run: assistant doctor")
        sample = index._catalog.sample(_SAMPLE, stores.revision)
        passages = index._catalog.passages_by_id(name for name, _ in sample)
        for name, passage in passages.items():
            hits = stores.terms.query(passage.text, _MOST, [passage.document_id])
            if name not in (hit for hit, _ in hits):
                raise IndexDamagedError(
                    f"Expected the passage {name} to be found by its words, and it is not. "
                    "Run: assistant doctor"
                )


def updated(index: Index) -> float | None:
    """When the stores were last brought up to date, in seconds since 1970; None if not known."""
    try:
        return index.layout.current.stat().st_mtime
    except OSError:
        return None
