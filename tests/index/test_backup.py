"""An index goes into one file and comes out of it the same."""

import json
import os
import queue
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from hashlib import sha256

import pytest
from index_helpers import (
    assert_whole,
    child,
    query_embedder,
    write_document,
    write_documents,
)

from index import Index, build
from index.carrying import export_index, import_index
from index.catalog import Catalog
from index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    IndexStoreError,
    InputError,
)
from index.layout import Layout
from index.lock import writing

SPOILED = {
    "text": "replace(text, 'mark', 'park')",
    "vector": "zeroblob(length(vector))",
    "sentences": "'[]'",
}
QUESTIONS = ("Which harbor was flooded?", "mark3v0b2", "the ledger of town 5")


@pytest.fixture
def exported(built_index, tmp_path):
    export_index(built_index, tmp_path / "one.verbatim")
    return tmp_path / "one.verbatim"


def content(folder):
    """All that an index holds, by ids and texts, and what it finds."""
    with Index.open(folder, query_embedder()) as index:
        documents = index.documents()
        passages = [passage for each in documents for passage in index.passages(each.id)]
        vectors = index.sentence_vectors(passage.id for passage in passages)
        hits = [
            (hit.passage.id, hit.score, hit.rank)
            for question in QUESTIONS
            for hit in index.search(question, k=6)
        ]
        return documents, passages, {k: v.tobytes() for k, v in vectors.items()}, hits


def test_what_comes_out_is_what_went_in(built_index, exported, tmp_path):
    report = import_index(exported, tmp_path / "copy")
    assert (report.documents, report.files, report.aside) == (8, 0, None)
    assert content(tmp_path / "copy") == content(built_index)
    assert_whole(tmp_path / "copy")
    with (
        closing(Catalog(built_index / "catalog.sqlite3", writable=True)) as old,
        closing(Catalog(tmp_path / "copy" / "catalog.sqlite3", writable=True)) as new,
    ):
        assert new.identity != old.identity
        assert new.revision == old.revision
        assert new.sources() == old.sources()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "one.verbatim"]


def test_what_was_calibrated_goes_with_it(index_copy, tmp_path):
    (index_copy / "weights.json").write_text('{"format": 1}\n')
    export_index(index_copy, tmp_path / "x")
    import_index(tmp_path / "x", tmp_path / "back")
    assert (tmp_path / "back" / "weights.json").read_text() == '{"format": 1}\n'


def test_the_file_says_what_is_in_it(built_index, tmp_path):
    file = tmp_path / "one.verbatim"
    report = export_index(built_index, file)
    data = file.read_bytes()
    assert (report.size, report.sha256) == (len(data), sha256(data).hexdigest())
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["verbatim_export"] == 1
        for name, about in manifest["members"].items():
            member = archive.read(name)
            assert about == {"size": len(member), "sha256": sha256(member).hexdigest()}
    assert file.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_an_index_goes_on_where_it_was_imported(exported, tmp_path, docs, embedder):
    import_index(exported, tmp_path / "copy")
    write_document(docs, 20)
    report = build([docs], tmp_path / "copy", embedding_model=embedder)
    assert report.documents == 9
    assert_whole(tmp_path / "copy")


@pytest.mark.slow
def test_files_go_with_it_and_are_the_sources_then(tmp_path, docs, embedder):
    (docs / "town001.md.meta.yaml").write_text("title: Another title\n")
    (docs / "inner").mkdir()
    write_document(docs / "inner", 30)
    with zipfile.ZipFile(docs / "more.zip", "w") as archive:
        archive.writestr("a.md", "# A\n\nOne mark40 in a zip.\n")
        archive.writestr("b.md", "# B\n\nAnother mark41 in a zip.\n")
    build([docs], tmp_path / "index", embedding_model=embedder)
    before = {path.name: path.read_bytes() for path in docs.rglob("*") if path.is_file()}
    report = export_index(tmp_path / "index", tmp_path / "x.zip", sources=True)
    assert (report.files, report.missing) == (len(before), ())
    docs.rename(tmp_path / "gone")
    import_index(tmp_path / "x.zip", tmp_path / "copy", files=tmp_path / "here")
    here = tmp_path / "here"
    assert {path.name: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    with Index.open(tmp_path / "copy", query_embedder()) as index:
        assert f"{here}/more.zip!/a.md" in index.sources()
        assert all(source.startswith(f"{here}/") for source in index.sources())
    again = build([here], tmp_path / "copy", embedding_model=embedder, prune=True)
    assert len(again.unchanged) == again.documents == 11


def test_sidecars_go_with_it_always_and_what_is_gone_is_told(tmp_path, docs, embedder):
    (docs / "town001.meta.yaml").write_text("title: Another title\n")
    build([docs], tmp_path / "index", embedding_model=embedder)
    assert export_index(tmp_path / "index", tmp_path / "a").files == 1
    (docs / "town002.md").unlink()
    report = export_index(tmp_path / "index", tmp_path / "b", sources=True)
    assert report.missing == (str(docs / "town002.md"),)
    assert report.files == 8


def test_folders_with_other_names(exported, built_index, tmp_path):
    old = built_index.parent / "docs"
    import_index(exported, tmp_path / "copy", moved=[(str(old), "/srv/papers/")])
    with Index.open(tmp_path / "copy", query_embedder()) as index:
        assert sorted(index.sources())[0] == "/srv/papers/town000.md"
    with pytest.raises(InputError, match="two absolute paths"):
        import_index(exported, tmp_path / "more", moved=[("docs", "/srv")])


@pytest.mark.slow
def test_an_export_while_another_process_indexes_is_one_moment(tmp_path):
    docs, folder = tmp_path / "docs", tmp_path / "index"
    write_documents(docs, range(60))
    counts = []
    with child(docs, folder) as process:
        while process.is_alive():
            try:
                export_index(folder, tmp_path / "x", force=True)
            except IndexMissingError:
                continue
            import_index(tmp_path / "x", tmp_path / "copy")
            assert_whole(tmp_path / "copy")
            with Index.open(tmp_path / "copy", query_embedder()) as index:
                counts.append(index.document_count)
            shutil.rmtree(tmp_path / "copy")
            if 0 < counts[-1] < 60 and len(counts) > 1:
                break
    assert any(0 < count < 60 for count in counts)


@pytest.mark.parametrize("column", ["text", "vector", "sentences"])
def test_a_damaged_catalog_is_not_exported(index_copy, tmp_path, column):
    with closing(sqlite3.connect(index_copy / "catalog.sqlite3")) as connection, connection:
        connection.execute(f"UPDATE passages SET {column} = {SPOILED[column]}")
    with pytest.raises(IndexDamagedError, match=r"doctor --repair"):
        export_index(index_copy, tmp_path / "x")
    assert not list(tmp_path.glob("x*"))


def test_an_export_of_a_folder_that_cannot_be_written_to(index_copy, tmp_path):
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("needs a user whom permissions hold back")
    index_copy.chmod(0o500)
    try:
        assert export_index(index_copy, tmp_path / "x").documents == 8
    finally:
        index_copy.chmod(0o700)


def test_nothing_is_overwritten_unasked(built_index, exported, tmp_path):
    before = exported.read_bytes()
    with pytest.raises(InputError, match="give --force to replace it"):
        export_index(built_index, exported)
    with pytest.raises(InputError, match=r"found none\. Make it first"):
        export_index(built_index, tmp_path / "no" / "x")
    with pytest.raises(InputError, match="found a folder"):
        export_index(built_index, tmp_path)
    assert exported.read_bytes() == before
    export_index(built_index, exported, force=True)
    import_index(exported, tmp_path / "copy")
    with pytest.raises(InputError, match="new or empty folder"):
        import_index(exported, tmp_path / "copy")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="found a file"):
        import_index(exported, tmp_path / "file", force=True)
    with pytest.raises(InputError, match=r"--files .*new or empty folder"):
        import_index(exported, tmp_path / "other", files=tmp_path / "copy")
    assert not (tmp_path / "other").exists()


@pytest.mark.slow
def test_the_former_index_is_set_aside(index_dir, exported, docs, embedder):
    write_document(docs, 50)
    build([docs], index_dir, embedding_model=embedder)
    with writing(Layout(index_dir)), pytest.raises(IndexBusyError, match="another process"):
        import_index(exported, index_dir, force=True)
    report = import_index(exported, index_dir, force=True)
    for folder, count in ((index_dir, 8), (report.aside, 9)):
        with Index.open(folder, query_embedder()) as index:
            assert index.document_count == count
            assert index.search(QUESTIONS[0])


def test_two_former_ones_are_set_aside_within_a_second(exported, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "kept").touch()
    for _ in range(2):
        import_index(exported, tmp_path / "copy", force=True)
    aside = [path for path in tmp_path.glob("copy.before-import-*") if any(path.iterdir())]
    assert len(aside) == 2


def test_a_link_stays_a_link(exported, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    import_index(exported, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert_whole(tmp_path / "real")


@pytest.mark.slow
def test_two_exports_to_one_file(built_index, tmp_path):
    beside = tmp_path / "x.partial"
    beside.write_bytes(b"what a killed export left")
    results = queue.Queue()

    def export():
        try:
            results.put(export_index(built_index, tmp_path / "x", force=True).documents)
        except IndexBusyError:
            results.put("busy")

    threads = [threading.Thread(target=export) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [results.get(timeout=10) for _ in threads]
    assert 8 in found
    assert set(found) <= {8, "busy"}
    assert not beside.exists()
    import_index(tmp_path / "x", tmp_path / "copy")


def test_too_little_room_is_told_before_anything_is_written(
    built_index, exported, tmp_path, monkeypatch
):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(IndexStoreError, match=r"MB left\. Make room"):
        export_index(built_index, tmp_path / "x")
    with pytest.raises(IndexStoreError, match=r"MB left\. Make room"):
        import_index(exported, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.verbatim"]
