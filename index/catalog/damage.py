"""What is wrong with a catalog's SQLite file, and what can still be read of a damaged one.

By SQLite alone: a damaged file is looked at a row at a time, around what cannot be read.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from index.catalog.schema import SCHEMA

FILES = ("-wal", "-shm", "-journal", "")
"""Endings of the files of a database, the database last: without it the others mean nothing."""
_BLOCK, _LONGEST_ROW = 1 << 20, 9000
_ROW_TYPES = re.compile(
    rb"\0([\x0d-\x7f]|[\x81-\xff][\0-\x7f])\x2d\x81\x0d(?:\0|\x81\x0d)[\0-\x09]{2}(?=/)", re.S
)
"""What stands before the values of a row of sources: their types, with the length of the path.

The ordinal is kept elsewhere; then come a text, one of 16 characters, one of 64, one of 64 or none,
and two numbers. See "Record Format" in SQLite's description of its files.
"""
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What reading raises: SQLite's words for what is wrong may quote bytes that are no text."""
_ID = re.compile("[0-9a-f]{16}")
_MISSES = 10_000
"""Rows in a row that are not there, after which it is taken that no more will come."""


def file_trouble(path: Path, *, has_keys: bool = True) -> str | None:
    """What SQLite finds wrong with a database, every page of it read; None where nothing is.

    Args:
        path: of the database; it is not changed.
        has_keys: whether its rows refer to others that have to be there.
    """
    try:
        with closing(_opened(path)) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
            if found != ["ok"]:
                return "; ".join(" ".join(str(line).split()) for line in found)
            check = "PRAGMA foreign_key_check" if has_keys else "SELECT 1 WHERE 0"
            rows = database.execute(check).fetchmany(3)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        return f"{error}"
    return f"{rows[0][0]} without {rows[0][2]}" if rows else None


def schema_trouble(path: Path) -> str | None:
    """Which table does not have the columns and indexes of a catalog; None where all have.

    SQLite reads its tables as the file says that they are, and checks that of no word of it.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as expected, closing(_opened(path)) as database:
            for table in SCHEMA.sorted_tables:
                parts: list[DDLElement] = [CreateTable(table), *map(CreateIndex, table.indexes)]
                for part in parts:
                    expected.execute(str(part.compile(dialect=sqlite.dialect())))
                if _shape(database, table.name) != _shape(expected, table.name):
                    return f"the table {table.name} has not the columns and indexes of a catalog"
    except _UNREADABLE as error:
        return f"{error}"
    return None


def _shape(database: sqlite3.Connection, table: str) -> tuple[set[tuple[object, ...]], ...]:
    """What a table's columns, indexes and references are, whatever their order."""
    columns = database.execute(
        "SELECT name, replace(type, 'BIGINT', 'INTEGER'), \"notnull\", pk, hidden"
        " FROM pragma_table_xinfo(?)",
        (table,),
    )
    indexes = database.execute(
        'SELECT i.name, i."unique", i.partial, c.seqno, c.name, c."desc", c.coll, m.sql'
        " FROM pragma_index_list(?) AS i, pragma_index_xinfo(i.name) AS c"
        " LEFT JOIN sqlite_master AS m ON m.name = i.name",
        (table,),
    )
    keys = database.execute(
        'SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list(?)', (table,)
    )
    return set(columns), set(indexes), set(keys)


def readable_sources(path: Path) -> dict[str, str]:
    """The ids of documents by the paths of their files, as far as a damaged catalog tells.

    Where SQLite gives none, rows are looked for in the bytes: those of sources that were forgotten
    may be among them. An id is empty where it is not known.
    """
    found: dict[str, str] = {}
    try:
        with closing(_opened(path)) as database:
            database.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
            indexed = _indexed(database)
            rows = _by_path(_rows(database))
            found = {**dict.fromkeys(indexed, ""), **rows}
            only_indexed, only_rows = indexed - rows.keys(), rows.keys() - indexed
            if len(only_indexed) == len(only_rows) == 1:  # one path, of which one copy changed
                found[only_indexed.pop()] = rows[only_rows.pop()]
    except _UNREADABLE:
        pass  # not a database any more
    if not found:
        found = _seen(path)
    return {source: held for source, held in found.items() if _is_plain(source)}


def _by_path(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of a path that two rows have, one of them by damage, nobody knows the document."""
    found: dict[str, str] = {}
    for source, held in rows:
        found[source] = held if found.get(source, held) == held else ""
    return found


def _indexed(database: sqlite3.Connection) -> set[str]:
    """The paths in the index of paths, which is in pages of its own."""
    found: set[str] = set()
    query = "SELECT path FROM sources INDEXED BY sqlite_autoindex_sources_1 ORDER BY path"
    with suppress(*_UNREADABLE):
        found.update(path for (path,) in database.execute(query) if isinstance(path, str))
    return found


def _rows(database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Paths and documents, row by row; each by its own where they cannot be read in a row."""
    for source, document_id in _values(database):
        # Where a length in a row has changed, its values begin and end at other characters.
        if isinstance(source, str) and _ID.fullmatch(str(document_id)):
            yield source, str(document_id)


def _values(database: sqlite3.Connection) -> Iterator[tuple[object, object]]:
    query = "SELECT ordinal, path, document_id FROM sources"
    last = 0
    try:
        for ordinal, source, document_id in database.execute(f"{query} ORDER BY ordinal"):
            last = ordinal
            yield source, document_id
        return
    except _UNREADABLE:
        pass
    misses, row_of = 0, f"{query} WHERE ordinal = ?"
    while misses < _MISSES:
        last, misses = last + 1, misses + 1
        try:
            row = database.execute(row_of, (last,)).fetchone()
        except _UNREADABLE:
            continue
        if row is not None:
            misses = 0
            yield row[1], row[2]


def _seen(path: Path) -> dict[str, str]:
    """Rows of sources in the bytes of a file that is no database any more."""
    found: dict[str, str] = {}
    rest = b""
    with suppress(OSError), path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            data = rest + block
            for match in _ROW_TYPES.finditer(data):
                *high, low = match[1]
                end = match.end() + ((high[0] - 128 if high else 0) * 128 + low - 13) // 2
                with suppress(UnicodeDecodeError):
                    source, held = data[match.end() : end].decode(), data[end : end + 16].decode()
                    if _ID.fullmatch(held):
                        found[source] = held
            rest = data[-_LONGEST_ROW:]
    return found


def _is_plain(source: str) -> bool:
    try:
        source.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in source and Path(source).is_absolute()


def _opened(path: Path) -> sqlite3.Connection:
    has_log = path.with_name(f"{path.name}-wal").exists()
    # To close a file that was opened as immutable drops the locks that this process has on it.
    mode = "mode=ro" if has_log or os.access(path.parent, os.W_OK) else "immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=10.0)
