"""How much quicker an index is made by Ray's workers than by one process, in one run.

    python scripts/bench_engines.py --documents 60 --rounds 5

Engines take turns, so that what else the machine does falls on all of them. Ray is started, and the
model loaded everywhere, before anything is timed.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench_corpus import write_corpus

from index import build
from index.embedding import Embedder, load_embedder
from index.engines import Engine, InThisProcess
from index.engines_ray import RayEngine


class OneThread(InThisProcess):
    """This process, held to one core as each worker is."""

    def begin(self, embedder: Embedder, texts: list[str]) -> Callable:
        """Encode texts; see `Engine`."""
        import torch

        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return super().begin(embedder, texts)
        finally:
            torch.set_num_threads(threads)


def main() -> None:
    """Print the median time of each engine, and its ratio to this process's in the same round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    embedder = load_embedder()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder = Path(name)
        write_corpus(folder / "docs", given.documents)
        ray = stack.enter_context(RayEngine(given.workers))
        engines: dict[str, Engine] = {
            "this process": InThisProcess(),
            "this process, one thread": OneThread(),
            f"{given.workers} workers of Ray": ray,
        }
        started = time.perf_counter()
        for call in [ray.begin(embedder, ["It is warm."]) for _ in range(2 * given.workers)]:
            call()
        print(
            f"{'Ray and its workers ready':<36} {time.perf_counter() - started:8.2f} s", flush=True
        )
        embedder.encode(["It is warm."])
        times: dict[str, list[float]] = {each: [] for each in engines}
        for number in range(given.rounds):
            for at, (each, engine) in enumerate(engines.items()):
                started = time.perf_counter()
                target = folder / f"{number}.{at}"
                build([folder / "docs"], target, embedding_model=embedder, engine=engine)
                times[each].append(time.perf_counter() - started)
                print(f"  round {number + 1}, {each}: {times[each][-1]:.2f} s", flush=True)
        _print(times)


def _print(times: dict[str, list[float]]) -> None:
    reference = times["this process"]
    for name, seconds in times.items():
        # Of the same round: the machine's other work weighs on both.
        ratios = [one / other for one, other in zip(reference, seconds, strict=True)]
        print(
            f"{name:<36} {statistics.median(seconds):8.2f} s {statistics.median(ratios):6.2f} "
            f"times as fast ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
