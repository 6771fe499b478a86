"""A catalog on a PostgreSQL server, for several machines.

PostgreSQL's advisory locks decide who writes: one transaction at a time, as with SQLite, and one
process at a time for what takes longer (`ServerLock`).
"""

import time
import zlib
from contextlib import suppress

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from index.errors import IndexBusyError, InputError

DRIVER = "postgresql+psycopg"
_APPLICATION = "verbatim"
_CONNECT_SECONDS = 10
_LOCK_SECONDS = 30
"""How long a transaction waits for those of other writers."""
_LOOK_EVERY = 0.2
_LOCKS = zlib.crc32(b"verbatim") >> 1
"""The first of the two numbers of all our advisory locks: other programs use locks as well."""
_SECOND = "hashtext(current_schema()) # %s"
"""The second one, of the index and the lock's own number."""
_WRITES = "writes"


def shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "an address that cannot be read"


def open_server(url: str) -> Engine:
    """An engine on the server; nothing is connected before it is used.

    Args:
        url: `postgresql+psycopg://user@host/database`; what it leaves out, such as the password,
            libpq looks for in its environment variables and files.

    Raises:
        InputError: it is no such address, or the driver is not installed.
    """
    try:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername=DRIVER)
        if address.drivername != DRIVER:
            raise ArgumentError(address.drivername)
        engine = create_engine(
            address,
            pool_pre_ping=True,  # the server may have been restarted
            connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": _APPLICATION},
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # The address is not repeated: it may hold a password.
        raise InputError(
            f"The catalog's address was expected to be {DRIVER}://USER@HOST/DATABASE, and is "
            "something else. Correct it."
        ) from error
    except ImportError as error:
        raise InputError(
            "A catalog on PostgreSQL needs the package psycopg, which is not installed. "
            "Install it: pip install 'verbatim-assistant[postgres]'"
        ) from error
    event.listen(engine, "begin", _begin)
    return engine


class ServerLock:
    """A lock that all machines know, for longer than a transaction.

    It is the connection's: a process that is killed, or loses its server, holds it no longer.
    """

    def __init__(self, engine: Engine, name: str, *, shared: bool = False) -> None:
        """Prepare it.

        Args:
            engine: on the server.
            name: of the lock.
            shared: whether others may hold it so at the same time.
        """
        self._engine = engine
        self._call = f"{'_shared' if shared else ''}(%s, {_SECOND})"
        self._values = (_LOCKS, _number(name))
        self._connection: Connection | None = None

    def acquire(self, wait: float) -> None:
        """Take it.

        Args:
            wait: seconds to wait for it; 0 tries once.

        Raises:
            IndexBusyError: another process holds it.
        """
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            take = f"SELECT pg_try_advisory_lock{self._call}"
            end = time.monotonic() + wait
            while not connection.exec_driver_sql(take, self._values).scalar_one():
                if time.monotonic() >= end:
                    place = self._engine.url.render_as_string(hide_password=True)
                    raise IndexBusyError(
                        f"{place} is being written by another process, perhaps of another machine. "
                        "Wait until it is done and try again."
                    )
                time.sleep(_LOOK_EVERY)
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def release(self) -> None:
        """Give it back; nothing happens where the connection was lost."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with connection, suppress(DBAPIError):
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock{self._call}", self._values)


def is_held(engine: Engine, name: str) -> bool:
    """Whether any process holds a lock, shared or not."""
    query = f"""
        SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE locktype = 'advisory' AND granted AND datname = current_database()
        AND classid = %s AND objid = ({_SECOND})::bit(32)::bigint)
    """
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query, (_LOCKS, _number(name)))
        return bool(found.scalar_one())


def _number(name: str) -> int:
    return zlib.crc32(name.encode()) >> 1


def _begin(connection: Connection) -> None:
    """What SQLite does of itself: one writer at a time, and readers who see one moment."""
    if not connection.get_execution_options().get(_WRITES, False):
        if connection.get_isolation_level() != "AUTOCOMMIT":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    # After the lock each statement sees what the writer before has committed.
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
    lock = "SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))"
    connection.exec_driver_sql(lock, (_LOCKS,))
