"""Saying how far an update is: a bar on a terminal, else a line every some seconds."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.walking import OnFailure, OnLeftOut, Selection

INTERVAL = 10.0
"""Seconds between two lines where stderr is no terminal."""
told: Callable[[str], None] | None = None
"""Takes each line of progress, where stderr is not for people."""
_FOLLOWED = 30.0
"""Seconds that the rate is taken over: unchanged files go a thousand times faster than new ones."""

OnProgress = Callable[[int, int, int], None]
"""Called with files done, files in all, and passages embedded."""
Count = Callable[[int, int, int], None]
"""Called with the files, passages and bytes done since the last call."""


@dataclass(frozen=True, slots=True)
class Total:
    """What there is to do."""

    files: int = 0
    size: int = 0
    """Bytes."""


def survey(
    selection: Selection, on_failure: OnFailure, on_left_out: OnLeftOut = lambda path: None
) -> Total:
    """Count the files of a selection and their bytes, without opening any."""
    files = size = 0
    for path in selection.walk(on_failure, on_left_out):
        files += 1
        try:
            size += os.stat(path).st_size
        except (OSError, ValueError):  # told when it is its turn
            continue
    return Total(files, size)


class Progress:
    """Adds up what is done."""

    def __init__(
        self,
        total: Total,
        on_progress: OnProgress | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self.files = self.passages = self.size = 0
        self._on_progress = on_progress
        self._clock = clock
        self._marks: list[tuple[float, int]] = [(clock(), 0)]

    def count(self, files: int, passages: int, size: int) -> None:
        """Note what was done; see `Count`."""
        self.files += files
        self.passages += passages
        self.size = min(self.size + size, self.total.size)
        self._follow()
        if self._on_progress is not None and (files or passages):
            self._on_progress(self.files, self.total.files, self.passages)

    @property
    def seconds_left(self) -> float | None:
        """At the rate of late; None where nothing was done yet."""
        rate = self.rate
        return (self.total.size - self.size) / rate if rate > 0 else None

    @property
    def rate(self) -> float:
        """Bytes a second, of late."""
        (began, size), now = self._marks[0], self._clock()
        return (self.size - size) / (now - began) if now > began else 0.0

    def line(self) -> str:
        """All of it in a line."""
        parts = [
            f"{self.files:,} of {self.total.files:,} files",
            f"{self.passages:,} passages",
            f"{_bytes(self.rate)}/s",
        ]
        left = self.seconds_left
        if left is not None and self.files < self.total.files:
            parts.append(f"about {_duration(left)} left")
        return ", ".join(parts)

    def _follow(self) -> None:
        now = self._clock()
        if now - self._marks[-1][0] >= 1:
            self._marks.append((now, self.size))
        while len(self._marks) > 2 and now - self._marks[1][0] >= _FOLLOWED:
            del self._marks[0]


@contextmanager
def shown(progress: Progress, *, is_shown: bool) -> Iterator[Count]:
    """Show progress on stderr while the block runs.

    Yields:
        What is to be called with what was done.
    """
    if not is_shown:
        yield progress.count
    elif told is None and sys.stderr.isatty():
        with _bar(progress) as count:
            yield count
    else:
        with _lines(progress) as count:
            yield count


@contextmanager
def _bar(progress: Progress) -> Iterator[Count]:
    from tqdm import tqdm

    layout = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"
    total = max(progress.total.size, 1)
    with tqdm(total=total, desc="Indexing", bar_format=layout, file=sys.stderr) as bar:

        def count(files: int, passages: int, size: int) -> None:
            before = progress.size
            progress.count(files, passages, size)
            bar.set_postfix_str(progress.line(), refresh=False)
            bar.update(progress.size - before)

        yield count


@contextmanager
def _lines(progress: Progress) -> Iterator[Count]:
    last = time.monotonic()

    def count(files: int, passages: int, size: int) -> None:
        nonlocal last
        progress.count(files, passages, size)
        if time.monotonic() - last >= INTERVAL:
            last = time.monotonic()
            _say(progress.line())

    yield count
    _say(progress.line())


def say_stores(passages: int) -> None:
    """Say that the search stores are made: of many passages that takes minutes."""
    _say(f"making the search stores of {passages:,} passages")


def _say(line: str) -> None:
    if told is not None:
        told(f"Indexing: {line}")
        return
    sys.stderr.write(f"Indexing: {line}\n")
    sys.stderr.flush()


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
