"""Time and peak memory of building and updating an index, with vectors that cost nothing to make.

    python scripts/measure_updates.py 1000 10000 50000

Each size is built in a process of its own: small documents of real words, in a seeded order. Then
one document is edited, and the index brought up to date; then nothing is.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

DIMENSION = 384
BRIEFS = Path(__file__).parents[1] / "eval/datasets/briefs/documents"


def write_documents(folder: Path, count: int) -> None:
    """Small documents of sentences out of the briefs."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(BRIEFS.glob("*.md"))]
    words = sorted({word for text in texts for word in text.split() if word.isalpha()})
    chance = random.Random(7)
    for number in range(count):
        lines = [" ".join(chance.choices(words, k=14)).capitalize() + "." for _ in range(6)]
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text {number}\n\n{' '.join(lines)}\n", encoding="utf-8")


def encode(texts: list[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """Vectors that depend on the text only."""
    seeds = [abs(hash(text)) % (1 << 32) for text in texts]
    return np.stack(
        [np.random.default_rng(seed).standard_normal(DIMENSION) for seed in seeds]
    ).astype(np.float32)


def measure(folder: Path, index: Path) -> dict[str, float]:
    """Bring the index up to date, in this process."""
    from index import build
    from index.embedding import Embedder

    embedder = Embedder(
        encode, name="random", fingerprint='{"model": "random"}', dimension=DIMENSION
    )
    started = time.perf_counter()
    report = build([folder], index, embedding_model=embedder)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"passages": report.passages, "seconds": round(seconds, 1), "peak_mb": round(peak)}


def main() -> None:
    """Measure each size."""
    if sys.argv[1] == "--one":
        print(json.dumps(measure(Path(sys.argv[2]), Path(sys.argv[3]))))
        return
    for count in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as name:
            folder, index = Path(name) / "docs", Path(name) / "index"
            write_documents(folder, count)
            for step in ("build", "edit one", "nothing"):
                if step == "edit one":
                    edited = folder / "000" / "000000.txt"
                    edited.write_text(f"{edited.read_text()}\nEdited now.\n", encoding="utf-8")
                command = [sys.executable, __file__, "--one", str(folder), str(index)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                print(count, step, done.stdout.strip(), flush=True)


if __name__ == "__main__":
    main()
