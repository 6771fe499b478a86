"""Indexing beside the encoding of the same texts alone: what all else of it costs."""

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_corpus import write_corpus
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.embedding import Embedder


def indexing(folder: Path, documents: int, rounds: int) -> None:
    """Print the rate of indexing, and its time in that of one plain call of the model."""
    from index import build
    from index.embedding import load_embedder, packaged_place, preferred_dtype
    from index.torch_model import load_torch

    write_corpus(folder / "indexed", documents)
    embedder = load_embedder()
    embedder.encode(["It is loaded before it is timed."])
    plain = load_torch(packaged_place(), preferred_dtype())
    texts, inside = list[str](), list[float]()
    watched = _watched(embedder, texts, inside)
    whole, encoding, raw, passages = [], [], [], 0
    for number in range(rounds):
        texts.clear()
        inside.clear()
        started = time.perf_counter()
        target = folder / f"{number}.index"
        passages = build([folder / "indexed"], target, embedding_model=watched).passages
        whole.append(time.perf_counter() - started)
        encoding.append(sum(inside))
        started = time.perf_counter()
        plain.encode(list(texts), show_progress_bar=False)
        raw.append(time.perf_counter() - started)
    seconds = statistics.median(whole)
    print(f"{f'indexing {documents} documents, {passages} passages':<44} {seconds:8.2f} s")
    print(f"{'  documents a second':<44} {documents / seconds:8.1f}")
    for name, times in {"whole": whole, "encoding in it": encoding}.items():
        ratio = statistics.median(one / other for one, other in zip(times, raw, strict=True))
        print(f"{f'  {name}, to plain encoding':<44} {ratio:8.2f} x", flush=True)


def _watched(embedder: "Embedder", texts: list[str], seconds: list[float]) -> "Embedder":
    """The same, which adds what it is given and the seconds it takes to these lists."""
    from index.embedding import Embedder

    def encode(given: list[str]) -> NDArray[Any]:
        started = time.perf_counter()
        vectors = embedder.encode(given)
        seconds.append(time.perf_counter() - started)
        texts.extend(given)
        return vectors

    return Embedder(
        encode,
        name=embedder.name,
        fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
    )
