"""PDFium in a process of its own, with limits of time and memory."""

import atexit
import os
import queue
import subprocess
import sys
import threading
from array import array
from contextlib import suppress
from typing import IO

from index.errors import UnreadableFileError
from index.loaders.pdf.converting import Converted
from index.loaders.pdf.frames import Message, receive, send
from index.loaders.pdf.writing import Written
from index.loading import Loaded
from index.types import Place

SECONDS, SECONDS_OCR = 60.0, 300.0
"""For one page: most take a twentieth of a second; with recognition about six seconds."""
BYTES_A_SECOND = 1_000_000
"""What more time there is before the first page: the whole file is looked through."""
_SECONDS_A_PAGE = 0.2
"""What more time there is after the last page: the text is put together."""
_START = 60.0
"""Seconds that the process may take to start."""
_CODE = "from index.loaders.pdf.worker import main; main()"
Answer = tuple[Message, bytes] | None


class _Worker:
    """A process that answers one message after the other."""

    def __init__(self) -> None:
        places = os.pathsep.join(place or os.getcwd() for place in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": places},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions: IO[bytes] = self._process.stdin
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        reader.start()
        try:
            is_ready = self.wait(_START) is not None
        except queue.Empty:
            is_ready = False
        if not is_ready:
            self.end()
            raise RuntimeError(
                "Expected a second process of Python to read PDF files in, found that it does not "
                f"start. Try it by hand: {sys.executable} -c '{_CODE}'"
            )

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while (found := receive(stream)) is not None:
                self._answers.put(found)
        self._answers.put(None)

    @property
    def is_there(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def ask(self, message: Message, data: bytes) -> None:
        """Send a message; one that is not there is noticed with its answer."""
        with suppress(OSError):
            send(self._questions, message, data)

    def wait(self, seconds: float) -> Answer:
        """The next answer; None where it has ended.

        Raises:
            queue.Empty: it does not come in time.
        """
        return self._answers.get(timeout=seconds)

    def end(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._questions.close()


class _Workers:
    """The one process of this one, started when it is first needed, and again after it ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._worker: _Worker | None = None
        self._owner = 0

    def take(self) -> _Worker:
        """The process; after a fork a new one."""
        if self._worker is None or self._owner != os.getpid() or not self._worker.is_there:
            if self._owner == os.getpid():
                self.end()
            self._worker, self._owner = _Worker(), os.getpid()
        return self._worker

    def end(self) -> None:
        """End the process, if this one started one."""
        worker, self._worker = self._worker, None
        if worker is not None and self._owner == os.getpid():
            worker.end()


_WORKERS = _Workers()
atexit.register(_WORKERS.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: setattr(_WORKERS, "lock", threading.Lock()))


def convert_apart(data: bytes, name: str, ocr: bool = False) -> Converted:
    """Convert a file as `index.loaders.pdf.converting.convert` does.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted, too large, or has no text; or it
            takes too long, too much memory, or makes PDFium crash.
    """
    job = {"kind": "convert", "name": name, "ocr": ocr}
    message, boxes = _asked(job, data, SECONDS_OCR if ocr else SECONDS)
    loaded = Loaded(
        text=message["text"],
        fields=message["fields"],
        places=tuple(Place(**place) for place in message["places"]),
        notes=tuple(message["notes"]),
    )
    starts = [(start, page) for start, page in message["starts"]]
    return Converted(
        loaded=loaded,
        written=Written(loaded.text, array("f", boxes), starts),
        sizes=tuple((width, height) for width, height in message["sizes"]),
        labels=tuple(message["labels"]),
        unread=message["unread"],
    )


def count_apart(data: bytes, name: str) -> int:
    """How many pages a file has: see `index.loaders.pdf.opening.count_pages`.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted or too large.
    """
    pages: int = _asked({"kind": "count", "name": name}, data, SECONDS)[0]["pages"]
    return pages


def paint_apart(data: bytes, name: str, number: int, width: int) -> bytes:
    """A page as a PNG image: see `index.loaders.pdf.images.paint_page`.

    Raises:
        UnreadableFileError: the file is damaged, has no such page, or the page takes too long.
    """
    job = {"kind": "paint", "name": name, "number": number, "width": width}
    return _asked(job, data, SECONDS)[1]


def _asked(job: Message, data: bytes, seconds: float) -> tuple[Message, bytes]:
    with _WORKERS.lock:
        worker = _WORKERS.take()
        is_done = False
        try:
            found = _answer(worker, job, data, seconds)
            is_done = True
        finally:  # also where the user interrupts: what it was at is of no use any more
            if not is_done:
                _WORKERS.end()
    message, result = found
    if "refused" in message:
        raise UnreadableFileError(message["refused"])
    if "failed" in message:
        raise RuntimeError(f"{job['name']}: reading it failed, a bug here.\n{message['failed']}")
    return message, result


def _answer(worker: _Worker, job: Message, data: bytes, seconds: float) -> tuple[Message, bytes]:
    worker.ask(job, data)
    limit, page = seconds + len(data) / BYTES_A_SECOND, 0
    while True:
        try:
            found = worker.wait(limit)
        except queue.Empty:
            where = f"page {page + 1}" if page or job["kind"] == "paint" else "the file"
            raise UnreadableFileError(
                f"{job['name']}: expected a PDF of which each page is read within {seconds:.0f} "
                f"seconds, found that {where} takes longer. Print it to a new PDF, or leave it out."
            ) from None
        if found is None:
            raise UnreadableFileError(
                f"{job['name']}: expected a PDF file, found one that makes the library crash or "
                "take too much memory. Print it to a new PDF, or leave it out."
            )
        if "page" not in found[0]:
            return found
        page = found[0]["page"]
        limit = seconds + _SECONDS_A_PAGE * page
