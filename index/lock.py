"""One writer at a time, held by the kernel so that a killed writer leaves nothing locked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from index.errors import IndexBusyError, IndexStoreError
from index.layout import Layout


@contextmanager
def writing(layout: Layout, wait: float = 2.0) -> Iterator[None]:
    """Hold the index for writing.

    Args:
        layout: the index; its folder exists.
        wait: seconds to wait for another writer; 0 tries once.

    Raises:
        IndexBusyError: another process, or another thread, is writing.
        IndexStoreError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(layout.lock, timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusyError(
            f"{layout.folder} is being written by another process{_holder(layout)}. "
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
    with suppress(OSError, ValueError):
        return f" (process {int(layout.writer.read_text(encoding='ascii'))})"
    return ""
