"""The private libraries of users: one index and one desk for each, opened when first needed."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.desk import Assistant


class Libraries:
    """Open desks by the folder of their index. Safe to share between threads.

    Each stays open until the end: there are as many as accounts, and those an operator makes.
    """

    def __init__(self, model: "Assistant") -> None:
        """Nothing is opened yet.

        Args:
            model: its chat model, embedding model and reranker are used for all libraries.
        """
        self._model = model
        self._desks: dict[Path, Assistant] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    def open(self, folder: Path) -> "Assistant":
        """The desk of a library, which is made where there is none.

        Args:
            folder: of its index.

        Raises:
            IndexStoreError: the index cannot be made or opened.
            ModelError: it was made with an embedding model that is not at hand.
        """
        with self._lock:
            if self._is_closed:
                raise RuntimeError("The server is ending.")
            if folder not in self._desks:
                self._desks[folder] = self._opened(folder)
            return self._desks[folder]

    def close(self) -> None:
        """Close all of them; none can be opened afterwards."""
        with self._lock:
            self._is_closed = True
            for desk in self._desks.values():
                desk.close()
            self._desks.clear()

    def _opened(self, folder: Path) -> "Assistant":
        from index import Index
        from index.errors import EmbeddingMismatchError, IndexMissingError
        from index.indexing import make_empty

        embedder, reranker = self._model.index.embedder, self._model.index.reranker
        try:
            index = Index.open(folder, embedder, reranker)
        except IndexMissingError:
            make_empty(folder, embedder)
            index = Index.open(folder, embedder, reranker)
        except EmbeddingMismatchError:  # it was indexed anew with another one, which it then loads
            index = Index.open(folder, reranker=reranker)
        return self._model.over(index)
