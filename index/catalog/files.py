"""Reading which files the catalog knows, some at a time: there may be millions."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from index.catalog.reader import CatalogReader
from index.catalog.schema import SOURCES
from index.records import Source

_COLUMNS = [column for column in SOURCES.c if column.name != "ordinal"]
_MANY = 500
"""Values in one SQL list."""


class CatalogFiles(CatalogReader):
    """What an update asks about sources."""

    def sources_at(self, paths: Iterable[str]) -> dict[str, tuple[Source, str]]:
        """Some sources with the ids of their documents, by path; unknown ones are left out."""
        return {
            source.path: (source, document_id)
            for part in _parts(paths)
            for source, document_id in self._sources(
                select(*_COLUMNS).where(SOURCES.c.path.in_(part))
            )
        }

    def sources_with(self, file_hashes: Iterable[str]) -> list[tuple[Source, str]]:
        """The sources whose bytes have these SHA-256 hashes, with the ids of their documents."""
        order = SOURCES.c.ordinal
        return [
            found
            for part in _parts(file_hashes)
            for found in self._sources(
                select(*_COLUMNS).where(SOURCES.c.file_sha256.in_(part)).order_by(order)
            )
        ]

    def sources_in(self, file: str) -> Iterator[list[tuple[Source, str]]]:
        """A file, if it is a source, and its members, see `index.members`; some at a time."""
        path: ColumnElement[str] = SOURCES.c.path
        if self._engine.dialect.name != "sqlite":  # which has the order of bytes by itself
            path = path.collate("C")
        is_in = or_(
            SOURCES.c.path == file,
            # "0" comes after "/", and "$" after "#".
            and_(path >= f"{file}!/", path < f"{file}!0"),
            and_(path >= f"{file}#", path < f"{file}$"),
        )
        yield from self._in_order(select(SOURCES.c.ordinal, *_COLUMNS).where(is_in))

    def source_batches(self) -> Iterator[list[tuple[Source, str]]]:
        """All sources with the ids of their documents, some at a time, in the order of adding."""
        yield from self._in_order(select(SOURCES.c.ordinal, *_COLUMNS))

    def holders(self, document_id: str) -> int:
        """How many sources hold a document."""
        query = select(func.count().label("n")).where(SOURCES.c.document_id == document_id)
        return int(self._rows(query)[0]["n"])

    def _in_order(self, query: Select[Any]) -> Iterator[list[tuple[Source, str]]]:
        """What a query finds, read page by page: meanwhile sources may be removed."""
        last = -1
        while True:
            page = query.where(SOURCES.c.ordinal > last).order_by(SOURCES.c.ordinal).limit(_MANY)
            rows = self._rows(page)
            if not rows:
                return
            last = rows[-1]["ordinal"]
            yield [_source(row) for row in rows]

    def _sources(self, query: Select[Any]) -> list[tuple[Source, str]]:
        return [_source(row) for row in self._rows(query)]


def _source(row: dict[str, Any]) -> tuple[Source, str]:
    values = {name: value for name, value in row.items() if name not in ("ordinal", "document_id")}
    return Source(**values), row["document_id"]


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(dict.fromkeys(values))
    for start in range(0, len(every), _MANY):
        yield every[start : start + _MANY]
