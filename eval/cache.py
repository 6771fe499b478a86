"""The index of a dataset's documents, kept between runs."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from eval.types import Dataset


def cached_index(dataset: Dataset, say: Callable[[str], None]) -> Path:
    """Bring the index of a dataset's documents up to date and return its folder.

    Unchanged files cost a hash; files that are gone leave the index.

    Args:
        dataset: from `load_dataset`.
        say: takes a line for each document that could not be indexed.
    """
    from index import build

    folder = index_folder(dataset)
    folder.parent.mkdir(parents=True, exist_ok=True)
    report = build([dataset.documents], folder, prune=True, progress=True)
    for failed in report.failed:
        say(f"not indexed: {failed.source}: {failed.reason}")
    return folder


def index_folder(dataset: Dataset) -> Path:
    """Where the index of a dataset's documents is kept: one folder for each place on disk."""
    digest = hashlib.sha256(os.fsencode(dataset.folder.resolve())).hexdigest()[:12]
    return cache_folder() / "eval" / f"{dataset.name}-{digest}.index"


def cache_folder() -> Path:
    """`ASSISTANT_CACHE`, else `verbatim` in the user's cache folder."""
    if chosen := os.environ.get("ASSISTANT_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "verbatim"
