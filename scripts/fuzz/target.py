"""What a fuzz target is, and how one input is tried: within a time, and with no other exception."""

import os
import random as randoms
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass(frozen=True)
class Target:
    """One part of the product, how inputs for it are made, and what must hold for each."""

    name: str
    make: Callable[[randoms.Random], Any]
    """An input, from nothing but what the generator gives."""
    check: Callable[[Any], None]
    """Raises whatever it likes where an invariant does not hold."""
    weight: int = 100
    """How many of all inputs it gets, in relation to the others."""
    grow: Callable[[str], Any] | None = None
    """An input that holds a given text, for testing how time grows."""
    longest: int = 100_000
    """Characters of the longest text for `grow`: what the product lets through."""
    seconds: float = 2.0
    """Processor time that one input may take."""


class TooSlow(Exception):
    """An input took more processor time than it may."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` where the inside takes more processor time than it may."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    if time.process_time() - began > seconds:
        raise TooSlow(f"{time.process_time() - began:.1f} s of processor time")


def generator(target: str, seed: int, number: int) -> randoms.Random:
    """Where an input comes from: the same for the same target, seed and number."""
    return randoms.Random(f"{target}:{seed}:{number}")


def try_one(target: Target, random: randoms.Random) -> None:
    """Make one input and check it.

    Raises:
        TooSlow: it took too long.
        Exception: an invariant does not hold.
    """
    made = target.make(random)
    with limited(target.seconds):
        target.check(made)


class BytesRandom(randoms.Random):
    """A generator that gives what bytes say, and zeros after them: for guidance by coverage."""

    def __new__(cls, data: bytes) -> "BytesRandom":
        """Made without the seeding that `Random` would do with the bytes."""
        return super().__new__(cls)

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data
        self._at = 0

    def random(self) -> float:
        """A number from 0 up to 1, of two bytes."""
        return self.getrandbits(16) / 65_536

    def getrandbits(self, bits: int) -> int:
        """So many bits."""
        size = -(-bits // 8)
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "little") & ((1 << bits) - 1)


def workplace() -> str:
    """A folder in memory, where there is one, for targets that read files."""
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    import tempfile

    return tempfile.mkdtemp(prefix="verbatim-fuzz-", dir=folder)
