"""The datasets that an operator named, and some cases of one as a dataset of its own."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.errors import SettingsError

CASES, DOCUMENTS = "cases.jsonl", "documents"
MOST_DATASETS = 500
"""Datasets listed, at most."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder with `documents/` and `cases.jsonl`; whether they can be used, a run finds out."""

    name: str
    folder: Path
    cases: int
    """How many there are; 0 where the file cannot be read."""


def datasets_in(folders: Iterable[Path]) -> list[Dataset]:
    """The datasets of some folders as they are now, by name; of two of one name the first.

    Args:
        folders: each is a dataset, or a folder with datasets right below it.
    """
    found: dict[str, Dataset] = {}
    for folder in _folders(folders):
        name = folder.resolve().name
        found.setdefault(name, Dataset(name, folder, _cases(folder / CASES)))
    return sorted(found.values(), key=lambda dataset: dataset.name.casefold())


def check_datasets(folders: Iterable[Path]) -> None:
    """Nothing, if each folder is a dataset or has some, and all have different names.

    Raises:
        SettingsError: one has none, or two datasets have the same name.
    """
    places: dict[str, Path] = {}
    for named in folders:
        datasets = list(_folders([named]))
        if not datasets:
            found = "one without" if named.is_dir() else "a file" if named.exists() else "nothing"
            raise SettingsError(
                f"--datasets {named}: expected a folder with {DOCUMENTS}/ and {CASES}, or one with "
                f"such folders in it, found {found}. Correct the path, or leave the option out."
            )
        for folder in datasets:
            place = folder.resolve()
            if places.setdefault(place.name, place) != place:
                raise SettingsError(
                    f"--datasets: expected datasets with different names, found "
                    f"{places[place.name]} and {place}. Rename one of them."
                )


def sample(dataset: Dataset, count: int, root: Path) -> Path:
    """Some cases of a dataset as a dataset of the same name, always in the same folder.

    Cases of a category mostly stand together, so they are taken at equal distances. The documents
    are a link to those of the dataset, or a copy where there can be no links.

    Args:
        dataset: has more cases than `count`.
        count: how many to take.
        root: the folder to make it in.

    Returns:
        The folder of the sample.
    """
    place = hashlib.sha256(os.fsencode(dataset.folder.resolve())).hexdigest()[:12]
    folder = root / place / dataset.name
    folder.mkdir(parents=True, exist_ok=True)
    lines = _lines(dataset.folder / CASES)
    chosen = [lines[number * len(lines) // count] for number in range(count)]
    beside = folder / f".{CASES}.{os.getpid()}"
    beside.write_bytes(b"".join(line + b"\n" for line in chosen))
    beside.replace(folder / CASES)
    _link(dataset.folder.resolve() / DOCUMENTS, folder / DOCUMENTS)
    return folder


def _folders(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if _is_dataset(folder):
            yield folder
            continue
        with suppress(OSError):
            below = sorted(folder.iterdir())[:MOST_DATASETS]
            yield from filter(_is_dataset, below)


def _is_dataset(folder: Path) -> bool:
    try:
        return (folder / DOCUMENTS).is_dir() and (folder / CASES).is_file()
    except OSError:
        return False


def _cases(path: Path) -> int:
    try:
        state = path.stat()
        return _counted(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return 0


@lru_cache(maxsize=MOST_DATASETS)
def _counted(path: Path, changed: int, size: int) -> int:
    """The lines of a file as it was when it had this size and time of change."""
    return len(_lines(path))


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().split(b"\n") if line.strip()]


def _link(documents: Path, link: Path) -> None:
    if link.is_symlink() and link.resolve() == documents:
        return
    if link.is_symlink():
        link.unlink()
    try:
        link.symlink_to(documents, target_is_directory=True)
    except FileExistsError:  # an earlier copy
        shutil.copytree(documents, link, dirs_exist_ok=True)
    except OSError:
        shutil.copytree(documents, link)
