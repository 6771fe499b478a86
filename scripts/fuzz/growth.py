"""How time grows: a text twice as long must not cost more than about three times as much."""

import signal
import time
from collections.abc import Sequence
from random import Random

from scripts.fuzz.target import Target, TooSlow, limited
from scripts.fuzz.texts import PATTERNS, repeated

MOST_TIMES = 3.0
"""What twice the length may cost. Linear is 2; the rest is for sorting, caches and noise."""
NOTICED = 0.25
"""Seconds of processor time below which nobody minds."""
LONGEST_TRY = 8.0
TURNS = 5


def time_of(target: Target, body: str, seconds: float = LONGEST_TRY) -> float:
    """Seconds of processor time that an input with this text takes; infinite beyond the limit."""
    assert target.grow is not None
    made = target.grow(body)
    began = time.process_time()
    try:
        with limited(seconds):
            target.check(made)
    except TooSlow:
        return float("inf")
    except Exception:
        return time.process_time() - began  # what is wrong with it is found by the other runs
    return time.process_time() - began


def grows_badly(target: Target, pattern: str, sizes: Sequence[int] = ()) -> str | None:
    """How a pattern's cost grows, where it grows too fast; None where it does not."""
    for size in sizes or tuple(target.longest >> shift for shift in (4, 3, 2, 1, 0)):
        body = (pattern * (size // len(pattern) + 1))[:size]
        took = time_of(target, body)
        if took == float("inf"):
            return f"{size:,} characters of {pattern!r}: more than {LONGEST_TRY:g} s"
        if took <= NOTICED:
            continue
        # Noise only ever adds, to the half as well as to the whole: the quickest of some turns is
        # nearest to what each costs. One look at either would excuse a square or blame a line.
        half, whole = quickest(target, (body[: size // 2], body))
        if whole > NOTICED and whole > MOST_TIMES * half:
            return f"{size:,} characters of {pattern!r}: {whole:.2f} s, half of it {half:.2f} s"
        if whole > target.seconds:
            return f"{size:,} characters of {pattern!r}: {whole:.2f} s"
    return None


def quickest(target: Target, bodies: Sequence[str]) -> list[float]:
    """Of each text the least seconds of a few turns, in each of which all have theirs."""
    turns = [[time_of(target, body) for body in bodies] for _ in range(TURNS)]
    return [min(of_one) for of_one in zip(*turns, strict=True)]


def patterns(count: int, seed: int) -> list[str]:
    """The usual patterns, then random ones."""
    random = Random(f"growth:{seed}")
    return [*PATTERNS, *(repeated(random, random.randint(2, 60)) for _ in range(count))]


signal.siginterrupt(signal.SIGPROF, False)
