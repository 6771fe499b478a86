"""A collection that is changed while it is open, with real files and a real index."""

import threading
import time

import pytest
from library_texts import ABOUT_MILL, ABOUT_PIER, MILL, PIER, ended, files_in, info_of, upload

from assistant.addresses import stated_address
from assistant.errors import LibraryBusyError
from assistant.library_jobs import Jobs, Progress
from assistant.library_shelf import Places, Shelf
from assistant.library_trash import UNDO
from index.errors import FilterError, InputError
from index.layout import Layout
from index.lock import writing
from index.sidecars import sidecar, stated


@pytest.fixture
def desk(shelf_desk):
    return shelf_desk


def test_what_was_added_is_answered_from_at_once(shelf, desk):
    assert desk.answer(ABOUT_PIER).citations == ()
    job = ended(shelf, shelf.add([upload(shelf, "pier.md", PIER)]))
    assert (job.state, job.result, job.done, job.of) == ("done", "1 file added.", 1, 1)
    answer = desk.answer(ABOUT_PIER)
    assert answer.citations[0].quote.text == "The pier of Dunsay is 412 meters long."
    assert files_in(shelf.places.files) == [".incoming", "pier.md"]


def test_what_was_removed_is_not_answered_from_until_it_is_back(shelf, desk, tmp_path):
    before = desk.answer(ABOUT_MILL)
    job = ended(shelf, shelf.remove([info_of(desk, "The Mill").id]))
    assert job.result == "Removed “The Mill”."
    assert desk.answer(ABOUT_MILL).citations == ()
    (removal,) = shelf.trash.removals()
    assert removal.name == "“The Mill”"
    assert 0 < removal.seconds_left <= UNDO
    assert ended(shelf, shelf.undo(removal.token)).result == "“The Mill” is back."
    assert desk.answer(ABOUT_MILL).citations == before.citations
    assert shelf.trash.removals() == []
    again = ended(shelf, shelf.undo(removal.token))
    assert (again.state, again.result.startswith("It is too late")) == ("failed", True)
    assert (tmp_path / "docs" / "mill.md").read_text() == MILL


def test_answers_use_edited_metadata(shelf, desk, tmp_path):
    info = info_of(desk, "The Mill")
    given = {"title": "Mills of Orlen", "authors": "Doe, Jane; John Roe", "published": "May 1901"}
    job = ended(shelf, shelf.edit(info.id, {**given, "url": "https://example.org/mill"}))
    assert job.state == "done"
    document = desk.answer(ABOUT_MILL).citations[0].document
    assert (document.title, document.authors) == ("Mills of Orlen", ("Doe, Jane", "John Roe"))
    assert document.published == "1901-05"
    assert dict(document.found) == dict.fromkeys([*given, "url"], "user")
    assert document.id == info.id
    assert stated_address(document) == "https://example.org/mill"
    assert stated(tmp_path / "docs" / "mill.md")["published"] == "1901-05"
    assert (tmp_path / "docs" / "mill.md").read_text() == MILL
    assert shelf.edit(info.id, {"title": "Mills of Orlen"}) is None


def test_edits_that_cannot_be_kept(shelf, desk, tmp_path):
    info = info_of(desk, "The Mill")
    with pytest.raises(InputError, match="The date: expected"):
        shelf.edit(info.id, {"published": "soon"})
    sidecar(tmp_path / "docs" / "mill.md").mkdir()
    job = ended(shelf, shelf.edit(info.id, {"title": "New"}))
    assert job.state == "failed"
    assert job.result.startswith("mill.md.meta.yaml: expected a file that can be written")
    assert info_of(desk, "The Mill") == info
    (tmp_path / "docs" / "mill.md").unlink()
    with pytest.raises(InputError, match=r"^mill\.md is missing"):
        shelf.edit(info.id, {"title": "New"})
    with pytest.raises(FilterError):
        shelf.edit("0" * 16, {"title": "New"})


def test_changed_files_are_brought_up_to_date_and_missing_ones_stay(shelf, desk, tmp_path):
    ended(shelf, shelf.add([upload(shelf, "pier.md", PIER)]))
    (shelf.places.files / "pier.md").write_text(PIER.replace("412", "398"))
    (tmp_path / "docs" / "mill.md").unlink()
    job = ended(shelf, shelf.reindex())
    assert job.result == "1 file brought up to date."
    (note,) = job.notes
    assert (note.name, note.is_error) == ("The Mill", False)
    assert "398 meters" in desk.answer(ABOUT_PIER).citations[0].quote.text
    assert desk.answer(ABOUT_MILL).citations
    alone = ended(shelf, shelf.reindex([info_of(desk, "The Mill").id]))
    assert (alone.state, alone.result[:24]) == ("failed", "No file of these documen")


def test_one_bad_file_does_not_stop_the_others(shelf, desk):
    tokens = [upload(shelf, "pier.md", PIER), upload(shelf, "quay.md", "The quay is of oak.\n")]
    (next((shelf.uploads.incoming / tokens[1]).iterdir())).write_bytes(b"\0" * 400)
    job = ended(shelf, shelf.add(tokens))
    assert job.result == "1 file added, 1 file not indexed."
    (note,) = job.notes
    assert (note.name, note.is_error) == ("quay.md", True)
    assert note.text.startswith("expected text, found binary data")
    assert files_in(shelf.places.files) == [".incoming", "pier.md"]
    assert len(desk.documents()) == 2


def test_one_change_at_a_time(shelf, desk):
    token = upload(shelf, "pier.md", PIER)
    with writing(Layout(shelf.places.index)):  # as another process does that indexes
        job = shelf.add([token])
        with pytest.raises(LibraryBusyError, match=r"already \(indexing 1 file\)"):
            shelf.remove([info_of(desk, "The Mill").id])
        time.sleep(0.3)
        assert shelf.jobs.latest().state == "running"
    assert ended(shelf, job).state == "done"
    assert len(desk.documents()) == 2


def upload_many(shelf, count):
    texts = [f"Text {number} tells of pier {number} at Dunsay. " * 40 for number in range(count)]
    return [upload(shelf, f"{number}.txt", text) for number, text in enumerate(texts)]


def test_a_stop_keeps_what_is_done(shelf, desk, monkeypatch):
    monkeypatch.setattr("index.intake.BATCH_TEXTS", 8)  # the files are small
    seen = threading.Event()
    count = Progress.count

    def counted(progress, done, of, passages):
        if done == 3:
            shelf.jobs.stop(shelf.jobs.latest().id)
            seen.set()
        count(progress, done, of, passages)

    monkeypatch.setattr(Progress, "count", counted)
    job = ended(shelf, shelf.add(upload_many(shelf, 12)))
    assert seen.is_set()
    assert job.state == "stopped"
    kept = [name for name in files_in(shelf.places.files) if name != ".incoming"]
    assert 3 <= len(kept) < 12
    assert job.result == f"Stopped: {len(kept)} of 12 files added."
    assert len(desk.documents()) == len(kept) + 1  # the mill is one of them
    assert len(job.notes) == 12 - len(kept)
    assert {note.is_error for note in job.notes} == {True}
    number = kept[0].removesuffix(".txt")
    assert desk.search(f"pier {number} at Dunsay")
    monkeypatch.undo()
    assert ended(shelf, shelf.reindex()).result == f"{len(kept) + 1} files unchanged."


def test_a_change_that_waits_for_another_process_can_be_stopped(shelf, desk):
    with writing(Layout(shelf.places.index)):
        job = shelf.add([upload(shelf, "pier.md", PIER)])
        assert job.may_stop
        assert shelf.jobs.stop("0" * 16).is_stopping is False
        assert shelf.jobs.stop(job.id).is_stopping
        time.sleep(0.7)
    assert ended(shelf, job).state == "stopped"
    assert len(desk.documents()) == 1
    assert files_in(shelf.places.files) == [".incoming"]


def test_what_takes_a_moment_is_not_stopped(shelf, desk):
    with writing(Layout(shelf.places.index)):
        job = shelf.edit(info_of(desk, "The Mill").id, {"title": "A Mill"})
        assert not job.may_stop
        assert shelf.jobs.stop(job.id).is_stopping is False
    assert ended(shelf, job).state == "done"


def test_an_error_names_no_folder_of_the_server(shelf, desk, tmp_path):
    with writing(Layout(shelf.places.index)):
        job = ended(shelf, shelf.remove([info_of(desk, "The Mill").id]))
    assert job.state == "failed"
    assert job.result.startswith("The index is being written by another process")
    assert str(tmp_path) not in job.result


def test_files_that_are_gone(shelf):
    token = upload(shelf, "pier.md", PIER)
    shelf.uploads.drop(token)
    job = ended(shelf, shelf.add([token, "../../docs", "0" * 32]))
    assert job.result == "The files are not here anymore. Choose them again."


def test_without_a_folder_for_files(places, desk, tmp_path):
    shelf = Shelf(Places(places.index, None), lambda: desk.index)
    with pytest.raises(InputError, match="No files are taken here"):
        shelf.add(["0" * 32])
    ended(shelf, shelf.remove([info_of(desk, "The Mill").id]))
    shelf.sweep()
    assert files_in(tmp_path / "docs") == ["mill.md"]


# Uploads


# Jobs


def test_jobs_tell_how_far_they_are():
    jobs, go_on, told = Jobs(), threading.Event(), threading.Event()

    def work(progress):
        progress.count(1, 3, 40)
        progress.note("a.md", "odd", is_error=True)
        told.set()
        go_on.wait(10)
        return "All done."

    assert jobs.latest() is None
    jobs.start("index", "indexing", work)
    assert told.wait(10)
    job = jobs.latest()
    assert (job.state, job.done, job.of, job.passages) == ("running", 1, 3, 40)
    assert job.notes[0].text == "odd"
    with pytest.raises(LibraryBusyError):
        jobs.start("index", "indexing more", work)
    go_on.set()
    jobs.wait(10)
    assert (jobs.latest().state, jobs.latest().result) == ("done", "All done.")


def test_a_bug_is_logged_and_not_shown(caplog):
    jobs = Jobs()

    def work(progress):
        raise RuntimeError("a secret detail")

    jobs.start("index", "indexing", work)
    jobs.wait(10)
    assert jobs.latest().state == "failed"
    assert "secret" not in jobs.latest().result
    assert "a secret detail" in caplog.text
    jobs.start("index", "indexing", lambda progress: "Well.")
    jobs.wait(10)
    assert jobs.latest().state == "done"
