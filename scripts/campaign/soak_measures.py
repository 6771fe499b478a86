"""What a process takes while it answers thousands of questions, and whether that grows."""

import ctypes
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

_TICKS = os.sysconf("SC_CLK_TCK")
_BLOCK = 8
"""Samples that are drawn together: neighbors are alike."""
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at one moment."""

    asked: int
    """Questions so far."""
    rss_mb: float
    own_mb: float
    """Of it what is no file's: pages of files come and go as the system likes."""
    files: int
    """Open file descriptors."""
    threads: int
    cpu_seconds: float
    objects: int | None = None
    """Python objects that the collector knows, after a collection; of this process only."""
    used_mb: float | None = None
    """What is in use of what the allocators of C and of Python hold; at the same moments."""


class _Mallinfo(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def used_mb() -> float | None:
    """Megabytes of this process that are in use, however much its allocators hold.

    Not what is mapped by itself: those are stocks, as that of ONNX Runtime, which grows by 2 MB
    when a longer question comes. Python's own allocator tells blocks of at most 512 bytes, but not
    how large each is: 64 is about their mean here.
    """
    look = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if look is None:  # not glibc, or one before 2.33
        return None
    look.restype = _Mallinfo
    found = look()
    return float(found.uordblks + 64 * sys.getallocatedblocks()) / 2**20


def sample(
    pid: int, asked: int, objects: int | None = None, used_mb: float | None = None
) -> Sample:
    """Look at a process."""
    folder = Path(f"/proc/{pid}")
    status = dict(
        line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
    )
    after_name = (folder / "stat").read_text().rpartition(")")[2].split()
    return Sample(
        asked,
        int(status["VmRSS"].split()[0]) / 1024,
        int(status["RssAnon"].split()[0]) / 1024,
        len(os.listdir(folder / "fd")),
        int(status["Threads"]),
        (int(after_name[11]) + int(after_name[12])) / _TICKS,
        objects,
        used_mb,
    )


@dataclass(frozen=True, slots=True)
class Slope:
    """Growth for each thousand questions, with a 95% interval by a block bootstrap."""

    value: float
    low: float
    high: float

    def grows(self, most: float) -> bool:
        """Whether it is more than chance, and more than what is let pass."""
        return self.low > 0 and self.value > most

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def slope(asked: Sequence[float], values: Sequence[float], seed: int = 1) -> Slope:
    """Fit a line by least squares; its residuals are drawn in blocks of neighbors."""
    x, y = np.asarray(asked) / 1000, np.asarray(values, dtype=float)
    fitted = np.polyfit(x, y, 1)
    rest = y - np.polyval(fitted, x)
    chance, count = np.random.default_rng(seed), len(x)
    block = max(1, min(_BLOCK, count // 3))
    drawn = []
    for _ in range(_DRAWS):
        starts = chance.integers(0, count - block + 1, size=-(-count // block))
        noise = np.concatenate([rest[start : start + block] for start in starts])[:count]
        drawn.append(np.polyfit(x, np.polyval(fitted, x) + noise, 1)[0])
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Slope(float(fitted[0]), float(low), float(high))


@dataclass(slots=True)
class Soak:
    """One run."""

    mode: str
    warm_up: int
    """Questions before anything is judged: caches are filled, models loaded."""
    samples: list[Sample] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Of each question."""
    errors: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    updates: int = 0

    def judged(self) -> list[Sample]:
        """The samples after the warm-up."""
        return [each for each in self.samples if each.asked >= self.warm_up]

    def slopes(self) -> dict[str, Slope]:
        """What is fitted: megabytes, and objects where they were counted."""
        return _slopes(self.judged())

    def troubles(self, most_mb: float, most_used_mb: float, most_objects: float) -> list[str]:
        """Why the run has not passed; nothing if it has.

        What grows has to grow in both halves: an allocator comes to its level, a leak to none.
        """
        found = [f"{len(self.errors)} errors, the first: {self.errors[0]}"] if self.errors else []
        most = {"MB": most_mb, "own MB": most_mb, "used MB": most_used_mb, "objects": most_objects}
        judged = self.judged()
        half = len(judged) // 2
        parts = [_slopes(part) for part in (judged, judged[:half], judged[half:])]
        found += [
            f"{name} grow by {each} for each 1,000 questions, by {parts[2][name]} in the last half"
            for name, each in parts[0].items()
            if all(name in part and part[name].grows(most[name]) for part in parts)
        ]
        if not parts[0] or any(part.keys() != parts[0].keys() for part in parts):
            return [*found, "too few questions to judge"]
        third = max(1, len(judged) // 3)
        first, last = judged[:third], judged[-third:]
        for name in ("files", "threads"):
            before, after = (max(getattr(s, name) for s in part) for part in (first, last))
            if after > before + 2:
                found.append(f"{name}: {before} at most in the first third, {after} in the last")
        before, after = (_cpu(part) for part in (first, last))
        if after > 1.25 * before:
            found.append(f"CPU seconds a question: {before:.4f} in the first third, {after:.4f}")
        return found

    def table(self, each: int) -> str:
        """The run in a table, a row for so many questions."""
        rows = [
            f"| {'questions':>9} | MB | own MB | used MB | files | threads | objects | p50 ms "
            "| p95 ms |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for end in range(each, len(self.seconds) + 1, each):
            here = [s for s in self.samples if end - each < s.asked <= end]
            if not here:
                continue
            times = self.seconds[end - each : end]
            cuts = statistics.quantiles(times, n=20, method="inclusive")
            objects = next((s.objects for s in reversed(here) if s.objects is not None), None)
            shown = "" if objects is None else f"{objects:,}"
            used = next((s.used_mb for s in reversed(here) if s.used_mb is not None), None)
            shown_used = "" if used is None else f"{used:.1f}"
            rows.append(
                f"| {end:>9,} | {statistics.median(s.rss_mb for s in here):.1f} "
                f"| {statistics.median(s.own_mb for s in here):.1f} | {shown_used} "
                f"| {max(s.files for s in here)} | {max(s.threads for s in here)} | {shown} "
                f"| {1000 * cuts[9]:.0f} | {1000 * cuts[18]:.0f} |"
            )
        return "\n".join(rows)


def _slopes(samples: Sequence[Sample]) -> dict[str, Slope]:
    values: dict[str, list[tuple[int, float | None]]] = {
        "MB": [(s.asked, s.rss_mb) for s in samples],
        "own MB": [(s.asked, s.own_mb) for s in samples],
        "used MB": [(s.asked, s.used_mb) for s in samples],
        "objects": [(s.asked, s.objects) for s in samples],
    }
    found = {}
    for name, every in values.items():
        known = [(asked, value) for asked, value in every if value is not None]
        if len(known) > 2:
            found[name] = slope([each[0] for each in known], [each[1] for each in known])
    return found


def _cpu(samples: Sequence[Sample]) -> float:
    """CPU seconds a question between the first and the last sample."""
    asked = samples[-1].asked - samples[0].asked
    return (samples[-1].cpu_seconds - samples[0].cpu_seconds) / max(1, asked)
