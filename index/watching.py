"""`Watch`: keeps an index in step with folders, until it is stopped."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.embedding import Embedder
from index.errors import IndexBusyError, VerbatimError
from index.indexing import Update
from index.left_out import LeftOut
from index.looking import Looks, State, Within, is_in, state_of
from index.progress import Total
from index.sidecars import SIDECAR_SUFFIX
from index.types import BuildReport, FailedFile
from index.walking import Selection

SETTLED = 1.0
"""Seconds that a file has to stay as it is before it is read: it may be half written."""
LONGEST = 10.0
"""Seconds that files which are ready wait for others that are being written."""
RESCAN = 600.0
"""Seconds between two looks at all files where the system tells of changes: its queue is bounded,
and what happens while it is full is not told. A look costs a `stat` a file, and reads none."""
_TICK = 0.2
_DEBOUNCE, _STEP = 400, 50
"""Milliseconds over which the system's messages are gathered."""
_QUIET = 500
"""Milliseconds without a message after which it is said that there is none."""
_LONGEST_START = 10.0
"""Seconds that are waited for the system to listen, before files are looked at all the same."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Files and folders that are no longer there."""

    paths: frozenset[Path]

    def covers(self, file: Path) -> bool:
        """Whether a file is one of them, or was in one."""
        return file in self.paths or not self.paths.isdisjoint(file.parents)


@dataclass(slots=True)
class _Change:
    """A path at which something happened."""

    began: float
    state: State
    since: float
    """When it was seen to have this state first."""


@dataclass
class Watch:
    """Takes what changes under some paths into an index.

    The index is held for writing only while something is written. What cannot be read is reported,
    and read again when it changes.
    """

    selection: Selection
    update: Update
    on_report: Callable[[BuildReport], None]
    """Called after each change of the index, and when files cannot be read."""
    say: Callable[[str], None]
    """Called with what a user should know."""
    model: str | Embedder | None = None
    poll: float | None = None
    """Seconds between two looks at all files, where the system tells of no changes."""
    _changes: dict[Path, _Change] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _folders: set[Path] = field(default_factory=set)
    """Those of the roots that are folders."""
    _listening: threading.Event = field(default_factory=threading.Event)
    """Set once the system tells of changes, or will not."""
    _is_told_busy: bool = False

    def __post_init__(self) -> None:
        self._looks = Looks(self.selection)

    def run(self, stop: threading.Event) -> None:
        """Bring everything up to date, then follow what happens, until `stop` is set."""
        watched, threads = self._roots(), []
        self._folders = {root for root in watched if root.is_dir()}
        threads.append(self._start(stop))
        self._listening.wait(_LONGEST_START)  # what changed after the look would be told by nobody
        self._catch_up()
        self.say("Watching for changes (Ctrl-C ends it)")
        try:
            while not stop.wait(_TICK):
                found = self._roots()
                if any(found[root] not in (None, watched[root]) for root in found):
                    threads.append(self._start(stop))  # a folder was made anew
                    self.note(found)
                watched = {root: found[root] or watched[root] for root in found}
                self._follow()
                if time.monotonic() - self._looks.at >= RESCAN:
                    self._look_again()
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def note(self, paths: Iterable[Path]) -> None:
        """Remember that something happened there."""
        now = time.monotonic()
        with self._lock:
            for path in paths:
                if self._concerns(path):
                    known = self._changes.get(path)
                    began = known.began if known is not None else now
                    self._changes[path] = _Change(began, state_of(path), now)

    def _start(self, stop: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._listen, args=(stop,), daemon=True)
        thread.start()
        return thread

    def _listen(self, stop: threading.Event) -> None:
        try:
            for paths in self._told(stop):
                self._listening.set()
                self.note(paths)
        except OSError as error:
            self.say(f"Changes are no longer seen: {error}. Start it again, or use --poll 5.")
        finally:
            self._listening.set()

    def _told(self, stop: threading.Event) -> Iterator[list[Path]]:
        """What the system tells of; nothing, now and then, from when on it does."""
        from watchfiles import watch

        # A file alone is watched by its folder: programs put a new one in its place.
        roots = {root if root.is_dir() else root.parent for root in self.selection.roots}
        messages = watch(
            *(root for root in roots if root.is_dir()),
            watch_filter=None,
            debounce=_DEBOUNCE,
            step=_STEP,
            stop_event=stop,
            rust_timeout=_QUIET,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=self.poll is not None,
            poll_delay_ms=int(1000 * (self.poll or 1)),
            recursive=any(root.is_dir() for root in self.selection.roots),
            ignore_permission_denied=True,
        )
        for message in messages:
            yield [Path(path) for _, path in message]

    def _roots(self) -> dict[Path, tuple[int, int] | None]:
        """The folders, and what tells each from another one that takes its place."""
        return {root: _identity(root) for root in self.selection.roots}

    def _concerns(self, path: Path) -> bool:
        if any(is_in(path, folder) for folder in self.selection.leave_out):
            return False
        if self.selection.accepts(path) or path.name.endswith(SIDECAR_SUFFIX):
            return True
        # A folder. One that is gone looks like a file of another kind, which does no harm.
        inner = [path.relative_to(root).parts for root in self.selection.roots if is_in(path, root)]
        is_seen = any(not any(part.startswith(".") for part in parts) for parts in inner)
        return is_seen and (path.is_dir() or not path.exists())

    def _catch_up(self) -> None:
        looks = self._looks
        looks.look()
        files, looks.files = looks.files, []
        # An empty folder may be one that is not mounted: what is indexed of it stays.
        pruned = self.selection if files else None
        if (files or looks.failed) and not self._bring_in(
            files, pruned, looks.failed, looks.left_out
        ):
            self.note(self.selection.roots)

    def _look_again(self) -> None:
        """Take what has changed and was not told; nothing is said where that is nothing."""
        looks = self._looks
        fresh = looks.look()
        if looks.has_changed and not self._bring_in(
            fresh, looks.there(), [], looks.left_out, is_quiet=True
        ):
            looks.forget()
        looks.files = []

    def _follow(self) -> None:
        """Take what has changed and is no longer changing."""
        ready = self._ready()
        if not ready:
            return
        gone = frozenset(path for path in ready if not os.path.lexists(path) and self._is_at(path))
        left_out = self._left_out()
        files, failed = self._files(ready, left_out)
        if not files and not gone and not failed:
            return
        if not self._bring_in(files, Gone(gone) if gone else None, failed, left_out):
            self.note(ready)

    def _ready(self) -> list[Path]:
        now = time.monotonic()
        with self._lock:
            for path, change in self._changes.items():
                state = state_of(path)
                if state != change.state:
                    change.state, change.since = state, now
            settled = [path for path, c in self._changes.items() if now - c.since >= SETTLED]
            is_overdue = any(now - self._changes[path].began >= LONGEST for path in settled)
            if len(settled) < len(self._changes) and not is_overdue:
                return []
            for path in settled:
                del self._changes[path]
        return sorted(settled)

    def _is_at(self, path: Path) -> bool:
        """Whether the folder that was named is there: what is in one that is not stays indexed."""
        around = [root for root in self.selection.roots if is_in(path, root)]
        return all((root if root in self._folders else root.parent).is_dir() for root in around)

    def _left_out(self) -> LeftOut:
        return LeftOut(self.selection.named)

    def _files(
        self, paths: Iterable[Path], left_out: LeftOut
    ) -> tuple[list[Path], list[FailedFile]]:
        """The files to index: those that changed, those in new folders, those with new sidecars."""
        failed: list[FailedFile] = []
        found: dict[Path, None] = {}
        for path in paths:
            if path.is_dir() and not path.is_symlink():
                inner = Selection((path,), self.selection.suffixes, self.selection.leave_out)
                found.update(dict.fromkeys(inner.walk(failed.append, left_out.add)))
            elif path.name.endswith(SIDECAR_SUFFIX):
                found.update(dict.fromkeys(_stated_by(path)))
            else:
                found[path] = None
        files = [path for path in found if self.selection.accepts(path) and path.is_file()]
        return files, failed

    def _bring_in(
        self,
        files: list[Path],
        pruned: "Gone | Selection | Within | None",
        failed: list[FailedFile],
        left_out: LeftOut,
        *,
        is_quiet: bool = False,
    ) -> bool:
        """Update the index; False where that is to be tried again.

        Args:
            files: to be taken.
            pruned: where to forget files that are gone.
            failed: folders that could not be read.
            left_out: what is left out of folders.
            is_quiet: whether nothing is reported where nothing changed.
        """
        total = Total(len(files), sum(state[0] for path in files if (state := state_of(path))))
        try:
            report = self.update.run(files, total, pruned, self.model, failed, left_out)
        except IndexBusyError as error:
            if not self._is_told_busy:
                self.say(f"{error}")
            self._is_told_busy = True
            return False
        except VerbatimError as error:
            self.say(f"{error}")
            return True
        self._is_told_busy = False
        is_new = report.added or report.changed or report.moved or report.removed
        if is_new or not is_quiet:
            self.on_report(report)
        return True


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if path.is_dir() else (0, 0)


def _stated_by(sidecar: Path) -> list[Path]:
    """The files that a sidecar may be about, as `index.sidecars` finds it."""
    name = sidecar.name.removesuffix(SIDECAR_SUFFIX)
    try:
        beside = sorted(sidecar.parent.iterdir())
    except OSError:
        return []
    return [path for path in beside if name in (path.name, path.stem)]
