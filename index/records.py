"""What goes into the catalog and comes out of it, without any store's types."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import damaged_document
from index.filters import date_range, folded
from index.types import Document, DocumentInfo, Label, Passage, Place, Sentence

Vector = NDArray[np.float32]
Row = dict[str, Any]
SentenceVectors = NDArray[np.float16]
"""Shape (sentences, dimension)."""
_OF_PASSAGE = ("id", "document_id", "start", "end", "label", "heading", "text", "sentences")
_OF_INFO = (
    *("id", "sha256", "title", "authors", "publisher", "published", "language", "url"),
    "found",
)
_OF_PARTS = ("id", "byline", "places")
"""The columns that are written with a checksum: what a citation is made of, and cannot be checked
against anything else."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was indexed, as it was then."""

    path: str
    """Absolute."""
    file_sha256: str
    sidecar_sha256: str | None
    size: int
    """Bytes."""
    mtime_ns: int

    def has_content_of(self, other: "Source") -> bool:
        """Whether both have the same bytes and the same sidecar."""
        mine = (self.file_sha256, self.sidecar_sha256, self.size)
        return mine == (other.file_sha256, other.sidecar_sha256, other.size)


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedDocument:
    """A document ready to be stored."""

    document: Document
    passages: Sequence[Passage]
    """In order; together they are the document's text."""
    vectors: Vector
    """Shape (passages, dimension)."""
    sentence_vectors: Sequence[SentenceVectors]
    """One array a passage."""
    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class PassageRecord:
    """A passage as the derived stores need it."""

    id: str
    document_id: str
    label: str
    heading: str
    text: str
    title: str
    authors: str
    vector: Vector
    """Shape (dimension,)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a search compares of a passage."""

    document_id: str
    label: str
    vector: bytes
    """Little-endian float32 of shape (dimension,), of length 1."""
    sentences: bytes
    """Little-endian float16 of shape (sentences, dimension), each of length 1."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened in the catalog after some revision."""

    changed: tuple[str, ...]
    """Ids of documents that were added or replaced."""
    removed: tuple[str, ...]
    """Ids of documents that are gone."""
    passages: int
    """How many passages the changed documents have."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


def passage_row(passage: Passage, ordinal: int, vector: Vector, sentences: SentenceVectors) -> Row:
    """A passage as the columns of its table."""
    whole = np.ascontiguousarray(vector, dtype="<f4").tobytes()
    parts = np.ascontiguousarray(sentences, dtype="<f2").tobytes()
    row = {
        "id": passage.id,
        "document_id": passage.document_id,
        "ordinal": ordinal,
        "start": passage.start,
        "end": passage.end,
        "label": passage.label,
        "heading": passage.heading,
        "text": passage.text,
        "sentences": json.dumps([[sentence.start, sentence.end] for sentence in passage.sentences]),
        "vector": whole,
        "sentence_vectors": parts,
    }
    return row | {
        "seal": _seal(row, _OF_PASSAGE),
        "vectors_seal": seal_of_vectors(whole, parts),
    }


def passage_of(row: Mapping[str, Any]) -> Passage:
    """The passage in a row of its table.

    Raises:
        IndexDamagedError: it is not as it was written.
    """
    check_seal(row, "seal", _OF_PASSAGE)
    start, text = int(row["start"]), str(row["text"])
    label: Label = row["label"]
    return Passage(
        document_id=row["document_id"],
        start=start,
        end=int(row["end"]),
        text=text,
        label=label,
        heading=row["heading"],
        sentences=tuple(
            Sentence(first, last, text[first - start : last - start])
            for first, last in json.loads(row["sentences"])
        ),
    )


def document_row(document: Document) -> Row:
    """A document's metadata as the columns of its table."""
    info = document.info
    row = {
        "id": info.id,
        "sha256": info.sha256,
        "title": info.title,
        "authors": json.dumps(info.authors, ensure_ascii=False),
        "publisher": info.publisher,
        "published": info.published,
        "language": info.language,
        "url": info.url,
        "found": json.dumps(info.found),
        "byline": json.dumps(document.byline),
        "places": json.dumps([[p.start, p.kind, p.name] for p in document.places]),
    }
    return row | {"seal": _seal(row, _OF_INFO), "parts_seal": _seal(row, _OF_PARTS)}


def filter_row(authors: Sequence[str], published: str | None) -> Row:
    """What filters compare, of a document's metadata, as the columns of its table."""
    first_day, last_day = (published and date_range(published)) or (None, None)
    return {
        "author_key": "\n".join(map(folded, authors)),
        "first_day": first_day,
        "last_day": last_day,
    }


def info_of(row: Mapping[str, Any]) -> DocumentInfo:
    """The metadata in a row of the document table joined with its first source.

    Raises:
        IndexDamagedError: they are not as they were written.
    """
    check_seal(row, "seal", _OF_INFO)
    return DocumentInfo(
        id=row["id"],
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        publisher=row["publisher"],
        published=row["published"],
        source=row["source"] or "",
        sha256=row["sha256"],
        language=row["language"],
        url=row["url"],
        found=tuple((name, method) for name, method in json.loads(row["found"])),
    )


def byline_of(row: Mapping[str, Any]) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Where the text states its metadata, from a row of the document table."""
    return tuple((name, (start, end)) for name, (start, end) in json.loads(row["byline"]))


def places_of(row: Mapping[str, Any]) -> tuple[Place, ...]:
    """The pages of a document, from a row of the document table."""
    return tuple(Place(start, kind, name) for start, kind, name in json.loads(row["places"]))


def check_parts(row: Mapping[str, Any]) -> None:
    """Check what `byline_of` and `places_of` read.

    Raises:
        IndexDamagedError: it is not as it was written.
    """
    check_seal(row, "parts_seal", _OF_PARTS)


def check_seal(row: Mapping[str, Any], seal: str, names: Sequence[str]) -> None:
    """Compare a row with its checksum; an earlier release wrote none.

    Raises:
        IndexDamagedError: it is not as it was written.
    """
    if row[seal] is not None and row[seal] != _seal(row, names):
        raise damaged_document(str(row["id"]))


def seal_of_vectors(vector: bytes, sentence_vectors: bytes) -> int:
    """The checksum (CRC-32) of a passage's vectors."""
    return zlib.crc32(sentence_vectors, zlib.crc32(vector))


def model_rows(model: str, fingerprint: str) -> dict[str, str]:
    """What a catalog says of the embedding model: its name and fingerprint, and their checksum."""
    named = {"model": model, "fingerprint": fingerprint}
    return {**named, "model_seal": str(_seal(named, tuple(named)))}


def check_model(meta: Mapping[str, str]) -> None:
    """Look whether a catalog's embedding model is the one that was written.

    Catalogs of older releases have no checksum of it.

    Raises:
        ValueError: it is not.
    """
    if meta.get("model_seal") not in (None, str(_seal(meta, ("model", "fingerprint")))):
        raise ValueError("the embedding model that it names is not the one that was written")


def _seal(row: Mapping[str, Any], names: Sequence[str]) -> int:
    """The checksum (CRC-32) of some columns."""
    values = "\0".join("" if row[name] is None else str(row[name]) for name in names)
    return zlib.crc32(values.encode("utf-8", "surrogatepass"))


def record_of(row: Mapping[str, Any]) -> PassageRecord:
    """A passage for the derived stores, from a row of both tables joined."""
    return PassageRecord(
        id=row["id"],
        document_id=row["document_id"],
        label=row["label"],
        heading=row["heading"] or "",
        text=row["text"],
        title=row["title"] or "",
        authors=" ".join(json.loads(row["authors"])),
        vector=vector_of(row["vector"]),
    )


def vector_of(blob: bytes) -> Vector:
    """A stored vector, shape (dimension,)."""
    return np.frombuffer(blob, dtype="<f4").astype(np.float32, copy=False)


def sentence_vectors_of(blob: bytes, dimension: int) -> SentenceVectors:
    """Stored sentence vectors, shape (sentences, dimension)."""
    return np.frombuffer(blob, dtype="<f2").astype(np.float16, copy=False).reshape(-1, dimension)


def checked(embedded: EmbeddedDocument) -> EmbeddedDocument:
    """The same, if its parts fit together.

    Raises:
        ValueError: passages do not tile the text, or vectors do not match passages or sentences.
    """
    document, passages = embedded.document, embedded.passages
    if "".join(passage.text for passage in passages) != document.text:
        raise ValueError(f"the passages of {document.info.source} do not add up to its text")
    counts = [len(passage.sentences) for passage in passages]
    if len(embedded.vectors) != len(passages) or counts != list(
        map(len, embedded.sentence_vectors)
    ):
        raise ValueError(f"the vectors of {document.info.source} do not match its passages")
    return embedded
