"""Index files that were made to break a reader, with the real command, and measure what it takes.

python scripts/campaign/nasty.py --work .verbatim/campaign-nasty

Three runs: small nasty files, large ones with what changes while it is read, and 10,000 tiny files.
Each must come to an end within its time and memory, tell every file that it does not index in one
sentence, index all others, and print nothing that a terminal would obey.
"""

import argparse
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.fuzz.nasty_files import (  # noqa: E402 -- found by the path above
    SENTENCE,
    Nasty,
    deep_folders,
    make_all,
    small_files,
)
from scripts.fuzz.nasty_large import large_files  # noqa: E402

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TOLD = "not indexed: "


@dataclass(frozen=True)
class Indexed:
    """What a run of `assistant index` came to."""

    status: int
    """Of its exit; below 0 where a signal ended it."""
    said: str
    """On stderr and stdout."""
    seconds: float
    peak: int
    """Megabytes of memory that it had at most."""


def index(documents: Sequence[Path], folder: Path, seconds: float) -> Indexed:
    """Run the command, and end it where it takes longer than it may."""
    command = [sys.executable, "-m", "assistant.cli", "index", *map(str, documents)]
    log = folder.with_suffix(".log")
    began = time.monotonic()
    with log.open("wb") as file:
        child = subprocess.Popen(
            [*command, "--index", str(folder)], cwd=ROOT, stdout=file, stderr=file
        )
        timer = threading.Timer(seconds, child.kill)
        timer.start()
        peak = 0
        while child.poll() is None:
            peak = max(peak, _peak(child.pid))
            time.sleep(0.05)
        timer.cancel()
    said = log.read_bytes().decode("utf-8", "replace")
    took = time.monotonic() - began
    return Indexed(child.returncode, said, took, peak)


def _peak(process: int) -> int:
    """Megabytes that a process had at most; 0 where it has ended.

    What a process that ended is said to have used counts the one that started it.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1_000 if found else 0


def faults_of(found: Indexed, files: Sequence[Nasty], megabytes: int) -> list[str]:
    """What is wrong with a run, given what is expected of each file."""
    faults = []
    if found.status not in (0, 1):
        faults.append(f"it ended with {found.status}: {found.said[-500:]!r}")
    if found.peak > megabytes:
        faults.append(f"it took {found.peak} MB of memory, more than {megabytes}")
    if "Traceback" in found.said:
        faults.append(f"a traceback: {found.said[found.said.index('Traceback') :][:500]!r}")
    obeyed = _OBEYED.search(found.said.replace("\r", ""))  # the line of progress is written over
    if obeyed is not None:
        faults.append(
            f"it printed {obeyed[0]!r}: {found.said[max(0, obeyed.start() - 80) :][:160]!r}"
        )
    lines = re.split(r"[\r\n]+", found.said)
    told = [line.removeprefix(_TOLD) for line in lines if line.startswith(_TOLD)]
    faults += [f"a long message: {line[:200]!r}" for line in told if len(line) > 1_000]
    for each in files:
        shown = "".join(filter(str.isprintable, each.name))
        of_it = [line for line in told if f"/{shown}" in line or shown in line.split(": ")[0]]
        if each.outcome == "refused" and len(of_it) != 1:
            faults.append(f"{each.name!r}: expected one sentence, found {len(of_it)}")
        if each.outcome in ("read", "passed over") and of_it:
            faults.append(f"{each.name!r}: expected no message, found {of_it[0][:200]!r}")
    return faults


def small(work: Path) -> tuple[Indexed, list[str]]:
    """Small nasty files, and a document far below."""
    documents = work / "small"
    documents.mkdir()
    files = list(small_files())
    make_all(documents, files)
    deep_folders(documents, 200)
    found = index([documents], work / "small.index", 900)
    return found, faults_of(found, files, 2_500)


def large(work: Path) -> tuple[Indexed, list[str]]:
    """Large ones, a folder that may not be read, a file that grows and one that comes and goes."""
    documents = work / "large"
    documents.mkdir()
    files = list(large_files())
    make_all(documents, files)
    (documents / "fine.txt").write_text(f"{SENTENCE}It is here.", encoding="utf-8")
    ended = threading.Event()
    changing = threading.Thread(target=_change, args=(documents, ended))
    changing.start()
    try:
        found = index([documents], work / "large.index", 3_600)
    finally:
        ended.set()
        changing.join()
    return found, faults_of(found, files, 6_000)


def _change(documents: Path, ended: threading.Event) -> None:
    """One file grows all the time, another is there and not there."""
    goes = documents / "comes and goes.txt"
    while not ended.wait(0.002):
        with (documents / "grows.txt").open("a", encoding="utf-8") as file:
            file.write(SENTENCE)
        if goes.exists():
            goes.unlink()
        else:
            goes.write_text(SENTENCE, encoding="utf-8")


def tiny(work: Path) -> tuple[Indexed, list[str]]:
    """10,000 files of a sentence, in folders of 100; the second run must find nothing to do."""
    documents = work / "tiny"
    for number in range(10_000):
        folder = documents / f"{number // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"{SENTENCE}It has {number} bollards.\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    found = index([documents], work / "tiny.index", 3_600)
    faults = faults_of(found, [], 2_500)
    if "10000 added" not in found.said:
        faults.append(f"expected 10000 added, found {found.said[-200:]!r}")
    again = index([documents], work / "tiny.index", 300)
    if "10000 unchanged" not in again.said:
        faults.append(f"expected 10000 unchanged, found {again.said[-200:]!r}")
    return found, faults


RUNS: dict[str, Callable[[Path], tuple[Indexed, list[str]]]] = {
    "small": small,
    "large": large,
    "tiny": tiny,
}


def main() -> int:
    """Make each corpus, index it, tell what was found; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path(".verbatim/campaign-nasty"))
    parser.add_argument(
        "runs", nargs="*", metavar="RUN", help=f"of {', '.join(RUNS)}; default: all"
    )
    options = parser.parse_args()
    wrong = 0
    for name in options.runs or RUNS:
        work = options.work / name
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        found, faults = RUNS[name](work.resolve())
        refused = found.said.count(_TOLD)
        print(
            f"{name}: exit {found.status}, {found.seconds:.0f} s, {found.peak} MB, "
            f"{refused} refused with a sentence, {len(faults)} faults",
            flush=True,
        )
        for fault in faults:
            print(f"  {fault}", flush=True)
        shutil.rmtree(work, ignore_errors=True)
        wrong += len(faults)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
