"""The process that PDFium runs in: files come in, what became of them goes out.

A page can keep PDFium busy without end, take all memory or crash it. Here it takes nothing else
along; `index.loaders.pdf.apart` starts this process, and ends it where it takes too long.
"""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

from index.errors import UnreadableFileError
from index.loaders.pdf.converting import convert
from index.loaders.pdf.frames import Message, receive, send
from index.loaders.pdf.images import paint_page
from index.loaders.pdf.opening import count_pages

MEMORY, MEMORY_OCR = 4_000_000_000, 12_000_000_000
"""Bytes of address space, besides ten times the file; that of the recognizer is mostly unused."""
_LOOKS = 2.0
"""Seconds between two looks whether the process that started this one is still there."""


def main() -> None:
    """Answer messages until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that waits
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    send(answers, {"ready": True})
    while _serve(answers):
        pass


def _end_with(parent: int) -> None:
    """End together with the process that started this one, however it ends."""
    while os.getppid() == parent:
        time.sleep(_LOOKS)
    os._exit(1)


def _serve(answers: IO[bytes]) -> bool:
    """Answer one message, and keep nothing of it; False where there is none any more."""
    found = receive(sys.stdin.buffer)
    if found is not None:
        _answer(answers, *found)
    return found is not None


def _answer(answers: IO[bytes], job: Message, data: bytes) -> None:
    _limit_memory(len(data), ocr=bool(job.get("ocr")))
    try:
        message, result = _do(answers, job, data)
    except UnreadableFileError as error:
        message, result = {"refused": str(error)}, b""
    except MemoryError:
        message, result = {"refused": _too_much(job["name"])}, b""
    except Exception:
        message, result = {"failed": traceback.format_exc()}, b""
    send(answers, message, result)


def _do(answers: IO[bytes], job: Message, data: bytes) -> tuple[Mapping[str, Any], bytes]:
    name = job["name"]
    if job["kind"] == "paint":
        return {}, paint_page(data, name, job["number"], job["width"])
    if job["kind"] == "count":
        return {"pages": count_pages(data, name)}, b""
    found = convert(data, name, job["ocr"], lambda page: send(answers, {"page": page}))
    loaded, written = found.loaded, found.written
    message = {
        "text": loaded.text,
        "fields": dict(loaded.fields),
        "places": [asdict(place) for place in loaded.places],
        "notes": loaded.notes,
        "starts": written.starts,
        "sizes": found.sizes,
        "labels": found.labels,
        "unread": found.unread,
    }
    return message, written.boxes.tobytes()


def _limit_memory(size: int, *, ocr: bool) -> None:
    """Bound what may be taken, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = (MEMORY_OCR if ocr else MEMORY) + 10 * size
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (OSError, ValueError):  # macOS knows the limit, and refuses it
        return


def _too_much(name: str) -> str:
    return (
        f"{name}: expected a PDF that is read within {MEMORY // 10**9} GB of memory, found one "
        "that takes more. Split the file, or print it to a new PDF."
    )
