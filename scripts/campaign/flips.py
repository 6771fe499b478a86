"""A bit of the catalog is flipped: what `doctor` does not notice is compared, value by value.

SQLite keeps no checksums, so that its own check finds what breaks its structure and nothing else.
A flip that is not noticed is held against every value of the catalog as it was: either none of
them differs (free space, unused fields), or the columns are named that do.
"""

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import child
import corpus
from checks import Broken, check
from ledger import Ledger, Row

from index.layout import Layout

DOCUMENTS = 8
SECONDS = 90.0
SHORT = 12
PLACES = ("any byte", "a used byte of the small tables")
"""Most of a catalog is texts and vectors, which have checksums: half of the flips hit the rest."""
_BIG = ("passages", "sqlite_autoindex_passages_1", "passages_in_order")
_OWN = (
    *("meta.value (identity)", "meta.value (revision)", "documents.revision", "sources.ordinal"),
    *("passages.number", "tombstones"),
)
"""What a catalog that is made again may have otherwise: its name, numbers, what is long gone."""
HARMLESS = {
    "the wording of the schema": "SQLite makes the same columns and indexes of it",
    "sources.size": "the next update reads the file again, and sets it right",
    "sources.mtime_ns": "the same",
    "sources.sidecar_sha256": "the same",
}
"""Columns in which a difference leads to nothing wrong, and why."""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'"
"""All but SQLite's own: it goes by the place of that one's columns, and gives out numbers above
those that there are, whatever it says."""


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False, flips: int = 400) -> None:
    """Flip so many bits, each in a copy of its own."""
    base = work / "base"
    if not base.exists():
        make(base)
    offsets = dict(zip(PLACES, places_of(base / "index" / "catalog.sqlite3"), strict=True))
    for number in range(SHORT if short else flips):
        place = PLACES[number % 2]
        if not ledger.has("flips", f"{place} #{number}"):
            row = _tried(base, work / "copy", offsets[place], random.Random(f"{seed}/{number}"))
            ledger.add(Row("flips", f"{place} #{number}", *row))


def make(base: Path) -> None:
    """An index of documents with all metadata, of which some were edited and one is gone."""
    for number in range(DOCUMENTS + 1):
        _write(base / "docs", number, 0)
    child.build_all(base / "index", base / "docs")
    _write(base / "docs", 1, 1)
    corpus.path_of(base / "docs", DOCUMENTS).unlink()
    child.prune_all(base / "index", base / "docs")
    with closing(sqlite3.connect(base / "index" / "catalog.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _write(docs: Path, number: int, version: int) -> None:
    path = corpus.write(docs, number, version, paragraphs=3)
    about = (
        f"---\ntitle: The {corpus.name_of(number)}\nauthor: Ann Lee {number}\n"
        f"publisher: Harbor Press\ndate: 19{50 + number}-05-0{number + 1}\n"
        f"url: https://example.org/{number}\n---\n\n"
    )
    path.write_text(about + path.read_text(encoding="utf-8"), encoding="utf-8")


def places_of(catalog: Path) -> tuple[list[int], list[int]]:
    """The offsets of all bytes, and of those that rows of other tables than the passages' use."""
    data = catalog.read_bytes()
    with closing(sqlite3.connect(catalog)) as database:
        rows = database.execute("SELECT name, pageno, pgoffset, pgsize FROM dbstat").fetchall()
    small = [
        at
        for name, page, start, size in rows
        if name not in _BIG
        for at in _used(data, start, size, header=100 if page == 1 else 0)
    ]
    return list(range(len(data))), small


def _used(data: bytes, start: int, size: int, *, header: int) -> list[int]:
    """The bytes of a page's header, of its pointers to rows, and of the rows."""
    kind, at = data[start + header], start + header
    cells, content = (int.from_bytes(data[at + n : at + n + 2]) for n in (3, 5))
    head = at + (12 if kind in (2, 5) else 8) + 2 * cells
    return [*range(start, head), *range(start + content, start + size)]


def _tried(base: Path, copy: Path, offsets: list[int], chance: random.Random) -> tuple[str, bool]:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base / "index", copy / "index")
    path = copy / "index" / "catalog.sqlite3"
    data = bytearray(path.read_bytes())
    data[chance.choice(offsets)] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))
    told = copy / "told.json"
    process = child.start(trial, copy / "index", base / "docs", base / "index", told)
    process.join(SECONDS)
    is_slow = process.is_alive()
    code = child.kill(process)
    if is_slow or code or not told.exists():
        return "too slow" if is_slow else f"ended with {code}", False
    words, is_well = json.loads(told.read_text())
    return words, is_well


def trial(index_dir: Path, docs: Path, whole: Path, told: Path) -> None:
    """Examine, and compare what was not noticed, or repair what was."""
    corpus.take_place_of_models()
    layout, sound = Layout.at(index_dir), whole / "catalog.sqlite3"
    named = noticed(layout)
    if named is None:
        found = differences(sound, layout.catalog)
        unknown = sorted(found - set(HARMLESS))
        words = f"not noticed: {' and '.join(sorted(found)) or 'no value differs'}"
        told.write_text(json.dumps((words, not unknown)))
        return
    try:
        left = mended(layout, docs, sound)
    except Exception as error:
        left = f"{type(error).__name__}: {error}"
    told.write_text(json.dumps((f"noticed ({named}), {left or 'repaired'}", not left)))


def noticed(layout: Layout) -> str | None:
    """What `doctor` says is damaged, in a word; None where it finds nothing."""
    from index import Index
    from index.checkup import examine
    from index.errors import VerbatimError

    try:
        health = examine(layout)
        parts = [part for part in ("catalog", "documents", "stores") if getattr(health, part)]
        if parts:
            return parts[0]
        with Index.open(layout, corpus.embedder()) as index:
            index.search("brewery", k=1, labels=())
    except VerbatimError as error:
        return type(error).__name__
    return None


def mended(layout: Layout, docs: Path, sound: Path) -> str:
    """What a repair leaves wrong; nothing where all is as it was."""
    from index.checkup import examine
    from index.repair import repair

    result = repair(layout, examine(layout), [docs], corpus.embedder())
    if result.left:
        return f"left: {result.left[0]}"
    try:
        check(layout.folder, docs)
    except Broken as error:
        return f"broken: {error}"
    other = {each for each in differences(sound, layout.catalog) if not each.startswith(_OWN)}
    return f"differs in {' and '.join(sorted(other))}" if other else ""


def differences(sound: Path, other: Path) -> set[str]:
    """The columns, as `table.column`, in which a value differs; every table is read whole."""
    with closing(sqlite3.connect(sound)) as one, closing(sqlite3.connect(other)) as two:
        two.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        try:
            return set(_differences(one, two))
        except sqlite3.Error as error:
            return {f"cannot be read: {error}"}


def _differences(one: sqlite3.Connection, two: sqlite3.Connection) -> Iterator[str]:
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    if one.execute(schema).fetchall() != two.execute(schema).fetchall():
        is_same = list(_understood(one)) == list(_understood(two))
        yield "the wording of the schema" if is_same else "the schema"
    for (table,) in one.execute(f"{_TABLES} ORDER BY name").fetchall():
        key = {"sources": "path", "passages": "id"}.get(table, "1")
        query = f'SELECT * FROM "{table}" ORDER BY {key}'
        first, second = one.execute(query), two.execute(query)
        names = [column[0] for column in first.description]
        if names != [column[0] for column in second.description]:
            yield table
            continue
        yield from _of_rows(table, names, first.fetchall(), second.fetchall())


def _understood(database: sqlite3.Connection) -> Iterator[list[tuple[Any, ...]]]:
    """What SQLite takes the tables and their indexes to be."""
    for (table,) in database.execute(f"{_TABLES} ORDER BY name").fetchall():
        for kind in ("table_xinfo", "foreign_key_list", "index_list"):
            yield database.execute(f"SELECT * FROM pragma_{kind}(?)", (table,)).fetchall()
        for row in database.execute("SELECT name FROM pragma_index_list(?)", (table,)).fetchall():
            yield database.execute("SELECT * FROM pragma_index_xinfo(?)", row).fetchall()


def _of_rows(
    table: str, names: list[str], first: list[tuple[Any, ...]], second: list[tuple[Any, ...]]
) -> Iterator[str]:
    if len(first) != len(second):
        yield f"{table} (other rows)"
        return
    for mine, theirs in zip(first, second, strict=True):
        for name, value, other in zip(names, mine, theirs, strict=True):
            if (type(value), value) != (type(other), other):
                yield f"meta.value ({mine[0]})" if table == "meta" else f"{table}.{name}"
