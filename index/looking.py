"""Looks at all files of a selection by their size and time of change; reads none."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.left_out import LeftOut
from index.sidecars import sidecar_of
from index.types import FailedFile
from index.walking import Selection

State = tuple[int, int] | None
"""Size and time of change of a file; None where there is none."""


def state_of(path: Path) -> State:
    """How a file is now."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def is_in(path: Path, folder: Path) -> bool:
    """Whether a path is a folder, or in it."""
    return path == folder or folder in path.parents


@dataclass(frozen=True, slots=True)
class Within:
    """What a selection covers, in some of its folders."""

    selection: Selection
    roots: frozenset[Path]

    def covers(self, file: Path) -> bool:
        """Whether a file was one of it."""
        return any(is_in(file, root) for root in self.roots) and self.selection.covers(file)


@dataclass
class Looks:
    """What the last look found: one number a file."""

    selection: Selection
    at: float = 0.0
    """When it was, by the monotonic clock."""
    failed: list[FailedFile] = field(default_factory=list)
    """Folders that could not be read."""
    left_out: LeftOut = field(default_factory=LeftOut)
    files: list[Path] = field(default_factory=list)
    """All there are, until they are taken."""
    _seen: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    _before: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def look(self) -> list[Path]:
        """Look again.

        Returns:
            The files that are not as they were at the last look, nor are their sidecars.
        """
        self.failed, self.left_out = [], LeftOut(self.selection.named)
        self.files = list(self.selection.walk(self.failed.append, self.left_out.add))
        keys = np.fromiter(map(_key, self.files), np.int64, len(self.files))
        is_known = np.isin(keys, self._seen)
        self._before, self._seen, self.at = self._seen, np.sort(keys), time.monotonic()
        return [path for path, known in zip(self.files, is_known, strict=True) if not known]

    @property
    def has_changed(self) -> bool:
        """Whether the last look found other files than the one before it, or fewer."""
        return not np.array_equal(self._before, self._seen)

    def forget(self) -> None:
        """Have the next look find what this one found once more."""
        self._seen = self._before

    def there(self) -> Within | None:
        """Where what is gone may be forgotten.

        None where a folder could not be read; a folder that holds nothing may be a drive that was
        taken away, and what is indexed of it stays.
        """
        if self.failed:
            return None
        roots = self.selection.roots
        holding = (root for root in roots if any(is_in(path, root) for path in self.files))
        return Within(self.selection, frozenset(holding))


def _key(path: Path) -> int:
    beside = sidecar_of(path)
    return hash((str(path), state_of(path), beside and state_of(beside)))
