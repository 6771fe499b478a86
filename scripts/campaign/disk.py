"""A disk that is full, broken or read-only, no room for caches, and clocks that are wrong.

Needs Linux, root (for a small file system in memory) and strace; `faketime` for the clock.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import child
import corpus
from checks import check
from kills import traced
from ledger import Ledger, Row

from index.errors import VerbatimError

DOCUMENTS = 30
CALLS = ("pwrite64", "sendfile", "fsync", "fdatasync", "openat", "renameat", "mkdir")
"""Not `write`: threads wake one another by it."""
OFTEN = {"pwrite64": 300, "sendfile": 10, "openat": 150, "fsync": 40, "fdatasync": 15}
ROUNDS = 28
REFUSED = 3
"""Exit code of a child that was told why not."""
SIZES = ("400k", "700k", "900k", "1100k", "1300k", "1500k", "1700k")


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Try all of them."""
    docs, index_dir = work / "docs", work / "index"
    for number in range(DOCUMENTS):
        corpus.write(docs, number, 0)
    for size in SIZES[1:2] if short else SIZES:
        if not ledger.has("disk full", f"a file system of {size}"):
            ledger.add(_small_disk(work, docs, size))
    child.build_all(index_dir, docs)
    for number in range(ledger.count("failing calls"), 2 if short else ROUNDS):
        ledger.add(_failing(docs, index_dir, random.Random(f"{seed}/{number}"), number))
    if short:
        return
    if not ledger.has("read-only", "folder mounted read-only"):
        ledger.add(_read_only(work, docs))
    if not ledger.has("caches", "no room in any cache"):
        ledger.add(_no_caches(work, docs))
    for moment in ("1999-01-01", "2099-12-31"):
        if not ledger.has("clock", f"set to {moment}"):
            ledger.add(_other_time(work, docs, moment))


@contextmanager
def small(folder: Path, size: str) -> Iterator[Path]:
    """A file system of a size, in memory."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def told(index_dir: Path, docs: Path, path: Path) -> None:
    """Index, and tell what came of it: by the exit code too, where no file can be written."""
    found, code = "indexed", 0
    try:
        child.build_all(index_dir, docs)
    except VerbatimError as error:
        found, code = f"refused: {type(error).__name__}: {error}", REFUSED
    except BaseException as error:
        found, code = f"not as meant: {type(error).__name__}: {error}", 1
    with suppress(OSError):
        path.write_text(found)
    os._exit(code)


def _outcome(path: Path, code: int) -> str:
    if path.exists() and path.stat().st_size:
        return path.read_text()
    return {0: "indexed", REFUSED: "refused"}.get(code, f"not as meant: ended with {code}")


def _small_disk(work: Path, docs: Path, size: str) -> Row:
    said = work / "said"
    said.unlink(missing_ok=True)
    with small(work / "small", size) as folder:
        process = child.start(told, folder / "index", docs, said)
        process.join(120)
        found = _outcome(said, child.kill(process))
        is_well = found == "indexed" or "Make room on the disk" in found
        subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
        try:
            child.build_all(folder / "index", docs)
            count = check(folder / "index", docs, [3])
            found += f", with room again: whole and {count} documents"
            is_well = is_well and count == DOCUMENTS
        except Exception as error:
            found, is_well = f"{found}; then {type(error).__name__}: {error}", False
    return Row("disk full", f"a file system of {size}", found, is_well)


def _failing(docs: Path, index_dir: Path, chance: random.Random, number: int) -> Row:
    """Have a system call fail from some moment on, while the index is brought up to date."""
    error, call = ("ENOSPC", "EIO")[number % 2], CALLS[number // 2 % len(CALLS)]
    at = chance.randint(1, OFTEN.get(call, 6))
    often = chance.choice(("", "+"))
    for each in chance.sample(range(DOCUMENTS), 8):
        corpus.write(docs, each, chance.randrange(1000))
    said = docs.parent / "said"
    said.unlink(missing_ok=True)
    process = child.start(told, index_dir, docs, said, wait=True)
    tracer = traced(process.pid or 0, f"inject={call}:error={error}:when={at}{often}")
    os.kill(process.pid or 0, signal.SIGCONT)
    process.join(60)
    is_slow = process.is_alive()
    code = child.kill(process)
    tracer.wait(10)
    found = "hung" if is_slow else _outcome(said, code)
    try:
        check(index_dir, docs, [3])
        child.build_all(index_dir, docs)
        count = check(index_dir, docs, [3])
        is_well = not is_slow and count == DOCUMENTS and "not as meant" not in found
    except Exception as broken:
        found, is_well = f"{found}; then {type(broken).__name__}: {broken}", False
    often = "from then on" if often else "once"
    return Row("failing calls", f"{error} of {call}, {often}", found, is_well, {"code": code})


def _read_only(work: Path, docs: Path) -> Row:
    with small(work / "small", "64m") as folder:
        child.build_all(folder / "index", docs)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        said = work / "said"
        said.unlink(missing_ok=True)
        process = child.start(read_only, folder / "index", docs, said)
        process.join(60)
        found = _outcome(said, child.kill(process))
    return Row("read-only", "folder mounted read-only", found, found.startswith("answered"))


def read_only(index_dir: Path, docs: Path, path: Path) -> None:
    """Ask, then try to index."""
    from damage import asked

    found = asked(index_dir, docs)
    corpus.write(docs, 3, 3)
    try:
        child.build_all(index_dir, docs)
    except VerbatimError as error:
        found += f", an update refused: {type(error).__name__}"
    path.write_text(found)


def command(*arguments: str, env: dict[str, str], before: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run the product's command with the packaged model; its exit code and what it said."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "assistant.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | env,
        cwd=Path(__file__).parents[2],
    )
    return done.returncode, done.stdout + done.stderr


def _no_caches(work: Path, docs: Path) -> Row:
    """The real command, where each cache and temporary folder is full."""
    index_dir = work / "cached.index"
    shutil.rmtree(index_dir, ignore_errors=True)
    with small(work / "small", "4k") as folder:
        (folder / "full").write_bytes(b"\0" * 4096)
        names = ("HOME", "XDG_CACHE_HOME", "HF_HOME", "TORCH_HOME", "MPLCONFIGDIR")
        env = dict.fromkeys(names, str(folder))
        codes = [
            command("index", str(docs), "--index", str(index_dir), env=env),
            command("ask", corpus.question(3), "--index", str(index_dir), "--json", env=env),
        ]
    found = "; ".join(f"exit {code}" + (f" {text[-200:]}" if code else "") for code, text in codes)
    is_well = [code for code, _ in codes] == [0, 0] and '"answered"' in codes[1][1]
    return Row("caches", "no room in any cache", found, is_well)


def _other_time(work: Path, docs: Path, moment: str) -> Row:
    """The real command at another time, with files of still other times, then at today's again."""
    index_dir = work / "times.index"
    if shutil.which("faketime") is None:
        return Row("clock", f"set to {moment}", "not tried: install Debian's faketime", False)
    before = ("faketime", moment)
    for number, stamp in ((0, 0), (1, 4_000_000_000)):
        os.utime(corpus.path_of(docs, number), (stamp, stamp))
    corpus.write(docs, 3, int(moment[:4]) % 1000)
    name = ("--index", str(index_dir))
    first = command("index", str(docs), *name, "--prune", env={}, before=before)
    answer = command("ask", corpus.question(3), *name, env={}, before=before)
    corpus.write(docs, 4, int(moment[:4]) % 1000)
    again = command("index", str(docs), *name, "--prune", env={})
    later = command("ask", corpus.question(4), *name, env={})
    height = [str(corpus.height(number, int(moment[:4]) % 1000)) for number in (3, 4)]
    is_well = [code for code, _ in (first, answer, again, later)] == [0] * 4
    is_well = is_well and height[0] in answer[1] and height[1] in later[1]
    is_well = is_well and "1 changed" in again[1]
    found = "right then and today" if is_well else f"{first} {answer} {again} {later}"[-600:]
    return Row("clock", f"set to {moment}", found, is_well)
