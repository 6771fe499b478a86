"""What several tests of the index share, and what a child process of theirs runs."""

import json
import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np

from index import Index, build
from index.embedding import WHOLE, Embedder
from index.layout import Layout
from index.terms import TermStore
from index.vectors import VectorStore

DIMENSION = 64
NOUNS = ["harbor", "lantern", "orchard", "bridge", "ledger", "canal", "mill", "vineyard", "archive"]
VERBS = ["was rebuilt", "was sold", "was flooded", "was measured", "was forgotten"]

# A server that has imported everything makes children in milliseconds, and holds no threads.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["index_helpers", "index.indexing", "chromadb", "tqdm"])


def encode_words(texts):
    """Vectors in which texts with the same words are near each other."""
    vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for word in text.lower().split():
            code = crc32(word.strip(".,?#").encode())
            row[code % DIMENSION] += 1 if code & 1024 else -1
        row[0] += 0.01
    return vectors


def words_embedder(
    encoder: Callable = encode_words,
    name: str = "words",
    dimension: int = DIMENSION,
    text_version: int = WHOLE,
) -> Embedder:
    told = {"model": name} | ({"text_version": text_version} if text_version != WHOLE else {})
    return Embedder(
        encoder,
        name=name,
        fingerprint=json.dumps(told),
        dimension=dimension,
        text_version=text_version,
    )


def query_embedder() -> Embedder:
    """Fails when it is asked for more than a question, as indexing would."""

    def encode(texts):
        assert len(texts) == 1, "nothing may be embedded again"
        return encode_words(texts)

    return words_embedder(encode)


def write_document(folder: Path, number: int, version: int = 0, paragraphs: int = 6) -> Path:
    chance = random.Random(number * 1000 + version)
    blocks = [f"# The {chance.choice(NOUNS)} of town {number}"]
    for block in range(paragraphs):
        mark = f"mark{number}v{version}b{block}"
        lines = [
            f"A {chance.choice(NOUNS)} {mark} {chance.choice(VERBS)} in {chance.randint(1, 1990)}."
            for _ in range(6)
        ]
        blocks.append(" ".join(lines))
    path = folder / f"town{number:03d}.md"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return path


def write_documents(folder: Path, numbers, version: int = 0) -> list[Path]:
    return [write_document(folder, number, version) for number in numbers]


def stored_ids(index_dir: Path) -> tuple[set[str], set[str]]:
    """Every passage id in the vector store and in the term store in use."""
    import tantivy

    generation = Layout(index_dir).current_generation()
    terms = TermStore(generation.terms)
    found = terms._searcher.search(tantivy.Query.all_query(), 1_000_000)
    in_terms = {terms._searcher.doc(address)["id"][0] for _, address in found.hits}
    vectors = VectorStore(generation.chroma)
    try:
        return set(vectors._collection.get(include=[])["ids"]), in_terms
    finally:
        vectors.close()


def assert_whole(index_dir: Path, embedder: Embedder | None = None) -> None:
    """Every document is whole and found by its own words, and the stores hold nothing else."""
    with Index.open(index_dir, embedder or query_embedder()) as index:
        known = set()
        for info in index.documents():
            passages = index.passages(info.id)
            text = "".join(passage.text for passage in passages)
            assert sha256(text.encode()).hexdigest() == info.sha256
            vectors = index.sentence_vectors(passage.id for passage in passages)
            assert [len(vectors[p.id]) for p in passages] == [len(p.sentences) for p in passages]
            known |= {passage.id for passage in passages}
            body = next(passage for passage in passages if "mark" in passage.text)
            mark = next(word for word in body.text.split() if word.startswith("mark"))
            hits = index.search(f"{mark} {body.sentences[-1].text}", k=3, labels=())
            assert any(mark in hit.passage.text for hit in hits)
    if known:
        assert stored_ids(index_dir) == (known, known)


@contextmanager
def child(docs: Path, index_dir, seconds_per_text: float = 0.0005, fails: bool = False):
    """A process that indexes; killed with -9 at the end of the block, if it is still running."""
    process = _FORKS.Process(target=_index_slowly, args=(docs, index_dir, seconds_per_text))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
    assert process.exitcode in ((0, 1, -9) if fails else (0, -9))


def _index_slowly(docs, index_dir, seconds_per_text):
    """Index in small batches, so that there is a moment between one commit and the next."""
    from index import intake

    def encode(texts):
        time.sleep(seconds_per_text * len(texts))
        return encode_words(texts)

    intake.BATCH_TEXTS = 60
    build([docs], index_dir, prune=True, embedding_model=words_embedder(encode))
