"""Warm retrieval: what a search takes, beside the encoding of its question."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench_corpus import questions, write_corpus


def retrieval(folder: Path, documents: int, rounds: int) -> None:
    """Print the percentiles of searches, and of encoding their questions, in turn."""
    from index import Index, build

    write_corpus(folder / "larger", documents)
    built = build([folder / "larger"], folder / "larger.index")
    with Index.open(folder / "larger.index") as index:
        encode = index.embedder._encode_one  # what remembers questions would answer at once
        index.search("Is it warm?")
        asked = questions(100)
        searches, vectors = list[float](), list[float]()
        for number in range(rounds):
            for question in asked:
                vectors.append(_milliseconds(lambda text: encode(text), f"{question} {number}"))
                searches.append(_milliseconds(index.search, f"{question} {number}"))
    print(f"{built.passages} passages in {documents} documents:")
    _percentiles("  encoding a question", vectors)
    _percentiles("  searching for it, encoding included", searches)
    more = statistics.median(searches) - statistics.median(vectors)
    print(f"{'  beyond the encoding':<44} {more:8.1f} ms p50", flush=True)


def _milliseconds(work: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    work(text)
    return 1000 * (time.perf_counter() - started)


def _percentiles(name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    p50, p95 = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    print(f"{name:<44} {p50:8.1f} ms p50 {p95:8.1f} ms p95")
