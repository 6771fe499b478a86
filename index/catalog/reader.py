"""Reading documents and passages from the catalog."""

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Select, Text, bindparam, func, inspect, select

from index.catalog.connection import open_engine, place_of
from index.catalog.formats import bring_to_format
from index.catalog.schema import DOCUMENTS, META, PASSAGE_COLUMNS, PASSAGES, SOURCES
from index.errors import IndexMissingError, translated
from index.records import (
    Candidate,
    Row,
    SentenceVectors,
    Source,
    Vector,
    byline_of,
    check_model,
    check_parts,
    filter_row,
    info_of,
    passage_of,
    places_of,
    seal_of_vectors,
    sentence_vectors_of,
    vector_of,
)
from index.types import Document, DocumentInfo, Passage

REMEDY = "Check the disk. If the file is damaged, run: assistant doctor --repair --index DIR"
_PARTS = (DOCUMENTS.c.byline, DOCUMENTS.c.places, DOCUMENTS.c.parts_seal)
_NEEDED = frozenset(("format", "identity", "revision", "model", "fingerprint"))
_MANY = 500
"""Values in one SQL list."""


class CatalogReader:
    """What can be asked about documents. Safe to share between threads."""

    def __init__(self, address: Path | str, *, writable: bool) -> None:
        """Open a catalog.

        Args:
            address: the SQLite file, or the URL of a PostgreSQL server's database.
            writable: whether this process may change it.
        """
        if isinstance(address, Path) and not address.is_file():
            raise _missing(address, "nothing there")
        self.place = place_of(address)
        """Where it is, for messages."""
        self.is_server = isinstance(address, str)
        """Whether other machines may write at the same time."""
        self._engine = open_engine(address, writable=writable)
        try:
            meta = self._meta()
            if not meta:
                raise _missing(address, "no catalog, or one whose making was interrupted")
            with self._translated():
                if lacking := _NEEDED - meta.keys():
                    raise ValueError(f"its {', '.join(sorted(lacking))} is gone")
                check_model(meta)
                bring_to_format(self._engine, self.place, int(meta["format"]), writable=writable)
        except BaseException:
            self.close()
            raise
        self.identity = meta["identity"]
        """Made up when the catalog was; tells one index from another."""
        self.model = meta["model"]
        """Name of the embedding model."""
        self.fingerprint = meta["fingerprint"]
        """Fingerprint of the embedding model."""

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def revision(self) -> int:
        """Grows by one with every change."""
        query = select(META.c.value).where(META.c.key == "revision")
        with self._translated():
            return int(self._rows(query)[0]["value"])

    def sources(self) -> dict[str, tuple[Source, str]]:
        """Every file with the id of its document, by path."""
        columns = [column for column in SOURCES.c if column.name != "ordinal"]
        found: dict[str, tuple[Source, str]] = {}
        for row in self._rows(select(*columns).order_by(SOURCES.c.ordinal)):
            document_id = row.pop("document_id")
            found[row["path"]] = (Source(**row), document_id)
        return found

    def documents(self) -> list[DocumentInfo]:
        """Every document's metadata, in the order they were added."""
        first = select(func.min(SOURCES.c.ordinal)).where(SOURCES.c.document_id == DOCUMENTS.c.id)
        order = (first.scalar_subquery(), DOCUMENTS.c.id)
        return [info_of(row) for row in self._rows(_infos().order_by(*order))]

    def infos(self, ids: Iterable[str]) -> dict[str, DocumentInfo]:
        """The metadata of some documents; unknown ids are left out."""
        return {row["id"]: info_of(row) for row in self._rows_of(_INFOS_BY_ID, ids)}

    def document(self, document_id: str) -> Document | None:
        """One document with its text, or None."""
        rows = self._rows(_infos(*_PARTS).where(DOCUMENTS.c.id == document_id))
        if not rows:
            return None
        check_parts(rows[0])
        held = select(SOURCES.c.path).where(SOURCES.c.document_id == document_id)
        paths = self._rows(held.order_by(SOURCES.c.ordinal))
        text = "".join(passage.text for passage in self.passages(document_id))
        sources = tuple(row["path"] for row in paths)
        return Document(info_of(rows[0]), text, sources, byline_of(rows[0]), places_of(rows[0]))

    def passages(self, document_id: str) -> list[Passage]:
        """A document's passages in order; empty for an unknown document."""
        query = select(*PASSAGE_COLUMNS).where(PASSAGES.c.document_id == document_id)
        return [passage_of(row) for row in self._rows(query.order_by(PASSAGES.c.ordinal))]

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Some passages; unknown ids are left out."""
        return {row["id"]: passage_of(row) for row in self._rows_of(_PASSAGES_BY_ID, ids)}

    def neighbors(self, passage: Passage, before: int, after: int) -> list[Passage]:
        """The passages around one, in order, itself left out."""
        own = select(PASSAGES.c.ordinal).where(PASSAGES.c.id == passage.id).scalar_subquery()
        distance = PASSAGES.c.ordinal - own
        query = select(*PASSAGE_COLUMNS).where(
            PASSAGES.c.document_id == passage.document_id,
            distance.between(-before, after),
            distance != 0,
        )
        return [passage_of(row) for row in self._rows(query.order_by(PASSAGES.c.ordinal))]

    def vectors(self, ids: Iterable[str]) -> dict[str, tuple[Vector, SentenceVectors]]:
        """The vector of some passages and those of their sentences; unknown ids are left out."""
        return {
            name: (
                vector_of(each.vector),
                sentence_vectors_of(each.sentences, len(each.vector) // 4),
            )
            for name, each in self.candidates(ids).items()
        }

    def candidates(self, ids: Iterable[str]) -> dict[str, Candidate]:
        """What a search compares of some passages; unknown ids are left out."""
        return {
            row["id"]: Candidate(
                row["document_id"], row["label"], row["vector"], row["sentence_vectors"]
            )
            for row in self._rows_of(_CANDIDATES_BY_ID, ids)
        }

    def has_whole_vectors(self, document_id: str) -> bool:
        """Whether the vectors of a document are as they were written."""
        columns = (PASSAGES.c.vector, PASSAGES.c.sentence_vectors, PASSAGES.c.vectors_seal)
        return all(
            row["vectors_seal"] in (None, seal_of_vectors(row["vector"], row["sentence_vectors"]))
            for row in self._rows(select(*columns).where(PASSAGES.c.document_id == document_id))
        )

    def has_own_filters(self, document_id: str) -> bool:
        """Whether filters compare what a document's metadata are, which alone have a checksum."""
        names = ("authors", "published", "author_key", "first_day", "last_day")
        columns = (DOCUMENTS.c[name] for name in names)
        return all(
            filter_row(json.loads(row["authors"]), row["published"]).items() <= row.items()
            for row in self._rows(select(*columns).where(DOCUMENTS.c.id == document_id))
        )

    def passage_ids(self) -> set[str]:
        """Ids of all passages."""
        with self._reading() as connection:
            return set(connection.execute(select(PASSAGES.c.id)).scalars())

    def vector_rows(self) -> list[tuple[str, str, str, bytes]]:
        """Id, document, label and stored vector of every passage."""
        table = PASSAGES.c
        query = select(table.id, table.document_id, table.label, table.vector)
        with self._reading() as connection:
            return [
                (name, document, label, vector)
                for name, document, label, vector in connection.execute(query)
            ]

    def counts(self) -> tuple[int, int]:
        """How many documents and passages there are."""
        documents, passages = (
            select(func.count(table.c.id)).scalar_subquery() for table in (DOCUMENTS, PASSAGES)
        )
        row = self._rows(select(documents.label("documents"), passages.label("passages")))[0]
        return int(row["documents"]), int(row["passages"])

    def passage_counts(self) -> dict[str, int]:
        """How many passages each document has, by its id."""
        count = func.count(PASSAGES.c.id).label("passages")
        query = select(PASSAGES.c.document_id, count).group_by(PASSAGES.c.document_id)
        return {row["document_id"]: int(row["passages"]) for row in self._rows(query)}

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translated(), self._engine.connect() as connection:
            yield connection

    def _translated(self) -> AbstractContextManager[None]:
        return translated("the catalog", REMEDY, is_server=self.is_server)

    def _rows(self, query: Select[Any]) -> list[Row]:
        with self._reading() as connection:
            return _read(connection, query)

    def _rows_of(self, query: Select[Any], ids: Iterable[str]) -> list[Row]:
        """The rows of some ids, by a query that asks for a part of them."""
        parts = list(_parts(ids))
        if not parts:
            return []
        with self._reading() as connection:
            return [row for part in parts for row in _read(connection, query, part)]

    def _meta(self) -> dict[str, str]:
        with self._reading() as connection:
            if not inspect(connection).has_table("meta"):
                return {}
            return {row.key: row.value for row in connection.execute(select(META))}


def _read(connection: Connection, query: Select[Any], ids: list[str] | None = None) -> list[Row]:
    found = connection.execute(query, {} if ids is None else {"ids": ids})
    names = list(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def _missing(address: Path | str, found: str) -> IndexMissingError:
    place, is_folder = place_of(address), isinstance(address, Path)
    return IndexMissingError(
        f"Expected an index in {place}, found {found}. Make one with: "
        f"assistant index PATH {'--index' if is_folder else '--catalog'} {place}"
    )


def _infos(*more: Column[Any]) -> Select[Any]:
    first = (
        select(SOURCES.c.path)
        .where(SOURCES.c.document_id == DOCUMENTS.c.id)
        .order_by(SOURCES.c.ordinal)
        .limit(1)
        .scalar_subquery()
    )
    names = (
        "id",
        "sha256",
        "title",
        "authors",
        "publisher",
        "published",
        "language",
        "url",
        "found",
        "seal",
    )
    return select(*(DOCUMENTS.c[name] for name in names), *more, first.label("source"))


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    every = list(ids)
    for start in range(0, len(every), _MANY):
        yield every[start : start + _MANY]


# Made once: to put a query together, and to find it among those compiled, takes longer than to run
# it.
_IDS = bindparam("ids", expanding=True, type_=Text)
_INFOS_BY_ID = _infos().where(DOCUMENTS.c.id.in_(_IDS))
_PASSAGES_BY_ID = select(*PASSAGE_COLUMNS).where(PASSAGES.c.id.in_(_IDS))
_CANDIDATES_BY_ID = select(
    PASSAGES.c.id,
    PASSAGES.c.document_id,
    PASSAGES.c.label,
    PASSAGES.c.vector,
    PASSAGES.c.sentence_vectors,
).where(PASSAGES.c.id.in_(_IDS))
