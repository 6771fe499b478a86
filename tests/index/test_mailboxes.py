"""Mailboxes as Python's own library writes them, and by hand: each mail is a document."""

import mailbox
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder

from index import Index, build
from index.canonical import canonical_text
from index.errors import UnreadableFileError
from index.mailboxes import mail_members
from index.members import exists, file_of, is_member, members, part_of, suffix_of
from index.sources import read_info
from index.types import source_name

TOWNS = ("Orlen", "Castrel", "Dunhaven")


def mail(town, body=""):
    message = EmailMessage()
    message["From"] = f"Ann Lee <ann@{town.lower()}.example>"
    message["Subject"] = f"The mill of {town}"
    message["Date"] = "Mon, 03 May 2021 10:00:00 +0200"
    message.set_content(
        body or f"The mill of {town} was sold.\n\nFrom {town} it is an hour by boat.\n"
    )
    return message


@pytest.fixture
def box(tmp_path):
    path = tmp_path / "inbox.mbox"
    written = mailbox.mbox(path)
    for town in TOWNS:
        written.add(mail(town))
    written.close()
    return path


def test_each_mail_is_a_document(box, tmp_path):
    assert [source_name(each.source) for each in members(box)] == [
        f"inbox.mbox#message={number}" for number in (1, 2, 3)
    ]
    source = f"{box}#message=2"
    assert (file_of(source), is_member(source), suffix_of(source)) == (box, True, ".eml")
    assert (part_of(source).message, part_of(f"{box}#message=0").message) == (2, 0)
    text = canonical_text(source)
    assert "\nFrom Castrel it is an hour by boat." in text  # the box has `>From`
    info = read_info(source)
    assert (info.title, info.authors) == ("The mill of Castrel", ("Ann Lee",))
    assert (info.published, exists(source)) == ("2021-05-03", True)
    assert not exists(f"{box}#message=4")
    with pytest.raises(UnreadableFileError, match="expected a mail there, found none"):
        canonical_text(f"{box}#message=4")
    report = build([tmp_path], tmp_path / "index", embedding_model=words_embedder())
    assert (len(report.added), report.failed, report.documents) == (3, (), 3)
    with Index.open(tmp_path / "index", words_embedder()) as index:
        hit = index.search("The mill of Dunhaven was sold.")[0]
        assert hit.document.source == f"{box}#message=3"
        start, end = hit.passage.start, hit.passage.end
        assert canonical_text(hit.document.source)[start:end] == hit.passage.text


def test_what_is_taken_out_and_added_moves_the_rest_without_embedding(box, tmp_path):
    build([box], tmp_path / "index", embedding_model=words_embedder())
    written = mailbox.mbox(box)
    written.remove(0)
    written.add(mail("Brimsey"))
    written.flush()
    written.close()
    report = build([box], tmp_path / "index", embedding_model=words_embedder())
    assert (report.documents, report.failed) == (3, ())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        titles = sorted(info.title.rpartition(" ")[2] for info in index.documents())
    assert titles == ["Brimsey", "Castrel", "Dunhaven"]


def test_within_an_archive(box, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(box, "old/inbox.mbox")
    found = [each.source for each in members(tmp_path / "a.zip")]
    assert found[1] == f"{tmp_path}/a.zip!/old/inbox.mbox#message=2"
    assert canonical_text(found[1]) == canonical_text(f"{box}#message=2")


def test_mails_that_were_deleted_are_left_out(tmp_path):
    path = tmp_path / "trash.mbox"
    lines = [
        "From - Mon May  3 10:00:00 2021\nX-Mozilla-Status: 0009\nSubject: gone\n\nGone.\n\n",
        "From - Mon May  3 10:00:00 2021\nX-Mozilla-Status: 0001\nSubject: kept\n\nKept: X-Mozilla-"
        "Status: 0009\n",
    ]
    path.write_text("".join(lines))
    assert [each.source for each in members(path)] == [f"{path}#message=2"]


def test_lines_within_a_mail_begin_no_other(tmp_path):
    path = tmp_path / "a.mbox"
    path.write_bytes(
        b"\r\nFrom a\r\nSubject: x\r\n\r\nOne\r\nFrom here on\r\n\r\n>>From b\r\n\r\nFrom c\r\n\r\n"
    )
    found = [each.data for each in members(path)]
    assert found == [b"Subject: x\r\n\r\nOne\r\nFrom here on\r\n\r\n>From b\r\n\r\n", b"\r\n"]


def test_what_is_no_mailbox_and_what_is_too_large(tmp_path, monkeypatch):
    path = tmp_path / "a.mbox"
    path.write_text("Subject: a mail\n\nalone\n")
    with pytest.raises(UnreadableFileError, match=r"begins with a line 'From ...', found 'Subject"):
        list(members(path))
    monkeypatch.setattr("index.mailboxes.LARGEST_MAIL", 50)
    path.write_text("From a\nSubject: x\n\n" + "long\n" * 20 + "\nFrom b\nSubject: y\n\nshort\n")
    first, second = members(path)
    assert ("expected a mail of at most 50 bytes" in first.trouble, first.data) == (True, b"")
    assert (second.trouble, second.data) == ("", b"Subject: y\n\nshort\n")
    with pytest.raises(UnreadableFileError, match="found none"):
        canonical_text(first.source)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([b"From x", b"\n", b"\r\n", b">From y", b"Subject: z", b"\0\xff"])))
def test_any_bytes(tmp_path_factory, parts):
    path = tmp_path_factory.mktemp("box") / "a.mbox"
    path.write_bytes(b"".join(parts))
    try:
        found = list(members(path))
    except UnreadableFileError:
        return
    with path.open("rb") as stream:
        assert list(mail_members(stream, str(path))) == found
