"""Making an index out of an exported one."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from index.carrying.originals import Roots, common_folder, unpack_file
from index.carrying.packing import sync_folder
from index.carrying.placing import (
    REMEDY,
    beside,
    check_empty,
    check_room,
    check_target,
    put_into_place,
)
from index.carrying.refilling import refill
from index.carrying.unpacking import Packed, opened
from index.catalog import Catalog
from index.catalog.rows import filling
from index.embedding import load_recorded
from index.errors import (
    EmbeddingMismatchError,
    translated,
)
from index.generations import bring_up
from index.layout import Layout, replace_file
from index.lock import writing


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was imported."""

    place: str
    model: str
    documents: int
    passages: int
    files: int
    """Original files and sidecars that were unpacked."""
    aside: str | None = None
    """Where the index is now that was there before."""


def import_index(
    file: Path,
    place: str | Path | Layout,
    *,
    force: bool = False,
    files: Path | None = None,
    moved: Sequence[tuple[str, str]] = (),
    embedding_model: str | None = None,
    sha256: str | None = None,
) -> ImportReport:
    """Make an index out of an exported one; nothing is embedded.

    All of the file is checked first. A folder's index is made beside its place and gets there as a
    whole; in a database it is one transaction. Whoever is killed on the way leaves none.

    Args:
        file: as `export_index` wrote it.
        place: where the index is to be.
        force: if there is something already, set it aside.
        files: a new folder to unpack the original files to, which then are the sources.
        moved: folders of sources that are elsewhere now, as pairs of the old and the new one.
        embedding_model: where the model is on this machine, if under another name.
        sha256: of the whole file, if it is known.

    Raises:
        InputError: there is an index already, or no file, or it has another hash.
        IndexFormatError: a newer release made it.
        IndexDamagedError: it is no exported index, or not as it was written.
        EmbeddingMismatchError: its vectors were made with another model than the one given.
        IndexBusyError: another process writes to the index that is to be set aside.
        IndexStoreError: there is no room, or no permission.
    """
    layout = Layout.at(place)
    layout = replace(layout, folder=layout.folder.resolve())  # what a link stands for is renamed
    check_target(layout, force)
    if files is not None:
        files = files.expanduser().absolute()
        check_empty(files, "--files")
    roots = Roots.of(moved)
    with opened(file, sha256) as packed, ExitStack() as stack:
        check_room(packed, layout, files)
        packed.check()
        model = _model(packed, embedding_model)
        unpacked = 0
        if files is not None and (pair := _root_of(packed, files)):
            roots = Roots.of([*moved, pair])
            unpacked = packed.manifest.files
            stack.enter_context(_unpacked(packed, pair[0], files))
        make = _on_server if layout.catalog_url is not None else _in_folder
        aside = make(packed, layout, force, model, roots)
    manifest = packed.manifest
    counts = (manifest.documents, manifest.passages, unpacked)
    return ImportReport(str(layout), model, *counts, aside)


def _on_server(packed: Packed, layout: Layout, force: bool, model: str, roots: Roots) -> str | None:
    with filling(layout.catalog_address, replaces=force) as out:
        refill(out, packed, model, roots)
        aside = out.aside
    layout.make_folder()
    _put_beside(packed, layout)
    _bring_up(layout)
    return f"the schema {aside} of that database" if aside else None


def _in_folder(packed: Packed, layout: Layout, force: bool, model: str, roots: Roots) -> str | None:
    with beside(layout.folder) as staging:
        own = Layout(staging)
        with filling(own.catalog) as out:
            refill(out, packed, model, roots)
        if layout.chroma is None:
            _bring_up(own)
        _put_beside(packed, own)
        with translated("The index folder", REMEDY):
            sync_folder(staging)
        aside = put_into_place(staging, layout, force)
    if layout.chroma is not None:  # what a server has could not be taken back
        _bring_up(layout)
    return aside


def _put_beside(packed: Packed, layout: Layout) -> None:
    for name, data in packed.beside().items():
        with translated("The index folder", REMEDY):
            text = data.decode()
        replace_file(layout.folder / name, text)


def _bring_up(layout: Layout) -> None:
    with (
        closing(Catalog(layout.catalog_address, writable=True)) as catalog,
        writing(layout),
    ):
        bring_up(layout, catalog)


def _model(packed: Packed, given: str | None) -> str:
    """The name of the model to write down."""
    manifest = packed.manifest
    if given is None:
        return manifest.model
    embedder = load_recorded(given, manifest.fingerprint)
    if embedder.fingerprint != manifest.fingerprint:
        raise EmbeddingMismatchError(
            f"{packed.place} was made with the embedding model {manifest.model!r} "
            f"({manifest.fingerprint}), and {given!r} is another ({embedder.fingerprint}). Name "
            "that model; nothing was imported."
        )
    return embedder.name


def _root_of(packed: Packed, files: Path) -> tuple[str, str] | None:
    root = common_folder(packed.originals(), packed.place)
    return None if root is None else (str(root), str(files))


@contextmanager
def _unpacked(packed: Packed, root: str, files: Path) -> Iterator[None]:
    """Put the original files into place; they go again if the index cannot be made."""
    with translated("The folder of the files", REMEDY):
        with beside(files) as staging:
            for original in packed.originals():
                with packed.open(original.member) as stream:
                    unpack_file(stream, original, PurePath(root), staging, packed.place)
            staging.replace(files)
        sync_folder(files.parent)
    try:
        yield
    except BaseException:
        shutil.rmtree(files, ignore_errors=True)
        raise
