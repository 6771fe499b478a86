"""Documents that were removed: they can be had back for a minute, their files for a week.

FILES/                    uploaded files
    .trash/TOKEN.json     a removal that can still be undone, or whose files are kept a while
    .trash/TOKEN/NAME     these files

Files elsewhere are an operator's own and never touched.
"""

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import InputError
from index.members import file_of
from index.removal import TakenOut
from index.sidecars import sidecar

UNDO = 60.0
"""Seconds during which a removal can be undone; until then the files stay where they are."""
KEPT = 7 * 24 * 3600.0
"""Seconds until the files are deleted."""

_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Removal:
    """Documents that were removed at once."""

    token: str
    name: str
    """Of the document, or of how many."""
    seconds_left: float
    """To undo it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    name: str
    at: float
    taken: tuple[TakenOut, ...]


@dataclass(eq=False)
class Trash:
    """The removals of one collection. Safe to share between threads."""

    files: Path | None
    """Folder of the uploaded files; None where none are taken."""
    clock: Callable[[], float] = time.time
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, taken: Sequence[TakenOut], name: str) -> str:
        """Note a removal.

        Args:
            taken: what was taken out of the index.
            name: of it, for people.

        Returns:
            A token to undo it with.
        """
        token = secrets.token_hex(16)
        with self._lock:
            self._keep(token, _Kept(name, self.clock(), tuple(taken)))
        return token

    def removals(self) -> list[Removal]:
        """Those that can still be undone, the latest first."""
        now = self.clock()
        with self._lock:
            return [
                Removal(token, kept.name, kept.at + UNDO - now)
                for token, kept in reversed(self._kept.items())
                if now < kept.at + UNDO
            ]

    def undo(self, token: str, put_back: Callable[[Sequence[TakenOut]], None]) -> str:
        """Have something back.

        Args:
            token: of the removal.
            put_back: puts it into the index; if it fails, the removal can still be undone.

        Returns:
            The name of what was removed.

        Raises:
            InputError: it is too late.
        """
        with self._lock:
            kept = self._kept.pop(token, None)
            if kept is None or self.clock() >= kept.at + UNDO:
                raise InputError(
                    "It is too late to undo this: the documents were removed more than a minute "
                    "ago. Add them again."
                )
            if self._trash is not None:  # or their files would go while they come back
                (self._trash / f"{token}.json").unlink(missing_ok=True)
        try:
            put_back(kept.taken)
        except BaseException:
            with self._lock:
                self._keep(token, kept)
            raise
        return kept.name

    def sweep(self, indexed: Callable[[], Collection[str]]) -> None:
        """Move the files of what was finally removed away, and delete those moved long ago.

        Args:
            indexed: gives the files that the index holds now, or parts of: these stay.
        """
        now = self.clock()
        with self._lock:
            for token in [t for t, kept in self._kept.items() if now >= kept.at + UNDO]:
                del self._kept[token]
            for note in self._trash.glob("*.json") if self._trash is not None else ():
                at, names = _noted(note)
                if now >= at + KEPT:
                    shutil.rmtree(note.with_suffix(""), ignore_errors=True)
                    note.unlink(missing_ok=True)
                elif now >= at + UNDO and not note.with_suffix("").exists():
                    self._move(note.with_suffix(""), names, indexed())

    @property
    def _trash(self) -> Path | None:
        return None if self.files is None else self.files / ".trash"

    def _is_uploaded(self, path: Path) -> bool:
        return self.files is not None and path.parent == self.files.absolute()

    def _keep(self, token: str, kept: _Kept) -> None:
        self._kept[token] = kept
        sources = (source.path for each in kept.taken for source in each.sources)
        paths = dict.fromkeys(map(file_of, sources))
        names = [path.name for path in paths if self._is_uploaded(path)]
        if self._trash is None or not names:
            return
        # Where there is no room for a note the files stay, which does no harm.
        with suppress(OSError):
            self._trash.mkdir(parents=True, exist_ok=True)
            note = json.dumps({"at": kept.at, "files": names})
            (self._trash / f"{token}.json").write_text(note, encoding="utf-8")

    def _move(self, folder: Path, names: Sequence[str], indexed: Collection[str]) -> None:
        files = folder.parent.parent
        folder.mkdir()
        for name in names:
            path = files / Path(name).name
            if str(path.absolute()) in indexed:
                continue
            for each in (path, sidecar(path)):
                with suppress(OSError):
                    each.rename(folder / each.name)


def _noted(note: Path) -> tuple[float, list[str]]:
    """When, and which files; what nobody can read is kept for as long as anything."""
    try:
        value = json.loads(note.read_text(encoding="utf-8"))
        return float(value["at"]), [str(name) for name in value["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        with suppress(OSError):
            return note.stat().st_mtime, []
        return time.time(), []
