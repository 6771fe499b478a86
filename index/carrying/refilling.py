"""The rows of an exported index, each checked, into a catalog that is new."""

from collections.abc import Iterator
from itertools import islice
from typing import IO
from uuid import uuid4

import numpy as np

from index.carrying.lines import LONGEST, TextCheck, rows_of
from index.carrying.originals import Roots
from index.carrying.unpacking import Packed
from index.catalog.rows import Filling
from index.errors import IndexDamagedError
from index.layout import FORMAT
from index.records import Row, model_rows, seal_of_vectors

_AT_ONCE = 256
"""Rows, with their vectors."""


def refill(out: Filling, packed: Packed, model: str, roots: Roots) -> None:
    """Write all rows, each checked."""
    manifest = packed.manifest
    found = (
        _documents(out, packed),
        _passages(out, packed),
        _sources(out, packed, roots),
    )
    if found != (manifest.documents, manifest.passages, manifest.sources):
        raise _unusable(packed, f"{found} documents, passages and sources, which it counts else")
    out.finish(
        {
            "format": str(FORMAT),
            # A copy is an index of its own: what is derived from the other one is not its.
            "identity": uuid4().hex,
            "revision": str(manifest.revision),
            **model_rows(model, manifest.fingerprint),
        }
    )


def _documents(out: Filling, packed: Packed) -> int:
    count = 0
    with packed.open("documents.jsonl") as stream:
        for part in _parts(rows_of(stream, "documents")):
            if any(not 0 <= row["revision"] <= packed.manifest.revision for row in part):
                raise _unusable(packed, "a document newer than the whole")
            out.add("documents", part)
            count += len(part)
    return count


def _passages(out: Filling, packed: Packed) -> int:
    count = 0
    with (
        packed.open("documents.jsonl") as documents,
        packed.open("passages.jsonl") as passages,
        packed.open("vectors.bin") as vectors,
    ):
        check = TextCheck(rows_of(documents, "documents"))
        for part in _parts(rows_of(passages, "passages")):
            for row in part:
                check.follow(row)
                row |= _vectors(vectors, row, packed)
            out.add("passages", part)
            count += len(part)
        check.finish()
        if vectors.read(1):
            raise _unusable(packed, "more vectors than passages")
    return count


def _sources(out: Filling, packed: Packed, roots: Roots) -> int:
    count = 0
    with packed.open("sources.jsonl") as stream:
        for part in _parts(rows_of(stream, "sources")):
            out.add("sources", [{**row, "path": roots.moved(row["path"])} for row in part])
            count += len(part)
    return count


def _vectors(stream: IO[bytes], row: Row, packed: Packed) -> Row:
    """The columns with the vectors of a passage and of its sentences."""
    dimension, sentences = packed.manifest.dimension, row["sentences"].count("[") - 1
    whole, parts = 4 * dimension, 2 * dimension * sentences
    if not 0 < whole + parts <= LONGEST:
        raise _unusable(packed, "vectors of no possible size")
    data = stream.read(whole + parts)
    found = {"vector": data[:whole], "sentence_vectors": data[whole:]}
    is_whole = len(data) == whole + parts
    is_whole = is_whole and row.get("vectors_seal") in (None, seal_of_vectors(*found.values()))
    if not is_whole or not all(
        np.isfinite(np.frombuffer(found[name], kind)).all()
        for name, kind in (("vector", "<f4"), ("sentence_vectors", "<f2"))
    ):
        raise _unusable(packed, f"no vectors for {row['id']}")
    return found


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while part := list(islice(rows, _AT_ONCE)):
        yield part


def _unusable(packed: Packed, found: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"Expected an exported index that can be used in {packed.place}, found {found}. Nothing "
        "was imported. Take another copy."
    )
