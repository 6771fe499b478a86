"""The vector store: Chroma on disk, derived from the catalog. The only part that knows Chroma.

Chroma is only ever given finished vectors; which document or passage they belong to is metadata.
"""

import shutil
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import IndexDamagedError, translated
from index.records import PassageRecord, Vector

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

NAME = "passages"
REMEDY = "It is made again from the catalog by: assistant index PATH --index DIR"
SETTINGS: dict[str, Any] = {
    "space": "cosine",
    "ef_search": 200,
    # Chroma writes its graph when as many changes are waiting. What waits when it is closed is
    # worked in at every opening, which changes the files: so nothing may wait.
    "sync_threshold": 2,
}
_LARGEST_LIST = 10_000
"""Ids in one filter; SQLite takes 32,766."""
_LOOKS_BY_LABEL, _LOOKS_BY_DOCUMENT = (2, 8), (2,)
"""How many times `k` to ask for, before a filter is given to Chroma."""

_clients = threading.Lock()
"""Chroma keeps clients in a table of the process, which it changes without a lock."""


class VectorStore:
    """Nearest passages by cosine. Reading is safe from several threads."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._client: Any = None
        with translated("The vector store", REMEDY):
            if not create and not (folder / "chroma.sqlite3").is_file():
                raise IndexDamagedError(f"Expected a vector store in {folder}, found none.")
            with _clients:
                self._client = _client(folder)
            try:
                self._collection: Any = _collection(self._client, create)
                self.count = int(self._collection.count())
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the files."""
        with _clients, translated("The vector store", REMEDY):
            if self._client is not None:
                self._client.close()
                self._client = None

    def add(self, records: Sequence[PassageRecord]) -> None:
        """Add passages that are not in the store yet."""
        with translated("The vector store", REMEDY):
            size = int(self._client.get_max_batch_size())
            for start in range(0, len(records), size):
                self._add(records[start : start + size])
            self.count = int(self._collection.count())

    def delete_documents(self, ids: Sequence[str]) -> None:
        """Remove all passages of some documents; ids that are not there are ignored."""
        with translated("The vector store", REMEDY):
            for part in _parts(ids):
                self._collection.delete(where={"document_id": {"$in": part}})
            self.count = int(self._collection.count())

    def query(
        self,
        vector: Vector,
        k: int,
        documents: Collection[str] | None = None,
        labels: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """The passages nearest to a vector.

        Args:
            vector: shape (dimension,), of length 1.
            k: how many, at most.
            documents: ids of the documents to look in; None for all.
            labels: labels of the passages to look at; empty for all.

        Returns:
            (passage id, cosine) pairs, nearest first, ties by id.
        """
        k = min(k, self.count)
        if k == 0 or (documents is not None and not documents):
            return []
        with translated("The vector store", REMEDY):
            found = self._look(vector, k, documents, labels)
            if found is None:
                parts = [None] if documents is None else list(_parts(sorted(documents)))
                wheres = [_where(part, labels) for part in parts]
                found = [hit[:2] for where in wheres for hit in self._query(vector, k, where)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def check(self, sample: Sequence[tuple[str, Vector]]) -> str | None:
        """Look for stored vectors by themselves: a count says nothing about what can be found.

        Args:
            sample: (passage id, vector) pairs out of the catalog.

        Returns:
            What is wrong, or None.
        """
        lost = [name for name, vector in sample if not self._is_found(name, vector)]
        # The graph is approximate: one vector in ten may be out of reach of a search.
        return (
            f"{len(lost)} of {len(sample)} vectors lost" if 10 * len(lost) > len(sample) else None
        )

    def _is_found(self, name: str, vector: Vector) -> bool:
        hits = self.query(vector, 10)
        if name in (hit for hit, _ in hits):
            return True
        # Ten others with the same vector may come first: repeated texts.
        return bool(hits) and hits[-1][1] > 0.9999 and name in self._collection.get([name])["ids"]

    def _add(self, records: Sequence[PassageRecord]) -> None:
        columns: dict[str, Any] = {
            "ids": [record.id for record in records],
            "embeddings": np.stack([record.vector for record in records]),
            "documents": [record.text for record in records],
            "metadatas": [
                {"document_id": record.document_id, "label": record.label} for record in records
            ],
        }
        self._collection.upsert(**columns)
        if len(records) < SETTINGS["sync_threshold"]:  # a second time, lest it wait
            self._collection.upsert(**columns)

    def _look(
        self, vector: Vector, k: int, documents: Collection[str] | None, labels: Sequence[str]
    ) -> list[tuple[str, float]] | None:
        """Search without a filter and drop what it forbids; None where too few are left.

        Chroma answers a filter by listing all that passes it, in time that grows with the store.
        """
        looks = _LOOKS_BY_LABEL if documents is None else _LOOKS_BY_DOCUMENT
        for factor in looks:
            wanted = min(factor * k, self.count)
            found = [
                (name, score)
                for name, score, metadata in self._query(vector, wanted, None)
                if (not labels or metadata["label"] in labels)
                and (documents is None or metadata["document_id"] in documents)
            ]
            if len(found) >= k or wanted == self.count:
                return found
        return None

    def _query(
        self, vector: Vector, k: int, where: dict[str, Any] | None
    ) -> list[tuple[str, float, dict[str, Any]]]:
        found = self._collection.query(
            query_embeddings=[vector],
            n_results=k,
            where=where,
            include=["distances", "metadatas"],
        )
        rows = zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True)
        return [(name, 1.0 - float(distance), metadata) for name, distance, metadata in rows]


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

    return chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))


def _collection(client: "ClientAPI", create: bool) -> "ChromaCollection":
    # The default embedding function would download a model, and a stored one could run code.
    if create:
        configuration: Any = {"hnsw": SETTINGS}
        return client.create_collection(NAME, configuration=configuration, embedding_function=None)
    collection = client.get_collection(NAME, embedding_function=None)
    space = (collection.configuration_json.get("hnsw") or {}).get("space")
    if space != SETTINGS["space"]:
        raise IndexDamagedError(f"Expected a vector store by cosine, found {space!r}. {REMEDY}")
    return collection


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
