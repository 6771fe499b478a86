import os
import shutil

import pytest
from index_helpers import assert_whole, query_embedder, stored_ids, words_embedder, write_document

from index import Index, build
from index.errors import (
    EmbeddingMismatchError,
    IndexMissingError,
    InputError,
    ModelError,
    SourceError,
)
from index.types import DuplicateFile, MovedFile


def report_of(docs, index_dir, **options):
    return build([docs], index_dir, **{"embedding_model": words_embedder()} | options)


def names(paths):
    return [os.path.basename(path) for path in paths]


def test_the_first_run_adds_everything(tmp_path, docs):
    report = report_of(docs, tmp_path / "index")
    assert names(report.added) == [f"town{number:03d}.md" for number in range(8)]
    assert (report.changed, report.unchanged, report.removed, report.failed) == ((), (), (), ())
    assert report.documents == 8
    assert report.passages == len(stored_ids(tmp_path / "index")[0])
    assert_whole(tmp_path / "index")


def test_a_second_run_embeds_nothing_and_changes_nothing(docs, index_dir):
    before = {path: path.stat().st_mtime_ns for path in index_dir.rglob("STAMP.json")}
    report = report_of(docs, index_dir, embedding_model=query_embedder())
    assert len(report.unchanged) == 8
    assert {path: path.stat().st_mtime_ns for path in index_dir.rglob("STAMP.json")} == before


def test_a_touched_file_is_unchanged(docs, index_dir):
    os.utime(docs / "town003.md", (1, 1))
    assert len(report_of(docs, index_dir).unchanged) == 8


def test_added_changed_and_pruned(docs, index_dir):
    write_document(docs, 3, version=1)
    write_document(docs, 20)
    (docs / "town005.md").unlink()
    report = report_of(docs, index_dir)
    assert (names(report.added), names(report.changed), report.removed) == (
        ["town020.md"],
        ["town003.md"],
        (),
    )
    assert report.documents == 9, "without prune, what is gone from disk stays"
    report = report_of(docs, index_dir, prune=True)
    assert names(report.removed) == ["town005.md"]
    assert report.documents == 8
    with Index.open(index_dir, words_embedder()) as index:
        assert "mark3v1b0" in index.search("mark3v1b0", k=1)[0].passage.text
        found = [
            hit.passage.text
            for mark in ("mark3v0b0", "mark5v0b0")
            for hit in index.search(mark, k=50)
        ]
        assert not any("mark3v0" in text or "mark5v0" in text for text in found)
    assert_whole(index_dir)


def test_prune_leaves_files_elsewhere_alone(tmp_path, docs, index_dir):
    write_document(tmp_path / "more", 30)
    report_of(tmp_path / "more", index_dir)
    shutil.rmtree(docs)
    assert report_of(tmp_path / "more", index_dir, prune=True).documents == 9


def test_the_same_text_twice_is_one_document(docs, index_dir):
    shutil.copy(docs / "town001.md", docs / "copy.md")
    report = report_of(docs, index_dir, embedding_model=query_embedder())
    assert (names(report.added), report.documents) == (["copy.md"], 8)
    assert report.duplicates == (DuplicateFile(str(docs / "copy.md"), str(docs / "town001.md")),)
    (docs / "town001.md").unlink()
    report = report_of(docs, index_dir, prune=True, embedding_model=query_embedder())
    assert (names(report.removed), report.documents) == (["town001.md"], 8)


def test_the_same_text_twice_in_one_run(tmp_path, docs):
    shutil.copy(docs / "town001.md", docs / "copy.md")
    report = report_of(docs, tmp_path / "index")
    assert (len(report.added), report.documents) == (9, 8)
    assert report.duplicates == (DuplicateFile(str(docs / "town001.md"), str(docs / "copy.md")),)


def test_a_moved_file_is_not_embedded_again(docs, index_dir):
    shutil.move(docs / "town001.md", docs / "moved.md")
    report = report_of(docs, index_dir, prune=True, embedding_model=query_embedder())
    assert (report.added, report.removed) == ((), ())
    assert report.moved == (MovedFile(str(docs / "moved.md"), str(docs / "town001.md")),)
    with Index.open(index_dir) as index:
        assert "moved.md" in [os.path.basename(info.source) for info in index.documents()]
    assert_whole(index_dir)


def test_a_sidecar_changes_the_metadata(docs, index_dir):
    sidecar = docs / "town002.md.meta.yaml"
    for title in ("First title", "Second title"):
        sidecar.write_text(f"title: {title}\n", encoding="utf-8")
        assert names(report_of(docs, index_dir).changed) == ["town002.md"]
        with Index.open(index_dir, words_embedder()) as index:
            hit = index.search(title, k=1)[0]
            assert (hit.document.title, hit.document.found) == (title, (("title", "sidecar"),))
    sidecar.unlink()
    assert names(report_of(docs, index_dir).changed) == ["town002.md"]
    assert_whole(index_dir)


def test_a_file_that_cannot_be_read_stops_nothing(docs, index_dir):
    (docs / "binary.md").write_bytes(b"\0\1\2\3" * 100)
    (docs / "empty.md").write_text("")
    write_document(docs, 40)
    report = report_of(docs, index_dir)
    assert names(report.added) == ["town040.md"]
    assert names(each.source for each in report.failed) == ["binary.md", "empty.md"]
    assert all(each.reason for each in report.failed)


def test_a_changed_file_that_cannot_be_read_keeps_its_document(docs, index_dir):
    (docs / "town001.md").write_text("")
    report = report_of(docs, index_dir)
    assert (len(report.failed), report.documents) == (1, 8)


def test_a_file_name_that_is_not_unicode(docs, index_dir):
    (docs / os.fsdecode(b"caf\xe9.md")).write_text("# Some text\n\nHere it is.\n")
    report = report_of(docs, index_dir)
    assert report.failed[0].source.endswith("caf?.md")
    report.failed[0].source.encode()


def test_nothing_to_index_leaves_nothing_behind(tmp_path):
    (tmp_path / "docs").mkdir()
    with pytest.raises(InputError, match="found none"):
        report_of(tmp_path / "docs", tmp_path / "index")
    (tmp_path / "docs" / "empty.md").write_text("")
    with pytest.raises(SourceError, match=r"None of 1 files could be indexed(.|\n)*empty\.md"):
        report_of(tmp_path / "docs", tmp_path / "index")
    with pytest.raises(ModelError):
        report_of(tmp_path / "docs", tmp_path / "index", embedding_model="no such model")
    assert not (tmp_path / "index").exists()


def test_another_folder_is_not_written_into(tmp_path, docs):
    with pytest.raises(InputError, match=r"town\d{3}\.md in it"):
        report_of(docs, docs)
    with pytest.raises(InputError, match="found a file"):
        report_of(docs, docs / "town000.md")
    (tmp_path / "empty").mkdir()
    assert report_of(docs, tmp_path / "empty").documents == 8
    with pytest.raises(IndexMissingError, match="assistant index PATH --index"):
        Index.open(docs)
    with pytest.raises(IndexMissingError):
        Index.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_model_of_the_index_is_kept(docs, index_dir):
    write_document(docs, 50)
    with pytest.raises(EmbeddingMismatchError):
        report_of(docs, index_dir, embedding_model=words_embedder(name="another"))
    assert Index.open(index_dir).document_count == 8


def test_progress(tmp_path, docs, capsys):
    calls = []
    report_of(docs, tmp_path / "index", on_progress=lambda *call: calls.append(call))
    assert capsys.readouterr() == ("", "")
    assert [call[0] for call in calls] == list(range(1, 9))
    assert {call[1] for call in calls} == {8}
    assert calls[-1][2] == Index.open(tmp_path / "index").passage_count
    report_of(docs, tmp_path / "index", progress=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "8 of 8 files" in captured.err


def test_removing_documents(docs, index_dir):
    with Index.open(index_dir, words_embedder()) as index:
        document_id = index.search("mark4v0b1", k=1)[0].document.id
        with pytest.raises(InputError):
            index.remove([document_id, "ffffffff"])
        assert index.document_count == 8
        assert index.remove([document_id[:8]]) == [document_id]
        assert index.document_count == 7
        assert not any("mark4v0" in hit.passage.text for hit in index.search("mark4v0b1", k=50))
    assert_whole(index_dir)
    assert names(report_of(docs, index_dir).added) == ["town004.md"]


def test_removing_everything_leaves_an_index_that_finds_nothing(docs, index_dir):
    with Index.open(index_dir, words_embedder()) as index:
        index.remove([info.id for info in index.documents()])
        assert index.search("harbor") == []
        assert index.term_document_frequency(["harbor"]).passages == 0
    assert report_of(docs, index_dir).documents == 8
    assert_whole(index_dir)
