"""Checking a saved answer against the files, without index or model."""

import json

import pytest

from assistant import Answer, Citation, DocumentInfo, Quote, Statement
from assistant.errors import InputError
from assistant.verify import verify
from index.canonical import text_sha256

TEXT = "One is here.\r\nTwo is there, İ e\u0301.\r\nThree is nowhere.\r\n"
CANONICAL = TEXT.replace("\r\n", "\n")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "texts" / "sub" / "file.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture
def saved(tmp_path, source):
    """A saved answer, perhaps with values of its citation changed."""

    def saved(**changes):
        sha256 = text_sha256(CANONICAL)
        document = DocumentInfo(sha256[:16], None, (), None, None, str(source), sha256)
        citation = Citation(1, Quote.slice(CANONICAL, 13, 33), document, f"{document.id}:0-9")
        statement = Statement("It says: “Two”", (1,), 1.0)
        answer = Answer("?", "“Two” [1]", "answered", None, (statement,), (citation,)).to_dict()
        for part in (*answer["citations"], *(answer["citations"][0][k] for k in PARTS)):
            part.update({key: value for key, value in changes.items() if key in part})
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer), encoding="utf-8")
        return path

    return saved


PARTS = ("quote", "document")


def test_an_exact_quote(saved):
    (verdict,) = verify(saved())
    assert (verdict.is_exact, verdict.is_unchanged, verdict.reason) == (True, True, "exact")


@pytest.mark.parametrize(
    ("text", "is_exact", "reason"),
    [
        (TEXT + "Four.", True, "exact, though the file has changed elsewhere"),
        ("Zero. " + TEXT, False, "expected at 13-33, found at 19-39, and the file has changed"),
        ("Else.", False, "expected at 13-33, found nowhere in the file, and the file has changed"),
    ],
)
def test_a_changed_file(saved, source, text, is_exact, reason):
    source.write_text(text, encoding="utf-8", newline="")
    (verdict,) = verify(saved())
    assert (verdict.is_exact, verdict.is_unchanged) == (is_exact, False)
    assert verdict.reason.startswith(reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "Two is not there, İ"}, "expected at 13-33, found nowhere in the file"),
        ({"start": 14, "end": 34}, "expected at 14-34, found at 13-33"),
        ({"start": -3}, "expected at -3-33, found at 13-33"),
        ({"end": 10**9}, f"expected at 13-{10**9}, found at 13-33"),
        ({"text": ""}, "expected at 13-33, found nowhere in the file"),
        ({"start": 5, "end": 5, "text": ""}, "expected at 5-5, found nowhere in the file"),
    ],
)
def test_a_tampered_quote(saved, changes, reason):
    (verdict,) = verify(saved(**changes))
    assert (verdict.is_exact, verdict.is_unchanged, verdict.reason) == (False, True, reason)


def test_a_missing_file(saved, source):
    source.unlink()
    (verdict,) = verify(saved())
    assert not verdict.is_exact
    assert "expected a file, found nothing" in verdict.reason


def test_an_impossible_source(saved):
    (verdict,) = verify(saved(source="a\0b"))
    assert not verdict.is_exact


def test_a_moved_folder(saved, source, tmp_path):
    (tmp_path / "texts" / "file.txt").write_text("Another file of that name.", encoding="utf-8")
    moved = (tmp_path / "texts").rename(tmp_path / "moved")
    path = saved()
    assert not verify(path)[0].is_exact
    (verdict,) = verify(path, moved)
    assert verdict.is_exact
    assert verdict.source == str(moved / "sub" / "file.txt")
    assert verify(path, moved / "sub")[0].is_exact
    (verdict,) = verify(path, tmp_path)
    assert verdict.source == str(tmp_path / "file.txt")
    assert not verdict.is_exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '"text"',
        '{"citations": []}',
        '{"status": "answered", "citations": [{}]}',
        '{"status": "answered", "citations": [7]}',
        '{"status": "answered", "citations": 7}',
        '{"status": "maybe", "citations": []}',
        "[" * 100_000,
    ],
)
def test_what_is_no_answer(tmp_path, text):
    path = tmp_path / "answer.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected the JSON of 'assistant ask --json', found"):
        verify(path)


@pytest.mark.parametrize(
    "changes", [{"number": "1"}, {"start": 1.5}, {"text": None}, {"source": 3}, {"sha256": []}]
)
def test_values_of_another_kind(saved, changes):
    with pytest.raises(InputError, match="expected the JSON"):
        verify(saved(**changes))


@pytest.mark.parametrize("name", ["nothing.json", ".", "latin.json"])
def test_a_file_that_cannot_be_read(tmp_path, name):
    (tmp_path / "latin.json").write_bytes(b'"\xe9"')
    with pytest.raises(InputError, match=r"could not be read .* Check the path\."):
        verify(tmp_path / name)
