"""How a server that lives for weeks has memory given back to the system."""

import ctypes
import os
import sys

ARENAS = 2
MAPPED = 1 << 20
"""Bytes; a block as large is mapped by itself, and goes back to the system once it is freed."""

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""Of glibc's malloc.h."""
_SETTINGS = ("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


def keep_little_freed() -> bool:
    """Have the C library keep little of what is freed; for programs, not for a library.

    Its own choice is eight arenas a core, each of which keeps the most that was ever needed at
    once. Chroma reads an index with new threads at each opening, so with each update of an index
    another arena would grow by the whole graph.

    Returns:
        Whether it does so now: it is glibc, and the environment says nothing else.
    """
    if sys.platform != "linux" or any(name in os.environ for name in _SETTINGS):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # another C library
        return False
    return bool(mallopt(_ARENA_MAX, ARENAS)) and bool(mallopt(_MMAP_THRESHOLD, MAPPED))
