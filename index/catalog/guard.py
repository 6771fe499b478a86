"""Who may write to a catalog for longer than a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from index.catalog.reader import CatalogReader
from index.catalog.server import ServerLock, is_held

BUILDING = "building"
"""Held, by several at a time, while files are brought into a catalog."""
VECTORS = "vectors"
"""Held by the one who brings the vector server into step."""


class CatalogGuard(CatalogReader):
    """Locks that all machines know. A catalog in a file needs none: its folder has a lock."""

    @contextmanager
    def building(self) -> Iterator[None]:
        """Tell the others that much is being changed: they wait with following it."""
        with self._held(BUILDING, 0.0, shared=True):
            yield

    @contextmanager
    def sole(self, wait: float = 0.0) -> Iterator[None]:
        """Be the one who writes to the stores that all machines share.

        Raises:
            IndexBusyError: somebody else is, for longer than `wait` seconds.
        """
        with self._held(VECTORS, wait, shared=False):
            yield

    @property
    def is_building(self) -> bool:
        """Whether another machine, or another process with another folder, is changing much."""
        if not self.is_server:
            return False
        with self._translated():
            return is_held(self._engine, BUILDING)

    @contextmanager
    def _held(self, name: str, wait: float, *, shared: bool) -> Iterator[None]:
        if not self.is_server:
            yield
            return
        lock = ServerLock(self._engine, name, shared=shared)
        with self._translated():
            lock.acquire(wait)
        try:
            yield
        finally:
            lock.release()
