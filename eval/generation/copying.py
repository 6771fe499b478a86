"""Bringing a user's documents into a dataset's folder."""

import filecmp
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from eval.generation.appending import failed_to_write
from index.errors import InputError, SourceError
from index.sidecars import SIDECAR_SUFFIX, sidecar
from index.sources import find_files, read_document
from index.types import FailedFile


@dataclass
class Copied:
    """What became of each file, by its path in `documents/`."""

    added: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Files that are there with another content: kept as they are, for cases may quote them."""
    failed: list[FailedFile] = field(default_factory=list)


def copy_documents(source: Path, target: Path, *, leave_out: Path) -> Copied:
    """Copy what can be read as a document, with the metadata beside it.

    Args:
        source: a folder, searched with its subfolders, or one file.
        target: the `documents/` folder; relative paths are kept.
        leave_out: a folder whose files are no documents: the dataset, where it lies in `source`.

    Raises:
        InputError: there is no source, or nothing in it has the suffix of a document.
        WritingError: a file could not be written.
    """
    base = source.absolute() if source.is_dir() else source.absolute().parent
    copied = Copied()
    inside = leave_out.absolute()
    is_own = base.is_relative_to(target.absolute())  # generating again from the copies
    files = [p for p in find_files([source]) if is_own or not p.is_relative_to(inside)]
    if not files:
        raise InputError(
            f"Expected documents under {source}, found none outside {leave_out}. Put some there or "
            "name another folder."
        )
    for path in files:
        name = path.relative_to(base).as_posix()
        try:
            read_document(path)
            name.encode()
        except SourceError as error:
            copied.failed.append(FailedFile(name, str(error).removeprefix(f"{path}: ")))
        except UnicodeEncodeError:
            shown = name.encode(errors="replace").decode()
            copied.failed.append(FailedFile(shown, "expected a name in UTF-8. Rename the file."))
        else:
            _take(path, name, target, copied)
    return copied


def _take(path: Path, name: str, target: Path, copied: Copied) -> None:
    goal = target / name
    if not goal.exists():
        _copy(path, goal)
        copied.added.append(name)
        for beside in (sidecar(path), path.with_suffix(SIDECAR_SUFFIX)):
            if beside.is_file():
                _copy(beside, goal.with_name(beside.name))
    elif path.samefile(goal) or filecmp.cmp(path, goal, shallow=False):
        copied.present.append(name)
    else:
        copied.changed.append(name)


def _copy(path: Path, goal: Path) -> None:
    """Copy a file so that a kill leaves all of it or nothing."""
    partial = goal.with_name(f".{goal.name}.part")
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, partial)
        os.replace(partial, goal)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise failed_to_write(goal, error) from error
