"""One writer at a time, held by the kernel so that a killed writer leaves nothing locked."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from index.errors import IndexBusyError, IndexStoreError
from index.layout import Layout

OnWait = Callable[[str], None]
"""Called with a sentence that says who is waited for, and how long."""

_AT_ONCE = 1.0
"""Seconds; who waits no longer is told nothing."""

_LONGEST_NUMBER = 20


@contextmanager
def writing(layout: Layout, wait: float = 2.0, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the index for writing.

    Args:
        layout: the index; its folder exists.
        wait: seconds to wait for another writer; 0 tries once.
        on_wait: called once, if it takes more than a moment.

    Raises:
        IndexBusyError: another process, or another thread, is writing.
        IndexStoreError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(layout.lock, thread_local=False)
    try:
        try:
            lock.acquire(timeout=min(wait, _AT_ONCE))
        except Timeout:
            if wait <= _AT_ONCE:
                raise
            if on_wait is not None:
                on_wait(
                    f"{layout.folder} is being written by another process{_holder(layout)}; "
                    f"waiting up to {wait:g} seconds."
                )
            lock.acquire(timeout=wait - _AT_ONCE)
    except Timeout as error:
        waited = f", after {wait:g} seconds" if wait > _AT_ONCE else ""
        raise IndexBusyError(
            f"{layout.folder} is being written by another process{_holder(layout)}{waited}. "
            "Wait until it is done and try again."
        ) from error
    except (OSError, NotImplementedError) as error:
        raise IndexStoreError(
            f"{layout.folder} was expected to be writable: {error}. Check its permissions."
        ) from error
    try:
        with suppress(OSError):
            layout.writer.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        lock.release()


def _holder(layout: Layout) -> str:
    with suppress(OSError, ValueError), layout.writer.open(encoding="ascii") as stream:
        return f" (process {int(stream.read(_LONGEST_NUMBER))})"
    return ""
