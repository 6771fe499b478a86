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
        answer = Answer(
            "?", "It says: “Two” [1]", "answered", None, (statement,), (citation,)
        ).to_dict()
        for part in (*answer["citations"], *(answer["citations"][0][k] for k in PARTS)):
            part.update({key: value for key, value in changes.items() if key in part})
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer), encoding="utf-8")
        return path

    return saved


PARTS = ("quote", "document")


def only(path, documents=None):
    """What became of the one quote of a file in which all fits together."""
    found = verify(path, documents)
    (verdict,) = found.verdicts
    assert found.problems == ()
    assert found.is_well is verdict.is_exact
    return verdict


def test_an_exact_quote(saved):
    verdict = only(saved())
    assert (verdict.state, verdict.is_unchanged, verdict.reason) == ("exact", True, "exact")


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        (TEXT + "Four.", "exact", "exact, though the file has changed elsewhere"),
        ("Zero. " + TEXT, "moved", "expected at 13-33, found at 19-39 in the file, which has"),
        ("Else.", "changed", "expected at 13-33, found nowhere in the file, which has changed"),
    ],
)
def test_a_changed_file(saved, source, text, state, reason):
    source.write_text(text, encoding="utf-8", newline="")
    verdict = only(saved())
    assert (verdict.state, verdict.is_unchanged, verdict.altered) == (state, False, ())
    assert verdict.reason.startswith(reason)


@pytest.mark.parametrize(
    ("changes", "altered", "reason"),
    [
        ({"text": "Two is not there, İ"}, "text", "expected at 13-33, found nowhere in the file: "),
        ({"start": 14, "end": 34}, "offsets", "expected at 14-34, found at 13-33 in the file: it"),
        ({"start": -3}, "offsets", "expected at -3-33, found at 13-33"),
        ({"end": 10**9}, "offsets", f"expected at 13-{10**9}, found at 13-33"),
        ({"text": ""}, "text", "expected at 13-33, found nowhere in the file"),
        ({"start": 5, "end": 5, "text": ""}, "text", "expected at 5-5, found nowhere in the file"),
        ({"prefix": "One is not here.\n"}, "prefix", "the file has another prefix: it is as it"),
        ({"prefix": ""}, "prefix", "the file has another prefix"),
        ({"suffix": "Never"}, "suffix", "the file has another suffix"),
    ],
)
def test_a_tampered_quote(saved, changes, altered, reason):
    found = verify(saved(**changes))
    (verdict,) = found.verdicts
    assert not found.is_well
    assert (verdict.state, verdict.is_unchanged, verdict.altered) == ("altered", True, (altered,))
    assert verdict.reason.startswith(reason)
    assert verdict.reason.endswith("as it was indexed, so the record was altered")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": "It says: “Three” [1]"}, "text: it is not made of the answer's statements"),
        (
            {"statements": [{"text": "“Five may be here”", "citations": [1], "support": 1.0}]},
            "statement 1: what it has in quotation marks is in none of its quotes",
        ),
        (
            {"statements": [{"text": "'" * 20_001, "citations": [1], "support": 1.0}]},
            "statement 1: expected at most 20,000 characters, found more",
        ),
        ({"statements": []}, "parts do not fit"),
    ],
)
def test_an_answer_that_says_something_else(saved, change, problem):
    path = saved()
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}), encoding="utf-8")
    found = verify(path)
    assert found.verdicts[0].is_exact
    assert not found.is_well
    assert any(problem in each for each in found.problems)


@pytest.mark.parametrize("key", ["sha256", "id"])
def test_a_checksum_of_something_else(saved, key):
    found = verify(saved(**{key: "0" * 64}))
    assert not found.is_well
    assert "quote 1: the document's id and sha256 do not belong together" in found.problems


def test_of_several_places_the_nearest_is_named(saved, source):
    source.write_bytes(("Two is there, İ e\u0301.\n" * 3).encode())
    assert "expected at 13-33, found at 20-40 in" in only(saved()).reason


def test_a_missing_file(saved, source):
    source.unlink()
    verdict = only(saved())
    assert verdict.state == "missing"
    assert "expected a file, found nothing" in verdict.reason
    assert verdict.reason.endswith("say where with --documents DIR.")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a\0b", "null"),
        ("x" * 5_000, "too long"),
        ("/dev/zero", "found something else"),
        ("/proc/self/environ", "found 0"),
        ("//server/share/file.txt", "found an address"),
        ("\\\\server\\share\\file.txt", "found an address"),
        ("https://example.org/file.txt", "found an address"),
        ("", "found something else"),
    ],
)
def test_sources_that_are_no_files_are_not_read(saved, source, reason):
    verdict = only(saved(source=source))
    assert verdict.state == "missing"
    assert reason in verdict.reason


@pytest.mark.parametrize(
    "name", ["{}", "../secret/file.txt", "texts/../../secret/file.txt", "..", "link.txt"]
)
def test_nothing_outside_of_the_folder_is_read(saved, tmp_path, name):
    secret, inside = tmp_path / "secret" / "file.txt", tmp_path / "inside"
    secret.parent.mkdir()
    secret.write_bytes(TEXT.encode())
    inside.mkdir()
    (inside / "link.txt").symlink_to(secret)
    verdict = only(saved(source=name.format(secret)), inside)
    assert verdict.state == "missing"
    assert "--documents" not in verdict.reason
    assert str(secret.parent) not in verdict.source


def test_a_link_within_the_folder_is_followed(saved, source):
    (source.parent / "link.txt").symlink_to(source)
    assert only(saved(source="link.txt"), source.parents[1] / "sub").is_exact


def test_a_moved_folder(saved, source, tmp_path):
    (tmp_path / "texts" / "file.txt").write_text("Another file of that name.", encoding="utf-8")
    moved = (tmp_path / "texts").rename(tmp_path / "moved")
    path = saved()
    assert only(path).reason.endswith("say where with --documents DIR.")
    verdict = only(path, moved)
    assert verdict.is_exact
    assert verdict.source == str(moved / "sub" / "file.txt")
    assert only(path, moved / "sub").is_exact
    verdict = only(path, tmp_path)
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
        '{"status": "abstained", "citations": [], "a": ' + "[" * 40 + "]" * 40 + "}",
        '{"status": "abstained", "citations": [], "citations": []}',
        '{"status": "abstained", "citations": [], "confidence": NaN}',
        '{"status": "abstained", "citations": [], "a": ' + "9" * 5_000 + "}",
    ],
)
def test_what_is_no_answer(tmp_path, text):
    path = tmp_path / "answer.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected the JSON of 'assistant ask --json', found"):
        verify(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "1"},
        {"number": True},
        {"start": 1.5},
        {"text": None},
        {"prefix": 7},
        {"source": 3},
        {"sha256": []},
    ],
)
def test_values_of_another_kind(saved, changes):
    with pytest.raises(InputError, match="expected the JSON"):
        verify(saved(**changes))


@pytest.mark.parametrize("name", ["nothing.json", ".", "latin.json"])
def test_a_file_that_cannot_be_read(tmp_path, name):
    (tmp_path / "latin.json").write_bytes(b'"\xe9"')
    with pytest.raises(InputError, match=r"could not be read .* Check the path\."):
        verify(tmp_path / name)
