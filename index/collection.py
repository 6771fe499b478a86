"""`Index`: a collection of documents that can be searched."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.canonical import text_sha256
from index.catalog import Catalog
from index.cross_encoder import PairScorer, load_reranker
from index.embedding import Embedder, load_recorded, text_in_context
from index.errors import (
    DocumentGoneError,
    EmbeddingMismatchError,
    IndexDamagedError,
    InputError,
    damaged_document,
)
from index.generations import bring_up
from index.layout import Layout
from index.live import LiveStores
from index.lock import writing
from index.records import Candidate, Source
from index.search import meaning_scores, weighted_fusion
from index.terms import analyze
from index.types import Document, DocumentInfo, Filter, Hit, Label, Passage

POOL = 50
"""How many passages each ranking contributes, at least."""
_ID_DIGITS = 16
RERANKED = 30
"""How many of the best passages a reranker reads, at most: each costs it a pass of its model."""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """In how many passages words occur."""

    passages: int
    """Passages in all."""
    counts: dict[str, int]
    """For each word asked for, how many of them have it."""


class Index:
    """An index opened for reading. Safe to share between threads; sees what others write."""

    def __init__(
        self,
        layout: Layout,
        catalog: Catalog,
        embedder: Embedder | None,
        reranker: PairScorer | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self.path = layout.folder
        self.reranker = reranker
        """The cross-encoder that searches rerank by, if any."""
        self.layout = layout
        """Where it is kept."""
        self._catalog = catalog
        self._live = LiveStores(layout, catalog, brief=brief)
        self._loading = threading.Lock()
        self._embedder = embedder and catalog_embedder(catalog, embedder)

    @classmethod
    def open(
        cls,
        path: str | Path | Layout,
        embedder: Embedder | None = None,
        reranker: str | PairScorer | None = None,
        *,
        brief: bool = False,
    ) -> Self:
        """Open an index.

        Args:
            path: the index folder, or a layout that also has addresses of servers.
            embedder: the embedding model, if it is loaded already; by default the model the index
                was made with is loaded when first needed.
            reranker: a cross-encoder to order what is found by: its name on the Hugging Face
                hub, its folder, or itself; by default none.
            brief: it is opened for a question or two: a small collection is then searched exactly,
                by the vectors in the catalog, which takes less time than to open Chroma.

        Raises:
            IndexMissingError: there is no index.
            IndexFormatError: it was made by a newer release.
            EmbeddingMismatchError: it was made with another embedding model.
            ModelError: the reranker cannot be loaded, or is not made to rank.
        """
        layout = Layout.at(path)
        is_server = layout.catalog_url is not None
        catalog = Catalog(layout.catalog_address, writable=is_server or layout.is_writable)
        try:
            if is_server:
                layout.make_folder()  # of another machine, perhaps: its terms are kept there
            loaded = load_reranker(reranker) if isinstance(reranker, str) else reranker
            return cls(layout, catalog, embedder, loaded, brief=brief)
        except BaseException:
            catalog.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._live.close()
        self._catalog.close()

    # Searching

    def search(
        self,
        query: str,
        k: int = 8,
        where: Filter | None = None,
        labels: Sequence[Label] = ("body",),
    ) -> list[Hit]:
        """The passages that answer a question best, by meaning and by words.

        With a reranker, the best of them are ordered by it.

        Args:
            query: any text.
            k: how many, at most.
            where: which documents to search; by default all.
            labels: what kinds of passages to search; empty for all.

        Returns:
            Hits with ranks from 1, best first, ties by passage id.

        Raises:
            InputError: the query is empty or `k` is not positive.
            FilterError: the filter cannot be understood.
            EmbeddingMismatchError: the index was made with another embedding model.
            IndexStoreError: the index is damaged and cannot be made again, or is being made.
        """
        if not query.strip() or k < 1:
            raise InputError(
                f"A search expects a question and a positive count, and got {query!r} and {k}. "
                "Ask something."
            )
        documents = self._catalog.resolve(where) if where else None
        vector = self.encode_query(query)
        pool = max(POOL, 2 * k)
        for is_last in (False, True):
            with self._live.lend() as stores:
                try:
                    matching = dict(stores.terms.query(query, pool, documents, labels))
                    read = Candidates(self._catalog, matching)
                    nearest = stores.vectors.query(vector, pool, documents, labels, read.belongings)
                    break
                except IndexDamagedError:
                    if is_last:
                        raise
            self._live.distrust(stores)
        found = read.all({*matching, *(name for name, _ in nearest)})
        ranking = weighted_fusion(meaning_scores(vector, found), matching)
        return self._hits(self._reranked(query, ranking), k)

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """How well each text answers a question, by the reranker.

        Returns:
            float32 of shape (len(texts),), from 0 to 1; None without a reranker.

        Raises:
            ModelError: the reranker failed.
        """
        return self.reranker.relevance(question, texts) if self.reranker else None

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, of shape (dimension,) and length 1."""
        return self.embedder.encode_query(text)

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded when first needed.

        Raises:
            ModelError: it cannot be loaded.
            EmbeddingMismatchError: it is not the one the index was made with.
        """
        with self._loading:
            if self._embedder is None:
                self._embedder = catalog_embedder(self._catalog, graphs=self.layout.folder)
            return self._embedder

    def term_document_frequency(self, words: Iterable[str]) -> TermCounts:
        """In how many passages each word occurs, in any inflection."""
        with self._live.lend() as stores:
            counts = {word: stores.terms.document_frequency(word) for word in words}
            return TermCounts(stores.terms.count, counts)

    def analyze(self, text: str) -> list[str]:
        """The terms a text is searched by: without case and accents, and stemmed."""
        return analyze(text)

    # Reading

    @property
    def model(self) -> str:
        """Name or folder of the embedding model it was made with."""
        return self._catalog.model

    @property
    def fingerprint(self) -> str:
        """What changes its vectors; see `index.embedding.fingerprint`."""
        return self._catalog.fingerprint

    @property
    def revision(self) -> int:
        """Grows with every change of the collection."""
        return self._catalog.revision

    @property
    def document_count(self) -> int:
        """How many documents there are."""
        return self._catalog.counts()[0]

    @property
    def passage_count(self) -> int:
        """How many passages there are."""
        return self._catalog.counts()[1]

    def documents(self) -> list[DocumentInfo]:
        """All documents, in the order they were added."""
        return self._catalog.documents()

    def passage_counts(self) -> dict[str, int]:
        """How many passages each document has, by its id."""
        return self._catalog.passage_counts()

    def sources(self) -> dict[str, tuple[Source, str]]:
        """Every indexed file as it was then, with the id of its document, by path."""
        return self._catalog.sources()

    def matching(self, where: Filter) -> frozenset[str]:
        """Ids of the documents that a filter lets through.

        Raises:
            FilterError: the filter cannot be understood.
        """
        return self._catalog.resolve(where)

    def document(self, document_id: str) -> Document:
        """One document with its text.

        Args:
            document_id: its id, or a beginning of it that no other has.

        Raises:
            DocumentGoneError: there is no document with this whole id.
            FilterError: no document's id begins like this, or several do.
            IndexDamagedError: its text is not the one that was indexed.
        """
        is_whole = len(document_id) == _ID_DIGITS
        found = document_id if is_whole else self._catalog.resolve_id(document_id)
        for _ in range(2):
            document = self._catalog.document(found)
            if document is None:
                raise DocumentGoneError(
                    f"Expected the document {document_id!r}, found no such document: it was "
                    "removed, or its file was edited. Ask again, or see `assistant documents`."
                )
            # Quotes are cut from it: one out of a damaged catalog is never taken for verbatim.
            if text_sha256(document.text) == document.info.sha256:
                return document
            # It may have been removed while it was read, in parts: it is then gone by now.
        raise damaged_document(found)

    def text(self, document_id: str) -> str:
        """The canonical text of a document; see `document`."""
        return self.document(document_id).text

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order; see `document`."""
        return self._catalog.passages(self._catalog.resolve_id(document_id))

    def neighbors(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one in its document, in order, itself left out."""
        return self._catalog.neighbors(passage, before, after)

    def sentence_vectors(self, passage_ids: Iterable[str]) -> dict[str, NDArray[np.float16]]:
        """The vectors of all sentences of some passages; unknown ids are left out.

        Returns:
            For each passage id, float16 of shape (sentences, dimension), in the order of
            `passage.sentences`.
        """
        found = self._catalog.vectors(passage_ids)
        return {name: sentences for name, (_, sentences) in found.items()}

    # Changing

    def remove(self, document_ids: Iterable[str]) -> list[str]:
        """Remove documents from the index; their files are not touched.

        Args:
            document_ids: ids, or unique beginnings of ids.

        Returns:
            The full ids of what was removed.

        Raises:
            FilterError: there is no such document, or several; nothing is removed then.
            IndexBusyError: another process is writing.
        """
        with writing(self.layout):
            ids = self._catalog.resolve_ids(document_ids)
            for document_id in ids:
                self._catalog.remove_document(document_id)
            bring_up(self.layout, self._catalog)
        return ids

    def _reranked(self, query: str, ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """The best of a ranking by the reranker, if there is one, then the rest, below zero."""
        if self.reranker is None:
            return ranking
        best, rest = ranking[:RERANKED], ranking[RERANKED:]
        passages = self._catalog.passages_by_id(name for name, _ in best)
        infos = self._catalog.infos({passage.document_id for passage in passages.values()})
        texts = {
            name: text_in_context(infos[passages[name].document_id], passages[name])
            for name, _ in best
            if name in passages and passages[name].document_id in infos
        }
        relevance = self.reranker.relevance(query, list(texts.values()))
        scores = dict(zip(texts, relevance.tolist(), strict=True))
        # The sort is stable: what the reranker finds equal stays as it was.
        ordered = sorted(scores.items(), key=lambda pair: -pair[1])
        return ordered + [(name, score - 1) for name, score in rest]

    def _hits(self, ranking: list[tuple[str, float]], k: int) -> list[Hit]:
        hits: list[Hit] = []
        while ranking and len(hits) < k:
            part, ranking = ranking[:k], ranking[k:]
            passages = self._catalog.passages_by_id(name for name, _ in part)
            infos = self._catalog.infos({passage.document_id for passage in passages.values()})
            for name, score in part:
                # A passage may have gone from the catalog since the stores were made.
                passage = passages.get(name)
                if passage is not None and passage.document_id in infos and len(hits) < k:
                    info = infos[passage.document_id]
                    hits.append(Hit(passage, info, score, len(hits) + 1))
        return hits


class Candidates:
    """Passages that a search compares, read from the catalog together and once."""

    def __init__(self, catalog: Catalog, also: Iterable[str] = ()) -> None:
        """Nothing is read yet; `also` is read along with the first that are asked for."""
        self._catalog = catalog
        self._also = also
        self._read: dict[str, Candidate] = {}

    def belongings(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """The document and the label of some; see `index.vectors.Belongings`."""
        return {name: (each.document_id, each.label) for name, each in self.all(names).items()}

    def all(self, names: Iterable[str]) -> dict[str, Candidate]:
        """Some passages; unknown ids are left out."""
        asked = set(names)
        self._read |= self._catalog.candidates(asked.union(self._also) - self._read.keys())
        self._also = ()
        return {name: self._read[name] for name in asked if name in self._read}


def catalog_embedder(
    catalog: Catalog, given: str | Embedder | None = None, graphs: Path | None = None
) -> Embedder:
    """The embedding model to use with a catalog, in the precision its vectors were made with.

    Args:
        catalog: the catalog.
        given: the model or its name; by default the one the catalog names, which is then not
            fetched from the network.
        graphs: the index folder, where graphs for questions are kept and may be made.

    Raises:
        ModelError: the model cannot be loaded.
        EmbeddingMismatchError: the catalog's vectors were made with another one.
    """
    if isinstance(given, Embedder):
        embedder = given.as_recorded(catalog.fingerprint)
    else:
        named = given or catalog.model
        embedder = load_recorded(named, catalog.fingerprint, given is not None, graphs)
    if embedder.fingerprint != catalog.fingerprint:
        raise EmbeddingMismatchError(
            f"{catalog.place} was made with the embedding model {catalog.model!r} "
            f"({catalog.fingerprint}), and this one is {embedder.name!r} "
            f"({embedder.fingerprint}): their vectors cannot be compared. Use that model, or "
            "index the documents again into another folder."
        )
    return embedder
