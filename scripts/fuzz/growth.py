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
    sizes = sizes or tuple(target.longest >> shift for shift in (4, 3, 2, 1, 0))
    before = 0.0
    for size in sizes:
        body = (pattern * (size // len(pattern) + 1))[:size]
        took = time_of(target, body)
        if took > NOTICED and before and took > MOST_TIMES * before:
            took = min(took, time_of(target, body))
            half = body[: size // 2]
            before = max(before, time_of(target, half))
            if took > NOTICED and took > MOST_TIMES * before:
                return (
                    f"{size:,} characters of {pattern!r}: {took:.2f} s, half of it {before:.2f} s"
                )
        if took == float("inf"):
            return f"{size:,} characters of {pattern!r}: more than {LONGEST_TRY:g} s"
        before = took
    if before > target.seconds:
        return f"{sizes[-1]:,} characters of {pattern!r}: {before:.2f} s"
    return None


def patterns(count: int, seed: int) -> list[str]:
    """The usual patterns, then random ones."""
    random = Random(f"growth:{seed}")
    return [*PATTERNS, *(repeated(random, random.randint(2, 60)) for _ in range(count))]


signal.siginterrupt(signal.SIGPROF, False)
