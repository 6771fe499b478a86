"""Exact search by the catalog's own vectors, for a process that asks a small collection once.

To import and open Chroma takes longer than to compare a question with some thousand vectors.
"""

from collections.abc import Collection, Sequence

import numpy as np

from index.catalog import Catalog
from index.records import Vector
from index.vectors import Belongings

MOST = 10_000
"""Passages up to which this is quicker; reading 10,000 vectors takes about as long as Chroma."""


class ExactVectors:
    """Nearest passages by cosine, as `VectorStore` gives them, but all compared."""

    def __init__(self, catalog: Catalog) -> None:
        rows = catalog.vector_rows()
        self.count = len(rows)
        self._ids = [name for name, *_ in rows]
        self._documents = [document for _, document, *_ in rows]
        self._labels = [label for *_, label, _ in rows]
        self._vectors = np.frombuffer(b"".join(vector for *_, vector in rows), dtype="<f4")

    def close(self) -> None:
        """Nothing is open."""

    def query(
        self,
        vector: Vector,
        k: int,
        documents: Collection[str] | None = None,
        labels: Sequence[str] = (),
        belongings: Belongings | None = None,
    ) -> list[tuple[str, float]]:
        """The passages nearest to a vector; see `VectorStore.query`. Labels are known here."""
        scores = (self._vectors.reshape(-1, len(vector)) @ vector).tolist()
        rows = zip(self._ids, scores, self._documents, self._labels, strict=True)
        found = [
            (name, score)
            for name, score, document, label in rows
            if (not labels or label in labels) and (documents is None or document in documents)
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]
