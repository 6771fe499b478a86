"""Models that read two texts together and score the pair: entailment, relevance."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import silenced
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class PairScorer:
    """A cross-encoder. Safe to share between threads."""

    def __init__(self, model: "CrossEncoder", name: str) -> None:
        self.name = name
        self._model = model
        self._lock = threading.Lock()
        labels: dict[Any, Any] = getattr(model.config, "id2label", None) or {}
        self.labels = tuple(str(labels[number]) for number in sorted(labels))
        """What the scores of a pair stand for, in their order."""

    def label_index(self, label: str) -> int | None:
        """The place of a label, whatever its case; None where the model has no such label."""
        names = [name.casefold() for name in self.labels]
        return names.index(label.casefold()) if label.casefold() in names else None

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Score pairs of texts.

        Returns:
            Raw scores, float32 of shape (pairs, labels).

        Raises:
            ModelError: the model failed.
        """
        with self._lock:
            try:
                raw: Any = self._model.predict(list(pairs), show_progress_bar=False)
            except (RuntimeError, ValueError, MemoryError) as error:
                raise ModelError(
                    f"The model {self.name!r} failed on {len(pairs)} pairs of texts: {error}. "
                    "If memory ran out, close other programs and run it again."
                ) from error
        return np.asarray(raw, dtype=np.float32).reshape(len(pairs), -1)


def load_pair_scorer(name: str) -> PairScorer:
    """Load a cross-encoder from this machine, never from the network.

    Args:
        name: a local folder with a sentence-transformers cross-encoder.

    Raises:
        ModelError: there is no such folder, or what is in it cannot be loaded.
    """
    folder = Path(name).expanduser().absolute()
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"Expected a folder with a cross-encoder (with a config.json in it), found {name!r}. "
            "Models are not downloaded: save the model to a folder and give its path."
        )
    with silenced():
        try:
            from sentence_transformers import CrossEncoder

            model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        except Exception as error:  # a model's own code may raise anything
            raise ModelError(
                f"The cross-encoder in {folder} could not be loaded: {type(error).__name__}: "
                f"{error}. Save the model again."
            ) from error
    return PairScorer(model, str(folder))
