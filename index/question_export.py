"""Export of a model's graph for questions, from PyTorch to ONNX; checked before it is used."""

import hashlib
import io
import logging
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.models import ModelPlace
from index.question_graph import (
    INPUT,
    WEIGHTS,
    QuestionGraph,
    StoredTensors,
    Traits,
    question_encoder,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SAME = 0.9999
"""The least cosine of two vectors that count as equal."""
PROBES = (
    "Who built the mill?",
    "?",
    "  WHAT did É. Núñez say,\n in 1954, of “the treaty”?  ",
    "Was stand in dem Brief an den Bürgermeister, und wer hat ihn gelesen?",
    "条約は何年に署名されましたか。",
    "naive cafe\u0301 \U0001f600 a_b-c/d 3.5% <s> [MASK] {x}",
    "word " * 40,
    "How far is it from the old harbor to the town on the hill beyond the river? " * 60,
)
_OPSET = 17
_SMALLEST = 1024
"""Bytes of a weight that is worth looking up in the model's files."""
_MOST_INLINE = 1 << 22
_log = logging.getLogger(__name__)


def is_possible(place: ModelPlace) -> bool:
    """Whether an export may be tried: its package is an extra, and the files must be known ones."""
    files = (place.folder / "tokenizer.json").is_file() and _weight_files(place.folder)
    return bool(files) and find_spec("onnx") is not None


def export_graph(
    model: "SentenceTransformer",
    place: ModelPlace,
    *,
    traits: Traits,
    weights_sha256: str,
    configuration_sha256: str,
) -> QuestionGraph:
    """Export a model's graph for questions, with pooling and whatever else it does.

    Args:
        model: the model in float32.
        place: where its files are.
        traits: of the model.
        weights_sha256: of its weights.
        configuration_sha256: of its other files.

    Returns:
        The graph, empty where it cannot be exported or gives other vectors than the model.
    """
    graph, tensors = b"", dict[str, tuple[str, str]]()
    try:
        graph, tensors = _without_weights(_exported(model), place.folder)
        made = QuestionGraph(weights_sha256, configuration_sha256, traits, tensors, graph)
        least = least_cosine(model, made, place)
        if least >= SAME:
            return made
        _log.debug("%s: exported with a cosine of %.5f, which is not used", place.name, least)
    except Exception as error:  # whatever a model's code, the exporter and the runtime may raise
        _log.debug("%s could not be exported: %s: %s", place.name, type(error).__name__, error)
    return QuestionGraph(weights_sha256, configuration_sha256, traits, {}, b"")


def least_cosine(model: "SentenceTransformer", graph: QuestionGraph, place: ModelPlace) -> float:
    """How far the vectors of a graph are from the model's, on texts of many kinds."""
    prefix = graph.traits.prefixes.query
    expected = np.stack(
        [model.encode([text], prompt=prefix, show_progress_bar=False)[0] for text in PROBES]
    )
    found = question_encoder(graph, place)(list(PROBES))
    products = (expected * found).sum(axis=1)
    norms = np.linalg.norm(expected, axis=1) * np.linalg.norm(found, axis=1)
    return float((products / np.maximum(norms, 1e-12)).min())


def _exported(model: "SentenceTransformer") -> bytes:
    """The model of one text's tokens, in ONNX's format."""
    import torch

    class OneText(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}
            vectors: torch.Tensor = self.model(features)["sentence_embedding"]
            return vectors

    example = model.preprocess(list(PROBES[:1]))["input_ids"]
    stream = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            OneText().eval(),
            (example,),
            stream,  # type: ignore[arg-type]  # takes streams, too, and says paths
            dynamo=False,  # the other exporter needs a further package, and seconds more
            opset_version=_OPSET,
            do_constant_folding=False,  # else weights are turned around, and found no more
            input_names=[INPUT],
            output_names=["vector"],
            dynamic_axes={INPUT: {1: "tokens"}},
        )
    return stream.getvalue()


def _without_weights(exported: bytes, folder: Path) -> tuple[bytes, dict[str, tuple[str, str]]]:
    """The graph with its weights taken out, and where each is in the model's files.

    Raises:
        ValueError: too many are not in the model's files.
    """
    import onnx

    model: Any = onnx.load_model_from_string(exported)
    known = _digests(folder)
    tensors: dict[str, tuple[str, str]] = {}
    for weight in model.graph.initializer:
        place = known.get(hashlib.sha256(weight.raw_data).digest())
        if place is None or len(weight.raw_data) < _SMALLEST:
            continue
        tensors[weight.name] = place
        length = len(weight.raw_data)
        weight.ClearField("raw_data")
        weight.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS), ("offset", "0"), ("length", str(length))):
            weight.external_data.add(key=key, value=value)
    for node in model.graph.node:
        node.ClearField("doc_string")
        node.ClearField("name")
    graph = model.SerializeToString(deterministic=True)
    if len(graph) > _MOST_INLINE:
        raise ValueError(f"{len(graph)} bytes of it are not in the model's files")
    return graph, tensors


def _digests(folder: Path) -> dict[bytes, tuple[str, str]]:
    """Where the tensor with each content is."""
    found: dict[bytes, tuple[str, str]] = {}
    for path in _weight_files(folder):
        stored = StoredTensors(path)
        for name in stored.table:
            digest = hashlib.sha256(stored.get(name).tobytes()).digest()
            found.setdefault(digest, (path.relative_to(folder).as_posix(), name))
    return found


def _weight_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.safetensors"))
