"""Rows of a catalog as lines of JSON, and whether what such a line says can be a row."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO, Any

from index.catalog.rows import columns
from index.errors import IndexDamagedError, damaged_document
from index.records import (
    Row,
    byline_of,
    check_parts,
    info_of,
    passage_of,
    places_of,
)

LONGEST = 1 << 28
"""Bytes of one line: what is read of a file must fit into memory, whatever it says."""
_MOST = 1 << 63
_LABELS = ("body", "byline", "boilerplate", "notes", "front_matter")


def line_of(row: Row) -> bytes:
    """A row as a line.

    Raises:
        IndexDamagedError: it would be longer than any that is read.
    """
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if len(line) > LONGEST:
        name = row.get("id") or row.get("path")
        raise IndexDamagedError(
            f"{name} was expected to take at most {LONGEST:,} bytes in an exported index, and "
            f"takes {len(line):,}. Remove the document from the index, and export it again."
        )
    return line


def rows_of(stream: IO[bytes], table: str) -> Iterator[Row]:
    """The rows in a member, each checked for itself.

    Raises:
        IndexDamagedError: a line is no row of the table.
    """
    known = columns(table)
    for number, row in numbered(stream, table):
        _check_columns(row, known, table, number)
        try:  # an older release may have written fewer columns
            check_row({**dict.fromkeys(known), **row}, table)
        except IndexDamagedError as error:
            raise _wrong(table, number, "values that cannot be") from error
        yield row


def check_row(row: Row, table: str) -> None:
    """Nothing, if a row can be read as what it stands for, and is as it was indexed.

    Raises:
        IndexDamagedError: it is not.
    """
    check = {"documents": _check_document, "passages": _check_passage}.get(table)
    try:
        if check is not None:
            check(row)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged_document(str(row["id"])) from error


def numbered(stream: IO[bytes], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects in a member of JSON lines, with the number of the line.

    Raises:
        IndexDamagedError: a line is too long, or no JSON object.
    """
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise _wrong(name, number, f"more than {LONGEST:,} bytes")
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _wrong(name, number, "no JSON") from error
        if not isinstance(value, dict):
            raise _wrong(name, number, "no JSON object")
        yield number, value


class TextCheck:
    """Follows all passages in order, and compares the text of each document with its hash."""

    def __init__(self, documents: Iterable[Row]) -> None:
        """Prepare it.

        Args:
            documents: those the passages are of, ordered by id, with `id` and `sha256`.
        """
        self._documents = iter(documents)
        self._id = ""
        self._wanted = ""
        self._text = sha256()
        self._end = self._ordinal = 0

    def follow(self, row: Row) -> None:
        """Take the next passage.

        Raises:
            IndexDamagedError: it is not the next piece of its document, or the document before is
                not whole.
        """
        while row["document_id"] != self._id:
            self._close()
            self._open(row["document_id"])
        if (row["ordinal"], row["start"]) != (self._ordinal, self._end):
            raise _torn(self._id)
        self._text.update(row["text"].encode())
        self._end, self._ordinal = row["end"], self._ordinal + 1

    def finish(self) -> None:
        """Check what is left.

        Raises:
            IndexDamagedError: the last documents are not whole.
        """
        self._close()
        for document in self._documents:
            raise _torn(document["id"])

    def _open(self, wanted: str) -> None:
        document = next(self._documents, None)
        if document is None or document["id"] <= self._id:
            raise _torn(wanted)
        self._id, self._wanted = document["id"], document["sha256"]
        self._text, self._end, self._ordinal = sha256(), 0, 0

    def _close(self) -> None:
        if self._id and self._text.hexdigest() != self._wanted:
            raise _torn(self._id)


def _check_columns(
    row: Row, known: dict[str, tuple[type[int] | type[str], bool]], table: str, number: int
) -> None:
    if extra := sorted(set(row) - set(known)):
        raise _wrong(table, number, f"{extra[0]!r}, which no {table} have")
    for name, (kind, is_needed) in known.items():
        value = row.get(name)
        if value is None and not is_needed:
            continue
        if type(value) is not kind or (isinstance(value, int) and not -_MOST <= value < _MOST):
            raise _wrong(table, number, f"no usable {name!r}")


def _check_document(row: Row) -> None:
    info = info_of({**row, "source": ""})
    check_parts(row)
    byline_of(row)
    places_of({**row, "places": row["places"] or "[]"})
    texts = (*info.authors, *(part for pair in info.found for part in pair))
    is_hash = len(info.sha256) == 64 and not set(info.sha256) - set("0123456789abcdef")
    if not is_hash or info.id != info.sha256[:16] or not all(map(_is_text, texts)):
        raise ValueError("no id, or no metadata")


def _check_passage(row: Row) -> None:
    passage = passage_of(row)
    start, end = passage.start, passage.end
    is_placed = 0 <= start <= end and end - start == len(passage.text)
    for sentence in passage.sentences:
        is_placed = is_placed and start <= sentence.start <= sentence.end <= end
    if not is_placed or passage.id != row["id"] or passage.label not in _LABELS:
        raise ValueError("no passage")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _wrong(name: str, number: int, found: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"Expected an exported index that can be used, found in line {number} of its {name}: "
        f"{found}. Nothing was imported. Take another copy."
    )


def _torn(document_id: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"Expected each document's passages to add up to its text, found document "
        f"{document_id} where they do not. Nothing was written. If this is an index in use, index "
        "its files again into another folder; if an exported one, take another copy."
    )
