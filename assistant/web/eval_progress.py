"""How far an evaluation is, read from the folder it writes; and why it ended, from its messages."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.redaction import redact

Phase = Literal["preparing", "answering", "scoring"]

ANSWERS, SETTINGS, REPORT = "answers.jsonl", "run.json", "report.json"
"""Files of a run, as `assistant-eval run --out` writes them."""
LONGEST_TAIL = 16_000
"""Bytes of the messages that are read from their end."""
LONGEST_MESSAGE = 400
"""Characters of a message that are shown."""

_INDEXING = re.compile(r"^Indexing: .*?(\d+)/(\d+) \[")
"""How the suite tells, in between its messages, how many documents are indexed."""
_NAME = re.compile(r"^assistant-eval: ")
_PATH = re.compile(r"(?<![\w/:])/(?:[^\s/:,;'\"()]+(?: [^\s/:,;'\"()]+)?/)+(?=[^\s/])")
_ON_THE_PAGE = {
    "Name another folder, or add --fresh to give that run up.": "Discard it, and run it anew."
}
"""What to do, as the command says it, and as it is done on the page."""
_KILLED = "It was ended from outside, perhaps because the server has too little memory."
_SILENT = "It ended without saying why."


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a run is, as of now."""

    phase: Phase
    done: int
    """Cases that are answered, or failed."""
    failed: int
    per_second: float | None
    """Cases of this process; None as long as it cannot be told."""


class Tally:
    """Counts the cases of a run while its file grows. Not safe to share between threads."""

    def __init__(self, folder: Path, of: int) -> None:
        """Look at what is there before the run begins: it is written anew when it does.

        Args:
            folder: of the run.
            of: how many cases there will be.
        """
        self._path = folder / ANSWERS
        self._of = of
        self._before = self._mark()
        self._now: int | None = None
        self._offset = 0
        self._done = self._failed = 0
        self._first: tuple[float, int] | None = None
        """When answering began, with the cases that were there already."""

    def look(self) -> Pace:
        """Count what has come since the last look."""
        mark = self._mark()
        if mark is None or mark == self._before:
            return Pace("preparing", 0, 0, None)
        if mark != self._now:
            self._now, self._offset, self._done, self._failed = mark, 0, 0, 0
        self._read()
        now = time.monotonic()
        if self._first is None:
            self._first = (now, self._done)
        began, known = self._first
        fresh = self._done - known
        rate = fresh / (now - began) if fresh > 0 and now > began else None
        phase: Phase = "scoring" if self._done >= self._of else "answering"
        return Pace(phase, self._done, self._failed, rate)

    def _mark(self) -> int | None:
        try:
            return self._path.stat().st_ino
        except OSError:
            return None

    def _read(self) -> None:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                whole, line_end, _ = file.read().rpartition(b"\n")
        except OSError:
            return
        self._offset += len(whole) + len(line_end)
        for line in whole.splitlines():
            self._done += 1
            self._failed += not _is_answer(line)


def answered_in(folder: Path) -> int:
    """How many cases of an unfinished run need not be asked again."""
    try:
        lines = (folder / ANSWERS).read_bytes().splitlines()
    except OSError:
        return 0
    return sum(map(_is_answer, lines))


def problem_of(messages: Path, exit_code: int, names: Mapping[str, str]) -> str:
    """Why a run ended early, in one plain sentence without the folders of the server.

    Args:
        messages: what the run wrote to stderr.
        exit_code: of the process.
        names: what to call folders instead.
    """
    lines = [line for line in _last_lines(messages) if not line.startswith("Indexing: ")]
    if exit_code < 0:
        return _KILLED
    if not lines:
        return _SILENT
    message = _NAME.sub("", lines[-1])
    for command, page in _ON_THE_PAGE.items():
        message = message.replace(command, page)
    return shown(message, names)


def indexed_by(messages: Path) -> tuple[int, int] | None:
    """How many documents are indexed, and of how many; None where that is not being done.

    Args:
        messages: what the run wrote to stderr.
    """
    lines = _last_lines(messages)
    found = _INDEXING.match(lines[-1]) if lines else None
    return (int(found[1]), int(found[2])) if found else None


def _last_lines(messages: Path) -> list[str]:
    try:
        with messages.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - LONGEST_TAIL))
            tail = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line.strip() for line in tail.splitlines() if line.strip()]


def shown(message: str, names: Mapping[str, str]) -> str:
    """A message fit for visitors: no keys, no folders of the server, and not too long.

    Args:
        message: of a process.
        names: what to call folders instead; of the others, only the last part is shown.
    """
    for folder in sorted(names, key=len, reverse=True):
        message = message.replace(folder, names[folder])
    message = _PATH.sub("", redact(message))
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]} …"


def _is_answer(line: bytes) -> bool:
    try:
        return json.loads(line).get("answer") is not None
    except (ValueError, AttributeError, RecursionError):
        return False
