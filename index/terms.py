"""The term store: BM25 by Tantivy, derived from the catalog. The only part that knows Tantivy.

A question is analyzed here, term by term, and never given to Tantivy's query language, so that
a `+`, `-`, `:` or `"` in it means nothing.
"""

import shutil
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import tantivy

from index.errors import translated
from index.types import Label

if TYPE_CHECKING:
    from index.records import PassageRecord

REMEDY = "It is made again from the catalog by: assistant index PATH --index DIR"
BOOSTS = {"body": 1.0, "title": 0.5, "authors": 2.0, "heading": 0.5}
"""Weight of each searched field. A title and a heading are the same for many passages: they say
little about which of these answers. docs/evaluation.md says what other weights would do."""

_ANALYZER = "words"
_HEAP_BYTES = 64_000_000
_LONGEST_WORD = 80


class TermStore:
    """Passages by their words. Reading is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        with translated("The term store", REMEDY):
            self._index = tantivy.Index.open(str(folder))
            self._index.register_tokenizer(_ANALYZER, _analyzer())
            # Read once and for all: an open store never changes.
            self._searcher = self._index.searcher()
            self.count = int(self._searcher.num_docs)

    def close(self) -> None:
        """Let go of the files; Tantivy closes them with its last object."""
        del self._searcher, self._index

    def query(
        self,
        question: str,
        k: int,
        documents: Collection[str] | None = None,
        labels: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """The passages that share words with a question.

        Args:
            question: any text.
            k: how many, at most.
            documents: ids of the documents to look in; None for all.
            labels: labels of the passages to look at; empty for all.

        Returns:
            (passage id, BM25 score) pairs, best first, ties by id.
        """
        terms = list(dict.fromkeys(analyze(question)))
        if not terms or k == 0 or (documents is not None and not documents):
            return []
        with translated("The term store", REMEDY):
            clauses = [(tantivy.Occur.Must, _any_of(terms))]
            if documents is not None:
                clauses.append((tantivy.Occur.Must, _one_of("document_id", sorted(documents))))
            if labels:
                # The few that have another label are left out, which takes less than to look
                # among the many for those that have this one.
                clauses += [
                    (tantivy.Occur.MustNot, _has("label", label))
                    for label in get_args(Label)
                    if label not in labels
                ]
            found = self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False)
            hits = [
                (str(self._searcher.doc(address)["id"][0]), float(score))
                for score, address in found.hits
            ]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def ids(self) -> list[str]:
        """Ids of all passages that it holds."""
        if not self.count:
            return []
        with translated("The term store", REMEDY):
            found = self._searcher.search(tantivy.Query.all_query(), self.count, count=False)
            return [str(self._searcher.doc(address)["id"][0]) for _, address in found.hits]

    def document_frequency(self, word: str) -> int:
        """How many passages have a word in their body; 0 for what is no word.

        Of a word that falls into several terms (`arms-control`), the rarest counts.
        """
        with translated("The term store", REMEDY):
            return min(map(self._count, analyze(word)), default=0)

    def _count(self, term: str) -> int:
        # Not `doc_freq`: that counts what was deleted as well.
        query = tantivy.Query.term_query(_schema(), "body", term, index_option="freq")
        found: Any = self._searcher.search(query, 1, count=True)  # its stub lacks the count
        return int(found.count)


def build_terms(folder: Path, batches: Iterable[Sequence["PassageRecord"]]) -> None:
    """Make a term store in a new folder."""
    folder.mkdir(parents=True)
    with translated("The term store", REMEDY):
        index = tantivy.Index(_schema(), path=str(folder))
    _change(index, (), batches)


def copy_terms(
    source: Path,
    target: Path,
    documents: Iterable[str],
    batches: Iterable[Sequence["PassageRecord"]],
) -> None:
    """Make a term store out of another one, which stays as it is.

    Args:
        source: its folder.
        target: the new folder.
        documents: ids of those whose passages are left out.
        batches: passages to be added.

    Raises:
        IndexDamagedError: the source cannot be read.
    """
    with translated("The term store", REMEDY):
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.lock"))
        index = tantivy.Index.open(str(target))
    _change(index, documents, batches)


def _change(
    index: tantivy.Index, gone: Iterable[str], batches: Iterable[Sequence["PassageRecord"]]
) -> None:
    with translated("The term store", REMEDY):
        index.register_tokenizer(_ANALYZER, _analyzer())
        # One thread, so that the same passages always give the same segments and scores.
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for document_id in gone:
            writer.delete_documents_by_term("document_id", document_id)
    for batch in batches:
        with translated("The term store", REMEDY):
            for record in batch:
                writer.add_document(_document(record, _schema()))
    with translated("The term store", REMEDY):
        writer.commit()
        writer.wait_merging_threads()


def analyze(text: str) -> list[str]:
    """The terms of a text, in order: without case and accents, and stemmed."""
    return [str(term) for term in _analyzer().analyze(text)]


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    filters = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(_LONGEST_WORD))
        .filter(filters.ascii_fold())
        .filter(filters.lowercase())
        .filter(filters.stemmer("english"))
        .build()
    )


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("document_id", "label"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in BOOSTS:
        builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _document(record: "PassageRecord", schema: tantivy.Schema) -> tantivy.Document:
    fields = {
        "id": record.id,
        "document_id": record.document_id,
        "label": record.label,
        "body": record.text,
        "title": record.title,
        "authors": record.authors,
        "heading": record.heading,
    }
    return tantivy.Document.from_dict(fields, schema)


def _any_of(terms: Iterable[str]) -> tantivy.Query:
    query = tantivy.Query
    clauses = [
        (
            tantivy.Occur.Should,
            query.boost_query(query.term_query(_schema(), name, term, index_option="freq"), boost),
        )
        for term in terms
        for name, boost in BOOSTS.items()
    ]
    return query.boolean_query(clauses)


def _has(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_schema(), name, value, index_option="basic")


def _one_of(name: str, values: Sequence[str]) -> tantivy.Query:
    query = tantivy.Query
    return query.const_score_query(query.term_set_query(_schema(), name, list(values)), 0.0)
