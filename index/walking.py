"""What is named on a command line: files, folders, and patterns such as `docs/**/*.md`."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.errors import InputError
from index.left_out import UNREAD
from index.loading import SUFFIXES
from index.members import CONTAINERS
from index.types import FailedFile

FOUND = (*SUFFIXES, *CONTAINERS)
"""Suffixes of the files that are looked for in folders."""
_WILD = re.compile(r"[*?\[]")
OnFailure = Callable[[FailedFile], None]
OnLeftOut = Callable[[Path], None]
_Level = tuple[tuple[str, ...], Iterator[os.DirEntry[str]]]
"""The names of the folders down to one, and what is left to see in it."""


@dataclass(frozen=True)
class Selection:
    """Files, folders and patterns, looked through as often as needed.

    Folders are searched for files of known kinds, by name, hidden ones and sidecars left out; links
    to files are followed, links to folders are not, so that no walk is endless.
    """

    paths: tuple[Path, ...]
    """Absolute."""
    suffixes: tuple[str, ...] = FOUND
    leave_out: tuple[Path, ...] = ()
    """Folders that are not searched, such as the index itself."""

    @classmethod
    def of(
        cls,
        paths: Sequence[str | Path],
        suffixes: tuple[str, ...] = FOUND,
        leave_out: Sequence[Path] = (),
    ) -> "Selection":
        """What these paths name.

        Raises:
            InputError: one is no pattern and does not exist, or cannot be used.
        """
        given = tuple(Path(os.path.abspath(path)) for path in paths)
        for path in given:
            _check(path)
        return cls(tuple(dict.fromkeys(given)), suffixes, tuple(leave_out))

    @cached_property
    def named(self) -> frozenset[Path]:
        """The paths, to look one up."""
        return frozenset(self.paths)

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """The folders and files that all of it is in."""
        return tuple(dict.fromkeys(_root(path)[0] for path in self.paths))

    def walk(
        self,
        on_failure: OnFailure = lambda failed: None,
        on_left_out: OnLeftOut = lambda path: None,
    ) -> Iterator[Path]:
        """The files, each once, in the order given and by name within a folder.

        Args:
            on_failure: called with each folder that cannot be read.
            on_left_out: called with each file of a folder that is of a kind in `left_out.UNREAD`,
                and with each link to a folder that is not itself searched.
        """
        seen: set[Path] = set()
        for path in self.paths:
            for file in self._walk(path, on_failure, on_left_out):
                if len(self.paths) > 1:  # one path cannot lead to a file twice
                    if file in seen:
                        continue
                    seen.add(file)
                if file.name.lower().endswith(self.suffixes) or file in self.named:
                    yield file
                else:
                    on_left_out(file)

    def accepts(self, file: Path) -> bool:
        """Whether a file would be found, were it there."""
        return any(self._accepts(path, file) for path in self.paths)

    def covers(self, file: Path) -> bool:
        """Whether a file that is gone was one of these, in whatever way it was named then."""
        return any(self._covers(path, file) for path in self.paths)

    def _covers(self, path: Path, file: Path) -> bool:
        root, pattern = _root(path)
        if pattern is None:
            return path == file or path in file.parents
        return root in file.parents and pattern.matches(file.relative_to(root).parts)

    def _walk(self, path: Path, on_failure: OnFailure, on_left_out: OnLeftOut) -> Iterator[Path]:
        root, pattern = _root(path)
        if not root.is_dir():
            yield from [path] if pattern is None else ()
        else:
            yield from self._search(root, pattern, on_failure, on_left_out)

    def _search(
        self, root: Path, pattern: "_Pattern | None", fail: OnFailure, on_left_out: OnLeftOut
    ) -> Iterator[Path]:
        folders: list[_Level] = [((), iter(_entries(root, fail)))]
        while folders:
            below, entries = folders[-1]
            entry = next(entries, None)
            if entry is None:
                folders.pop()
                continue
            parts = (*below, entry.name)
            if entry.is_dir(follow_symlinks=False):
                inner = Path(entry.path)
                if inner not in self.leave_out and (pattern is None or pattern.may_lead(parts)):
                    folders.append((parts, iter(_entries(inner, fail))))
            elif entry.is_symlink() and os.path.isdir(entry.path):
                if (pattern is None or pattern.may_lead(parts)) and self._misses(Path(entry.path)):
                    on_left_out(Path(entry.path))
            elif (
                entry.name.lower().endswith((*self.suffixes, *UNREAD))
                and (pattern is None or pattern.matches(parts))
                and _is_file(entry)
            ):
                yield Path(entry.path)

    def _misses(self, link: Path) -> bool:
        """Whether what a link to a folder leads to is not looked through by another way."""
        target = Path(os.path.realpath(link))
        places = (Path(os.path.realpath(root)) for root in (*self.roots, *self.leave_out))
        return link not in self.named and not any(
            target == place or place in target.parents for place in places
        )

    def _accepts(self, path: Path, file: Path) -> bool:
        if file == path:
            return True
        root, pattern = _root(path)
        if root not in file.parents or any(folder in file.parents for folder in self.leave_out):
            return False
        parts = file.relative_to(root).parts
        return (
            file.name.lower().endswith(self.suffixes)
            and not any(part.startswith(".") for part in parts)
            and (pattern is None or pattern.matches(parts))
        )


class _Pattern:
    """The part of a pattern from its first wildcard on."""

    def __init__(self, parts: Sequence[str]) -> None:
        self._parts = [None if part == "**" else _expression(part) for part in parts]

    def matches(self, parts: tuple[str, ...]) -> bool:
        """Whether a file, or a folder above it, is what the pattern names."""
        return any(self._is(parts[:end], 0) for end in range(1, len(parts) + 1))

    def may_lead(self, parts: tuple[str, ...]) -> bool:
        """Whether there may be a match in a folder."""
        for wanted, part in zip(self._parts, parts, strict=False):
            if wanted is None:
                return True
            if not wanted.fullmatch(part):
                return False
        return True

    def _is(self, parts: tuple[str, ...], at: int) -> bool:
        if at == len(self._parts):
            return not parts
        wanted = self._parts[at]
        if wanted is None:
            return any(self._is(parts[skipped:], at + 1) for skipped in range(len(parts) + 1))
        return bool(parts and wanted.fullmatch(parts[0]) and self._is(parts[1:], at + 1))


def _expression(part: str) -> re.Pattern[str]:
    import fnmatch

    return re.compile(fnmatch.translate(part))


def _root(path: Path) -> tuple[Path, _Pattern | None]:
    """The folder that a pattern begins in, and the rest of it; a path that exists is no pattern."""
    wild = next((n for n, part in enumerate(path.parts) if _WILD.search(part)), None)
    if wild is None or os.path.lexists(path):
        return path, None
    return Path(*path.parts[:wild]), _Pattern(path.parts[wild:])


def _check(path: Path) -> None:
    root, pattern = _root(path)
    try:
        root.stat()
    except FileNotFoundError:
        wanted = "a file or folder" if pattern is None else f"a folder {root} for it"
        raise InputError(f"{path}: expected {wanted}, found nothing. Check the path.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{path}: the path cannot be used ({reason}). Check that it is right and that you may "
            "read it."
        ) from error


def _entries(folder: Path, fail: OnFailure) -> list[os.DirEntry[str]]:
    """What is in a folder and not hidden, by name."""
    try:
        with os.scandir(folder) as found:
            seen = [entry for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        reason = f"the folder could not be read ({error.strerror or error}). Check its permissions."
        fail(FailedFile(os.fsencode(folder).decode(errors="replace"), reason))
        return []
    return sorted(seen, key=lambda entry: entry.name)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # links that lead to each other
        return False
