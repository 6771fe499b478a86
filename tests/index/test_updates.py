"""What an update finds out: moved, duplicate and gone files, members of containers; dry runs."""

import json
import os
import shutil
import zipfile
from contextlib import suppress

import pytest
from index_helpers import assert_whole, child, query_embedder, words_embedder, write_document

from index import Index, build, intake
from index.canonical import canonical_text
from index.errors import SourceError
from index.members import is_container, members
from index.planning import plan
from index.sources import read_info
from index.types import DuplicateFile, MovedFile
from index.walking import Selection


def update(paths, index_dir, **options):
    paths = paths if isinstance(paths, list) else [paths]
    return build(paths, index_dir, **{"embedding_model": words_embedder()} | options)


def names(paths, folder):
    return [str(path).removeprefix(f"{folder}/") for path in paths]


def record(number, version=0):
    words = f"The mark{number}v{version} of town {number} was sold in {1900 + number}."
    return json.dumps({"text": f"{words} It was a quiet sale.", "title": f"Town {number}"})


def write_lines(path, records):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(line + "\n" for line in records))
    return path


def write_zip(path, entries):
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def text(number):
    return f"# Town {number}\n\nThe mark{number} was sold. It was a quiet sale of town {number}.\n"


def assert_in_step(docs, index_dir):
    """The index holds what can be read in the folder, and nothing else."""
    there = set()
    for path in Selection.of([docs]).walk():
        for source in [m.source for m in members(path)] if is_container(path) else [str(path)]:
            with suppress(SourceError):
                read_info(source)
                there.add(source)
    with Index.open(index_dir, words_embedder()) as index:
        held = index.sources()
        assert set(held) == there
        infos = {info.id: info for info in index.documents()}
        assert {document_id for _, document_id in held.values()} == set(infos)
        for path, (_, document_id) in held.items():
            assert canonical_text(path) == index.text(document_id)
        for info in infos.values():
            assert info == read_info(info.source)
    assert_whole(index_dir)


def test_moves_are_followed_without_prune(docs, index_dir):
    (docs / "sub").mkdir()
    os.rename(docs / "town000.md", docs / "sub" / "new.md")
    os.rename(docs / "town001.md", docs / "town000.md")
    report = update(docs, index_dir, embedding_model=query_embedder())
    assert report.moved == (MovedFile(str(docs / "town000.md"), str(docs / "town001.md")),)
    assert report.added == (str(docs / "sub" / "new.md"),), "its old path is not gone"
    assert (report.changed, report.duplicates, report.documents) == ((), (), 8)
    assert_in_step(docs, index_dir)


def test_two_files_that_change_places(tmp_path, docs, index_dir):
    os.rename(docs / "town000.md", tmp_path / "aside")
    os.rename(docs / "town001.md", docs / "town000.md")
    os.rename(tmp_path / "aside", docs / "town001.md")
    report = update(docs, index_dir, embedding_model=query_embedder())
    assert names(report.changed, docs) == ["town000.md", "town001.md"]
    assert_in_step(docs, index_dir)


def test_a_folder_is_moved_with_its_sidecars(tmp_path, docs, index_dir):
    (docs / "town002.md.meta.yaml").write_text("title: Stated\n")
    update(docs, index_dir)
    shutil.move(docs, tmp_path / "elsewhere")
    report = update(tmp_path / "elsewhere", index_dir, embedding_model=query_embedder())
    assert (len(report.moved), report.added, report.documents) == (8, (), 8)
    with Index.open(index_dir, words_embedder()) as index:
        assert "Stated" in [info.title for info in index.documents()]
    assert_in_step(tmp_path / "elsewhere", index_dir)


def test_a_file_that_was_moved_and_restated(tmp_path, docs, index_dir):
    os.rename(docs / "town002.md", docs / "moved.md")
    (docs / "moved.md.meta.yaml").write_text("title: Stated\n")
    report = update(docs, index_dir)
    assert report.moved == (MovedFile(str(docs / "moved.md"), str(docs / "town002.md")),)
    assert_in_step(docs, index_dir)


def test_a_copy_stays_one_when_the_first_file_goes(tmp_path, docs, index_dir):
    for name in ("a.md", "b.md"):
        shutil.copy(docs / "town001.md", docs / name)
    (docs / "town001.md").unlink()
    report = update(docs, index_dir, embedding_model=query_embedder())
    assert report.moved == (MovedFile(str(docs / "a.md"), str(docs / "town001.md")),)
    assert report.duplicates == (DuplicateFile(str(docs / "b.md"), str(docs / "a.md")),)
    assert_in_step(docs, index_dir)


def test_members_of_an_archive(tmp_path):
    docs, index_dir = tmp_path / "docs", tmp_path / "index"
    entries = {"in/a.md": text(1), "b.md": text(2), "rows.jsonl": record(3), "nested.zip": b"PK"}
    path = write_zip(docs / "all.zip", entries)
    report = update(docs, index_dir)
    found = ["in/a.md", "b.md", "rows.jsonl#line=1"]
    assert names(report.added, f"{path}!") == found
    assert [each.source for each in report.failed] == [f"{path}!/nested.zip"]
    with Index.open(index_dir, words_embedder()) as index:
        hit = index.search("mark2", k=1)[0]
        assert hit.document.source == f"{path}!/b.md"
        assert canonical_text(hit.document.source) == index.text(hit.document.id)
    report = update(docs, index_dir, embedding_model=query_embedder())
    assert names(report.unchanged, f"{path}!") == found
    write_zip(path, {"in/moved.md": text(1), "b.md": text(4), "c.md": text(5)})
    report = update(docs, index_dir)
    assert report.moved == (MovedFile(f"{path}!/in/moved.md", f"{path}!/in/a.md"),)
    assert names(report.changed, f"{path}!") == ["b.md"]
    assert names(report.added, f"{path}!") == ["c.md"]
    assert names(report.removed, f"{path}!") == ["rows.jsonl#line=1"], "also without prune"
    assert_in_step(docs, index_dir)
    shutil.move(path, docs / "other.zip")
    report = update(docs, index_dir, embedding_model=query_embedder())
    assert (len(report.moved), report.added, report.documents) == (3, (), 3)
    (docs / "other.zip").unlink()
    write_document(docs, 1)
    assert update(docs, index_dir).removed == ()
    assert len(update(docs, index_dir, prune=True).removed) == 3


def test_records_that_shift_are_not_embedded_again(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "_EXAMINED", 16)
    path = write_lines(tmp_path / "docs" / "rows.jsonl", map(record, range(60)))
    update(path.parent, tmp_path / "index")
    embedded = []

    def encode(texts):
        embedded.extend(texts)
        return words_embedder()._encoder(texts)

    lines = [record(1000), record(1001), *map(record, range(30)), *map(record, range(31, 59))]
    write_lines(path, lines)
    report = update(path.parent, tmp_path / "index", embedding_model=words_embedder(encode))
    assert (len(report.unchanged), report.documents) == (0, 60)
    assert all("mark1000" in each or "mark1001" in each or "quiet" in each for each in embedded)
    assert len(embedded) <= 6
    assert_in_step(path.parent, tmp_path / "index")


def test_records_that_fail_and_files_that_break_off(tmp_path):
    docs, index_dir = tmp_path / "docs", tmp_path / "index"
    lines = write_lines(docs / "rows.jsonl", [record(1), "{}", "no json", record(2)])
    array = docs / "list.json"
    array.write_text(f"[{record(3)}, {record(4)}, {record(5)}]")
    report = update(docs, index_dir)
    assert names(report.added, docs) == [
        *(f"list.json#/{n}" for n in range(3)),
        *(f"rows.jsonl#line={n}" for n in (1, 4)),
    ]
    reasons = {each.source: each.reason for each in report.failed}
    assert list(reasons) == [f"{lines}#line=2", f"{lines}#line=3"]
    assert "found no field" in reasons[f"{lines}#line=2"]
    array.write_text(f"[{record(3)}, {record(6)}, {{")
    write_lines(lines, [record(1)])
    report = update(docs, index_dir, prune=True)
    assert [each.source for each in report.failed] == [str(array)]
    assert names(report.changed, docs) == ["list.json#/1"]
    assert names(report.removed, docs) == ["rows.jsonl#line=4"], "the broken file keeps what it had"
    array.write_text(record(3))
    report = update(docs, index_dir)
    assert names([each.source for each in report.moved], docs) == ["list.json"]
    assert_in_step(docs, index_dir)
    array.write_text("[]")
    assert "found none" in update(docs, index_dir).failed[0].reason


def test_another_text_field_replaces_the_records(tmp_path):
    docs, index_dir = tmp_path / "docs", tmp_path / "index"
    summary = {"text": "The whole of it was sold.", "summary": "It was sold in short."}
    write_lines(docs / "rows.jsonl", [json.dumps(summary)])
    (docs / "one.json").write_text(json.dumps(summary | {"text": "One alone was sold."}))
    update(docs, index_dir)
    report = update(docs, index_dir, text_field="summary")
    assert names(report.added, docs) == ["one.json#text=summary", "rows.jsonl#line=1&text=summary"]
    assert names(report.removed, docs) == ["one.json", "rows.jsonl#line=1"]
    with Index.open(index_dir, words_embedder()) as index:
        for path, (_, document_id) in index.sources().items():
            assert canonical_text(path) == index.text(document_id) == "It was sold in short."
    report = update(docs, index_dir, embedding_model=query_embedder())
    assert (len(report.unchanged), report.removed) == (2, ()), "the field is remembered"


def test_a_dry_run_says_what_a_run_then_does(tmp_path, docs, index_dir):
    write_zip(docs / "a.zip", {"a.md": text(1), "b.md": text(2)})
    update(docs, index_dir)
    write_zip(docs / "a.zip", {"c.md": text(1), "d.md": text(3)})
    write_document(docs, 3, version=1)
    write_document(docs, 20)
    (docs / "town005.md").unlink()
    os.rename(docs / "town006.md", docs / "moved.md")
    shutil.copy(docs / "town001.md", docs / "copy.md")
    for name in ("new.md", "twice.md"):
        (docs / name).write_text(text(9))
    (docs / "empty.md").write_text("")
    before = {path: path.read_bytes() for path in index_dir.rglob("*") if path.is_file()}
    planned = plan([docs], index_dir, prune=True)
    assert {path: path.read_bytes() for path in index_dir.rglob("*") if path.is_file()} == before
    done = update(docs, index_dir, prune=True)
    assert planned.is_dry_run
    for name in ("added", "changed", "unchanged", "removed", "failed", "moved", "duplicates"):
        assert sorted(map(str, getattr(planned, name))) == sorted(map(str, getattr(done, name))), (
            name
        )
        assert getattr(done, name)


def test_a_dry_run_of_an_index_to_be(tmp_path, docs):
    report = plan([docs], tmp_path / "index")
    assert (len(report.added), report.documents, report.passages) == (8, 0, 0)
    assert not (tmp_path / "index").exists()


def test_the_index_is_not_indexed(tmp_path, docs):
    update(tmp_path, tmp_path / "index")
    report = update(tmp_path, tmp_path / "index")
    assert (len(report.unchanged), report.added, report.failed) == (8, (), ())


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.6, 0.8, 1.0])
def test_kills_while_files_move_and_containers_change(tmp_path, docs, seconds):
    index_dir = tmp_path / "index"
    path = write_lines(docs / "rows.jsonl", map(record, range(40)))
    write_zip(docs / "a.zip", {f"{n}.md": text(n) for n in range(20)})
    update(docs, index_dir)
    for number in range(8):
        os.rename(docs / f"town{number:03d}.md", docs / f"moved{number}.md")
    write_lines(path, [record(100), *map(record, range(0, 40, 2))])
    write_zip(docs / "b.zip", {f"{n}.md": text(n) for n in range(5, 30)})
    (docs / "a.zip").unlink()
    with child(docs, index_dir, 0.003) as process:
        process.join(seconds)
    update(docs, index_dir, prune=True)
    assert_in_step(docs, index_dir)
