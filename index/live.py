"""The generation a process searches: opened, shared by threads, replaced when there is a newer one.

Readers take no lock. Only one who finds the derived stores behind, damaged or missing tries it,
and brings them up if nobody else is at it.
"""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import exact, reach
from index.catalog import Catalog
from index.chroma_address import ChromaAddress
from index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexStoreError,
    IndexUnreachableError,
)
from index.generations import bring_up, trusted_stamp
from index.layout import Generation, Layout
from index.lock import writing
from index.terms import TermStore
from index.vectors import Vectors, VectorStore


class OpenGeneration:
    """Both derived stores: those of one generation, or its terms and a server's vectors."""

    def __init__(
        self, generation: Generation, layout: Layout, catalog: Catalog, *, brief: bool = False
    ) -> None:
        stamp = trusted_stamp(generation, catalog)
        if stamp is None:
            raise IndexDamagedError(
                f"Expected finished search stores in {generation.folder}, found unfinished or "
                "damaged ones. They are made again by: assistant index PATH --index DIR"
            )
        self.name = generation.name
        self.revision = stamp.revision
        self.users = 0
        self.is_retired = False
        # Both stores write a little even to be read.
        self._copy = None if layout.is_writable else Path(tempfile.mkdtemp(prefix="verbatim-"))
        try:
            if self._copy is not None:
                generation = _copied(generation, self._copy)
            self.terms = TermStore(generation.terms)
            self.vectors: Vectors | exact.ExactVectors
            if layout.chroma is not None:
                self.vectors = _checked_server(layout.chroma, catalog)
            elif brief and not catalog.is_server and catalog.counts()[1] <= exact.MOST:
                self.vectors = exact.ExactVectors(catalog)
            else:
                self.vectors = _checked(generation, catalog, stamp.revision)
        except BaseException:
            self._discard_copy()
            raise

    def close(self) -> None:
        """Close the files."""
        self.vectors.close()
        self.terms.close()
        self._discard_copy()

    def _discard_copy(self) -> None:
        if self._copy is not None:
            shutil.rmtree(self._copy, ignore_errors=True)


class LiveStores:
    """Lends the generation in use to one search at a time in each thread."""

    def __init__(self, layout: Layout, catalog: Catalog, *, brief: bool = False) -> None:
        self._layout = layout
        self._brief = brief
        self._catalog = catalog
        self._open: OpenGeneration | None = None
        self._state = threading.Lock()
        self._healing = threading.Lock()

    @contextmanager
    def lend(self) -> Iterator[OpenGeneration]:
        """The generation to search now; it stays open until it is given back.

        Raises:
            IndexBusyError: there is none yet, and another process is making it.
            IndexDamagedError: there is none that works, and none can be made.
        """
        self._follow()
        stores = self._take()
        try:
            yield stores
        finally:
            self._give_back(stores)

    def distrust(self, stores: OpenGeneration) -> None:
        """Have the stores made again: they failed in use.

        Raises:
            IndexStoreError: another process writes, or the folder is read-only.
        """
        with self._healing:
            if self._is_latest(stores):
                self._bring_up(stores.name)
            self._open_current()

    def close(self) -> None:
        """Close the files once the last search is done."""
        self._replace(None)

    def _follow(self) -> None:
        """Open what `CURRENT` names, and have it brought up if it is behind."""
        stores = self._open
        if stores is None or not self._is_latest(stores):
            with self._healing:
                stores = self._open_current()
        if stores is None:
            with self._healing:
                if self._open_current() is None:
                    self._bring_up()
                    self._open_current()
        elif self._is_behind(stores) and self._healing.acquire(blocking=False):
            try:
                self._bring_up()
                self._open_current()
            except IndexStoreError:
                return  # this generation answers until another process is done
            finally:
                self._healing.release()

    def _bring_up(self, distrusted: str | None = None) -> None:
        if not self._layout.is_writable:
            raise IndexDamagedError(
                f"The search stores in {self._layout.folder} are missing or damaged, and the "
                "folder is read-only. Run there, with permission to write: assistant index PATH"
            )
        if self._open is not None and distrusted is None and self._catalog.is_building:
            raise IndexBusyError(
                f"{self._catalog.place} is being changed: what is there now answers until then."
            )
        with writing(self._layout, wait=0.0):
            bring_up(self._layout, self._catalog, distrusted, wait=0.0)

    def _open_current(self) -> OpenGeneration | None:
        """Open the generation in use unless it is open; None where there is none that works."""
        generation = self._layout.current_generation()
        if generation is None:
            return self._open
        if self._open is not None and self._open.name == generation.name:
            return self._open
        try:
            stores = OpenGeneration(generation, self._layout, self._catalog, brief=self._brief)
        except (IndexBusyError, IndexUnreachableError):
            raise
        except IndexStoreError:
            return self._open
        self._replace(stores)
        return stores

    def _is_latest(self, stores: OpenGeneration) -> bool:
        generation = self._layout.current_generation()
        return generation is not None and generation.name == stores.name

    def _is_behind(self, stores: OpenGeneration) -> bool:
        return not self._is_latest(stores) or self._catalog.content_revision() > stores.revision

    def _take(self) -> OpenGeneration:
        with self._state:
            if self._open is None:
                raise IndexDamagedError(
                    f"No search stores in {self._layout.folder} could be opened. "
                    "Run: assistant index PATH --index DIR"
                )
            self._open.users += 1
            return self._open

    def _give_back(self, stores: OpenGeneration) -> None:
        with self._state:
            stores.users -= 1
            is_done = stores.is_retired and stores.users == 0
        if is_done:
            stores.close()

    def _replace(self, stores: OpenGeneration | None) -> None:
        with self._state:
            old, self._open = self._open, stores
            if old is not None:
                old.is_retired = True
            is_done = old is not None and old.users == 0
        if old is not None and is_done:
            old.close()


def _checked(generation: Generation, catalog: Catalog, revision: int) -> VectorStore:
    """The vector store of a generation, once it has found some of what it should hold."""
    vectors = VectorStore(generation.chroma)
    trouble = reach.trouble_at_once(vectors, catalog, revision)
    if trouble:
        vectors.close()
        raise IndexDamagedError(f"{generation.folder} does not work: {trouble}.")
    return vectors


def _checked_server(address: ChromaAddress, catalog: Catalog) -> Vectors:
    """The vectors of a server, once they have found some of what they should hold."""
    from index.vector_server import ServerVectors

    vectors = ServerVectors(address, catalog.identity)
    held = vectors.held
    trouble = held and reach.trouble_at_once(vectors, catalog, held.revision)
    if held is None or trouble:
        vectors.close()
        raise IndexDamagedError(
            f"The vectors on {address} do not work: {trouble or 'they are of another index'}. "
            "They are made again by: assistant index PATH"
        )
    return vectors


def _copied(generation: Generation, folder: Path) -> Generation:
    """A copy that can be written to, unlike what it is a copy of."""
    copy = Generation(folder / generation.name)
    for path in sorted(generation.folder.rglob("*")):
        target = copy.folder / path.relative_to(generation.folder)
        if path.is_dir():
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return copy
