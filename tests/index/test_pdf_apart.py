"""PDFium in a process of its own: files that keep it busy, crash it or ask for all memory."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pdf_files import lines_at, make_pdf

from index import build
from index.errors import UnreadableFileError
from index.loaders.pdf import apart, load, paint_page
from index.loaders.pdf.converting import convert

GOOD = make_pdf(lines_at(72, 770, ["The harbor has seven cranes."]))


def endless():
    """A page of drawings in drawings: ten to the power of twelve lines in 3,000 bytes."""
    forms = []
    for number in range(12):
        inner = f"/F{number + 1} Do " * 10 if number < 11 else "0 0 m 9 9 l S " * 10
        resources = f"/XObject << /F{number + 1} {5 + number} 0 R >>" if number < 11 else ""
        head = (
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >> "
            f"/Length {len(inner)} >>\nstream\n{inner}\nendstream"
        )
        forms.append(head.encode())
    page = "/Resources << /Font << /F1 3 0 R >> /XObject << /X 4 0 R >> >>"
    return make_pdf("/X Do " + lines_at(72, 770, ["Seen."]), objects=forms, page=page)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 3.0)


def test_what_comes_from_the_other_process_is_what_this_one_makes():
    here, there = convert(GOOD, "a.pdf"), apart.convert_apart(GOOD, "a.pdf")
    assert here == there
    assert there.loaded.places


@pytest.mark.slow
def test_a_page_without_end_is_given_up_and_others_go_on(impatient, tmp_path, embedder):
    (tmp_path / "endless.pdf").write_bytes(endless())
    (tmp_path / "good.pdf").write_bytes(GOOD)
    started = time.monotonic()
    report = build([tmp_path], tmp_path / "index", embedding_model=embedder)
    assert time.monotonic() - started < 30
    assert report.added == (str(tmp_path / "good.pdf"),)
    (failed,) = report.failed
    assert failed.source == str(tmp_path / "endless.pdf")
    assert failed.reason == (
        "expected a PDF of which each page is read within 3 seconds, found that the file takes "
        "longer. Print it to a new PDF, or leave it out."
    )


@pytest.mark.slow
def test_painting_has_the_same_limit(impatient):
    with pytest.raises(UnreadableFileError, match="found that page 1 takes longer"):
        paint_page(endless(), "a.pdf", 0, 400)
    assert paint_page(GOOD, "a.pdf", 0, 400).startswith(b"\x89PNG")


def test_a_crash_is_one_file_that_cannot_be_read():
    worker = apart._WORKERS.take()
    timer = threading.Timer(1.0, lambda: os.kill(worker._process.pid, signal.SIGSEGV))
    timer.start()
    with pytest.raises(UnreadableFileError, match="makes the library crash"):
        load(endless(), "a.pdf")
    timer.join()
    assert load(GOOD, "a.pdf").text == "The harbor has seven cranes."


def test_memory_is_bounded():
    resource = pytest.importorskip("resource")
    code = (
        "import resource, index.loaders.pdf.worker as w\n"
        "w._limit_memory(0, ocr=False)\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] == w.MEMORY\n"
        "try: bytearray(w.MEMORY)\n"
        "except MemoryError: print('refused')\n"
        "w._limit_memory(0, ocr=True)\n"  # the limit of one file is not that of the next
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] == w.MEMORY_OCR\n"
    )
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("refused\n", "")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="expected Linux")
def test_the_other_process_ends_with_this_one():
    code = (
        "import os, sys\n"
        "from index.loaders.pdf import apart\n"
        "print(apart._WORKERS.take()._process.pid, flush=True)\n"
        "os._exit(0)\n"  # as after a kill: nothing is tidied up
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        if not is_running(int(done.stdout)):
            return
        time.sleep(0.1)
    pytest.fail("the other process is still there")


def is_running(process_id):
    """Whether there is a process of that id that has not ended."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
