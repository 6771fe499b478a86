import ctypes
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from index_helpers import (
    assert_whole,
    query_embedder,
    words_embedder,
    write_document,
    write_documents,
)

from index import Index, build
from index.catalog import Catalog
from index.errors import IndexBusyError, IndexDamagedError, IndexStoreError
from index.layout import Layout, read_stamp
from index.lock import writing
from index.selftest import check_stores
from index.vectors import Vectors


def rewrite(path: Path, content: bytes) -> None:
    """Put another file in its place, since processes may have mapped the old one."""
    path.unlink()
    path.write_bytes(content)


def truncate(path):
    rewrite(path, path.read_bytes()[: path.stat().st_size // 2])


def zero(path):
    rewrite(path, b"\0" * path.stat().st_size)


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    rewrite(path, bytes(content))


FILES = [
    "chroma.sqlite3",
    "data_level0.bin",
    "header.bin",
    "index_metadata.pickle",
    "meta.json",
    "*.idx",
    "*.store",
]


DAMAGES = [(truncate, FILES), (zero, FILES), (Path.unlink, FILES[:2]), (flip, FILES[1:3])]


@pytest.mark.parametrize(
    ("damage", "pattern"), [(damage, name) for damage, names in DAMAGES for name in names]
)
def test_damaged_files_are_healed_without_embedding(index_copy, damage, pattern):
    damage(next(iter(Layout(index_copy).current_generation().folder.rglob(pattern))))
    assert_whole(index_copy, query_embedder())


@pytest.mark.parametrize("content", [None, "", "000009-nowhere\n", "../..\n", "\0", "\udcff"])
def test_a_pointer_to_nowhere_is_healed(index_copy, content):
    current = Layout(index_copy).current
    if content is None:
        current.unlink()
    else:
        current.write_bytes(content.encode(errors="surrogateescape"))
    assert_whole(index_copy, query_embedder())


@pytest.mark.parametrize("stamp", ["", "{}", "[]", '{"clean": true}', None])
def test_a_broken_stamp_is_healed(index_copy, stamp):
    path = Layout(index_copy).current_generation().stamp
    path.write_text(stamp) if stamp is not None else path.unlink()
    assert_whole(index_copy, query_embedder())


def test_a_dirty_generation_is_healed_and_removed(index_copy):
    generation = Layout(index_copy).current_generation()
    values = json.loads(generation.stamp.read_text())
    generation.stamp.write_text(json.dumps(values | {"clean": False}))
    assert_whole(index_copy, query_embedder())
    assert not generation.folder.exists()


def test_deleted_generations_are_healed(index_copy):
    shutil.rmtree(Layout(index_copy).generations)
    assert_whole(index_copy, query_embedder())


def test_a_store_that_breaks_in_use_is_healed(index_copy):
    with Index.open(index_copy, query_embedder()) as index:
        before = index.search("mark1v0b1", k=3)
        with index._live.lend() as stores:
            stores.vectors._collection.delete(where={"label": "body"})
            stores.vectors._client.delete_collection("passages")
        assert index.search("mark1v0b1", k=3) == before
    assert_whole(index_copy, query_embedder())


def test_a_catalog_put_back_from_a_backup_outweighs_its_stores(docs, index_dir, tmp_path):
    shutil.copy(index_dir / "catalog.sqlite3", tmp_path / "backup")
    write_document(docs, 60)
    build([docs], index_dir, embedding_model=words_embedder())
    for path in index_dir.glob("catalog.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "backup", index_dir / "catalog.sqlite3")
    assert_whole(index_dir, query_embedder())
    with Index.open(index_dir) as index:
        assert index.document_count == 8


def test_stores_that_are_behind_are_brought_up_by_a_reader(docs, index_dir, monkeypatch):
    write_document(docs, 61)
    with monkeypatch.context() as patch:
        patch.setattr("index.indexing.bring_up", lambda *_: None)
        build([docs], index_dir, embedding_model=words_embedder())
    with Index.open(index_dir, query_embedder()) as index:
        with writing(Layout(index_dir)):
            assert index.search("mark61v0b0", k=50, labels=()), "the older generation answers"
            assert not any("mark61" in hit.passage.text for hit in index.search("mark61v0b0", k=50))
        assert "mark61v0b0" in index.search("mark61v0b0", k=1)[0].passage.text
    assert_whole(index_dir, query_embedder())


def test_passages_that_are_gone_are_not_shown(index_copy, monkeypatch):
    with Index.open(index_copy, query_embedder()) as index:
        document_id = index.search("mark2v0b0", k=1)[0].document.id
        with writing(Layout(index_copy)):
            index._catalog.remove_document(document_id)
            assert document_id not in {hit.document.id for hit in index.search("mark2v0b0", k=50)}


def test_a_small_change_is_applied_to_a_copy(docs, index_dir, monkeypatch):
    monkeypatch.setattr("index.generations._fill", lambda *_: pytest.fail("made afresh"))
    layout = Layout(index_dir)
    first = layout.current_generation()
    write_document(docs, 62)
    (docs / "town004.md").unlink()
    build([docs], index_dir, embedding_model=words_embedder(), prune=True)
    second = layout.current_generation()
    assert second.number == first.number + 1
    assert first.folder.exists(), "the previous one stays"
    assert read_stamp(second).dead > 0
    assert_whole(index_dir)
    write_document(docs, 63)
    build([docs], index_dir, embedding_model=words_embedder())
    assert not first.folder.exists()
    assert [each.name for each in layout.all_generations()] == [
        second.name,
        layout.current_generation().name,
    ]
    assert_whole(index_dir)


def test_many_dead_vectors_have_it_made_afresh(docs, index_dir):
    layout = Layout(index_dir)
    for version in range(1, 5):
        write_documents(docs, [0, 1], version)
        build([docs], index_dir, embedding_model=words_embedder())
        stamp = read_stamp(layout.current_generation())
        assert stamp.dead <= stamp.passages / 3
    assert_whole(index_dir)


def test_a_copy_of_a_damaged_store_is_made_afresh(docs, index_dir, monkeypatch):
    write_document(docs, 64)
    monkeypatch.setattr("index.generations._trouble", _failing_once())
    build([docs], index_dir, embedding_model=words_embedder())
    assert_whole(index_dir)


def _failing_once():
    from index.generations import _trouble

    calls = []

    def trouble(*arguments):
        calls.append(arguments)
        return "made up" if len(calls) == 2 else _trouble(*arguments)

    return trouble


def test_a_generation_that_never_works_is_not_put_into_use(docs, index_dir, monkeypatch):
    current = Layout(index_dir).current.read_text()
    write_documents(docs, range(70, 80))
    monkeypatch.setattr("index.generations._trouble", lambda generation, *_: "made up")
    with pytest.raises(IndexDamagedError, match="made up"):
        build([docs], index_dir, embedding_model=words_embedder())
    assert Layout(index_dir).current.read_text() == current


def test_a_changed_text_is_not_quoted_though_an_older_release_kept_no_checksum(index_copy):
    with closing(sqlite3.connect(index_copy / "catalog.sqlite3")) as catalog, catalog:
        catalog.execute("update documents set seal = null, parts_seal = null")
        catalog.execute("update passages set seal = null, text = replace(text, 'was', 'wax')")
    with Index.open(index_copy, query_embedder()) as index:
        for info in index.documents():
            with pytest.raises(IndexDamagedError, match=info.id):
                index.document(info.id)


def test_an_index_opens_though_its_graph_does_not_reach_a_vector(index_copy, monkeypatch):
    """One of the few that are looked for then: of more, that is within what a graph may miss."""
    with closing(Catalog(Layout(index_copy).catalog_address, writable=False)) as catalog:
        name = catalog.sample(3, catalog.revision)[1][0]
    is_found = Vectors._is_found
    monkeypatch.setattr(
        Vectors, "_is_found", lambda self, other, *_: other != name and is_found(self, other, *_)
    )
    made = Layout(index_copy).current.read_text()
    with Index.open(index_copy, words_embedder()) as index:
        assert index.search("mill", k=3)
        check_stores(index)
    assert Layout(index_copy).current.read_text() == made


@pytest.mark.slow
@pytest.mark.parametrize(("one_in", "is_dense"), [(10, True), (100, False)])
def test_a_graph_that_misses_many_vectors_is_made_denser(one_in, is_dense, tmp_path, monkeypatch):
    is_found = Vectors._is_found

    def found(self, name, vector):
        with closing(sqlite3.connect(tmp_path / "index" / "catalog.sqlite3")) as catalog:
            number = catalog.execute("select number from passages where id = ?", [name]).fetchone()
        is_lost = not self.is_dense and number[0] % one_in == 1
        return not is_lost and is_found(self, name, vector)

    monkeypatch.setattr(Vectors, "_is_found", found)
    file = tmp_path / "rows.jsonl"
    chance = random.Random(5)
    rows = [" ".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9)) + "." for _ in range(300)]
    file.write_text("\n".join(json.dumps({"text": row}) for row in rows))
    build([file], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index, index._live.lend() as stores:
        assert stores.vectors.count == 300
        assert stores.vectors.is_dense is is_dense


@pytest.mark.slow
def test_records_that_differ_in_a_number_can_all_be_found(tmp_path):
    """Clusters of a few equal vectors, all as far from each other: a thin graph has islands."""
    texts = [f"The mill of town {n} was rebuilt in the year {n}." for n in range(1000)]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps({"text": text}) for text in texts))
    build([file], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        found = [index.search(text, k=20)[0].passage.text == text for text in texts[::20]]
    assert sum(found) >= 49


def test_a_second_writer_is_refused(docs, index_dir):
    with writing(Layout(index_dir)), Index.open(index_dir) as index:
        busy = pytest.raises(IndexBusyError, match=f"process {os.getpid()}")
        with busy, writing(Layout(index_dir), wait=0.1):
            pass
        told = []
        with pytest.raises(IndexBusyError, match=r"after 1\.2 seconds"):
            build(
                [docs], index_dir, embedding_model=words_embedder(), wait=1.2, on_wait=told.append
            )
        assert [f"process {os.getpid()}" in line and "1.2 seconds" in line for line in told] == [
            True
        ]
        assert index.document_count == 8


READ_ONLY = """
import sys
from pathlib import Path
from index_helpers import query_embedder
from index import Index
from index.errors import IndexStoreError
with Index.open(sys.argv[1], query_embedder()) as index:
    for number in range(8):
        assert f"mark{number}v0b1" in index.search(f"mark{number}v0b1", k=1)[0].passage.text
    assert len(index.text(index.documents()[0].id)) > 100
    try:
        index.remove([index.documents()[0].id])
    except IndexStoreError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no read-only folders")
@pytest.mark.parametrize("has_log", [False, True])
def test_a_read_only_folder_answers(index_copy, has_log, tmp_path):
    holder = Index.open(index_copy) if has_log else None
    if holder is not None:
        assert holder.document_count == 8
        assert list(index_copy.glob("*-wal"))
    before = _snapshot(index_copy)
    modes = [(path, path.stat().st_mode) for path in (index_copy, *index_copy.rglob("*"))]
    for path, mode in modes:
        path.chmod(mode & ~0o222)
    try:
        result = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(index_copy)],
            capture_output=True,
            text=True,
            preexec_fn=_give_up_override,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)},
        )
    finally:
        for path, mode in modes:
            path.chmod(mode)
    assert result.returncode == 0, result.stderr
    assert "writable" in result.stdout
    assert _snapshot(index_copy) == before
    assert not list(tmp_path.glob("verbatim-*"))
    if holder is not None:
        holder.close()


def _snapshot(folder):
    return {
        path.name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock" and not path.name.endswith("-shm")
    }


def _give_up_override():
    if os.geteuid() == 0:  # or else permissions would mean nothing
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def test_a_read_only_folder_without_stores_says_what_to_do(index_copy, monkeypatch):
    shutil.rmtree(Layout(index_copy).generations)
    monkeypatch.setattr(Layout, "is_writable", property(lambda self: False))
    with (
        Index.open(index_copy, query_embedder()) as index,
        pytest.raises(IndexStoreError, match="read-only"),
    ):
        index.search("harbor")
