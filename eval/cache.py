"""The index of a dataset's documents, kept between runs."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from eval.types import Dataset
from index.embedding import DEFAULT_MODEL


def cached_index(
    dataset: Dataset, say: Callable[[str], None], embedding_model: str | None = None
) -> Path:
    """Bring the index of a dataset's documents up to date and return its folder.

    Unchanged files cost a hash; files that are gone leave the index.

    Args:
        dataset: from `load_dataset`.
        say: takes a line for each document that could not be indexed.
        embedding_model: name or folder; each has an index of its own. By default the packaged one.
    """
    from index import build

    folder = index_folder(dataset, embedding_model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    report = build(
        [dataset.documents], folder, prune=True, progress=True, embedding_model=embedding_model
    )
    for failed in report.failed:
        say(f"not indexed: {failed.source}: {failed.reason}")
    return folder


def index_folder(dataset: Dataset, embedding_model: str | None = None) -> Path:
    """Where the index of a dataset's documents is kept: one for each place on disk and model."""
    place = os.fsencode(dataset.folder.resolve())
    if embedding_model is not None and embedding_model != DEFAULT_MODEL:
        folder = Path(embedding_model).expanduser()
        place += b"\0" + os.fsencode(folder.resolve() if folder.exists() else embedding_model)
    digest = hashlib.sha256(place).hexdigest()[:12]
    return cache_folder() / "eval" / f"{dataset.name}-{digest}.index"


def cache_folder() -> Path:
    """`ASSISTANT_CACHE`, else `verbatim` in the user's cache folder."""
    if chosen := os.environ.get("ASSISTANT_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "verbatim"
