"""Where texts become vectors while an index is made: in this process, or in others."""

from collections.abc import Callable
from typing import Protocol

from index.embedding import Embedder, Vectors


class Engine(Protocol):
    """Encodes texts of one index after the other; not of two at once.

    Vectors depend, in their last bits, on the texts that are encoded together. So each call is
    one call of the model, wherever that is: every engine gives an index the same vectors.
    """

    @property
    def ahead(self) -> int:
        """How many calls may be under way besides the one that is waited for."""
        ...

    def begin(self, embedder: Embedder, texts: list[str]) -> Callable[[], Vectors]:
        """Begin to encode texts in one call of the model.

        Args:
            embedder: the model; an engine may load the same one elsewhere.
            texts: at least one.

        Returns:
            What waits for the vectors, float32 of shape (len(texts), dimension). May raise too.

        Raises:
            ModelError: the model cannot be had, or failed.
            InputError: the engine was set up wrongly.
        """
        ...


class InThisProcess:
    """The usual engine: the model encodes at once, where the files are read."""

    ahead = 0

    def begin(self, embedder: Embedder, texts: list[str]) -> Callable[[], Vectors]:
        """Encode texts; see `Engine`."""
        vectors = embedder.encode(texts)
        return lambda: vectors
