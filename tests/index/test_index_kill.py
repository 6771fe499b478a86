"""Writers that are killed: what was committed is whole, and the next run finishes the rest."""

import random
import sys
import time
from contextlib import closing

import pytest
from index_helpers import (
    assert_whole,
    child,
    query_embedder,
    words_embedder,
    write_document,
    write_documents,
)

from index import Index, build
from index.catalog import Catalog
from index.errors import IndexMissingError
from index.layout import Layout, read_stamp

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is not for Windows")


def assert_committed_is_whole(index_dir):
    try:
        Catalog(Layout(index_dir).catalog, writable=True).close()
    except IndexMissingError:
        return 0  # killed before the first commit
    assert_whole(index_dir)
    with Index.open(index_dir, query_embedder()) as index:
        return index.document_count


def wait_for(condition, process, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition() and process.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.0002)


@pytest.mark.slow
def test_ten_kills_at_any_moment(tmp_path):
    docs, index_dir = tmp_path / "docs", tmp_path / "index"
    chance = random.Random(7)
    write_documents(docs, range(40))
    counts, exits = [], []
    for kill in range(10):
        with child(docs, index_dir) as process:
            before = revision_of(index_dir)
            wait_for(lambda: written_by(index_dir) == process.pid, process)
            if kill % 2:  # a busy machine may be long at it until anything is committed
                wait_for(lambda: revision_of(index_dir) > before, process)  # noqa: B023
            time.sleep(chance.uniform(0.02, 1.2))
        exits.append(process.exitcode)
        counts.append(assert_committed_is_whole(index_dir))
        for number in chance.sample(range(40), 12):
            write_document(docs, number, version=kill + 1)
    assert -9 in exits
    assert max(counts) > 0
    report = build([docs], index_dir, prune=True, embedding_model=words_embedder())
    assert report.documents == 40
    assert_whole(index_dir)
    fresh = build([docs], tmp_path / "fresh", embedding_model=words_embedder())
    assert report.passages == fresh.passages


def revision_of(index_dir):
    try:
        with closing(Catalog(Layout(index_dir).catalog, writable=True)) as catalog:
            return catalog.revision
    except IndexMissingError:
        return 0


def written_by(index_dir):
    writer = Layout(index_dir).writer
    return int(writer.read_text() or 0) if writer.exists() else 0


def newest(layout):
    generations = layout.all_generations()
    return generations[-1] if generations else None


MOMENTS = {
    "the generation appears": lambda layout, old: newest(layout).name != old,
    "the vectors are written": lambda layout, old: (
        newest(layout).name != old and (newest(layout).chroma / "chroma.sqlite3").exists()
    ),
    "the graph is written": lambda layout, old: (
        newest(layout).name != old and any(newest(layout).chroma.glob("*/*.pickle"))
    ),
    "the terms are written": lambda layout, old: (
        newest(layout).name != old and newest(layout).terms.exists()
    ),
    "the stamp is clean": lambda layout, old: (
        newest(layout).name != old and (stamp := read_stamp(newest(layout))) and stamp.clean
    ),
    "the switch": lambda layout, old: old not in layout.current.read_text(),
}


@pytest.mark.parametrize("share", [1, 8], ids=["copied", "afresh"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_kills_while_a_generation_is_made(docs, index_dir, moment, share):
    layout = Layout(index_dir)
    old = layout.current_generation().name
    for number in range(share):
        write_document(docs, 100 + number)
    with child(docs, index_dir) as process:
        wait_for(lambda: MOMENTS[moment](layout, old), process)
    assert layout.current_generation() is not None, "one of the two answers at any moment"
    assert assert_committed_is_whole(index_dir) == 8 + share
    names = {generation.name for generation in layout.all_generations()}
    assert len(names) <= 2
