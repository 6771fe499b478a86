"""An index that follows its folders, in a thread; the command is in test_watch_command.py."""

import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import watchfiles
from index_helpers import assert_whole, query_embedder, words_embedder, write_document

from index import Index, build, watching
from index.indexing import Update
from index.layout import Layout
from index.lock import writing
from index.looking import Looks
from index.walking import Selection
from index.watching import Watch

pytestmark = pytest.mark.slow

SECONDS = 25


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(watching, "SETTLED", 0.3)


class Followed:
    """What a watch reported."""

    def __init__(self):
        self.reports, self.said = [], []

    def wait_for(self, condition):
        end = time.monotonic() + SECONDS
        while not condition(self):
            assert time.monotonic() < end, [(r.added, r.removed, r.moved) for r in self.reports]
            time.sleep(0.02)

    def names(self, kind):
        found = [each for report in self.reports for each in getattr(report, kind)]
        return [Path(getattr(each, "source", each)).name for each in found]


@contextmanager
def followed(paths, index_dir, *, wait=0.5, **options):
    found, stop = Followed(), threading.Event()
    layout = Layout(Path(index_dir))
    selection = Selection.of(paths, leave_out=[layout.folder])
    model = words_embedder()
    update = Update(layout, wait=wait)
    watch = Watch(selection, update, found.reports.append, found.said.append, model, **options)
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    try:
        found.wait_for(lambda f: "Watching for changes (Ctrl-C ends it)" in f.said)
        yield found
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "poll", [None, pytest.param(0.2, marks=pytest.mark.slow)], ids=["told", "polling"]
)
def test_files_that_come_change_move_and_go(docs, index_dir, poll):
    with followed([docs], index_dir, poll=poll) as found:
        write_document(docs, 20)
        found.wait_for(lambda f: f.names("added") == ["town020.md"])
        write_document(docs, 3, version=1)
        (docs / "town005.md").unlink()
        found.wait_for(
            lambda f: (f.names("changed"), f.names("removed")) == (["town003.md"], ["town005.md"])
        )
        os.rename(docs / "town001.md", docs / "moved.md")
        found.wait_for(lambda f: f.names("moved") == ["moved.md"])
        (docs / "town002.md.meta.yaml").write_text("title: Stated\n")
        found.wait_for(lambda f: f.names("changed") == ["town003.md", "town002.md"])
        (docs / ".hidden.md").write_text("Not to be seen.")
        (docs / "picture.png").write_bytes(b"\x89PNG")
        with Index.open(index_dir, query_embedder()) as index:
            assert "mark20v0b0" in index.search("mark20v0b0", k=1)[0].passage.text
            assert "Stated" in [info.title for info in index.documents()]
    assert found.names("failed") == []
    assert_whole(index_dir)
    assert build([docs], index_dir, embedding_model=query_embedder()).added == ()


def test_nothing_is_lost_between_the_first_look_and_the_first_message(docs, index_dir, monkeypatch):
    def listen_late(*arguments, **options):
        time.sleep(1)
        yield from watch(*arguments, **options)

    def look(looks):
        looked(looks)
        if not (docs / "town060.md").exists():
            write_document(docs, 60)

    watch, looked = watchfiles.watch, Looks.look
    monkeypatch.setattr(watchfiles, "watch", listen_late)
    monkeypatch.setattr(Looks, "look", look)
    with followed([docs], index_dir) as found:
        found.wait_for(lambda f: "town060.md" in f.names("added"))


@pytest.mark.slow
def test_folders_that_come_and_go(tmp_path, docs, index_dir):
    shutil.copytree(docs, tmp_path / "aside" / "sub" / "v1.2")
    write_document(tmp_path / "aside" / "sub" / "v1.2", 30)
    with followed([docs], index_dir) as found:
        os.rename(tmp_path / "aside" / "sub", docs / "sub")
        found.wait_for(lambda f: len(f.names("added")) == 9)
        os.rename(docs / "sub" / "v1.2", tmp_path / "v1.2")
        found.wait_for(lambda f: len(f.names("removed")) == 9)
    assert_whole(index_dir)
    with Index.open(index_dir, query_embedder()) as index:
        assert index.document_count == 8


@pytest.mark.slow
def test_a_file_is_read_once_it_is_whole(docs, index_dir, monkeypatch):
    monkeypatch.setattr(watching, "SETTLED", 3.0)  # a busy machine pauses for longer than 0.3 s
    with followed([docs], index_dir) as found:
        whole = write_document(docs.parent / "other", 40, paragraphs=40).read_text()
        with (docs / "slow.md").open("w") as stream:
            for start in range(0, len(whole), 500):
                stream.write(whole[start : start + 500])
                stream.flush()
                time.sleep(0.05)
        found.wait_for(lambda f: f.names("added") == ["slow.md"])
    assert (found.names("changed"), len(found.reports)) == ([], 2)


def test_what_fails_is_told_and_tried_again_when_it_changes(docs, index_dir):
    with followed([docs], index_dir) as found:
        (docs / "bad.md").write_bytes(b"\0\1\2" * 50)
        found.wait_for(lambda f: f.names("failed") == ["bad.md"])
        write_document(docs, 50)
        found.wait_for(lambda f: f.names("added") == ["town050.md"])
        (docs / "bad.md").write_text("# Good\n\nNow it can be read.\n")
        found.wait_for(lambda f: f.names("added") == ["town050.md", "bad.md"])
    assert found.names("failed") == ["bad.md"]


@pytest.mark.slow
def test_another_writer_is_waited_for(docs, index_dir):
    with followed([docs], index_dir, wait=0.1) as found:
        with writing(Layout(index_dir)):
            write_document(docs, 60)
            found.wait_for(lambda f: any("being written by another" in said for said in f.said))
            time.sleep(1)
        found.wait_for(lambda f: f.names("added") == ["town060.md"])
    assert sum("being written" in said for said in found.said) == 1


@pytest.mark.slow
def test_an_index_is_begun_and_one_file_is_watched(tmp_path, docs):
    file = docs / "town001.md"
    with followed([file], tmp_path / "index") as found:
        assert found.names("added") == ["town001.md"]
        write_document(docs, 2, version=1)
        new = write_document(tmp_path / "other", 1, version=1)
        os.replace(new, file)  # as editors do
        found.wait_for(lambda f: f.names("changed") == ["town001.md"])
    assert_whole(tmp_path / "index")


@pytest.mark.slow
def test_an_empty_folder_and_a_pattern(tmp_path):
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    with followed([tmp_path / "docs" / "*" / "*.md"], tmp_path / "index") as found:
        write_document(tmp_path / "docs", 1)
        write_document(tmp_path / "docs" / "sub", 2)
        found.wait_for(lambda f: f.names("added") == ["town002.md"])


@pytest.mark.slow
def test_a_folder_that_is_not_there_for_a_while(tmp_path, docs, index_dir):
    with followed([docs], index_dir) as found:
        os.rename(docs, tmp_path / "unmounted")
        time.sleep(1.5)
        os.rename(tmp_path / "unmounted", docs)
        time.sleep(1.0)
        shutil.copytree(docs, tmp_path / "copy")
        shutil.rmtree(docs)
        time.sleep(1.5)
        os.rename(tmp_path / "copy", docs)
        write_document(docs, 70)
        found.wait_for(lambda f: f.names("added") == ["town070.md"])
    with Index.open(index_dir, query_embedder()) as index:
        assert index.document_count == 9


def test_what_the_system_did_not_tell_is_found_by_looking(docs, index_dir, monkeypatch):
    monkeypatch.setattr(watching, "RESCAN", 0.3)
    monkeypatch.setattr(Watch, "note", lambda watch, paths: None)  # every message is lost
    with followed([docs], index_dir) as found:
        begun = len(found.reports)
        time.sleep(1)
        assert len(found.reports) == begun  # looks that find nothing say nothing
        write_document(docs, 21)
        found.wait_for(lambda f: "town021.md" in f.names("added"))
        (docs / "town005.md").unlink()
        found.wait_for(lambda f: "town005.md" in f.names("removed"))
        (docs / "town002.md.meta.yaml").write_text("title: Stated\n")
        found.wait_for(lambda f: "town002.md" in f.names("changed"))
        docs.rename(docs.with_name("away"))  # as a drive that is taken away
        docs.mkdir()
        time.sleep(1)
        docs.rmdir()
        docs.with_name("away").rename(docs)
    assert found.names("removed") == ["town005.md"]
    assert_whole(index_dir)
    assert build([docs], index_dir, embedding_model=query_embedder()).documents == 8
