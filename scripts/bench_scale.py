"""Build time, memory, disk, opening, searching and updating, at several sizes of a collection.

    VERBATIM_SQUAD=dev-v2.0.json python scripts/bench_scale.py 1000 10000 100000 --real 1000

Documents are composed of real sentences, in a seeded order. Every step has a process of its own,
and its peak memory is that process's. Vectors cost next to nothing (see `scale_texts.py`), but for
the sizes of `--real`, which the real model embeds. The time to read files and to compose these
vectors is a part of the build; `stores` is what comes after it. Seconds and milliseconds are of the
processor's time, all threads together, since other programs may be running; those by the clock are
printed beside them.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from scale_texts import StandIn, real_texts, write_collection

ROOT = Path(__file__).parents[1]
Figures = dict[str, float]
POOL_FILE = "pool.npz"
ROUNDS = 3


def main() -> None:
    """Measure each size, and print how figures grow from one to the next."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("passages", type=int, nargs="*", default=[])
    parser.add_argument("--real", type=int, nargs="*", default=[], help="sizes for the real model")
    parser.add_argument("--keep", type=Path, help="folder to leave everything in")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, place, model = options.step
        if step == "pool":
            StandIn.make(Path(place) / POOL_FILE, real_texts())
            print("{}")
        else:
            print(json.dumps(STEPS[step](Path(place), model == "real")))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / POOL_FILE).exists():
            # The memory of this process, at its most, would count as that of all it starts.
            _in_a_process("pool", folder, "real")
        before: Figures = {}
        for size in options.real:
            _show(f"{size} by the real model", _measured(folder, size, "real"), {})
        for size in options.passages or ([] if options.real else [1000, 10_000]):
            found = _measured(folder, size, "stand-in")
            _show(str(size), found, before)
            before = found


def _measured(folder: Path, size: int, model: str) -> Figures:
    """All figures of one size, by name."""
    place = folder / f"{size}-{model}"
    text_bytes = write_collection(place / "docs", size, real_texts())
    found: Figures = {"text, MB": text_bytes / 1e6}
    for step in STEPS:
        if step == "update":
            edited = place / "docs/000/000000.md"
            edited.write_text(f"{edited.read_text('utf-8')}\nThis was added.\n", encoding="utf-8")
        found |= _in_a_process(step, place, model)
    return found


def _in_a_process(step: str, place: Path, model: str) -> Figures:
    """The figures of one step."""
    command = [sys.executable, __file__, "--step", step, str(place), model]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def _build(place: Path, is_real: bool) -> Figures:
    found = _updated(place, is_real)
    files = [path for path in (place / "index").rglob("*") if path.is_file()]
    found["disk, MB"] = sum(path.stat().st_size for path in files) / 1e6
    kept = [path for path in files if path.parent == place / "index"]
    found["  of it the catalog"] = sum(path.stat().st_size for path in kept) / 1e6
    return {"passages": found.pop("passages")} | _named("build", found)


def _nothing(place: Path, is_real: bool) -> Figures:
    return _named("nothing changed", _updated(place, is_real))


def _update(place: Path, is_real: bool) -> Figures:
    return _named("one document changed", _updated(place, is_real))


def _updated(place: Path, is_real: bool) -> Figures:
    """Bring the index up to date."""
    from index import build

    model = None if is_real else StandIn(place.parent / POOL_FILE).embedder()
    taken = [time.process_time()]
    begun, processor = time.perf_counter(), time.process_time()
    report = build(
        [place / "docs"],
        place / "index",
        embedding_model=model,
        on_progress=lambda *_: taken.append(time.process_time()),
    )
    ended = time.process_time()
    return {
        "passages": report.passages,
        "s by the clock": time.perf_counter() - begun,
        "processor's s": ended - processor,
        "of it, stores": ended - taken[-1],
        "peak MB": _peak(),
    }


def _named(step: str, found: Figures) -> Figures:
    return {f"{step}: {name}": value for name, value in found.items() if name != "passages"}


def _search(place: Path, is_real: bool) -> Figures:
    """Opening, then searches whose questions have vectors already: all else of a search."""
    from index import Index
    from index.collection import POOL, Candidates

    pool = StandIn(place.parent / POOL_FILE)
    asked = dict(zip(real_texts().questions, pool.questions, strict=True))
    embedder = pool.embedder()
    index = Index.open(place / "index", None if is_real else embedder)
    setattr(index, "encode_query", asked.__getitem__)  # noqa: B010 - of this one
    first = next(iter(asked))
    opened = _timed(lambda: index.search(first))
    times: dict[str, list[tuple[float, float]]] = {}
    with index, index._live.lend() as stores:
        works: dict[str, Callable[[str], object]] = {
            "search": index.search,
            "  nearest vectors": lambda q: stores.vectors.query(
                asked[q], POOL, None, ["body"], Candidates(index._catalog).belongings
            ),
            "  words": lambda q: stores.terms.query(q, POOL, None, ["body"]),
        }
        for _ in range(ROUNDS):
            for question in asked:
                for name, work in works.items():
                    times.setdefault(name, []).append(_timed(partial(work, question)))
    figures = {"open and first search, processor's s": opened[1]}
    for name, pairs in times.items():
        for kind, column in zip(
            ("by the clock", "processor's"), zip(*pairs, strict=True), strict=True
        ):
            ordered = sorted(1000 * each for each in column)
            figures[f"{name}, ms {kind}, p50"] = statistics.median(ordered)
            figures[f"{name}, ms {kind}, p95"] = ordered[int(0.95 * len(ordered))]
    return figures | {"searching, peak MB": _peak()}


STEPS: dict[str, Callable[[Path, bool], Figures]] = {
    "build": _build,
    "search": _search,
    "nothing": _nothing,
    "update": _update,
}


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor, all threads together."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _show(title: str, found: Figures, before: Figures) -> None:
    print(f"\n{title}")
    for name, value in found.items():
        grown = f"{value / before[name]:8.1f} x" if before.get(name) else ""
        print(f"{name:<44} {value:12.1f} {grown}", flush=True)


if __name__ == "__main__":
    main()
