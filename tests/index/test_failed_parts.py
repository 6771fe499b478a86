"""What is said of the parts of a container that cannot be indexed: once, with what to do."""

import json
import zipfile

import pytest
from index_helpers import words_embedder

from index import build
from index.canonical import canonical_text
from index.planning import plan
from index.types import FileNote

TEXT = "The old mill stands by the river of {}."
TOWNS = ("Orlen", "Castrel", "Dunhaven")


def update(paths, tmp_path, **options):
    return build(paths, tmp_path / "index", embedding_model=words_embedder(), **options)


def other(tmp_path):
    path = tmp_path / "docs" / "a.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT.format("Brimsey"))
    return path


@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl", "rows.zip"])
def test_records_without_a_text_are_one_failure(tmp_path, name):
    other(tmp_path)
    path = tmp_path / "docs" / name
    rows = [{"id": n, "summary": TEXT.format(n)} for n in range(40)]
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("in/rows.json", json.dumps(rows))
    elif name.endswith("l"):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        path.write_text(json.dumps(rows))
    first = {"rows.json": "#/0", "rows.jsonl": "#line=1", "rows.zip": "!/in/rows.json#/0"}[name]
    report = update([tmp_path / "docs"], tmp_path)
    (failed,) = report.failed
    assert failed.source == str(path)
    assert failed.reason == (
        f"40 of its 40 records have no text. The first, {first}: expected a text in one of "
        "the fields text, content, body, page_content, contents, article, passage, markdown, found "
        "'id', 'summary'. Name the field with --text-field, or leave the record out."
    )
    assert plan([tmp_path / "docs"], tmp_path / "index").failed == report.failed
    assert len(report.added) == 1
    found = update([path], tmp_path, text_field="summary")
    assert (len(found.added), found.failed) == (40, ())


def test_a_few_without_a_text_among_others_and_wrong_lines(tmp_path):
    lines = [json.dumps({"text": TEXT.format(n)}) for n in range(50)]
    lines[3:3] = ['{"id": 1}', '{"id": 2}']
    lines += ["no JSON"] * 30
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines))
    report = update([path], tmp_path)
    assert len(report.added) == 50
    sources = [each.source.removeprefix(str(path)) for each in report.failed]
    assert sources == ["", *(f"#line={n}" for n in range(53, 73)), ""]
    assert report.failed[-1].reason == "10 more of its 82 parts failed. The first 20 are listed."
    assert report.failed[0].reason.startswith(
        "2 of its 82 records have no text. The first, #line=4"
    )


def test_what_is_not_read_in_an_archive_is_noted_as_in_a_folder(tmp_path):
    other(tmp_path)
    with zipfile.ZipFile(tmp_path / "docs" / "a.zip", "w") as archive:
        for name in ("b/one.doc", "b/TWO.DOC", "c/three.odt", "photo.png", ".d/four.doc"):
            archive.writestr(name, "\xd0\xcf")
        archive.writestr("five.md", TEXT.format("Orlen"))
        archive.writestr("package.json", '{"name": "mill"}')
    (tmp_path / "docs" / "six.odt").write_text("x")
    inside = f"{tmp_path}/docs/a.zip!"
    report = update([tmp_path / "docs"], tmp_path)
    assert (len(report.added), report.failed) == (2, ())
    assert report.notes == (
        FileNote(f"{inside}/b", "2 .doc files were left out: save them as .docx"),
        FileNote(
            f"{inside}/package.json",
            "1 .json file without a text was left out: if it is a document, name the field of its "
            "text with --text-field",
        ),
        FileNote(f"{tmp_path}/docs", "2 .odt files were left out: save them as .docx"),
    )
    assert plan([tmp_path / "docs"], tmp_path / "index").notes == report.notes
    assert update([tmp_path / "docs" / "a.zip"], tmp_path).notes[0] == report.notes[0]


def test_an_archive_without_any_document_fails_and_says_what_is_in_it(tmp_path):
    other(tmp_path)
    with zipfile.ZipFile(tmp_path / "docs" / "a.zip", "w") as archive:
        archive.writestr("one.doc", "x")
    report = update([tmp_path / "docs"], tmp_path)
    assert report.failed[0].reason == "expected documents in it, found none. Leave it out."
    assert report.notes[0].note == "1 .doc file was left out: save it as .docx"


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"]
)
def test_records_in_other_encodings_of_unicode(tmp_path, encoding):
    rows = [{"text": TEXT.format(town) + " Größe: 10 m²."} for town in TOWNS]
    (tmp_path / "a.jsonl").write_bytes("\r\n".join(map(json.dumps, rows)).encode(encoding))
    (tmp_path / "b.json").write_bytes(json.dumps(rows, ensure_ascii=False).encode(encoding))
    (tmp_path / "c.json").write_bytes(json.dumps(rows[0], ensure_ascii=False).encode(encoding))
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "d.jsonl").write_bytes(lines.encode(encoding))
    report = update([tmp_path], tmp_path)
    assert (len(report.added), report.failed, report.documents) == (10, (), 3)
    for source in ("a.jsonl#line=3", "b.json#/2", "d.jsonl#line=3"):
        assert canonical_text(tmp_path / source) == rows[2]["text"]


def test_lines_that_break_off_amid_a_character(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes((json.dumps({"text": TEXT}) + "\n").encode("utf-16") + b"\x7b")
    report = update([path, other(tmp_path)], tmp_path)
    assert [each.source for each in report.failed] == [str(path)]
    assert "expected JSON Lines in one encoding" in report.failed[0].reason
