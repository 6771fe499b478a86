"""Archives and the like in a library: taken, shown, brought up to date and removed as a whole."""

import io
import json
import mailbox
import zipfile
from email.message import EmailMessage

import pytest
from library_texts import ended, files_in, upload

from assistant.errors import DuplicateDocumentError
from assistant.library import Order, entries_of, listing_of
from assistant.library_containers import MOST_PARTS
from assistant.library_trash import UNDO
from index.errors import InputError, SourceError

TOWNS = ("Orlen", "Castrel", "Dunhaven")
TEXTS = {
    town: f"# {town}\n\nThe mill of {town} was sold in {1890 + n}.\n"
    for n, town in enumerate(TOWNS)
}


@pytest.fixture
def desk(shelf_desk):
    return shelf_desk


def zipped(entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return data.getvalue()


def mailed(folder):
    box = mailbox.mbox(folder / "made.mbox")
    for text in TEXTS.values():
        message = EmailMessage()
        message["From"] = "ann@example.org"
        message.set_content(text)
        box.add(message)
    box.close()
    return (folder / "made.mbox").read_bytes()


ROWS = [{"text": text} for text in TEXTS.values()]
ZIP = zipped({f"in/{town}.md": text for town, text in TEXTS.items()})


def of(desk, town):
    return next(info for info in desk.documents() if town in (info.title or "") + info.source)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("towns.zip", ZIP),
        ("towns.jsonl", "\n".join(map(json.dumps, ROWS))),
        ("towns.json", json.dumps(ROWS)),
        ("towns.mbox", None),
    ],
)
def test_its_documents_are_added_answered_from_and_removed_together(
    name,
    data,
    shelf,
    desk,
    places,
    tmp_path,
    monkeypatch,
):
    token = upload(shelf, name, mailed(tmp_path) if data is None else data)
    job = ended(shelf, shelf.add([token]))
    assert (job.state, job.result, job.notes) == ("done", "3 documents added.", ())
    assert files_in(places.files) == [".incoming", name]
    answer = desk.answer("When was the mill of Castrel sold?")
    assert "1891" in answer.text
    entries = [each for each in entries_of(desk.index, shelf.states) if each.container]
    assert [(each.container, each.parts, each.state) for each in entries] == [
        (name, 3, "in step")
    ] * 3
    found = listing_of(entries_of(desk.index, shelf.states), Order(search=name))
    assert (found.matching, found.total) == (3, 4)
    one = entries[1].info.id
    with pytest.raises(InputError, match=r"is a part of towns\.\w+"):
        shelf.edit(one, {"title": "Another"})
    with pytest.raises(InputError, match=rf"is a part of {name}, and its 3 documents can only be"):
        shelf.remove([one])
    ended(shelf, shelf.remove([one], together=True))
    assert len(desk.documents()) == 1
    (removal,) = shelf.trash.removals()
    assert removal.name == "3 documents"
    ended(shelf, shelf.undo(removal.token))
    assert len(desk.documents()) == 4
    ended(shelf, shelf.remove([one], together=True))
    clock = shelf.trash.clock
    monkeypatch.setattr(shelf.trash, "clock", lambda: clock() + UNDO + 1)
    shelf.sweep()
    kept = [path for path in files_in(places.files) if path.endswith(name)]
    assert [path.split("/")[0] for path in kept] == [".trash"]


def test_a_document_that_has_a_file_of_its_own_stays(shelf, desk, places):
    ended(shelf, shelf.add([upload(shelf, "orlen.md", TEXTS["Orlen"])]))
    ended(shelf, shelf.add([upload(shelf, "towns.zip", ZIP)]))
    states = [(each.info.name, each.container) for each in entries_of(desk.index, shelf.states)]
    assert sorted(states)[2:] == [("Orlen", ""), ("The Mill", "")]
    ended(shelf, shelf.remove([of(desk, "Castrel").id], together=True))
    assert sorted(info.name for info in desk.documents()) == ["Orlen", "The Mill"]


def test_a_container_of_which_a_part_fails(shelf, desk):
    rows = [*ROWS, {"id": 1}, {"id": 2}]
    token = upload(shelf, "towns.json", json.dumps(rows))
    job = ended(shelf, shelf.add([token]))
    assert len(desk.documents()) == 4
    (note,) = job.notes
    assert (note.name, note.is_error) == ("towns.json", False)
    assert note.text.startswith("2 of its 5 records have no text. The first, #/3: expected")


def test_it_is_brought_up_to_date_with_what_the_file_has_now(shelf, desk, places):
    ended(shelf, shelf.add([upload(shelf, "towns.jsonl", "\n".join(map(json.dumps, ROWS)))]))
    (places.files / "towns.jsonl").write_text("\n".join(map(json.dumps, ROWS[:2])))
    entries = [each for each in entries_of(desk.index, shelf.states) if each.container]
    assert sorted(each.state for each in entries) == ["in step", "in step", "missing"]
    ended(shelf, shelf.reindex([of(desk, "Orlen").id]))
    assert len(desk.documents()) == 3


@pytest.mark.parametrize(
    ("name", "data", "error", "match"),
    [
        ("a.zip", b"PK\x03\x04", SourceError, r"^a\.zip: expected what can be unpacked"),
        ("a.zip", zipped({}), SourceError, r"^a\.zip: expected documents in it, found none"),
        ("a.zip", zipped({"b.doc": "x"}), SourceError, r"^a\.zip: expected documents in it"),
        ("a.zip", zipped({"b.md": " "}), SourceError, r"^a\.zip!/b\.md: expected text"),
        ("a.zip", zipped({"b.md": "x" * 200_000}), InputError, r"^a\.zip: .* 100,000 bytes in all"),
        ("a.jsonl", b"no JSON\n", SourceError, r"^a\.jsonl#line=1: expected a JSON object"),
        ("a.jsonl", b'{"id": 1}\n' * 9, SourceError, r"^a\.jsonl#line=1: expected a text in"),
        ("a.jsonl", b"1\n" * (MOST_PARTS - 1) + b"11", SourceError, r"found int"),
        ("a.jsonl", b"1\n" * (MOST_PARTS + 1), InputError, r"expected at most 5,000 documents"),
        ("a.json", b"[1", SourceError, r"^a\.json: expected a comma"),
        ("a.mbox", b"no mail\n", SourceError, r"^a\.mbox: expected a mailbox"),
    ],
)
def test_containers_that_are_refused_leave_nothing_behind(
    name,
    data,
    error,
    match,
    shelf,
    places,
):
    if len(data) > 10_000:
        shelf.uploads.largest = len(data)
    with pytest.raises(error, match=match):
        upload(shelf, name, data)
    assert files_in(places.files) == [".incoming"]


def test_the_same_container_twice(shelf):
    upload(shelf, "towns.zip", ZIP)
    with pytest.raises(DuplicateDocumentError, match=r"another of the files that were sent"):
        upload(shelf, "again.zip", ZIP)
