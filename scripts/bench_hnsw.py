"""Chroma's graph by its settings: recall against exact search, time and disk.

    python scripts/bench_scale.py 10000 --keep FOLDER
    python scripts/bench_hnsw.py FOLDER/10000-stand-in/index FOLDER/pool.npz

Vectors are those of an index, and questions those of the file. Each graph is made in a process of
its own, and asked with one width of search after another.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
WIDTHS = (100, 200, 400, 800)
"""Of `ef_search`."""
GRAPHS = ("16,100,4096,2", "32,100,4096,2", "32,200,4096,2", "32,200,4096,100000")
"""Of `max_neighbors`, `ef_construction`, the size of a batch, `sync_threshold`."""
DEPTH = 100
"""How many passages a search asks for, where it looks for the 50 with some label."""
Vectors = NDArray[np.float32]


def main() -> None:
    """Print a line for each graph and width."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("pool", type=Path, help="a file that bench_scale.py made")
    parser.add_argument("--graphs", nargs="*", default=GRAPHS, help=GRAPHS[0])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(options.index, options.pool, *map(int, options.one.split(",")))
        return
    for graph in options.graphs:
        command = [sys.executable, __file__, options.index, options.pool, "--one", graph]
        subprocess.run(command, check=True, cwd=ROOT)


def _one(
    index: Path, pool: Path, neighbors: int, construction: int, batch: int, threshold: int
) -> None:
    import chromadb

    names, vectors = _stored(index)
    with np.load(pool) as found:
        asked: Vectors = found["questions"]
    nearest = np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :50]
    settings: Any = {
        "space": "cosine",
        "max_neighbors": neighbors,
        "ef_construction": construction,
        "sync_threshold": threshold,
        "batch_size": min(batch, threshold),
    }
    with tempfile.TemporaryDirectory() as folder:
        client: Any = chromadb.PersistentClient(folder)
        made = client.create_collection(
            "all", configuration={"hnsw": settings}, embedding_function=None
        )
        clock, processor = time.perf_counter(), time.process_time()
        for start in range(0, len(names), batch):
            part = slice(start, start + batch)
            made.add(names[part], embeddings=vectors[part])
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
        size = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        line = f"{len(names)} {settings} batch {batch}: {clock:.1f} s, {processor:.1f} s processor"
        print(f"{line}, {size / 1e6:.0f} MB, peak {peak:.0f} MB")
        for width in WIDTHS:
            made.modify(configuration={"hnsw": {"ef_search": width}})
            client.close()
            client = chromadb.PersistentClient(folder)
            made = client.get_collection("all", embedding_function=None)
            kept = made.configuration_json["hnsw"]["ef_search"]
            found_names, times = [], []
            for vector in [asked[0], *asked]:
                begun = time.process_time()
                found_names.append(made.query(query_embeddings=[vector], n_results=DEPTH)["ids"][0])
                times.append(1000 * (time.process_time() - begun))
            ordered = sorted(times[1:])
            p50, p95 = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
            recalls = [_recall(nearest, found_names[1:], names, k) for k in (10, 50)]
            print(
                f"  ef_search {kept}: recall@10 {recalls[0]:.4f}, @50 {recalls[1]:.4f}, "
                f"p50 {p50:.2f} ms, p95 {p95:.2f} ms",
                flush=True,
            )
        client.close()


def _stored(index: Path) -> tuple[list[str], Vectors]:
    """Ids and vectors out of a catalog, in the order that stores are made in."""
    from index.catalog import Catalog
    from index.layout import Layout

    with closing(Catalog(Layout.at(index).catalog_address, writable=False)) as catalog:
        records = [(each.id, each.vector) for batch in catalog.stream() for each in batch]
    return [name for name, _ in records], np.stack([vector for _, vector in records])


def _recall(nearest: NDArray[np.int64], found: list[list[str]], names: list[str], k: int) -> float:
    """Which part of the `k` nearest is among the first `k` that were found."""
    wanted = [{names[row] for row in rows[:k]} for rows in nearest]
    return statistics.mean(
        len(each & set(hits[:k])) / k for each, hits in zip(wanted, found, strict=True)
    )


if __name__ == "__main__":
    main()
