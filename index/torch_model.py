"""An embedding model in PyTorch: loaded when it is first needed, which takes seconds."""

import logging
import math
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.models import ModelPlace, not_loaded
from index.prefixes import prefixes_of
from index.question_graph import Traits

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

P = ParamSpec("P")
T = TypeVar("T")
_BATCH = 16
"""Texts at a time, sorted by their number of tokens, so that one token in fifty is padding."""
_AT_ONCE = 8
"""Batches, at most: each takes memory of its own."""


class TorchModel:
    """A model of sentence-transformers. Safe to share between threads."""

    def __init__(self, place: ModelPlace, dtype: str, expected: Traits | None = None) -> None:
        self._place = place
        self._dtype = dtype
        self._expected = expected
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None

    @property
    def traits(self) -> Traits:
        """What it says of itself; loads it.

        Raises:
            ModelError: it cannot be loaded.
        """
        with self._lock:
            return traits_of(self._model(), self._place)

    def encode(self, texts: list[str], prefix: str) -> NDArray[Any]:
        """Vectors of texts with a prefix before each, of shape (len(texts), dimension).

        Raises:
            ModelError: it cannot be loaded.
        """
        with self._lock:
            model = self._model()
            order = _by_tokens(model, texts)
            parts = _side_by_side(
                lambda batch: model.encode(
                    batch,
                    # Named even where there is none: else a model's default one is put in.
                    prompt=prefix,
                    batch_size=_BATCH,
                    show_progress_bar=False,
                ),
                [
                    [texts[place] for place in order[start : start + _BATCH]]
                    for start in range(0, len(texts), _BATCH)
                ],
            )
            vectors = np.empty((len(texts), *np.shape(parts[0])[1:]), dtype=np.float32)
            vectors[order] = np.concatenate(parts)
            return vectors

    def _model(self) -> "SentenceTransformer":
        if self._loaded is None:
            model = load_torch(self._place, self._dtype)
            found = traits_of(model, self._place)
            if self._expected not in (None, found):
                raise ModelError(
                    f"The embedding model {self._place.name!r} was expected to have "
                    f"{self._expected}, found {found}. Install the releases of torch and "
                    "sentence-transformers that this package names."
                )
            self._loaded = model
        return self._loaded


def traits_of(model: "SentenceTransformer", place: ModelPlace) -> Traits:
    """What a loaded model says of itself."""
    limit = float(model.max_seq_length or math.inf)
    return Traits(
        dimension=int(model.get_embedding_dimension() or 0),
        max_tokens=int(limit) if math.isfinite(limit) else None,
        prefixes=prefixes_of(place.short_name, model.prompts, model.default_prompt_name),
    )


def _side_by_side(
    work: Callable[[list[str]], NDArray[Any]], batches: list[list[str]]
) -> list[NDArray[Any]]:
    """Do several batches at once, one thread each, where PyTorch would put all threads to one.

    Threads that share a batch wait for each other at each step, which takes longer than the small
    steps of small models, and very long where other programs are busy. Besides, the last bits of
    vectors depend on how many share a batch: so they are the same on any machine.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        at_once = min(threads, len(batches), _AT_ONCE)
        if at_once == 1:
            return [work(batch) for batch in batches]
        pool = ThreadPoolExecutor(at_once, initializer=torch.set_num_threads, initargs=(1,))
        try:
            return list(pool.map(work, batches))
        finally:
            pool.shutdown(cancel_futures=True)
    finally:
        torch.set_num_threads(threads)


def _by_tokens(model: "SentenceTransformer", texts: list[str]) -> NDArray[np.int64]:
    """The places of texts, the longest first.

    The library sorts by characters, by which a sixth of what the model reads is padding.
    """
    tokenizer = model.tokenizer
    if callable(tokenizer):
        limit = model.max_seq_length
        read = tokenizer(texts, truncation=limit is not None, max_length=limit)["input_ids"]
        sizes = [len(tokens) for tokens in read]
    else:  # of a model that has no transformer
        sizes = [len(text) for text in texts]
    return np.argsort(-np.array(sizes), kind="stable")


def load_torch(place: ModelPlace, dtype: str) -> "SentenceTransformer":
    """Load a model from its folder.

    Raises:
        ModelError: it cannot be loaded.
    """
    with silenced():
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(
                str(place.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True} if place.is_from_hub else None,
            )
            # A tokenizer keeps how it pads and cuts for a call in itself.
            setattr(model, "preprocess", _in_turn(model.preprocess))  # noqa: B010 - of this one
            return model.to(getattr(torch, dtype))
        except Exception as error:  # a model's own code may raise anything
            raise not_loaded("embedding model", place, error) from error


def _in_turn(work: Callable[P, T]) -> Callable[P, T]:
    """The same, done by one thread at a time."""
    turn = threading.Lock()

    def taken(*arguments: P.args, **named: P.kwargs) -> T:
        with turn:
            return work(*arguments, **named)

    return taken


@contextmanager
def silenced() -> Iterator[None]:
    """Keep the vendors' warnings, log lines and progress bars off the user's screen."""
    loggers = [logging.getLogger(name) for name in ("transformers", "sentence_transformers")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bars: Any = import_module("transformers.utils.logging")
        had_bars = bars.is_progress_bar_enabled()
        try:
            for logger in loggers:
                logger.setLevel(logging.ERROR)
            bars.disable_progress_bar()
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
            if had_bars:
                bars.enable_progress_bar()
