"""The file that conversations are kept in: its tables, how it is opened, what is asked of it."""

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from assistant.errors import ConversationsError

FORMAT = 1
_APPLICATION = 0x56524356
"""Marks the file as ours in SQLite's header: "VRCV"."""
_BUSY_SECONDS = 10.0

_SCHEMA = MetaData()
CONVERSATIONS = Table(
    "conversations",
    _SCHEMA,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer),
)
TURNS = Table(
    "turns",
    _SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("id", Text, nullable=False, unique=True),
    Column("words", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)


def open_engine(path: Path) -> Engine:
    """An engine on the file; nothing is opened or made before it is used."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        connection.create_function("folded", 1, folded, deterministic=True)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def transaction(engine: Engine, path: Path, *, writes: bool) -> Iterator[Connection]:
    """A transaction on the file, whose tables are made where it is to be written and is new.

    Raises:
        ConversationsError: the file cannot be used, or holds something else.
    """
    try:
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
        with engine.execution_options(writes=writes).begin() as connection:
            if writes and _is_new(connection):
                _SCHEMA.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION}")
                connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")
            _check_format(connection, path)
            yield connection
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise ConversationsError(
            f"{path}: expected a file to keep conversations in, and it cannot be used: {cause}. "
            "Make room, or move the file away."
        ) from error


def listing(words: Sequence[str] = ()) -> Select[Any]:
    """The conversations that were not deleted and hold each of the folded words, newest first."""
    query = (
        select(CONVERSATIONS, func.count(TURNS.c.number).label("turns"))
        .outerjoin(TURNS)
        .where(CONVERSATIONS.c.removed.is_(None))
        .group_by(CONVERSATIONS.c.id)
        .order_by(CONVERSATIONS.c.changed.desc(), CONVERSATIONS.c.id)
    )
    for word in words:
        holders = select(TURNS.c.conversation).where(func.instr(TURNS.c.words, word) > 0)
        is_named = func.instr(func.folded(CONVERSATIONS.c.title), word) > 0
        query = query.where(is_named | CONVERSATIONS.c.id.in_(holders))
    return query


def folded(text: str) -> str:
    """The text without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_new(connection: Connection) -> bool:
    objects = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    return not objects and not _number(connection, "user_version")


def _check_format(connection: Connection, path: Path) -> None:
    found = _number(connection, "user_version")
    if _number(connection, "application_id") != _APPLICATION or found != FORMAT:
        raise ConversationsError(
            f"{path}: expected conversations in format {FORMAT}, found "
            f"{f'format {found}' if found > FORMAT else 'something else'}. It is left as it is: "
            "use a newer release of Verbatim, or move the file away."
        )


def _number(connection: Connection, pragma: str) -> int:
    return cast("int", connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
