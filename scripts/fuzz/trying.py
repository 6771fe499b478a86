"""Many inputs for one target, in a process of its own: crashes, hangs and memory end only that."""

import json
import multiprocessing
import resource
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from scripts.fuzz.target import Target, generator, try_one

SILENT = 120.0
"""Seconds without a new input after which a process is taken to hang."""
MEMORY = 6_000_000_000
"""Bytes of address space of a process."""
_CONTEXT = multiprocessing.get_context("fork")


@dataclass
class Finding:
    """Inputs that broke the same thing in the same place."""

    what: str
    number: int
    """Of the first such input."""
    trace: str
    count: int = 1


@dataclass
class Tried:
    """What came of one target."""

    target: str
    inputs: int = 0
    seconds: float = 0.0
    """By the clock."""
    peak: int = 0
    """Most megabytes of memory."""
    findings: dict[str, Finding] = field(default_factory=dict)

    def note(self, what: str, number: int, trace: str = "") -> None:
        """Note a finding; one at the same place is counted."""
        if what in self.findings:
            self.findings[what].count += 1
        else:
            self.findings[what] = Finding(what, number, trace)


def try_many(target: Target, count: int, seed: int) -> Tried:
    """Try inputs number 0 to `count`; after one that ends its process, the rest goes on."""
    tried = Tried(target.name)
    began, first = time.monotonic(), 0
    while first < count:
        at: Synchronized[int] = _CONTEXT.Value("q", first)
        receiver, sender = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=_work, args=(target, first, count, seed, at, sender))
        process.start()
        sender.close()
        reason = _watch(process, at)
        said = _received(receiver)
        if said is not None:
            for what, number, trace, times in said["findings"]:
                tried.note(what, number, trace)
                tried.findings[what].count += times - 1
            tried.peak = max(tried.peak, said["peak"])
            break
        tried.note(f"the process {reason}", at.value)
        first = at.value + 1
    tried.inputs, tried.seconds = count, time.monotonic() - began
    return tried


def _received(receiver: Any) -> Any:  # noqa: ANN401
    """What a process sent before it ended; None where it ended before."""
    with receiver:
        try:
            return receiver.recv() if receiver.poll() else None
        except EOFError:
            return None


def _watch(process: Any, at: "Synchronized[int]") -> str:  # noqa: ANN401
    """Wait until a process ends; why it did, if it is not to be trusted."""
    last, since = at.value, time.monotonic()
    while process.is_alive():
        process.join(0.5)
        if at.value != last:
            last, since = at.value, time.monotonic()
        elif time.monotonic() - since > SILENT:
            process.kill()
            process.join()
            return f"did not go on for {SILENT:g} s"
    return f"ended with {process.exitcode}"


def _work(
    target: Target,
    first: int,
    count: int,
    seed: int,
    at: "Synchronized[int]",
    sender: Any,  # noqa: ANN401
) -> None:
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tried = Tried(target.name)
    for number in range(first, count):
        at.value = number
        try:
            try_one(target, generator(target.name, seed, number))
        except (Exception, RecursionError) as error:
            tried.note(described(error), number, traceback.format_exc(limit=-12))
        except BaseException as error:  # a panic inside a Rust library is no `Exception`
            if isinstance(error, KeyboardInterrupt):
                raise
            tried.note(described(error), number, traceback.format_exc(limit=-12))
    at.value = count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000
    found = [(each.what, each.number, each.trace, each.count) for each in tried.findings.values()]
    sender.send({"findings": found, "peak": peak})


def described(error: BaseException) -> str:
    """An exception by its type and the innermost place in the product that it came through."""
    root = str(Path(__file__).parents[2])
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(root) and ".venv" not in frame.filename
    ]
    product = [frame for frame in ours if f"{root}/scripts" not in frame.filename] or ours
    frame = product[-1] if product else None
    place = f"{frame.filename.removeprefix(root + '/')}:{frame.lineno}" if frame else "?"
    return f"{type(error).__name__} at {place}"


def table(all_tried: Sequence[Tried]) -> str:
    """One line a target: inputs, inputs a second, megabytes, findings."""
    rows = [("target", "inputs", "per second", "peak MB", "findings")]
    for each in all_tried:
        speed = each.inputs / each.seconds if each.seconds else 0.0
        rows.append(
            (
                each.target,
                f"{each.inputs:,}",
                f"{speed:,.0f}",
                str(each.peak),
                str(len(each.findings)),
            )
        )
    total = sum(each.inputs for each in all_tried)
    seconds = sum(each.seconds for each in all_tried)
    found = Counter(what for each in all_tried for what in each.findings)
    rows.append(("all", f"{total:,}", f"{total / max(seconds, 1e-9):,.0f}", "", str(len(found))))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + "\n"
        for row in rows
    )


def as_json(all_tried: Sequence[Tried]) -> str:
    """All that was found, to be read by programs."""
    return json.dumps(
        [
            {
                "target": each.target,
                "inputs": each.inputs,
                "seconds": round(each.seconds, 1),
                "peak_mb": each.peak,
                "findings": [vars(finding) for finding in each.findings.values()],
            }
            for each in all_tried
        ],
        indent=1,
    )
