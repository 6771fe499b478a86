"""Models that read two texts together and score the pair: entailment, relevance."""

import json
import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import preferred_dtype
from index.errors import ModelError
from index.models import ModelPlace, find_model, not_loaded, weights_sha256
from index.torch_model import silenced

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class PairScorer:
    """A cross-encoder. Safe to share between threads."""

    def __init__(
        self, model: "CrossEncoder", name: str, fingerprint: str, max_tokens: int | None = None
    ) -> None:
        self.name = name
        self.max_tokens = max_tokens
        """What it reads of a pair, in its own tokens; None where it reads all."""
        self.fingerprint = fingerprint
        """What changes its scores, as one line of JSON; `index.embedding.identity` shortens it."""
        self._model = model
        self._lock = threading.Lock()
        labels: dict[Any, Any] = getattr(model.config, "id2label", None) or {}
        self.labels = tuple(str(labels[number]) for number in sorted(labels))
        """What the scores of a pair stand for, in their order."""
        self.width = int(model.num_labels)
        """How many scores a pair has; a model for ranking has one."""

    def label_index(self, label: str) -> int | None:
        """The place of a label, whatever its case; None where the model has no such label."""
        names = [name.casefold() for name in self.labels]
        return names.index(label.casefold()) if label.casefold() in names else None

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Score pairs of texts.

        Returns:
            Raw scores (logits), float32 of shape (pairs, labels).

        Raises:
            ModelError: the model failed, or gave a score that is no number.
        """
        if not pairs:
            return np.zeros((0, self.width), dtype=np.float32)
        with self._lock:
            try:
                raw: Any = self._model.predict(
                    list(pairs), show_progress_bar=False, activation_fn=lambda logits: logits
                )
            except (RuntimeError, ValueError, MemoryError) as error:
                raise ModelError(
                    f"The model {self.name!r} failed on {len(pairs)} pairs of texts: {error}. "
                    "If memory ran out, close other programs and run it again."
                ) from error
        scores = np.asarray(raw, dtype=np.float32).reshape(len(pairs), -1)
        if not np.isfinite(scores).all():
            raise ModelError(
                f"Expected finite scores from the model {self.name!r}, found others. Choose "
                "another model."
            )
        return scores

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers a question, by a model with one score a pair.

        Returns:
            float32 of shape (len(texts),), from 0 to 1: the logistic function of the raw scores.

        Raises:
            ModelError: the model failed.
        """
        raw = self.scores([(question, text) for text in texts])[:, 0].astype(np.float64)
        return (1 / (1 + np.exp(-np.clip(raw, -500, 500)))).astype(np.float32)


def load_pair_scorer(name: str, may_download: bool = True, dtype: str = "float32") -> PairScorer:
    """Load a cross-encoder.

    Args:
        name: a folder with a sentence-transformers cross-encoder, or the name of one on the
            Hugging Face hub.
        may_download: fetch a model of the hub that is not on this machine.
        dtype: `float32` or `bfloat16`.

    Raises:
        ModelMissingError: there is no such model here, and it cannot or may not be fetched.
        ModelError: what is there has pickled weights, or cannot be loaded.
    """
    place = find_model(
        name, marker="config.json", kind="a cross-encoder", may_download=may_download
    )
    weights = weights_sha256(place.folder, place.weight_files)
    model = _load(place, dtype)
    max_tokens = _max_tokens(model)
    values = {
        "model": place.short_name,
        "weights_sha256": weights,
        "max_tokens": max_tokens,
        "dtype": dtype,
    }
    return PairScorer(model, place.name, json.dumps(values, sort_keys=True), max_tokens)


def load_reranker(name: str, may_download: bool = True, dtype: str | None = None) -> PairScorer:
    """Load a cross-encoder that says how well a text answers a question; see `load_pair_scorer`.

    Args:
        name: a folder, or a name on the Hugging Face hub.
        may_download: fetch a model of the hub that is not on this machine.
        dtype: `float32` or `bfloat16`; by default bfloat16 where the processor has units for it.

    Raises:
        ModelError: it has several labels, as models for entailment have, or as `load_pair_scorer`.
    """
    scorer = load_pair_scorer(name, may_download, dtype or preferred_dtype())
    if scorer.width != 1:
        raise ModelError(
            f"Expected a reranker with one score for a pair of texts, found {scorer.width} in "
            f"{name!r} ({', '.join(scorer.labels)}): it was made to classify pairs. Name a "
            "cross-encoder that was made to rank passages."
        )
    return scorer


def _load(place: ModelPlace, dtype: str) -> "CrossEncoder":
    with silenced():
        try:
            from sentence_transformers import CrossEncoder

            options: dict[str, Any] = {"dtype": dtype}
            if place.is_from_hub:
                options["use_safetensors"] = True
            model: CrossEncoder = CrossEncoder(
                str(place.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs=options,
            )
            return model
        except Exception as error:  # a model's own code may raise anything
            raise not_loaded("cross-encoder", place, error) from error


def _max_tokens(model: "CrossEncoder") -> int | None:
    limit = float(model.max_seq_length or math.inf)
    return int(limit) if math.isfinite(limit) else None
