"""Setting right what `index.checkup` finds: nothing is deleted that cannot be made again.

What is derived from the catalog is made again from it. A damaged document is read again from its
file. A catalog whose file is damaged is set aside, in a folder of the index, and made again: of
the documents that are whole in it, and of the files it names, or that are named to us.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index import sources
from index.catalog import Catalog
from index.catalog.damage import FILES, readable_sources
from index.checkup import Health, document_trouble, text_trouble
from index.collection import catalog_embedder
from index.counting import plural
from index.embedding import Embedder
from index.errors import IndexDamagedError, InputError, VerbatimError, translated
from index.generations import bring_up
from index.indexing import build
from index.layout import Layout
from index.lock import writing
from index.measuring import Candidate, measured, measured_members
from index.members import file_of, is_member, text_field_of
from index.passage_vectors import embedded_of, texts_of
from index.records import EmbeddedDocument, Source
from index.removal import embedded_document
from index.types import Document, Passage

_ENCODED = 4096
"""Texts given to the model at once."""
_UNFINISHED = "REPAIRING"
"""In a folder of what was set aside, until all was taken out of it that can be."""


@dataclass
class Repair:
    """What was done, and what is left to do by the user."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def repair(
    layout: Layout,
    health: Health,
    paths: Sequence[str | Path] = (),
    model: str | Embedder | None = None,
) -> Repair:
    """Set right what an examination found.

    It may be killed at any moment and run again.

    Args:
        layout: the index.
        health: what `examine` found of it.
        paths: files and folders to index, where the catalog does not tell.
        model: the embedding model, where the catalog does not tell.

    Raises:
        InputError: the catalog is lost, and no file is known to make it again from.
        IndexBusyError: another process is writing to the index.
        IndexStoreError: it cannot be written to.
    """
    result = Repair()
    if health.catalog is not None and (layout.catalog.exists() or not unfinished(layout)):
        _set_aside(layout, health.catalog, paths, result)
    folders = unfinished(layout)
    for aside in folders:
        _take_over(layout, aside, paths, model, result)
    if paths and not folders:
        build(paths, layout, embedding_model=model)
        result.done.append(f"the files under {', '.join(map(str, paths))} were indexed")
    if health.documents and health.catalog is None:
        _read_again(layout, health.documents, result)
    if health.stores or health.documents or health.catalog:
        _make_stores(layout, health, result)
    result.left += [
        f"{path} gives another text than when it was indexed, by another release perhaps: remove "
        "the document, and index the file again"
        for path in health.files
    ]
    return result


def unfinished(layout: Layout) -> list[Path]:
    """The folders of catalogs that were set aside by repairs that were killed, the latest first."""
    found = sorted(layout.folder.glob(f"{Layout.DAMAGED}*/{_UNFINISHED}"), reverse=True)
    return [path.parent for path in found]


def _set_aside(layout: Layout, trouble: str, paths: Sequence[str | Path], result: Repair) -> None:
    if layout.catalog_url is not None:
        raise IndexDamagedError(
            f"The catalog in {layout} is damaged: {trouble}. Restore the database from a backup."
        )
    if not paths and not readable_sources(layout.catalog):
        raise InputError(
            f"The catalog in {layout.folder} is damaged: {trouble}. What it was made of cannot be "
            "read from it any more. Nothing was changed. Say where the documents are: "
            "assistant doctor --repair PATH... --index DIR"
        )
    with writing(layout), translated("The index folder", "Check its permissions."):
        folder = _folder_for(layout)
        folder.mkdir(exist_ok=True)
        (folder / _UNFINISHED).touch()
        for ending in FILES:
            path = layout.catalog.with_name(layout.catalog.name + ending)
            if path.exists():
                path.rename(folder / path.name)
    result.done.append(
        f"the damaged catalog was set aside in {folder}; delete it when all is well. End programs "
        "that have the index open, and start them again"
    )


def _folder_for(layout: Layout) -> Path:
    """Where to set a catalog aside: a folder that a killed repair has begun, or a new one."""
    for folder in unfinished(layout):
        if not (folder / layout.catalog.name).exists():
            return folder
    taken = (
        path.name.removeprefix(Layout.DAMAGED) for path in layout.folder.glob(f"{Layout.DAMAGED}*")
    )
    number = 1 + max((int(name) for name in taken if name.isdigit()), default=0)
    return layout.folder / f"{Layout.DAMAGED}{number}"


def _take_over(
    layout: Layout,
    aside: Path,
    paths: Sequence[str | Path],
    model: str | Embedder | None,
    result: Repair,
) -> None:
    """Make the catalog again of what was set aside, and of the files."""
    old = aside / layout.catalog.name
    known = readable_sources(old)
    taken = _salvaged(layout, old, known)
    by_field: defaultdict[str | None, set[Path]] = defaultdict(set)
    gone = []
    for source in known:
        if os.path.lexists(file_of(source)):
            by_field[text_field_of(source)].add(file_of(source))
        elif source not in taken:
            gone.append(source)
    failed = []
    for text_field, files in by_field.items():
        report = build(sorted(files), layout, embedding_model=model, text_field=text_field)
        failed += [f"{each.source}: {each.reason}" for each in report.failed]
    if paths:
        report = build(paths, layout, embedding_model=model)
        failed += [f"{each.source}: {each.reason}" for each in report.failed]
    (aside / _UNFINISHED).unlink()
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        count = catalog.counts()[0]
        # A path may have changed, in one of the places where it is kept: its document is there.
        there = catalog.infos(known[source] for source in gone)
    result.done.append(
        f"the catalog was made again: {plural(count, 'document')}, of which "
        f"{len(set(taken.values()))} were whole in the damaged one"
    )
    result.left += [
        f"{source}: lost, for its file is gone" for source in gone if known[source] not in there
    ]
    result.left += [f"{line}: not indexed" for line in failed]


def _salvaged(layout: Layout, old: Path, known: dict[str, str]) -> dict[str, str]:
    """Put what is whole in a damaged catalog into a new one; the sources that were, by path."""
    taken: dict[str, str] = {}
    try:
        damaged = Catalog(old, writable=False)
    except (VerbatimError, ValueError, KeyError):
        return taken
    with closing(damaged), writing(layout):
        if not Catalog.is_made(layout.catalog):
            Catalog.create(
                layout.catalog, model=damaged.model, fingerprint=damaged.fingerprint
            ).close()
        with closing(Catalog(layout.catalog, writable=True)) as catalog:
            if catalog.fingerprint != damaged.fingerprint:
                return taken
            for path, document_id in known.items():
                if _is_salvaged(catalog, damaged, path, document_id):
                    taken[path] = document_id
    return taken


def _is_salvaged(catalog: Catalog, damaged: Catalog, path: str, document_id: str) -> bool:
    with suppress(VerbatimError, ValueError, KeyError, TypeError):
        source = damaged.sources_at([path])[path][0]
        if catalog.infos([document_id]):
            catalog.add_source(document_id, source)
            return True
        if document_trouble(damaged, document_id) is None:
            catalog.put(embedded_document(damaged, document_id, source))
            return True
    return False


def _read_again(layout: Layout, damaged: Sequence[tuple[str, str]], result: Repair) -> None:
    """Put damaged documents into the catalog again, each as its file is."""
    edited: dict[str, list[str]] = {}
    with writing(layout), closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        embedder = catalog_embedder(catalog)
        for name, trouble in damaged:
            known = [
                source for part in catalog.source_batches() for source, held in part if held == name
            ]
            if document_trouble(catalog, name) is None:
                if known and not catalog.has_own_filters(name):  # else somebody else was quicker
                    catalog.put(embedded_document(catalog, name, known[0]))
                    result.done.append(f"{name} was written again ({trouble})")
            elif any(_is_put(catalog, embedder, source, name) for source in known):
                result.done.append(f"{name} was made again ({trouble})")
            else:
                edited[name] = [source.path for source in known]
    for name, held in edited.items():
        _index_again(layout, name, held, result)


def _is_put(catalog: Catalog, embedder: Embedder, source: Source, name: str) -> bool:
    """Whether a document could be made again: of its file, or else of its text in the catalog."""
    with suppress(VerbatimError, OSError, StopIteration):
        candidate = _candidate(source.path)
        document, passages = sources.read_document(source.path, candidate.data)
        if document.info.id == name:
            catalog.put(_embedded(embedder, document, passages, candidate))
            return True
    with suppress(VerbatimError, ValueError, TypeError, KeyError):
        held, parts = catalog.document(name), catalog.passages(name)
        if held is not None and text_trouble(held, parts) is None:
            catalog.put(_embedded(embedder, held, parts, Candidate(source, 0)))
            return True
    return False


def _candidate(path: str) -> Candidate:
    if not is_member(path):
        return measured(Path(path), text_field_of(path)).read()
    pairs = measured_members(file_of(path), text_field_of(path))
    return next(found for member, found in pairs if found and member.source == path)


def _embedded(
    embedder: Embedder, document: Document, passages: list[Passage], candidate: Candidate
) -> EmbeddedDocument:
    texts = texts_of(document, passages, embedder.text_version)
    parts = [embedder.encode(texts[at : at + _ENCODED]) for at in range(0, len(texts), _ENCODED)]
    encoded = np.concatenate(parts)
    return embedded_of(document, passages, candidate.source, texts, encoded, embedder.text_version)


def _index_again(layout: Layout, name: str, held: list[str], result: Repair) -> None:
    """Have what a damaged document's files hold now take its place."""
    for path in held:
        if os.path.lexists(file_of(path)):
            with suppress(VerbatimError):
                build([file_of(path)], layout, text_field=text_field_of(path))
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        if document_trouble(catalog, name) is None:
            result.done.append(f"{name} was damaged; its file, which was edited since, was indexed")
            return
    result.left.append(
        f"{name} is damaged, and cannot be made again of its file ({', '.join(held)}). Put that "
        f"back as it was, or remove the document: assistant remove {name}"
    )


def _make_stores(layout: Layout, health: Health, result: Repair) -> None:
    """Make what is derived from the catalog again, without embedding anything."""
    with writing(layout), closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        generation = layout.current_generation()
        distrusted = generation.name if generation is not None and health.stores else None
        if layout.chroma is not None and health.stores:
            from index.vector_server import make_again

            make_again(layout.chroma, catalog)
        bring_up(layout, catalog, distrusted)
    if health.stores:
        result.done.append(f"the search stores were made again from the catalog ({health.stores})")
