"""Writing an index into one file."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.carrying.lines import TextCheck, check_row, line_of
from index.carrying.manifest import BESIDE, Manifest, release
from index.carrying.originals import Packed, pack_files
from index.carrying.packing import Pack, check_target, whole_file
from index.catalog import Catalog
from index.catalog.rows import Snapshot, snapshot
from index.errors import IndexStoreError
from index.layout import Layout

_WHOLE = 1 << 20
"""Bytes that are written at once."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported."""

    file: str
    size: int
    """Bytes."""
    sha256: str
    """Of the whole file."""
    documents: int
    passages: int
    files: int
    """Original files and sidecars in it."""
    missing: tuple[str, ...] = ()
    """Files that were wanted and could not be read."""


def export_index(
    place: str | Path | Layout, file: Path, *, sources: bool = False, force: bool = False
) -> ExportReport:
    """Write an index into one file, as it is at this moment, whatever others do meanwhile.

    Args:
        place: the index.
        file: to be written; it is there when it is whole.
        sources: whether the original files go with it.
        force: replace a file that is there.

    Raises:
        IndexMissingError: there is no index.
        InputError: there is a file already, or no folder for it.
        IndexDamagedError: a document's passages do not add up to its text.
        IndexStoreError: it cannot be written, or there is no room.
    """
    layout = Layout.at(place)
    file = file.expanduser().absolute()
    check_target(file, force=force)
    writable = layout.catalog_url is not None or layout.is_writable
    with closing(Catalog(layout.catalog_address, writable=writable)) as catalog:
        _check_room(layout, file)
        with (
            whole_file(file, force=force) as stream,
            snapshot(catalog) as moment,
            closing(Pack(stream)) as pack,
        ):
            manifest = _write_rows(pack, moment)
            _write_beside(pack, layout)
            paths = (row["path"] for row in moment.sources())
            packed = pack_files(pack, paths, with_sources=sources)
            size, digest = pack.finish(_complete(manifest, pack, packed))
    return ExportReport(
        str(file),
        size,
        digest,
        manifest.documents,
        manifest.passages,
        packed.count,
        tuple(packed.missing),
    )


def _write_rows(pack: Pack, moment: Snapshot) -> Manifest:
    documents = passages = sources = dimension = 0
    with pack.member("documents.jsonl") as out:
        for row in moment.documents():
            check_row(row, "documents")
            out.write(line_of(row))
            documents += 1
    check = TextCheck(moment.documents())
    with pack.member("passages.jsonl") as out:
        for row in moment.passages():
            check_row(row, "passages")
            check.follow(row)
            out.write(line_of(row))
            passages += 1
    check.finish()
    with pack.member("vectors.bin", packed=False) as out:
        for block in _joined(moment.vectors()):
            dimension = dimension or len(block[0]) // 4
            out.write(b"".join(block))
    with pack.member("sources.jsonl") as out:
        for row in moment.sources():
            out.write(line_of(row))
            sources += 1
    return Manifest(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        model=moment.meta["model"],
        fingerprint=moment.meta["fingerprint"],
        dimension=dimension,
        revision=int(moment.meta["revision"]),
        documents=documents,
        passages=passages,
        sources=sources,
        files=0,
        release=release(),
    )


def _write_beside(pack: Pack, layout: Layout) -> None:
    for name in BESIDE:
        path = layout.folder / name
        if path.is_file():
            with pack.member(name) as out:
                out.write(path.read_bytes())


def _complete(manifest: Manifest, pack: Pack, packed: Packed) -> Manifest:
    own = {name: each for name, each in pack.members.items() if not name.startswith("files/")}
    return replace(manifest, files=packed.count, members=own)


def _joined(vectors: Iterator[tuple[bytes, bytes]]) -> Iterator[list[bytes]]:
    """The same bytes, some at once; each block begins with a passage's vector."""
    waiting: list[bytes] = []
    size = 0
    for pair in vectors:
        waiting += pair
        size += sum(map(len, pair))
        if size >= _WHOLE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _check_room(layout: Layout, file: Path) -> None:
    """Tell at once where a local catalog's vectors alone have no room.

    Raises:
        IndexStoreError: there is too little.
    """
    if layout.catalog_url is not None:
        return
    needed, free = layout.catalog.stat().st_size, shutil.disk_usage(file.parent).free
    if needed > free:
        raise IndexStoreError(
            f"{file} may take {needed / 1e6:,.0f} MB, and {file.parent} has {free / 1e6:,.0f} MB "
            "left. Make room, or name another place."
        )
