"""Changing the catalog: each change is one transaction that raises the revision by one."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from index.catalog.connection import insert_or_update, open_engine, transaction
from index.catalog.feed import CatalogFeed
from index.catalog.guard import CatalogGuard
from index.catalog.reader import REMEDY
from index.catalog.schema import DOCUMENTS, META, PASSAGES, SCHEMA, SOURCES, TOMBSTONES
from index.errors import IndexMissingError, translated
from index.layout import FORMAT
from index.records import (
    EmbeddedDocument,
    Source,
    checked,
    document_row,
    filter_row,
    model_rows,
    passage_row,
)
from index.types import Document


class Catalog(CatalogFeed, CatalogGuard):
    """One index's database. Safe to share between threads; one process at a time may write."""

    _together: Connection | None = None
    """The transaction that several changes are part of."""

    @classmethod
    def create(cls, address: Path | str, *, model: str, fingerprint: str) -> "Catalog":
        """Make an empty catalog where none is, or where the making of one was interrupted."""
        engine = open_engine(address, writable=True, create=True)
        try:
            is_server = isinstance(address, str)
            with (
                translated("the catalog", REMEDY, is_server=is_server),
                transaction(engine) as connection,
            ):
                SCHEMA.create_all(connection)
                values = {
                    "format": str(FORMAT),
                    "identity": uuid.uuid4().hex,
                    "revision": "0",
                    **model_rows(model, fingerprint),
                }
                rows = [{"key": key, "value": value} for key, value in values.items()]
                # Another machine may have made it a moment ago.
                put = insert_or_update(connection, META).on_conflict_do_nothing()
                connection.execute(put, rows)
        finally:
            engine.dispose()
        return cls(address, writable=True)

    @classmethod
    def is_made(cls, address: Path | str) -> bool:
        """Whether there is a catalog whose making was finished."""
        try:
            cls(address, writable=True).close()
        except IndexMissingError:
            return False
        return True

    def put(self, embedded: EmbeddedDocument) -> None:
        """Add a document, or replace it, with the source it was read from.

        The document that the source held before goes, unless another source still holds it.
        """
        document = checked(embedded).document
        with self._writing() as connection:
            revision = _raise_revision(connection)
            _put_document(connection, document, revision)
            connection.execute(
                insert(PASSAGES),
                [
                    passage_row(passage, ordinal, vector, sentences)
                    for ordinal, (passage, vector, sentences) in enumerate(
                        zip(
                            embedded.passages,
                            embedded.vectors,
                            embedded.sentence_vectors,
                            strict=True,
                        )
                    )
                ],
            )
            _put_source(connection, embedded.source, document.info.id, revision)

    def add_source(self, document_id: str, source: Source) -> None:
        """Note that a file holds a document that is already here."""
        with self._writing() as connection:
            _put_source(connection, source, document_id, _raise_revision(connection))

    def move_source(self, path: str, source: Source) -> None:
        """Note that a file that holds a document is somewhere else now, as `source`."""
        with self._writing() as connection:
            held = _document_of(connection, path)
            if held is not None:
                _put_source(connection, source, held, _raise_revision(connection))
                connection.execute(delete(SOURCES).where(SOURCES.c.path == path))

    def remove_source(self, path: str) -> None:
        """Forget a file, and its document if no other file holds it."""
        with self._writing() as connection:
            held = _document_of(connection, path)
            if held is not None:
                connection.execute(delete(SOURCES).where(SOURCES.c.path == path))
                _drop_unless_held(connection, held, _raise_revision(connection))

    def remove_document(self, document_id: str) -> None:
        """Remove a document and forget all files that hold it."""
        with self._writing() as connection:
            connection.execute(delete(SOURCES).where(SOURCES.c.document_id == document_id))
            _drop_unless_held(connection, document_id, _raise_revision(connection))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make the changes within the block at once: each alone waits for the disk.

        Until the end of the block, reading gives what was there before.
        """
        with self._translated(), transaction(self._engine) as connection:
            self._together = connection
            try:
                yield
            finally:
                self._together = None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._together is not None:
            yield self._together
            return
        with self._translated(), transaction(self._engine) as connection:
            yield connection


def _raise_revision(connection: Connection) -> int:
    chosen = META.c.key == "revision"
    revision = int(connection.execute(select(META.c.value).where(chosen)).scalar_one()) + 1
    connection.execute(update(META).where(chosen).values(value=str(revision)))
    return revision


def _put_document(connection: Connection, document: Document, revision: int) -> None:
    info = document.info
    row = {
        **document_row(document),
        **filter_row(info.authors, info.published),
        "revision": revision,
    }
    put = insert_or_update(connection, DOCUMENTS).values(row)
    connection.execute(put.on_conflict_do_update(index_elements=[DOCUMENTS.c.id], set_=row))
    connection.execute(delete(PASSAGES).where(PASSAGES.c.document_id == info.id))
    connection.execute(delete(TOMBSTONES).where(TOMBSTONES.c.document_id == info.id))


def _put_source(connection: Connection, source: Source, document_id: str, revision: int) -> None:
    held = _document_of(connection, source.path)
    if held != document_id:  # a file with new content is that document's latest source
        connection.execute(delete(SOURCES).where(SOURCES.c.path == source.path))
    row = {**asdict(source), "document_id": document_id}
    put = insert_or_update(connection, SOURCES).values(row)
    connection.execute(put.on_conflict_do_update(index_elements=[SOURCES.c.path], set_=row))
    if held is not None and held != document_id:
        _drop_unless_held(connection, held, revision)


def _document_of(connection: Connection, path: str) -> str | None:
    query = select(SOURCES.c.document_id).where(SOURCES.c.path == path)
    return connection.execute(query).scalar_one_or_none()


def _drop_unless_held(connection: Connection, document_id: str, revision: int) -> None:
    held = select(SOURCES.c.path).where(SOURCES.c.document_id == document_id).limit(1)
    if connection.execute(held).first() is not None:
        return
    dropped = connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.id == document_id))
    if dropped.rowcount:
        row = {"document_id": document_id, "revision": revision}
        connection.execute(insert(TOMBSTONES).values(row))
