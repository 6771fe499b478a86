"""What folders hold and no document is made of: said once a kind, with what to do."""

import json
from pathlib import Path

import pytest
from index_helpers import words_embedder

from assistant.cli import main
from assistant.library_files import checked_name
from index import build
from index.errors import InputError, SourceError
from index.left_out import LeftOut, remedy
from index.planning import plan
from index.types import FileNote

TEXT = "# Town\n\nThe mill of the town was sold in 1901. It was a quiet sale.\n"


@pytest.fixture
def docs(tmp_path):
    for name in ("a.md", "b/c.md"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.replace("1901", name))
    return tmp_path / "docs"


def put(docs, *names):
    for name in names:
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_bytes(b"\xd0\xcf\x11\xe0" * 100)


def update(paths, tmp_path, **options):
    return build(paths, tmp_path / "index", embedding_model=words_embedder(), **options)


def test_files_that_cannot_be_read_are_noted_by_suffix(docs, tmp_path):
    put(docs, "b/one.doc", "b/TWO.DOC", "b/d/three.doc", "sums.ods", "photo.png", ".hidden.doc")
    notes = (
        FileNote(str(docs / "b"), "3 .doc files were left out: save them as .docx"),
        FileNote(str(docs / "sums.ods"), "1 .ods file was left out: save it as .xlsx"),
    )
    report = update([docs], tmp_path)
    assert report.notes == notes
    assert len(report.added) == 2
    assert report.failed == ()
    assert plan([docs], tmp_path / "index").notes == notes
    assert update([docs, docs / "b", docs / "**/*.doc"], tmp_path).notes == notes
    assert update([docs / "**/*.md"], tmp_path).notes == ()


def test_the_command_says_so_and_succeeds(docs, tmp_path, capsys):
    put(docs, "mails.msg")
    wanted = f"note: {docs / 'mails.msg'}: 1 .msg file was left out: save it as .eml"
    assert main(["index", str(docs), "--index", str(tmp_path / "new"), "--dry-run"]) == 0
    assert wanted in capsys.readouterr().err
    put(docs, "letters/a.rtf")
    update([docs], tmp_path)
    assert main(["index", str(docs), "--index", str(tmp_path / "index"), "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [each["note"].partition(":")[0] for each in notes] == [
        "1 .msg file was left out",
        "1 .rtf file was left out",
    ]


def test_one_that_is_named_fails_with_the_remedy(docs, tmp_path):
    put(docs, "one.doc", "two.doc")
    report = update([docs, docs / "one.doc"], tmp_path)
    (failed,) = report.failed
    assert failed.source == str(docs / "one.doc")
    assert failed.reason.endswith("found '.doc'. Save it as .docx.")
    assert [each.source for each in report.notes] == [str(docs / "two.doc")]
    with pytest.raises(SourceError, match=r"found '\.doc'\. Save it as \.docx\."):
        build([docs / "two.doc"], tmp_path / "other", embedding_model=words_embedder())


def test_where_there_is_nothing_else_the_remedy_is_told(docs, tmp_path):
    put(docs, "old/one.xls", "old/two.xls")
    with pytest.raises(InputError, match="found none") as caught:
        update([docs / "old"], tmp_path)
    assert "2 .xls files were left out: save them as .xlsx" in str(caught.value)


def test_an_upload_is_refused_with_the_remedy():
    with pytest.raises(InputError, match=r"found \.ODT\. Save it as \.docx\.$"):
        checked_name("letter.ODT")
    assert remedy(".msg") == "Save it as .eml."
    assert remedy(".png") is None


def test_the_folder_that_all_are_in(tmp_path):
    left_out = LeftOut()
    for name in ("a/b/x.doc", "a/b/y.doc", "a/c/z.doc", "a/b/c/d.doc"):
        left_out.add(tmp_path / name)
    assert [each.source for each in left_out.notes()] == [str(tmp_path / "a")]


SETTINGS = {"package.json": '{"name": "town"}', "b/tsconfig.json": '{"strict": true, "text": " "}'}


@pytest.fixture
def settings(docs):
    for name, text in SETTINGS.items():
        (docs / name).write_text(text)
    (docs / "town.json").write_text(json.dumps({"text": TEXT, "title": "Town"}))
    return docs


def test_json_without_a_text_is_no_document(settings, tmp_path):
    report = update([settings], tmp_path)
    assert len(report.added) == 3
    assert report.failed == ()
    wanted = (
        "2 .json files without a text were left out: if one is a document, name the field of its "
        "text with --text-field"
    )
    assert report.notes == (FileNote(str(settings), wanted),)
    assert plan([settings], tmp_path / "index").notes == report.notes
    assert update([settings / "b/*.json"], tmp_path).notes[0].note.startswith("1 .json file wit")
    assert main(["index", str(settings), "--index", str(tmp_path / "index")]) == 0


def test_json_without_a_text_fails_where_it_is_named(settings, tmp_path):
    report = update([settings / "package.json", settings], tmp_path)
    assert [each.source for each in report.failed] == [str(settings / "package.json")]
    assert "expected a text in one of the fields text, content" in report.failed[0].reason
    assert [each.source for each in report.notes] == [str(settings / "b" / "tsconfig.json")]


def test_json_that_was_a_document_fails_and_what_is_broken_too(settings, tmp_path):
    update([settings], tmp_path)
    (settings / "town.json").write_text('{"title": "Town"}')
    (settings / "cut.json").write_text('{"text": "It was')
    (settings / "rows.jsonl").write_text('{"id": 1}\n')
    report = update([settings], tmp_path)
    names = [each.source.rpartition("/")[2] for each in report.failed]
    assert sorted(names) == ["cut.json", "rows.jsonl#line=1", "town.json"]
    assert report.documents == 3


def test_a_folder_of_settings_alone_says_what_was_left_out(tmp_path):
    (tmp_path / "package.json").write_text("{}")
    with pytest.raises(SourceError, match=r"1 \.json file without a text was left out"):
        build([tmp_path], tmp_path / "index", embedding_model=words_embedder())
    assert not (tmp_path / "index").exists()


def test_links_to_folders_are_told_once_with_an_example(docs, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "d.md").write_text(TEXT.replace("1901", name))
        (docs / f"link {name}").symlink_to(tmp_path / name)
    (docs / "b" / "up").symlink_to(docs)  # what it leads to is searched anyway
    (docs / ".hidden").symlink_to(tmp_path / "one")
    wanted = FileNote(
        str(docs / "link one"),
        "2 links to folders were not followed: name one (such as this) to have what is in it "
        "indexed",
    )
    report = update([docs], tmp_path)
    assert (len(report.added), report.notes) == (2, (wanted,))
    assert plan([docs], tmp_path / "index").notes == report.notes
    report = update([docs, docs / "link one"], tmp_path)
    assert [Path(each).name for each in report.added] == ["d.md"]
    assert report.notes == (
        FileNote(
            str(docs / "link two"),
            "this link to a folder was not followed: name it to have what is in it indexed",
        ),
    )
    assert update([docs, tmp_path / "*"], tmp_path).notes == ()
    assert update([docs / "*.md"], tmp_path).notes == ()
