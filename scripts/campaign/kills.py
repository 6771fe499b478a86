"""Kills with -9, at any moment and at those that hurt; the same index goes on after each."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import child
import corpus
from checks import check
from ledger import Ledger, Row

from index.layout import Layout, read_stamp

OPERATIONS = ("index", "update", "remove", "prune", "serve", "repair")
DOCUMENTS = 16
CALLS = {
    **{"pwrite64": 400, "write": 250, "openat": 400, "close": 400, "fsync": 60, "sendfile": 20},
    **{"fdatasync": 20, "unlink": 10, "mkdir": 6, "renameat": 3, "rename": 3},
}
"""System calls that a kill is aimed at, and about how often a thread makes them."""


def _newest(layout: Layout, old: str) -> Path | None:
    generations = layout.all_generations()
    newest = generations[-1] if generations else None
    return newest.folder if newest is not None and newest.name != old else None


def _has(layout: Layout, old: str, pattern: str) -> bool:
    folder = _newest(layout, old)
    return folder is not None and any(folder.glob(pattern))


def _log_grows(layout: Layout, old: str) -> bool:
    del old
    log = layout.catalog.with_name(f"{layout.catalog.name}-wal")
    return log.exists() and log.stat().st_size > 32_768


def _is_stamped(layout: Layout, old: str) -> bool:
    newest = _newest(layout, old)
    stamp = read_stamp(layout.all_generations()[-1]) if newest is not None else None
    return stamp is not None and stamp.clean


MOMENTS: dict[str, Callable[[Layout, str], bool]] = {
    "the catalog's log is written": _log_grows,
    "a generation appears": lambda layout, old: _newest(layout, old) is not None,
    "Chroma's database is written": lambda *a: _has(*a, "chroma/chroma.sqlite3*"),
    "HNSW segment files are written": lambda *a: _has(*a, "chroma/*/data_level0.bin"),
    "HNSW metadata are written": lambda *a: _has(*a, "chroma/*/index_metadata.pickle"),
    "Tantivy segments are written": lambda *a: _has(*a, "terms/*.*"),
    "Tantivy commits": lambda *a: _has(*a, "terms/*.store"),
    "the stamp is clean": _is_stamped,
    "CURRENT is switched": lambda layout, old: (
        layout.current.with_name("CURRENT.new").exists()
        or (layout.current.exists() and layout.current.read_text().strip() != old)
    ),
}


def run(ledger: Ledger, work: Path, seed: int, rounds: int) -> None:
    """Kill so often; rounds that were done before are not done again.

    A round whose process was done before it could be killed is checked, and not counted.
    """
    docs, index_dir = work / "docs", work / "index"
    if not docs.exists():
        for number in range(DOCUMENTS):
            corpus.write(docs, number, 0)
    while (killed := ledger.killed()) < rounds:
        number = ledger.count("kill")
        print(f"round {number}, {killed} killed", end="\r", flush=True)
        chance = random.Random(f"{seed}/{number}")
        operation = OPERATIONS[number % len(OPERATIONS)]
        _prepare(operation, docs, index_dir, chance)
        aim, code = _killed(operation, docs, index_dir, chance, number)
        try:
            if operation == "repair":
                child.TASKS["repair"](index_dir, docs)
            asked = chance.sample(range(DOCUMENTS), 3)
            found = f"whole, {check(index_dir, docs, asked)} documents"
            is_well = True
        except Exception as error:
            found, is_well = f"{type(error).__name__}: {error}", False
            shutil.copytree(work, work.with_name(f"{work.name}-failed-{number}"))
        ledger.add(Row("kill", f"{operation}: {aim}", found, is_well, {"exit": code}))
        if not is_well:
            shutil.rmtree(index_dir, ignore_errors=True)


def _prepare(operation: str, docs: Path, index_dir: Path, chance: random.Random) -> None:
    """Give the operation something to do."""
    if operation == "index" and chance.random() < 0.5:
        shutil.rmtree(index_dir, ignore_errors=True)
    gone = chance.sample(range(DOCUMENTS), 4) if operation == "prune" else []
    changed = chance.sample(range(DOCUMENTS), chance.choice((1, 3, 10)))
    for number in range(DOCUMENTS):
        path = corpus.path_of(docs, number)
        if number in gone:
            path.unlink(missing_ok=True)
        elif number in changed or not path.exists():
            corpus.write(docs, number, chance.randrange(1000))
    if operation in ("remove", "serve", "repair"):
        child.build_all(index_dir, docs)
    if operation == "repair":
        # Nothing of this process may have it open: closing a file drops all its locks.
        catalog = Layout.at(index_dir).catalog
        with catalog.open("r+b") as stream:
            stream.seek(4096 * chance.randrange(1, catalog.stat().st_size // 4096))
            stream.write(b"\xff" * 4096)


def _killed(
    operation: str, docs: Path, index_dir: Path, chance: random.Random, number: int
) -> tuple[str, int]:
    """Start the operation and kill it; what was aimed at, and the exit code."""
    kind = ("moment", "call", "any time")[number // len(OPERATIONS) % 3]
    layout = Layout.at(index_dir)
    current = layout.current_generation()
    old = current.name if current else ""
    if kind == "call":
        return _killed_at_call(operation, docs, index_dir, chance)
    process = child.start(operation, index_dir, docs)
    if kind == "any time":
        process.join(chance.uniform(0.01, 1.5))
        return "any time", child.kill(process)
    aim = chance.choice(list(MOMENTS))
    end = time.monotonic() + 60
    while process.is_alive() and time.monotonic() < end:
        try:
            if MOMENTS[aim](layout, old):
                break
        except OSError:
            continue  # it went while it was looked at
        time.sleep(0.0003)
    time.sleep(chance.choice((0, 0, 0.001, 0.005, 0.02)))
    return aim, child.kill(process)


def _killed_at_call(
    operation: str, docs: Path, index_dir: Path, chance: random.Random
) -> tuple[str, int]:
    """Have the kernel kill it in the middle of a system call: in native code as well."""
    call = chance.choice(list(CALLS))
    at = chance.randint(1, CALLS[call])
    process = child.start(operation, index_dir, docs, wait=True)
    tracer = traced(process.pid or 0, f"inject={call}:signal=KILL:when={at}")
    os.kill(process.pid or 0, signal.SIGCONT)
    process.join(60)
    code = child.kill(process)
    tracer.wait(10)
    return f"a call of {call}", code


def traced(pid: int, *expressions: str) -> "subprocess.Popen[bytes]":
    """Have strace do something to the calls of a process, which stands still until then."""
    options = [word for each in expressions for word in ("-e", each)]
    calls = {each.partition("=")[2].partition(":")[0] for each in expressions}
    options += ["-e", f"trace={','.join(sorted(calls))}"]
    status, end = Path(f"/proc/{pid}/status"), time.monotonic() + 30
    while "State:\tT" not in status.read_text() and time.monotonic() < end:
        time.sleep(0.005)
    tracer = subprocess.Popen(["strace", "-f", "-q", "-o", os.devnull, *options, "-p", str(pid)])
    while "TracerPid:\t0\n" in status.read_text() and time.monotonic() < end:
        time.sleep(0.005)
    return tracer
