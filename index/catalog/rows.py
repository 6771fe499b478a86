"""A whole catalog as rows: read at one moment, and written to where there was none.

For carrying an index to another place. What other processes write meanwhile is not in it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Select, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from index.catalog.connection import open_engine, place_of, transaction
from index.catalog.reader import CatalogReader
from index.catalog.schema import DOCUMENTS, META, PASSAGES, SCHEMA, SOURCES
from index.errors import IndexDamagedError, InputError, damaged_document, translated
from index.records import Row, seal_of_vectors

_TABLES = {"documents": DOCUMENTS, "passages": PASSAGES, "sources": SOURCES}
_NUMBERED = ("number", "ordinal")
"""Columns that a database gives out itself, in the order in which rows come."""
_AT_ONCE = 256
"""Rows, whose vectors may be large."""
_BUILDING = "verbatim_importing"
_REMEDY = "Check free space and permissions."


def columns(table: str) -> dict[str, tuple[type[int] | type[str], bool]]:
    """The columns that carry something, without vectors: for each its type, and if it is needed."""
    own = _NUMBERED[:1] if table == "passages" else _NUMBERED
    return {
        column.name: (
            int if isinstance(column.type, Integer) else str,
            not column.nullable and column.server_default is None,
        )
        for column in _TABLES[table].c
        if column.name not in (*own, "vector", "sentence_vectors")
    }


class Snapshot:
    """What a catalog held at one moment; its parts can be read one after the other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.meta = {row.key: row.value for row in connection.execute(select(META))}
        """Format, identity, revision, model and fingerprint."""

    def documents(self) -> Iterator[Row]:
        """Every document, ordered by id."""
        yield from self._rows("documents", select(*_own("documents")).order_by(DOCUMENTS.c.id))

    def passages(self) -> Iterator[Row]:
        """Every passage without its vectors, ordered by document and place."""
        yield from self._rows("passages", _in_order(select(*_own("passages"))))

    def vectors(self) -> Iterator[tuple[bytes, bytes]]:
        """The vector of each passage and those of its sentences, in the same order.

        Raises:
            IndexDamagedError: some are not as they were written.
        """
        own = PASSAGES.c
        query = _in_order(select(own.id, own.vector, own.sentence_vectors, own.vectors_seal))
        for row in self._connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            pair = bytes(row.vector), bytes(row.sentence_vectors)
            if row.vectors_seal not in (None, seal_of_vectors(*pair)):
                raise damaged_document(row.id)
            yield pair

    def sources(self) -> Iterator[Row]:
        """Every source, in the order of adding."""
        yield from self._rows("sources", select(*_own("sources")).order_by(SOURCES.c.ordinal))

    def _rows(self, table: str, query: Select[Any]) -> Iterator[Row]:
        names = list(columns(table))
        for row in self._connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            yield dict(zip(names, row, strict=True))


@contextmanager
def snapshot(catalog: CatalogReader) -> Iterator[Snapshot]:
    """Read a catalog as it is now, whatever others write until the end of the block.

    Raises:
        IndexStoreError: it cannot be read.
    """
    with catalog._reading() as connection:
        yield Snapshot(connection)


class Filling:
    """A catalog that is being written; it is none before `finish`."""

    def __init__(self, connection: Connection, *, commits: bool, aside: str | None = None) -> None:
        self._connection = connection
        self._commits = commits
        self.aside = aside
        """The schema that the tables will be in that were there before."""

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Add some rows; documents come before their passages and sources.

        Raises:
            InputError: two of them are the same.
        """
        if not rows:
            return
        try:
            self._connection.execute(insert(_TABLES[table]), list(rows))
        except IntegrityError as error:
            raise InputError(
                f"Expected {table} that differ and belong to documents, found others: "
                f"{error.orig}. If folders were renamed on the way, give each a name of its own."
            ) from error
        self.commit()

    def finish(self, meta: dict[str, str]) -> None:
        """Make it a catalog."""
        rows = [{"key": key, "value": value} for key, value in meta.items()]
        self._connection.execute(insert(META), rows)
        self.commit()

    def commit(self) -> None:
        """Have the rows so far written to disk, where nobody can see them yet."""
        if self._commits:
            self._connection.commit()


@contextmanager
def filling(address: Path | str, *, replaces: bool = False) -> Iterator[Filling]:
    """Write a new catalog.

    A file is one of the caller's own that nobody else knows. In a database all is one transaction,
    so that there is nothing before its end, and others see at any moment the old one or the new.

    Args:
        address: the SQLite file, or the URL of a PostgreSQL database.
        replaces: if the database has a catalog, move its tables to a schema of their own.

    Raises:
        InputError: the database has a catalog, and `replaces` is false.
        IndexStoreError: it cannot be written to.
    """
    is_server = isinstance(address, str)
    engine = open_engine(address, writable=True, create=True)
    try:
        with translated("the catalog", _REMEDY, is_server=is_server):
            if isinstance(address, str):
                with (
                    transaction(engine) as connection,
                    _placed(connection, address, replaces) as aside,
                ):
                    SCHEMA.create_all(connection)
                    yield Filling(connection, commits=False, aside=aside)
                return
            with engine.execution_options(writes=True).connect() as connection:
                SCHEMA.create_all(connection)
                connection.commit()
                yield Filling(connection, commits=True)
            _check(engine, address)
    finally:
        engine.dispose()


@contextmanager
def _placed(connection: Connection, address: str, replaces: bool) -> Iterator[str | None]:
    """Have tables made beside those of the catalog there is, and take its place at the end.

    Yields:
        The schema that the former tables will be in.
    """
    if not inspect(connection).has_table("meta"):
        yield None
        return
    if not replaces:
        raise _taken(address)
    names = [table.name for table in SCHEMA.sorted_tables]
    home = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    aside = f"verbatim_before_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"  # two may come within a second
    connection.exec_driver_sql(f"CREATE SCHEMA {_BUILDING}")
    connection.exec_driver_sql(f"SET LOCAL search_path TO {_BUILDING}")
    yield aside
    connection.exec_driver_sql(f"CREATE SCHEMA {aside}")
    for source, target in ((home, aside), (_BUILDING, home)):
        for name in names:
            connection.exec_driver_sql(f"ALTER TABLE {source}.{name} SET SCHEMA {target}")
    connection.exec_driver_sql(f"DROP SCHEMA {_BUILDING}")


def check_free(address: str, replaces: bool) -> None:
    """Nothing, if a database has no catalog, or one that may be replaced.

    Raises:
        InputError: it has one.
        IndexStoreError: it does not answer.
    """
    engine = open_engine(address, writable=False)
    try:
        with translated("the catalog", _REMEDY, is_server=True), engine.connect() as connection:
            if inspect(connection).has_table("meta") and not replaces:
                raise _taken(address)
    finally:
        engine.dispose()


def _taken(address: str) -> InputError:
    return InputError(
        f"Expected a database without a catalog at {place_of(address)}, found one. Name another "
        "database, or give --force: what is there is then moved to another schema."
    )


def _check(engine: Engine, path: Path) -> None:
    """Have SQLite look through the file it has written."""
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
    if found != ["ok"] or orphans is not None:
        raise IndexDamagedError(
            f"{path} was written and does not read back: {found[0] if found else orphans}. Check "
            "the disk and run it again."
        )


def _own(table: str) -> list[Any]:
    return [_TABLES[table].c[name] for name in columns(table)]


def _in_order(query: Select[Any]) -> Select[Any]:
    return query.order_by(PASSAGES.c.document_id, PASSAGES.c.ordinal)
