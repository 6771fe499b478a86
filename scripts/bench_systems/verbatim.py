"""Verbatim itself: `build` and `Index`, as in the README."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench_systems import PASSAGES, Retrieve

if TYPE_CHECKING:
    from index.embedding import Embedder


class System:
    """An index of passages and their sentences, in SQLite, Chroma and Tantivy."""

    embedder: "Embedder"

    def load(self) -> None:
        """Load the model that indexing takes by default."""
        from index.embedding import load_embedder

        self.embedder = load_embedder()
        self.embedder.encode(["It is loaded before it is timed."])

    def index(self, files: Sequence[Path], folder: Path) -> int:
        """Index files, and say how many passages they have."""
        from index import build

        return build(files, folder, embedding_model=self.embedder).passages

    def open(self, folder: Path) -> Retrieve:
        """Open an index for searches."""
        from index import Index

        index = Index.open(folder)
        return lambda question: [hit.passage.text for hit in index.search(question, k=PASSAGES)]
