"""Taking documents out of an index so that they can be put back as they were, without a model."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.catalog import Catalog
from index.errors import InputError
from index.generations import bring_up
from index.layout import Layout
from index.lock import writing
from index.records import EmbeddedDocument, Source


@dataclass(frozen=True, slots=True, eq=False)
class TakenOut:
    """A document that was in an index, with its vectors."""

    embedded: EmbeddedDocument
    sources: tuple[Source, ...]
    """Every file that held it, the first one first."""


def take_out(index_dir: str | Path | Layout, document_ids: Iterable[str]) -> list[TakenOut]:
    """Remove documents from an index; their files are not touched.

    Args:
        index_dir: the index folder, or its layout.
        document_ids: ids, or unique beginnings of ids.

    Returns:
        What was removed, for `put_back`.

    Raises:
        FilterError: there is no such document, or several; nothing is removed then.
        IndexBusyError: another process is writing.
    """
    layout = Layout.at(index_dir)
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog, writing(layout):
        ids = catalog.resolve_ids(document_ids)
        sources = [source for source in catalog.sources().values() if source[1] in ids]
        taken = []
        for document_id in ids:
            own = tuple(source for source, held in sources if held == document_id)
            taken.append(TakenOut(embedded_document(catalog, document_id, own[0]), own))
        with catalog.together():
            for document_id in ids:
                catalog.remove_document(document_id)
        bring_up(layout, catalog)
    return taken


def put_back(index_dir: str | Path | Layout, taken: Iterable[TakenOut]) -> None:
    """Put documents back, even if their files are gone.

    A file that was indexed since, with another text, stays with that one.

    Args:
        index_dir: the index folder they were taken out of.
        taken: by `take_out`.

    Raises:
        InputError: all files of a document were indexed since with another text.
        IndexBusyError: another process is writing.
    """
    layout = Layout.at(index_dir)
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog, writing(layout):
        for each in taken:
            _put_back(catalog, each)
        bring_up(layout, catalog)


def _put_back(catalog: Catalog, taken: TakenOut) -> None:
    info = taken.embedded.document.info
    known = catalog.sources()
    free = [source for source in taken.sources if source.path not in known]
    if not catalog.infos([info.id]):
        if not free:
            raise InputError(
                f"{info.name} was indexed again since it was removed, with another text. "
                "What is there now stays."
            )
        catalog.put(replace(taken.embedded, source=free.pop(0)))
    for source in free:
        catalog.add_source(info.id, source)


def embedded_document(catalog: Catalog, document_id: str, source: Source) -> EmbeddedDocument:
    """A document with its vectors, as it can be put into a catalog.

    Args:
        catalog: has it.
        document_id: its id.
        source: to put it under.

    Raises:
        InputError: there is none.
    """
    document, passages = catalog.document(document_id), catalog.passages(document_id)
    if document is None:
        raise InputError(f"Expected a document with id {document_id!r}, found none.")
    vectors = catalog.vectors(passage.id for passage in passages)
    return EmbeddedDocument(
        document=document,
        passages=passages,
        vectors=np.stack([vectors[passage.id][0] for passage in passages]),
        sentence_vectors=[vectors[passage.id][1] for passage in passages],
        source=source,
    )
