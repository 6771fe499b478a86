"""Files that are sent to a library, before they are in it."""

import time

import pytest
from library_texts import MILL, files_in, upload

from assistant.errors import DuplicateDocumentError
from assistant.library_uploads import FORGOTTEN, MOST_FILES, Uploads
from index.errors import InputError, SourceError


@pytest.fixture
def desk(shelf_desk):
    return shelf_desk


@pytest.fixture
def uploads(tmp_path):
    return Uploads(tmp_path / "files", 1_000, lambda document_id: None)


def receive(uploads, name, data=b"Some words."):
    with uploads.receive(name) as file:
        file.write(data)
    return file.token


@pytest.mark.parametrize(
    ("name", "data", "error", "match"),
    [
        ("a.md", b"", SourceError, r"^a\.md: expected text, found an empty file"),
        ("a.md", b" \n ", SourceError, r"^a\.md: expected text, found an empty file"),
        ("a.md", bytes(range(256)) * 3, SourceError, r"^a\.md: expected text, found binary"),
        ("a.md", b"x" * 1_001, InputError, r"^a\.md: expected at most 1,000 bytes"),
        ("a.md", b"---\ntitle: [x\n---\n", SourceError, r"^a\.md \(front matter\): expected YAML"),
        ("a.exe", b"MZ", InputError, r"^a\.exe: expected one of"),
        ("../a.md", b"x", InputError, r"plain file name"),
    ],
)
def test_files_that_are_refused_leave_nothing_behind(uploads, name, data, error, match):
    with pytest.raises(error, match=match):
        receive(uploads, name, data)
    assert files_in(uploads.folder) in ([], [".incoming"])


def test_other_encodings_are_read(uploads):
    for number, data in enumerate(
        ("Größe und Maß".encode("cp1252"), "The mill".encode("utf-16"), b"\xef\xbb\xbfThe pier")
    ):
        assert receive(uploads, f"{number}.txt", data)


def test_the_same_text_twice(uploads):
    receive(uploads, "a.md", b"Some words.\n")
    with pytest.raises(DuplicateDocumentError, match="another of the files"):
        receive(uploads, "b.md", b"Some words.\r\n")


def test_a_text_that_is_there(shelf):
    with pytest.raises(DuplicateDocumentError, match="already, as “The Mill”"):
        upload(shelf, "other name.txt", MILL)


def test_names_that_are_taken(uploads):
    paths = uploads.take([receive(uploads, "a.md", b"One."), receive(uploads, "A.md", b"Two.")])
    (uploads.folder / "b.md.meta.yaml").write_text("title: Left behind\n")
    paths += uploads.take([receive(uploads, "b.md", b"Three.")])
    assert [path.name for path in paths] == ["a.md", "A (2).md", "b (2).md"]


def test_only_so_many_wait(uploads, monkeypatch):
    monkeypatch.setattr("assistant.library_uploads.MOST_FILES", 2)
    receive(uploads, "a.md", b"One.")
    receive(uploads, "b.md", b"Two.")
    with pytest.raises(InputError, match="2 files of 8 bytes wait"):
        receive(uploads, "c.md", b"Three.")
    assert MOST_FILES > 2


def test_only_so_much_waits(uploads):
    for number in range(10):
        receive(uploads, f"{number}.md", b"%d" % number * 1_000)
    with pytest.raises(InputError, match="wait to be indexed already"):
        receive(uploads, "more.md")


def test_what_nobody_indexes_is_forgotten(uploads):
    token = receive(uploads, "a.md")
    uploads.sweep()
    assert (uploads.incoming / token).is_dir()
    uploads.clock = lambda: time.time() + FORGOTTEN + 1
    uploads.sweep()
    assert files_in(uploads.folder) == [".incoming"]
    assert uploads.take([token]) == []


def test_tokens_lead_nowhere_else(uploads):
    receive(uploads, "a.md")
    for token in ("", ".", "..", "../..", "/", "0" * 32):
        uploads.drop(token)
        assert uploads.take([token]) == []
    assert len(files_in(uploads.folder)) == 3


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "files").write_text("a file")
    uploads = Uploads(tmp_path / "files", 1_000, lambda document_id: None)
    with pytest.raises(InputError, match=r"a\.md: could not be kept"):
        receive(uploads, "a.md")


# What was removed
