"""How the catalog's database is opened, for writing and for reading."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool, QueuePool

from index.catalog.server import open_server, shown

BUSY_SECONDS = 10.0


def open_engine(address: Path | str, *, writable: bool, create: bool = False) -> Engine:
    """An engine on the database; nothing is opened before it is used.

    Args:
        address: the absolute path of a SQLite file, or the URL of a PostgreSQL database.
        writable: whether this process may write to the file's folder.
        create: make the file where there is none.

    Raises:
        InputError: it is another kind of URL, or the driver is not installed.
    """
    if isinstance(address, str):
        return open_server(address)
    return _open_file(address, writable=writable, create=create)


def place_of(address: Path | str) -> str:
    """Where a catalog is, for messages: the folder of its file, or its URL without password."""
    return shown(address) if isinstance(address, str) else str(address.parent)


def _open_file(path: Path, *, writable: bool, create: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        if not writable:
            return _connect(path, _readonly_mode(path))
        connection = _connect(path, "mode=rwc" if create else "mode=rw")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    # A read-only connection is used once, for the files beside the database may come and go.
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool if writable else NullPool
    )
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write, committed at the end and rolled back on an exception."""
    with engine.execution_options(writes=True).begin() as connection:
        yield connection


def insert_or_update(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what to do where the row is there already."""
    is_server = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if is_server else sqlite.insert(table)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # Transactions are begun by `_begin`: the driver would begin none for a SELECT, so that two
    # of them could see different states, and none for CREATE TABLE.
    return sqlite3.connect(
        f"{path.as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def _readonly_mode(path: Path) -> str:
    # Without a write-ahead log SQLite would have to make one, which a read-only folder forbids.
    return "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
