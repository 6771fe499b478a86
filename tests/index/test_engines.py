"""Engines give an index the vectors that this process would, whatever order they end in."""

import random
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from index_helpers import encode_words, words_embedder, write_document, write_documents

from assistant.cli import main
from index import build, intake, ledger
from index.engines_ray import RayEngine
from index.errors import InputError, ModelError


def encode_together(texts):
    """Vectors that tell which texts were encoded in one call."""
    vectors = encode_words(texts)
    vectors[:, 1] += len(texts) + sum(map(len, texts)) / 1000
    return vectors


class ThreadEngine:
    """Workers that are threads, and take their time in no order."""

    ahead = 5

    def __init__(self, failing=None):
        self.failing = failing
        self.calls = self.most = self.under_way = 0
        self._chance = random.Random(1)
        self._pool = ThreadPoolExecutor(3)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._pool.shutdown()

    def begin(self, embedder, texts):
        self.calls += 1
        if self.calls == self.failing:
            raise ModelError("A worker failed.")
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        future = self._pool.submit(self._encode, embedder, texts, self._chance.uniform(0, 0.02))

        def result():
            self.under_way -= 1
            return future.result()

        return result

    def _encode(self, embedder, texts, seconds):
        time.sleep(seconds)
        return embedder.encode(texts)


def contents(index_dir):
    """All that a catalog holds, but in which order it came to be there."""
    catalog = sqlite3.connect(index_dir / "catalog.sqlite3")
    catalog.row_factory = sqlite3.Row
    try:
        found = {}
        for name in ("documents", "sources", "passages"):
            rows = map(dict, catalog.execute(f"select * from {name}").fetchall())
            found[name] = sorted(
                [(key, row[key]) for key in row if key not in ("ordinal", "revision")]
                for row in rows
            )
        return found
    finally:
        catalog.close()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(intake, "BATCH_TEXTS", 60)
    monkeypatch.setattr(intake, "_EXAMINED", 7)
    monkeypatch.setattr(ledger, "_ENCODED", 100)


@pytest.fixture
def docs(tmp_path):
    docs = tmp_path / "docs"
    write_documents(docs, range(24))
    write_document(docs, 50, paragraphs=40)
    # Copies: of what is in the same batch, of what is under way, and of what was committed.
    for number, of in ((0, "000"), (5, "004"), (9, "007"), (23, "001")):
        data = (docs / f"town{of}.md").read_bytes()
        end = b"\r\n" if number % 2 else b"\n"
        (docs / f"town{number:03d}copy.md").write_bytes(data.replace(b"\n", end))
    return docs


@pytest.mark.slow
def test_the_catalog_is_that_of_this_process_byte_for_byte(docs, tmp_path):
    embedder = words_embedder(encode_together)
    for round_ in range(3):
        plain = build([docs], tmp_path / "plain", prune=True, embedding_model=embedder)
        with ThreadEngine() as engine:
            options = {"prune": True, "embedding_model": embedder, "engine": engine}
            spread = build([docs], tmp_path / "spread", **options)
        assert contents(tmp_path / "spread") == contents(tmp_path / "plain")
        for name in ("added", "changed", "moved", "removed", "duplicates"):
            assert sorted(map(str, getattr(spread, name))) == sorted(map(str, getattr(plain, name)))
        assert 1 < engine.most <= ThreadEngine.ahead + 1 + 5, "a document of five calls is begun"
        for number in range(0, 24, 3):
            write_document(docs, number, version=round_ + 1)
        (docs / f"town{round_ + 1:03d}.md").rename(docs / f"town9{round_}.md")
        (docs / f"town{round_ + 13:03d}.md").unlink()


def test_calls_are_told_apart_by_the_vectors(docs, tmp_path, monkeypatch):
    embedder = words_embedder(encode_together)
    build([docs], tmp_path / "plain", embedding_model=embedder)
    monkeypatch.setattr(intake, "BATCH_TEXTS", 90)
    build([docs], tmp_path / "other", embedding_model=embedder)
    assert contents(tmp_path / "other") != contents(tmp_path / "plain")


def test_what_is_under_way_is_bounded_in_characters(docs, tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "_BEGUN_CHARACTERS", 1)
    with ThreadEngine() as engine:
        build([docs], tmp_path / "index", embedding_model=words_embedder(), engine=engine)
    assert engine.most <= 4, "one batch at a time, and the largest document has 280 texts"


def test_what_was_committed_stays_where_an_engine_fails(docs, tmp_path):
    index_dir, embedder = tmp_path / "index", words_embedder()
    options = {"embedding_model": embedder}
    with ThreadEngine(failing=9) as engine, pytest.raises(ModelError, match="A worker failed"):
        build([docs], index_dir, engine=engine, **options)
    with ThreadEngine() as engine:
        report = build([docs], index_dir, engine=engine, **options)
    assert len(report.unchanged) > 0
    assert report.documents == 25
    plain = build([docs], tmp_path / "plain", **options)
    assert report.passages == plain.passages
    vectors = [np.frombuffer(row[0], dtype=np.float32) for row in all_vectors(index_dir)]
    assert all(np.isfinite(vector).all() for vector in vectors)
    assert all_vectors(index_dir) == all_vectors(tmp_path / "plain")


def all_vectors(index_dir):
    catalog = sqlite3.connect(index_dir / "catalog.sqlite3")
    try:
        return catalog.execute("select vector from passages order by id").fetchall()
    finally:
        catalog.close()


def test_without_ray_the_extra_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"pip install 'verbatim-assistant\[ray\]'"):
        RayEngine()
    write_documents(tmp_path / "docs", range(1))
    index = str(tmp_path / "index")
    assert main(["index", str(tmp_path / "docs"), "--index", index, "--engine", "ray"]) == 2
    assert "verbatim-assistant[ray]" in capsys.readouterr().err


def test_watching_keeps_to_its_own_process(tmp_path, capsys):
    write_documents(tmp_path / "docs", range(1))
    command = ["index", str(tmp_path / "docs"), "--index", str(tmp_path / "index"), "--watch"]
    assert main([*command, "--engine", "ray"]) == 2
    assert "Leave --engine ray out" in capsys.readouterr().err


def test_at_least_one_worker(tmp_path, monkeypatch, capsys):
    with pytest.raises(InputError, match="at least one worker, found 0"):
        RayEngine(0)
    write_documents(tmp_path / "docs", range(1))
    assert main(["index", str(tmp_path / "docs"), "--engine", "ray", "--workers", "0"]) == 2
    assert "--workers (or ASSISTANT_WORKERS" in capsys.readouterr().err


def test_nothing_is_started_where_nothing_is_new(docs, tmp_path):
    embedder = words_embedder()
    build([docs], tmp_path / "index", embedding_model=embedder)
    with RayEngine() as engine:
        report = build([docs], tmp_path / "index", embedding_model=embedder, engine=engine)
        assert engine.ahead == 0
    assert len(report.unchanged) == 29
