"""Bringing the derived stores up to the catalog, one whole generation at a time.

Chroma writes its files in place, so that a killed writer leaves a broken store behind. A
generation in use is therefore never written to: a new one is made beside it, checked, closed,
flushed to disk, stamped clean, and only then named in `CURRENT`. The caller holds the lock.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from index import reach
from index.catalog import Catalog
from index.chroma_address import ChromaAddress
from index.errors import IndexBusyError, IndexDamagedError, IndexStoreError, translated
from index.layout import (
    Generation,
    Layout,
    Stamp,
    damage,
    measure,
    read_stamp,
    write_stamp,
)
from index.records import PassageRecord
from index.terms import TermStore, build_terms, copy_terms
from index.vectors import DENSE, SETTINGS, VectorStore, copy_vectors

_LARGEST_SHARE = 3
"""A generation is made afresh when more than one passage in this many would change or is dead."""
_BATCH = 4096
_ROOM = 1_000_000
"""Bytes; with less that is free, a store that fails is taken to fail of it."""
SERVER_WAIT = 600.0
"""Seconds to wait for another machine that writes to the vector server."""


def bring_up(
    layout: Layout,
    catalog: Catalog,
    distrusted: str | None = None,
    *,
    wait: float = SERVER_WAIT,
    on_begin: Callable[[int], None] = lambda passages: None,
) -> None:
    """Make the generation in use hold what the catalog holds; the caller holds the lock.

    Where a server has the vectors, it is brought into step first, and a generation has but terms.

    Args:
        layout: the index.
        catalog: the truth.
        distrusted: name of a generation that failed in use, whatever its stamp says.
        wait: seconds to wait for another machine that brings the server into step; with 0 it is
            left to that one.
        on_begin: called with the number of passages if there is something to be made.

    Raises:
        IndexBusyError: another machine is at it for longer.
        IndexDamagedError: a new generation could not be made to work.
        IndexStoreError: the folder cannot be written to, or the disk is full.
        IndexUnreachableError: a server does not answer.
    """
    if layout.chroma is not None:
        _bring_server(layout.chroma, catalog, wait)
    base = healthy(layout, catalog, distrusted)
    _sweep(layout)
    if base is not None and catalog.content_revision() <= base[1].revision:
        return
    on_begin(catalog.counts()[1])
    dead = None if base is None or layout.chroma else _dead_after(base[1], catalog)
    with _full_disk_named(layout):
        if base is None or dead is None or not _make_from(base, dead, layout, catalog):
            _make_afresh(layout, catalog)
    _sweep(layout)


@contextmanager
def _full_disk_named(layout: Layout) -> Iterator[None]:
    """Name a full disk where a store fails of it and says something else, as Chroma does."""
    try:
        yield
    except IndexDamagedError as error:
        free = shutil.disk_usage(layout.folder).free
        if free >= _ROOM:
            raise
        raise IndexStoreError(
            f"The search stores could not be made: {free:,} bytes are free in {layout.folder}. "
            "Make room on the disk and run it again."
        ) from error


def healthy(
    layout: Layout, catalog: Catalog, distrusted: str | None = None
) -> tuple[Generation, Stamp] | None:
    """The generation in use with its stamp, if it is whole and works."""
    generation = layout.current_generation()
    if generation is None or generation.name == distrusted:
        return None
    stamp = trusted_stamp(generation, catalog)
    if stamp is None:
        return None
    try:
        return None if _trouble(generation, stamp, layout, catalog) else (generation, stamp)
    except IndexDamagedError:
        return None


def trusted_stamp(generation: Generation, catalog: Catalog) -> Stamp | None:
    """The stamp of a generation whose files are as they were written, from this catalog."""
    stamp = read_stamp(generation)
    if stamp is None or not stamp.clean or damage(generation, stamp):
        return None
    # A catalog put back from a backup is behind its stores: they hold what it never had.
    is_own = stamp.index == catalog.identity and stamp.revision <= catalog.revision
    return stamp if is_own else None


def _bring_server(address: ChromaAddress, catalog: Catalog, wait: float) -> None:
    from index.vector_server import bring_into_step

    try:
        with catalog.sole(wait):
            bring_into_step(address, catalog)
    except IndexBusyError:
        if wait:
            raise


def _make_from(base: tuple[Generation, Stamp], dead: int, layout: Layout, catalog: Catalog) -> bool:
    """Make a generation out of the one in use; False where that one turned out to be damaged."""
    generation = _begin(layout, catalog)
    try:
        _copy(base, generation, catalog)
        return not _finish(generation, layout, catalog, dead)
    except IndexDamagedError:
        return False


def _make_afresh(layout: Layout, catalog: Catalog) -> None:
    trouble = None
    for settings in (SETTINGS, DENSE):
        generation = _begin(layout, catalog)
        if layout.chroma is None:
            _fill(generation, catalog, settings)
        build_terms(generation.terms, catalog.stream())
        trouble = _finish(generation, layout, catalog, 0)
        if trouble is None:
            return
    raise IndexDamagedError(
        f"The search stores in {layout.folder} were made but do not work: {trouble}. "
        "Check the disk and run it again."
    )


def _begin(layout: Layout, catalog: Catalog) -> Generation:
    generation = layout.new_generation()
    with translated("The index folder", "Check free space and permissions."):
        generation.folder.mkdir(parents=True)
    write_stamp(generation, Stamp(False, catalog.identity, catalog.revision))
    return generation


def _finish(generation: Generation, layout: Layout, catalog: Catalog, dead: int) -> str | None:
    """Check everything and put it into use; or return what is wrong."""
    stamp = Stamp(True, catalog.identity, catalog.revision, catalog.counts()[1], dead)
    trouble = _trouble(generation, stamp, layout, catalog, reach.trouble_of_new)
    if trouble is None:
        write_stamp(generation, replace(stamp, files=measure(generation)))
        layout.switch(generation)
    return trouble


def _fill(generation: Generation, catalog: Catalog, settings: dict[str, Any]) -> None:
    with closing(VectorStore(generation.chroma, create=settings)) as vectors:
        for records in _large(catalog.stream()):
            vectors.add(records)


def _copy(base: tuple[Generation, Stamp], generation: Generation, catalog: Catalog) -> None:
    old, stamp = base
    changes = catalog.changes_since(stamp.revision)
    gone = changes.removed + changes.changed
    copy_vectors(old.chroma, generation.chroma)
    with closing(VectorStore(generation.chroma)) as vectors:
        vectors.delete_documents(gone)
        for records in _large(catalog.stream(after=stamp.revision)):
            vectors.add(records)
    copy_terms(old.terms, generation.terms, gone, catalog.stream(after=stamp.revision))


def _dead_after(stamp: Stamp, catalog: Catalog) -> int | None:
    """How many dead vectors a copy would hold; None where it is better made afresh."""
    passages = catalog.counts()[1]
    added = catalog.changes_since(stamp.revision).passages
    deleted = stamp.passages + added - passages
    dead = stamp.dead + deleted
    return dead if _LARGEST_SHARE * max(added + deleted, dead) <= passages else None


def _trouble(
    generation: Generation,
    stamp: Stamp,
    layout: Layout,
    catalog: Catalog,
    judge: reach.Judge = reach.trouble,
) -> str | None:
    """Open the stores as a reader would and look for what they should hold."""
    with closing(TermStore(generation.terms)) as terms:
        if terms.count != stamp.passages:
            return f"{terms.count} of {stamp.passages} passages in the term store"
    if layout.chroma is not None:
        return None
    with closing(VectorStore(generation.chroma)) as vectors:
        if vectors.count != stamp.passages:
            return f"{vectors.count} of {stamp.passages} passages in the vector store"
        return judge(vectors, catalog, stamp.revision)


def _sweep(layout: Layout) -> None:
    """Remove what no reader needs: unfinished generations, and all but the latest two."""
    current = layout.current_generation()
    older: list[Generation] = []
    for generation in layout.all_generations():
        if current is not None and generation.name == current.name:
            continue
        stamp = read_stamp(generation)
        is_older = current is not None and generation.number < current.number
        if stamp is not None and stamp.clean and is_older:
            older.append(generation)
        else:
            shutil.rmtree(generation.folder, ignore_errors=True)
    for generation in older[:-1]:
        shutil.rmtree(generation.folder, ignore_errors=True)


def _large(batches: Iterator[list[PassageRecord]]) -> Iterator[list[PassageRecord]]:
    """The same records in larger batches: Chroma writes its whole graph once a batch."""
    waiting: list[PassageRecord] = []
    for batch in batches:
        waiting += batch
        if len(waiting) >= _BATCH:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
