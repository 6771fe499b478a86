"""A model's graph for questions: found, or else made; and opened when the first question comes."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from index.models import ModelPlace
from index.question_graph import (
    PACKAGED,
    QuestionGraph,
    configuration_sha256,
    graph_path,
    question_encoder,
    read_graph,
)
from index.torch_model import load_torch, traits_of

Encoder = Callable[[list[str]], NDArray[Any]]
"""Vectors of texts, of shape (len(texts), dimension)."""
_log = logging.getLogger(__name__)


def find_graph(place: ModelPlace, weights: str, folder: Path | None) -> QuestionGraph | None:
    """A model's graph: the one that comes with this package, or one in an index folder.

    Args:
        place: where the model is.
        weights: SHA-256 of its weights.
        folder: the index folder, if there is one.
    """
    configuration = configuration_sha256(place.folder)
    graph = read_graph(PACKAGED, weights, configuration)
    if graph is None and folder is not None:
        graph = read_graph(graph_path(folder, weights, configuration), weights, configuration)
    return graph


def make_graph(place: ModelPlace, weights: str, folder: Path) -> QuestionGraph | None:
    """Export a model's graph and keep it in an index folder; None where that cannot be done.

    Takes seconds, once: a graph that did not give the model's vectors is kept as an empty one.
    """
    from index.question_export import export_graph, is_possible

    if not os.access(folder, os.W_OK) or not is_possible(place):
        _log.debug("no question graph is made of %s in %s", place.name, folder)
        return None
    model = load_torch(place, "float32")
    configuration = configuration_sha256(place.folder)
    graph = export_graph(
        model,
        place,
        traits=traits_of(model, place),
        weights_sha256=weights,
        configuration_sha256=configuration,
    )
    try:
        graph.save(graph_path(folder, weights, configuration))
    except OSError as error:
        _log.debug("the question graph of %s was not kept: %s", place.name, error)
    return graph


def graph_encoder(graph: QuestionGraph, place: ModelPlace, otherwise: Encoder) -> Encoder:
    """An encoder of questions by a graph, which is opened when first needed.

    Args:
        graph: of the model.
        place: where its weights are.
        otherwise: encodes them where the graph cannot be opened.
    """
    lock = threading.Lock()
    opened: list[Encoder] = []

    def encode(texts: list[str]) -> NDArray[Any]:
        with lock:
            if not opened:
                opened.append(_opened(graph, place) or otherwise)
        return opened[0](texts)

    return encode


def _opened(graph: QuestionGraph, place: ModelPlace) -> Encoder | None:
    try:
        return question_encoder(graph, place)
    except Exception as error:  # whatever the runtime and the tokenizer raise
        _log.debug("%s: its question graph is not used: %s", place.name, error)
        return None
