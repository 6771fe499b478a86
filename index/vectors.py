"""The vector store: Chroma, derived from the catalog. The only part that knows Chroma.

Chroma is only ever given finished vectors; which document or passage they belong to is metadata.
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import IndexDamagedError, translated
from index.records import PassageRecord, Vector
from index.telemetry import CHROMA

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

NAME = "passages"
REMEDY = "It is made again from the catalog by: assistant index PATH --index DIR"
SPACE = "cosine"
EF_SEARCH = 400
"""How many passages a search keeps in view; docs/performance.md has the recall of others."""
GRAPH: dict[str, Any] = {
    "space": SPACE,
    "ef_search": EF_SEARCH,
    # Of 106,466 real vectors a query finds .995 of the 50 nearest so, in the same time in which it
    # finds .975 by Chroma's own 16 and 100.
    "max_neighbors": 32,
    "ef_construction": 200,
}
SETTINGS = GRAPH | {
    # Chroma writes its graph when as many changes are waiting. What waits when it is closed is
    # worked in at every opening, which changes the files: so nothing may wait.
    "sync_threshold": 2,
}
MORE_NEIGHBORS = {"max_neighbors": 64}
DENSE = SETTINGS | MORE_NEIGHBORS
"""For clusters of texts that are alike but for a number or a name: a graph of fewer neighbors each
falls into islands there, which no search enters. It takes longer to make."""
_LOST = 0.1
"""The share of vectors that may be out of reach of a search: the graph is approximate."""
_LARGEST_LIST = 10_000
"""Ids in one filter; SQLite takes 32,766."""
_MANY = 400
"""How many of the nearest are looked through for a vector that is looked for by itself."""
_LOOKS_BY_LABEL, _LOOKS_BY_DOCUMENT = (2, 8), (2,)
"""How many times `k` to ask for, before a filter is given to Chroma; without a filter, too, so that
of equally near ones it is the ids that say which are given."""

Belongings = Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]
"""Gives the document and the label of passages by their ids; unknown ids are left out."""

_clients = threading.Lock()
"""Chroma keeps clients in a table of the process, which it changes without a lock."""


class Vectors:
    """Nearest passages by cosine, in one of Chroma's collections. Reading is safe in threads."""

    _client: Any
    _collection: Any
    count: int
    """How many passages it has."""
    most_found: int | None = None
    """How many passages one query may give, at most; None for as many as there are."""

    def close(self) -> None:
        """Close the files or connections."""
        with _clients, self._translated():
            if self._client is not None:
                self._client.close()
                self._client = None

    def add(self, records: Sequence[PassageRecord]) -> None:
        """Add passages, or replace them."""
        with self._translated():
            size = self._largest_write()
            for start in range(0, len(records), size):
                self._add(records[start : start + size])
            self.count = int(self._collection.count())

    def delete_documents(self, ids: Sequence[str]) -> None:
        """Remove all passages of some documents; ids that are not there are ignored."""
        with self._translated():
            for part in _parts(ids):
                self._collection.delete(where={"document_id": {"$in": part}})
            self.count = int(self._collection.count())

    def query(
        self,
        vector: Vector,
        k: int,
        documents: Collection[str] | None = None,
        labels: Sequence[str] = (),
        belongings: Belongings | None = None,
    ) -> list[tuple[str, float]]:
        """The passages nearest to a vector.

        Args:
            vector: shape (dimension,), of length 1.
            k: how many, at most.
            documents: ids of the documents to look in; None for all.
            labels: labels of the passages to look at; empty for all.
            belongings: what filters ask; by default Chroma, which takes longer than a catalog.

        Returns:
            (passage id, cosine) pairs, nearest first, ties by id.
        """
        k = self._possible(k)
        if k == 0 or (documents is not None and not documents):
            return []
        with self._translated():
            found = self._look(vector, k, documents, labels, belongings)
            if found is None:
                parts = [None] if documents is None else list(_parts(sorted(documents)))
                wheres = [_where(part, labels) for part in parts]
                found = [hit for where in wheres for hit in self._query(vector, k, where)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def stored(self) -> Iterator[tuple[list[str], Vector]]:
        """All that it holds, a part at a time.

        Yields:
            Ids, and their vectors of shape (ids, dimension).
        """
        with self._translated():
            size = min(_LARGEST_LIST, self.most_found or _LARGEST_LIST)
            for start in range(0, self.count, size):
                part = self._collection.get(limit=size, offset=start, include=["embeddings"])
                yield list(part["ids"]), np.asarray(part["embeddings"], dtype=np.float32)

    def check(self, sample: Sequence[tuple[str, Vector]], most: float = _LOST) -> str | None:
        """Look for stored vectors by themselves: a count says nothing about what can be found.

        Args:
            sample: (passage id, vector) pairs out of the catalog.
            most: the share of them that may be lost.

        Returns:
            What is wrong, or None.
        """
        lost = sum(not self._is_found(name, vector) for name, vector in sample)
        return f"{lost} of {len(sample)} vectors lost" if lost > most * len(sample) else None

    @property
    def is_dense(self) -> bool:
        """Whether there is no graph that could be denser: it is `DENSE`, or a cloud's own kind."""
        graph = self._collection.configuration_json.get("hnsw")
        return not graph or graph["max_neighbors"] >= MORE_NEIGHBORS["max_neighbors"]

    def _is_found(self, name: str, vector: Vector) -> bool:
        hits: list[tuple[str, float]] = []
        for count in (10, _MANY):
            hits = self.query(vector, count)
            if name in (hit for hit, _ in hits):
                return True
        # Texts that are repeated, or differ in a number: so many others are as near, and among
        # such the graph leads to some.
        return bool(hits) and hits[-1][1] > 0.99 and name in self._collection.get([name])["ids"]

    def _translated(self) -> AbstractContextManager[None]:
        return translated("The vector store", REMEDY)

    def _largest_write(self) -> int:
        return int(self._client.get_max_batch_size())

    def _possible(self, k: int) -> int:
        return min(k, self.count, self.most_found or k)

    def _add(self, records: Sequence[PassageRecord]) -> None:
        self._collection.upsert(**self._columns(records))

    def _columns(self, records: Sequence[PassageRecord]) -> dict[str, Any]:
        return {
            "ids": [record.id for record in records],
            "embeddings": np.stack([record.vector for record in records]),
            "documents": [record.text for record in records],
            "metadatas": [
                {"document_id": record.document_id, "label": record.label} for record in records
            ],
        }

    def _look(
        self,
        vector: Vector,
        k: int,
        documents: Collection[str] | None,
        labels: Sequence[str],
        belongings: Belongings | None,
    ) -> list[tuple[str, float]] | None:
        """Search without a filter and drop what it forbids; None where too few are left.

        Chroma answers a filter by listing all that passes it, in time that grows with the store.
        """
        looks = _LOOKS_BY_LABEL if documents is None else _LOOKS_BY_DOCUMENT
        for factor in looks:
            wanted = self._possible(factor * k)
            found = self._query(vector, wanted, None)
            if labels or documents is not None:
                known = (belongings or self._belongings)([name for name, _ in found])
                found = [hit for hit in found if _is_allowed(known.get(hit[0]), documents, labels)]
            if len(found) >= k or wanted == self.count:
                return found
        return None

    def _query(
        self, vector: Vector, k: int, where: dict[str, Any] | None
    ) -> list[tuple[str, float]]:
        # Without what Chroma knows of each passage: to give that takes longer than to find them.
        found = self._collection.query(
            query_embeddings=[vector], n_results=k, where=where, include=["distances"]
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(name, 1.0 - float(distance)) for name, distance in pairs]

    def _belongings(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        found = self._collection.get(list(names), include=["metadatas"])
        return {
            name: (metadata["document_id"], metadata["label"])
            for name, metadata in zip(found["ids"], found["metadatas"], strict=True)
        }


class VectorStore(Vectors):
    """Chroma in a folder of this machine."""

    def __init__(
        self,
        folder: Path,
        *,
        create: dict[str, Any] | None = None,
    ) -> None:
        """Open one.

        Args:
            folder: where it is.
            create: the settings to make it with, where there is none.

        Raises:
            IndexDamagedError: there is none, or it cannot be read.
        """
        self._client = None
        with self._translated():
            if not create and not (folder / "chroma.sqlite3").is_file():
                raise IndexDamagedError(f"Expected a vector store in {folder}, found none.")
            with _clients:
                self._client = _client(folder)
            try:
                self._collection = _collection(self._client, create)
                self.count = int(self._collection.count())
            except BaseException:
                self.close()
                raise

    def _columns(self, records: Sequence[PassageRecord]) -> dict[str, Any]:
        columns = super()._columns(records)
        # Chroma would index every three letters of them, which costs more than all else here.
        del columns["documents"]
        return columns

    def _add(self, records: Sequence[PassageRecord]) -> None:
        super()._add(records)
        if len(records) < SETTINGS["sync_threshold"]:  # a second time, lest it wait
            super()._add(records)


def copy_vectors(source: Path, target: Path) -> None:
    """Copy a vector store that readers may have open.

    Raises:
        IndexDamagedError: the database in it is damaged.
    """
    database = "chroma.sqlite3"
    with translated("The vector store", REMEDY):
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{database}*"))
        with (
            closing(sqlite3.connect(source / database)) as old,
            closing(sqlite3.connect(target / database)) as new,
        ):
            old.backup(new)
            state = new.execute("PRAGMA quick_check(1)").fetchone()[0]
    if state != "ok":
        raise IndexDamagedError(f"The vector store in {source} is damaged: {state}. {REMEDY}")


def _client(folder: Path) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(folder, Settings(**CHROMA))


def _collection(client: "ClientAPI", create: dict[str, Any] | None) -> "ChromaCollection":
    # The default embedding function would download a model, and a stored one could run code.
    if create:
        configuration: Any = {"hnsw": create}
        return client.create_collection(NAME, configuration=configuration, embedding_function=None)
    return by_cosine(client.get_collection(NAME, embedding_function=None))


def by_cosine(collection: "ChromaCollection") -> "ChromaCollection":
    """The same collection, if it measures as we do: Chroma keeps another measure in silence.

    Raises:
        IndexDamagedError: it does not.
    """
    found = collection.configuration_json
    space = (found.get("hnsw") or found.get("spann") or {}).get("space")
    if space != SPACE:
        raise IndexDamagedError(f"Expected a vector store by cosine, found {space!r}. {REMEDY}")
    return collection


def _is_allowed(
    belonging: tuple[str, str] | None, documents: Collection[str] | None, labels: Sequence[str]
) -> bool:
    if belonging is None:
        return False
    document, label = belonging
    return (documents is None or document in documents) and (not labels or label in labels)


def _where(documents: Sequence[str] | None, labels: Sequence[str]) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = []
    if documents is not None:
        conditions.append({"document_id": {"$in": list(documents)}})
    if labels:
        conditions.append({"label": {"$in": list(labels)}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    every = list(ids)
    for start in range(0, len(every), _LARGEST_LIST):
        yield every[start : start + _LARGEST_LIST]
