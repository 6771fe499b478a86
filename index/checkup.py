"""Whether an index holds what was indexed: all of it is looked at, and nothing is changed.

A count says little of a store: vectors are compared and queried for themselves, and every
document is put together from its passages.
"""

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.canonical import canonical_text, text_sha256
from index.catalog import Catalog
from index.catalog.damage import file_trouble, schema_trouble
from index.errors import IndexDamagedError, IndexMissingError, VerbatimError
from index.layout import Generation, Layout, damage, read_stamp
from index.members import file_of, is_member
from index.records import SentenceVectors, Vector
from index.terms import TermStore
from index.types import Document, Passage
from index.vectors import Vectors, VectorStore

QUERIED = 2000
"""Vectors that are queried for themselves, spread evenly."""
COMPARED = 200
"""Files that are read again, spread evenly."""
_LENGTH_TOLERANCE = 0.01
"""Of vectors: sentences are kept as float16."""
_SAME = 1e-5


@dataclass(frozen=True, slots=True)
class Health:
    """What was found of an index."""

    catalog: str | None = None
    """What is wrong with the catalog as a whole; nothing else was looked at then."""
    documents: tuple[tuple[str, str], ...] = ()
    """Each damaged document's id, and what is wrong with it."""
    stores: str | None = None
    """What is wrong with what is derived from the catalog."""
    files: tuple[str, ...] = ()
    """Files that are as they were when they were indexed, and give another text now."""
    document_count: int = 0
    passage_count: int = 0
    queried: int = 0
    """Vectors that were queried for themselves."""
    compared: int = 0
    """Files that were read again."""
    gone: tuple[str, ...] = ()
    """Files that are no more where they were indexed: nothing is wrong with their documents."""

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.catalog or self.documents or self.stores or self.files)


def examine(layout: Layout) -> Health:
    """Look for damage in all parts of an index.

    Raises:
        IndexMissingError: there is no index.
        IndexFormatError: it was made by a newer release.
        IndexBusyError: another process holds the catalog.
        IndexUnreachableError: a server does not answer.
    """
    # A file that is no catalog at all is told apart from none.
    if layout.catalog_url is None and layout.catalog.is_file() and layout.catalog.stat().st_size:
        trouble = file_trouble(layout.catalog)
        if trouble is not None:
            return Health(catalog=trouble)
    try:
        writable = layout.catalog_url is not None or layout.is_writable
        with closing(Catalog(layout.catalog_address, writable=writable)) as catalog:
            if layout.catalog_url is None and (trouble := schema_trouble(layout.catalog)):
                return Health(catalog=trouble)
            documents = tuple(_damaged(catalog))
            count, passages = catalog.counts()
            damaged = {name for name, _ in documents}
            files, compared = _other_files(catalog, damaged)
            # Files of a catalog in a database may be on other machines.
            gone = () if catalog.is_server else tuple(_gone_files(catalog))
            stores, queried = (None, 0)
            if not damaged:  # else they cannot be compared with it
                stores, queried = _store_trouble(layout, catalog)
    except IndexDamagedError as error:
        return Health(catalog=str(error))
    except IndexMissingError:
        if layout.catalog_url is None and layout.current.exists():
            return Health(catalog=f"{layout.catalog} is gone, or empty")
        raise
    return Health(None, documents, stores, files, count, passages, queried, compared, gone)


def _damaged(catalog: Catalog) -> Iterator[tuple[str, str]]:
    with_source = {held for part in catalog.source_batches() for _, held in part}
    for name in catalog.changes_since(-1).changed:
        trouble = document_trouble(catalog, name)
        is_held = name in with_source or catalog.holders(name)
        if trouble is None and not is_held and catalog.infos([name]):
            trouble = "no file holds it"
        if trouble is None and not catalog.has_own_filters(name):
            trouble = "what filters compare are not its authors and date"
        if trouble is not None:
            yield name, trouble


def document_trouble(catalog: Catalog, name: str) -> str | None:
    """What is wrong with a document, its passages and their vectors; None where nothing is."""
    # It may be removed while it is read, in parts: it is then gone the second time.
    return _trouble_of(catalog, name) and _trouble_of(catalog, name)


def _trouble_of(catalog: Catalog, name: str) -> str | None:
    try:
        document, passages = catalog.document(name), catalog.passages(name)
        if document is None:
            return None  # removed a moment ago
        vectors = catalog.vectors(passage.id for passage in passages)
        wrong = None if catalog.has_whole_vectors(name) else "its vectors have changed"
    except (IndexDamagedError, ValueError, KeyError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return text_trouble(document, passages) or _vector_trouble(passages, vectors) or wrong


def text_trouble(document: Document, passages: list[Passage]) -> str | None:
    """What is wrong with a document's text, or how it is divided; None where nothing is."""
    info, at = document.info, 0
    if text_sha256(document.text) != info.sha256 or info.id != info.sha256[:16]:
        return "its text is not the one that was indexed"
    for passage in passages:
        if (passage.start, passage.end) != (at, at + len(passage.text)):
            return f"its passages do not follow one another at {at}"
        spans = [(sentence.start, sentence.end) for sentence in passage.sentences]
        if any(not passage.start <= start < end <= passage.end for start, end in spans):
            return f"a sentence lies outside of its passage at {at}"
        at = passage.end
    return None


def _vector_trouble(
    passages: list[Passage], vectors: dict[str, tuple[Vector, SentenceVectors]]
) -> str | None:
    for passage in passages:
        if passage.id not in vectors:
            return f"no vector for the passage at {passage.start}"
        whole, sentences = vectors[passage.id]
        if len(sentences) != len(passage.sentences):
            return f"{len(sentences)} vectors for {len(passage.sentences)} sentences"
        for each in (whole[np.newaxis], sentences):
            lengths = np.linalg.norm(each.astype(np.float64), axis=1)
            # A model may have nothing to say of a text: its vector is then zero.
            is_off = np.abs(lengths - 1) > _LENGTH_TOLERANCE
            if not np.isfinite(lengths).all() or np.any(is_off & (lengths > 0)):
                return f"a vector of the passage at {passage.start} is not of length 1"
    return None


def _other_files(catalog: Catalog, damaged: set[str]) -> tuple[tuple[str, ...], int]:
    """Files that give another text than when they were indexed, though they are the same."""
    from index.measuring import measured

    known = [
        (source, held)
        for part in catalog.source_batches()
        for source, held in part
        if held not in damaged and not is_member(source.path)
    ]
    step = max(1, len(known) // COMPARED)
    other, compared = [], 0
    for source, held in known[::step]:
        with suppress(VerbatimError, OSError):
            now = measured(Path(source.path)).source
            if now.file_sha256 != source.file_sha256:
                continue  # edited since: the next update sees it
            info = catalog.infos([held]).get(held)
            compared += 1
            if info and text_sha256(canonical_text(source.path, info.sha256)) != info.sha256:
                other.append(source.path)
    return tuple(other), compared


def _gone_files(catalog: Catalog) -> Iterator[str]:
    files = (file_of(source.path) for part in catalog.source_batches() for source, _ in part)
    yield from (str(path) for path in dict.fromkeys(files) if not os.path.lexists(path))


def _store_trouble(layout: Layout, catalog: Catalog) -> tuple[str | None, int]:
    """What is wrong with the stores in use, and how many vectors were queried for themselves."""
    generation = layout.current_generation()
    if generation is None:
        if not catalog.content_revision():
            return None, 0
        return f"{layout.current} names no generation", 0
    stamp = read_stamp(generation)
    if stamp is None or not stamp.clean:
        return f"{generation.name} has no stamp that can be read, or was never finished", 0
    if trouble := damage(generation, stamp):
        return f"{generation.name}: {trouble}", 0
    if stamp.index != catalog.identity or stamp.revision > catalog.revision:
        return f"{generation.name} was made from another catalog", 0
    revision = catalog.content_revision()
    if stamp.revision < revision:
        return None, 0  # brought up by the next search: there is nothing to compare it with
    database = generation.chroma / "chroma.sqlite3"
    if layout.chroma is None and (trouble := file_trouble(database, has_keys=False)):
        return f"{generation.name}: {database.name}: {trouble}", 0
    try:
        trouble, queried = _compared_stores(layout, generation, catalog)
    except IndexDamagedError as error:
        trouble, queried = f"{generation.name}: {error}", 0
    # Another process may have written meanwhile: there is nothing then to compare them with.
    is_same = (revision, generation) == (catalog.content_revision(), layout.current_generation())
    return (trouble, queried) if is_same else (None, 0)


def _compared_stores(
    layout: Layout, generation: Generation, catalog: Catalog
) -> tuple[str | None, int]:
    known = catalog.passage_ids()
    with closing(TermStore(generation.terms)) as terms:
        if trouble := _difference("the term store", terms.ids(), known):
            return trouble, 0
    with closing(_vectors(layout, generation, catalog)) as vectors:
        return _compared_vectors(vectors, catalog, known)


def _vectors(layout: Layout, generation: Generation, catalog: Catalog) -> Vectors:
    if layout.chroma is None:
        return VectorStore(generation.chroma)
    from index.vector_server import ServerVectors

    return ServerVectors(layout.chroma, catalog.identity)


def _compared_vectors(
    vectors: Vectors, catalog: Catalog, known: set[str]
) -> tuple[str | None, int]:
    stored: list[str] = []
    for names, found in vectors.stored():
        own = catalog.vectors(names)
        stored += names
        for name, vector in zip(names, found, strict=True):
            if name in own and not np.allclose(vector, own[name][0], atol=_SAME):
                return f"the vector store has another vector for {name}", 0
    if trouble := _difference("the vector store", stored, known):
        return trouble, 0
    sample = catalog.sample(QUERIED, catalog.revision)
    return vectors.check(sample), len(sample)


def _difference(store: str, found: list[str], known: set[str]) -> str | None:
    if len(found) != len(set(found)):
        return f"{store} has {len(found) - len(set(found))} passages twice"
    orphans, lost = set(found) - known, known - set(found)
    if orphans or lost:
        return f"{store} lacks {len(lost)} passages, and has {len(orphans)} that are no more"
    return None
