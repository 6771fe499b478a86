"""What a process keeps of memory that was freed: in processes of their own, as glibc has it."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")

SETTLED = "from assistant.allocator import keep_little_freed\nprint(keep_little_freed())\n"

THREADS = """
import ctypes, threading

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(8)

def work():
    together.wait()
    libc.malloc(1000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info(0, stream := ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w")))
libc.fclose(stream)
"""

OPENINGS = """
import sys
from pathlib import Path
import numpy as np
from index.records import PassageRecord
from index.vectors import SETTINGS, VectorStore

def own():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024

folder, rows = Path(sys.argv[1]), np.random.default_rng(1).normal(size=(1500, 384))
rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
fields = dict(document_id="d", label="prose", text="x", title="", authors="", heading="")
store = VectorStore(folder, create=SETTINGS)
store.add([PassageRecord(id=f"p{n}", vector=row, **fields) for n, row in enumerate(rows)])
store.close()
sizes = []
for number in range(60):
    store = VectorStore(folder)
    for row in rows[:3]:
        store.query(row, 5)
    store.close()
    sizes.append(own())
print(sizes[-1] - sizes[1])
"""


def ran(code, *arguments, **environment):
    command = [sys.executable, "-c", code, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr
    return run.stdout


def arenas(code, **environment):
    return ran(code, **environment).count("<heap nr=")


def test_many_threads_share_two_arenas():
    assert arenas(THREADS) > 2
    assert arenas(SETTLED + THREADS) == 2


def test_the_settings_of_whoever_runs_it_stand():
    assert ran(SETTLED, MALLOC_ARENA_MAX="5") == "False\n"
    assert ran(SETTLED) == "True\n"


@pytest.mark.slow
def test_memory_stays_as_it_is_when_an_index_is_opened_again_and_again(tmp_path):
    before = float(ran(OPENINGS, str(tmp_path / "kept")))
    after = float(ran(SETTLED + OPENINGS, str(tmp_path / "given")).split()[-1])
    assert after < 5 < before
