"""Small SQLite files of what visitors leave: how they are opened, marked as ours and checked."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from index.errors import VerbatimError

_BUSY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file of one kind holds, and how one is told from others."""

    holds: str
    """In words, for errors."""
    application: int
    """Marks the file as ours in SQLite's header."""
    format: int
    schema: MetaData
    error: type[VerbatimError]


def open_engine(path: Path, functions: dict[str, Callable[[str], str]] | None = None) -> Engine:
    """An engine on a file; nothing is opened or made before it is used.

    Args:
        path: of the file.
        functions: of one text, by the names that queries use.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        for name, function in (functions or {}).items():
            connection.create_function(name, 1, function, deterministic=True)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def transaction(engine: Engine, path: Path, kind: Kind, *, writes: bool) -> Iterator[Connection]:
    """A transaction on the file, whose tables are made where it is to be written and is new.

    Raises:
        VerbatimError: of the kind's own type: the file cannot be used, or holds something else.
    """
    try:
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
        with engine.execution_options(writes=writes).begin() as connection:
            if writes and _is_new(connection):
                kind.schema.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={kind.application}")
                connection.exec_driver_sql(f"PRAGMA user_version={kind.format}")
            _check_format(connection, path, kind)
            yield connection
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise kind.error(
            f"{path}: expected a file to keep {kind.holds} in, and it cannot be used: {cause}. "
            "Make room, or move the file away."
        ) from error


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_new(connection: Connection) -> bool:
    objects = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    return not objects and not _number(connection, "user_version")


def _check_format(connection: Connection, path: Path, kind: Kind) -> None:
    found = _number(connection, "user_version")
    if _number(connection, "application_id") != kind.application or found != kind.format:
        raise kind.error(
            f"{path}: expected {kind.holds} in format {kind.format}, found "
            f"{f'format {found}' if found > kind.format else 'something else'}. It is left as it "
            "is: use a newer release of Verbatim, or move the file away."
        )


def _number(connection: Connection, pragma: str) -> int:
    return cast("int", connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
