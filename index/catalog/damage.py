"""What is wrong with a catalog's SQLite file, and what can still be read of a damaged one.

By SQLite alone: a damaged file is looked at a row at a time, around what cannot be read.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

FILES = ("-wal", "-shm", "-journal", "")
"""Endings of the files of a database, the database last: without it the others mean nothing."""
_BLOCK, _LONGEST_ROW = 1 << 20, 4096
_ROW = re.compile(rb"(/[^\0-\x1f\x7f]{1,3900}?)([0-9a-f]{16})(?=[0-9a-f]{64})")
"""A source's path and the id of its document, before the SHA-256 of the file."""
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


def readable_sources(path: Path) -> dict[str, str]:
    """The ids of documents by the paths of their files, as far as a damaged catalog tells.

    Where SQLite gives none, rows are looked for in the bytes: those of sources that were forgotten
    may be among them. An id is empty where it is not known.
    """
    found: dict[str, str] = {}
    try:
        with closing(_opened(path)) as database:
            database.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
            for source, document_id in _rows(database):
                if isinstance(source, str) and isinstance(document_id, str):
                    found[source] = document_id
    except sqlite3.Error:
        pass  # not a database any more
    if not found:
        found = _seen(path)
    return {source: held for source, held in found.items() if _is_plain(source)}


def _rows(database: sqlite3.Connection) -> Iterator[tuple[object, object]]:
    """The rows one after the other; each by its own where they cannot be read in a row."""
    with suppress(sqlite3.Error):  # the index of paths is in pages of its own
        for (source,) in database.execute(
            "SELECT path FROM sources INDEXED BY sqlite_autoindex_sources_1 ORDER BY path"
        ):
            yield source, ""
    query = "SELECT ordinal, path, document_id FROM sources"
    last = 0
    try:
        for ordinal, source, document_id in database.execute(f"{query} ORDER BY ordinal"):
            last = ordinal
            yield source, document_id
        return
    except sqlite3.Error:
        pass
    misses, row_of = 0, f"{query} WHERE ordinal = ?"
    while misses < _MISSES:
        last, misses = last + 1, misses + 1
        try:
            row = database.execute(row_of, (last,)).fetchone()
        except sqlite3.DatabaseError:
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
            for match in _ROW.finditer(rest + block):
                with suppress(UnicodeDecodeError):
                    found[match[1].decode()] = match[2].decode()
            rest = block[-_LONGEST_ROW:]
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
