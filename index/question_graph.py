"""Question vectors by ONNX Runtime, with neither PyTorch nor sentence-transformers.

A graph has been exported from the model once (see `question_export.py`) and holds no weights: those
it takes from the model's own files, whose SHA-256 is known. So it has some kilobytes. The packaged
model's comes with this package; another model's is kept in the index folder.
"""

import hashlib
import json
import logging
import os
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.models import ModelPlace
from index.prefixes import Prefixes
from index.telemetry import turn_off_telemetry

FORMAT = 1
"""Raised whenever an earlier file must not be used any more."""
PACKAGED = Path(__file__).with_name("packaged_question_graph.zip")
INPUT = "input_ids"
WEIGHTS = "weights"
"""Where the graph says its weights are; they are handed to it, and nothing is looked up."""
_ABOUT, _GRAPH = "about.json", "graph.onnx"
_SINCE_1980 = (1980, 1, 1, 0, 0, 0)
_DTYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is asked of a model when it is opened."""

    dimension: int
    max_tokens: int | None
    prefixes: Prefixes


@dataclass(frozen=True, slots=True)
class QuestionGraph:
    """A model's graph for one text, and what it was made from."""

    weights_sha256: str
    configuration_sha256: str
    traits: Traits
    tensors: dict[str, tuple[str, str]]
    """For each of its weights, the file below the model's folder and the tensor in it."""
    graph: bytes
    """In ONNX's format; empty where none was found that gives the model's vectors."""

    def save(self, path: Path) -> None:
        """Write the file, so that at any moment it is whole or not there.

        Raises:
            OSError: it cannot be written.
        """
        about = asdict(self) | {"graph": hashlib.sha256(self.graph).hexdigest(), "format": FORMAT}
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in ((_ABOUT, json.dumps(about).encode()), (_GRAPH, self.graph)):
                    entry = zipfile.ZipInfo(name, _SINCE_1980)  # the same bytes each time
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, data)
            with beside.open("rb") as stream:
                os.fsync(stream.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def read_graph(path: Path, weights: str, configuration: str) -> QuestionGraph | None:
    """The graph in a file, or None where there is none for exactly this model.

    Args:
        path: of the file.
        weights: SHA-256 of the model's weights.
        configuration: SHA-256 of its other files, see `configuration_sha256`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            about = json.loads(archive.read(_ABOUT))
            graph = archive.read(_GRAPH)
        expected = (FORMAT, weights, configuration, hashlib.sha256(graph).hexdigest())
        names = ("format", "weights_sha256", "configuration_sha256", "graph")
        if tuple(about[name] for name in names) != expected:
            return None
        traits = about["traits"]
        prefixes = Prefixes(**traits.pop("prefixes"))
        tensors = {name: (file, tensor) for name, (file, tensor) in about["tensors"].items()}
        traits = Traits(**traits, prefixes=prefixes)
        return QuestionGraph(weights, configuration, traits, tensors, graph)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, AttributeError) as error:
        _log.debug("%s is not used: %s", path, error)
        return None


def graph_path(folder: Path, weights: str, configuration: str) -> Path:
    """Where a model's graph is kept in an index folder."""
    key = hashlib.sha256(f"{FORMAT} {weights} {configuration}".encode()).hexdigest()
    return folder / f"question-{key[:16]}.zip"


def configuration_sha256(folder: Path) -> str:
    """SHA-256 of the names and contents of a model's JSON files: tokenizer, pooling, prompts."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.json")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return digest.hexdigest()


def question_encoder(
    graph: QuestionGraph, place: ModelPlace
) -> Callable[[list[str]], NDArray[np.float32]]:
    """What encodes questions with a model's prefix, one after the other. Safe to share.

    Raises:
        OSError: the model's files cannot be read.
        Exception: whatever ONNX Runtime raises for a graph that it cannot run.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(place.folder / "tokenizer.json"))
    tokenizer.no_padding()
    if graph.traits.max_tokens is not None:
        tokenizer.enable_truncation(graph.traits.max_tokens)
    session, weights = _session(graph, place.folder)
    prefix = graph.traits.prefixes.query

    def encode(texts: list[str]) -> NDArray[np.float32]:
        assert weights is not None  # the session reads them where they are, and does not own them
        rows = []
        for text in texts:
            tokens = np.array([tokenizer.encode(prefix + text).ids], dtype=np.int64)
            rows.append(session.run(None, {INPUT: tokens})[0][0])
        return np.stack(rows)

    return encode


def _session(graph: QuestionGraph, folder: Path) -> tuple[Any, Any]:
    """A session of ONNX Runtime, which has no types, and the weights that it works with."""
    turn_off_telemetry()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # For a question a second thread gains nothing, and waits at each step where cores are busy.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    files = {file: StoredTensors(folder / file) for file, _ in graph.tensors.values()}
    values = {
        name: onnxruntime.OrtValue.ortvalue_from_numpy(files[file].get(tensor))
        for name, (file, tensor) in graph.tensors.items()
    }
    options.add_external_initializers(list(values), list(values.values()))
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(graph.graph, options, providers=providers), values


class StoredTensors:
    """A file in the safetensors format: a length, a table in JSON, then all the numbers."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        length = int(self._bytes[:8].view("<u8")[0])
        self._start = 8 + length
        table = json.loads(self._bytes[8 : self._start].tobytes())
        self.table: dict[str, Any] = {
            name: about for name, about in table.items() if about.get("dtype") in _DTYPES
        }
        """What is said of each tensor of fractions, by its name."""

    def get(self, name: str) -> NDArray[np.float32]:
        """A tensor in float32; not copied where it is stored so."""
        about = self.table[name]
        first, last = about["data_offsets"]
        stored = self._bytes[self._start + first : self._start + last].view(_DTYPES[about["dtype"]])
        if about["dtype"] == "BF16":  # the upper half of a float32
            stored = (stored.astype("<u4") << 16).view("<f4")
        numbers: NDArray[np.float32] = np.asarray(stored, np.float32).reshape(about["shape"])
        return np.ascontiguousarray(numbers)
