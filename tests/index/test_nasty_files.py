"""Files that were made to break a reader: each is read, or a sentence says why not."""

import os
import sys

import pytest

from index.canonical import canonical_text
from index.errors import SourceError, UnreadableFileError
from index.loading import LOADERS
from index.members import is_container, members, suffix_of
from index.sources import read_document
from index.walking import Selection
from scripts.fuzz.nasty_files import CODECS, deep_folders, make_all, small_files

FILES = {each.name: each for each in small_files()}
DOCUMENTS = sorted(
    name
    for name, each in FILES.items()
    if suffix_of(name) in LOADERS and each.outcome != "passed over"
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names and pipes as Linux has them")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nasty")
    make_all(folder, list(FILES.values()))
    return folder


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_is_read_or_a_sentence_says_why_not(corpus, name):
    try:
        document, passages = read_document(corpus / name)
    except SourceError as error:
        assert FILES[name].outcome in ("refused", "either")
        told = str(error)
        assert str(corpus) in told
        assert len(told) < 1_000
        assert told.endswith(".")
    else:
        assert FILES[name].outcome in ("read", "either")
        assert "".join(passage.text for passage in passages) == document.text
        document.text.encode()


@pytest.mark.parametrize("name", sorted(n for n in FILES if suffix_of(n) in (".zip", ".jsonl")))
def test_a_container_tells_of_each_member_that_it_cannot_give(corpus, name):
    assert is_container(corpus / name)
    told = []
    try:
        for member in members(corpus / name):
            if member.trouble:
                told.append(member.trouble)
    except UnreadableFileError as error:
        told.append(str(error))
    assert all(len(each) < 1_000 and each.endswith(".") for each in told)
    assert told or FILES[name].outcome != "refused"


def test_links_pipes_sockets_and_devices_are_passed_over(corpus):
    found = {path.name for path in Selection.of([corpus]).walk()}
    passed = {name for name, each in FILES.items() if each.outcome == "passed over"}
    assert len(passed) >= 6
    assert not found & passed
    assert {name for name, each in FILES.items() if each.outcome == "read"} <= found


@pytest.mark.parametrize("name", ["pipe.txt", "socket.txt", "device.txt", "loop.txt", "folder.txt"])
def test_named_by_themselves_they_are_told_and_nothing_hangs(corpus, name):
    with pytest.raises(UnreadableFileError, match=r"could not be read|no file|nothing"):
        canonical_text(corpus / name)


def test_old_encodings_are_read_as_they_were_written(corpus):
    whole = [
        c for c in CODECS if c in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1251", "cp1252")
    ]
    assert len(whole) == 6
    for codec in whole:
        path = corpus / f"in {codec}.txt"
        assert canonical_text(path) == path.read_bytes().decode(codec)


def test_a_document_far_below_is_found(tmp_path):
    deep_folders(tmp_path, 200)
    (found,) = Selection.of([tmp_path]).walk()
    assert canonical_text(found).endswith("Far below.")


def test_a_folder_that_may_not_be_read_is_told(tmp_path):
    (tmp_path / "closed").mkdir()
    (tmp_path / "fine.txt").write_text("Fine.")
    (tmp_path / "closed" / "a.txt").write_text("Closed.")
    (tmp_path / "closed").chmod(0)
    told = []
    try:
        found = [path.name for path in Selection.of([tmp_path]).walk(told.append)]
    finally:
        (tmp_path / "closed").chmod(0o700)
    if os.geteuid() != 0:  # root reads it all the same
        assert found == ["fine.txt"]
        assert "could not be read" in told[0].reason


@pytest.mark.slow
def test_the_command_indexes_all_others_and_prints_nothing_a_terminal_obeys(corpus, tmp_path):
    from scripts.campaign.nasty import faults_of, index

    found = index([corpus], tmp_path / "index", 240)
    assert faults_of(found, list(FILES.values()), 2_500) == []
