"""What has to hold of an index after every fault, looked at without the product's own checks."""

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import corpus
import tantivy

from assistant import Assistant
from index import Index
from index.checkup import examine
from index.errors import IndexMissingError
from index.layout import Layout
from index.vectors import VectorStore


class Broken(AssertionError):
    """Something does not hold."""


def check(index_dir: Path, docs: Path, asked: Iterable[int] = ()) -> int:
    """Check all of an index, and ask some questions of it.

    Args:
        index_dir: the index.
        docs: the folder of its documents.
        asked: numbers of documents to ask about.

    Returns:
        How many documents it has.

    Raises:
        Broken: something does not hold.
    """
    layout = Layout.at(index_dir)
    try:
        with Index.open(layout, corpus.embedder()) as index, Assistant.open(index) as desk:
            for number in asked:
                _asked(desk, docs, number)
    except IndexMissingError:
        return 0  # killed before anything was committed
    names = check_catalog(layout.catalog)
    check_stores(layout, names)
    health = examine(layout)
    if not health.is_well:
        raise Broken(f"the product's own examination finds {health}")
    return health.document_count


def check_catalog(catalog: Path) -> set[str]:
    """Every document is its passages, and its file where that is as it was; ids of passages."""
    with closing(sqlite3.connect(catalog)) as database:
        if (state := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise Broken(f"integrity_check: {state}")
        rows = database.execute(
            "SELECT document_id, id, text FROM passages ORDER BY document_id, ordinal"
        ).fetchall()
        texts: dict[str, str] = {}
        for document_id, _, text in rows:
            texts[document_id] = texts.get(document_id, "") + text
        known = dict(database.execute("SELECT id, sha256 FROM documents").fetchall())
        sources = database.execute("SELECT path, document_id, file_sha256 FROM sources").fetchall()
    if set(known) != set(texts) or {held for _, held, _ in sources} != set(known):
        raise Broken("documents, passages and sources are not of the same documents")
    for name, text in texts.items():
        if hashlib.sha256(text.encode()).hexdigest() != known[name]:
            raise Broken(f"{name} is not what its passages are")
    for path, held, file_sha256 in sources:
        data = Path(path).read_bytes() if Path(path).exists() else b""
        if hashlib.sha256(data).hexdigest() == file_sha256 and data.decode() != texts[held]:
            raise Broken(f"{path} is not what was indexed of it")
    if len({row[1] for row in rows}) != len(rows):
        raise Broken("a passage is there twice")
    return {row[1] for row in rows}


def check_stores(layout: Layout, names: set[str]) -> None:
    """Both stores hold these passages, each once, and find every vector by itself."""
    generation = layout.current_generation()
    if generation is None:
        if names:
            raise Broken("no generation is in use")
        return
    terms = tantivy.Index.open(str(generation.terms))
    searcher = terms.searcher()
    found = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1)).hits
    held = [str(searcher.doc(address)["id"][0]) for _, address in found]
    if sorted(held) != sorted(names):
        raise Broken(f"the term store has {len(held)} passages, the catalog {len(names)}")
    with closing(VectorStore(generation.chroma)) as vectors:
        stored = vectors._collection.get(include=["embeddings"])
        if sorted(stored["ids"]) != sorted(names):
            raise Broken(f"the vector store has {len(stored['ids'])} of {len(names)} passages")
        for name, vector in zip(stored["ids"], stored["embeddings"], strict=True):
            hits = vectors.query(vector, 5)
            if name not in [hit for hit, _ in hits] and not (hits and hits[-1][1] > 0.9999):
                raise Broken(f"{name} is not found by its own vector")


def _asked(desk: Assistant, docs: Path, number: int) -> None:
    """Ask about a document; every quote is a slice of a file that is, or was, in the folder."""
    answer = desk.answer(corpus.question(number))
    for citation in answer.citations:
        quote, text = citation.quote, desk.document(citation.document.id).text
        if text[quote.start : quote.end] != quote.text:
            raise Broken(f"a quote is not the slice of its document: {quote.text!r}")
        path = Path(citation.document.source)
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() == citation.document.sha256:
            if data.decode()[quote.start : quote.end] != quote.text:
                raise Broken(f"a quote is not in its file: {quote.text!r}")
        elif path.parent != docs:
            raise Broken(f"cited out of {path}")
