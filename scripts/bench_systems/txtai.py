"""txtai: an embeddings database with content, saved."""

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings

from bench_systems import PASSAGES, Retrieve, model_folder


class System:
    """Vectors in Faiss, texts in SQLite."""

    def __init__(self) -> None:
        self.embeddings = Embeddings(path=model_folder(), content=True)

    def load(self) -> None:
        """Have the model read something."""
        self.embeddings.transform("It is loaded before it is timed.")

    def index(self, files: Sequence[Path], folder: Path) -> int:
        """Index and save the paragraphs of files, as its examples split texts."""
        pieces = [
            (f"{file.name}#{number}", paragraph)
            for file in files
            for number, paragraph in enumerate(file.read_text(encoding="utf-8").split("\n\n"))
        ]
        self.embeddings.index(pieces)
        self.embeddings.save(str(folder))
        return len(pieces)

    def open(self, folder: Path) -> Retrieve:
        """Load the database."""
        embeddings = self.embeddings
        embeddings.load(str(folder))
        return lambda question: [each["text"] for each in embeddings.search(question, PASSAGES)]
