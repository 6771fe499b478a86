"""What all importers share: names, choices, the folder they write, the command."""

import json
from random import Random

import pytest

from eval import load_dataset
from eval.cli import main
from eval.errors import ImportDataError
from eval.importers import import_squad
from eval.importers.naming import LENGTH, file_names
from eval.importers.sampling import sample, sample_halves
from eval.importers.texts import compose, is_document
from eval.types import Case, GoldSpan
from index.sources import read_document

ARTICLE = {
    "title": "Lake_Sevan",
    "paragraphs": [
        {
            "context": "Lake Sevan covers 1,242 km².",
            "qas": [
                {
                    "id": "q1",
                    "question": "How large is Lake Sevan?",
                    "answers": [{"text": "1,242 km²", "answer_start": 18}],
                },
                {"id": "q2", "question": "How deep?", "answers": [], "is_impossible": True},
            ],
        }
    ],
}


@pytest.fixture
def squad(tmp_path):
    path = tmp_path / "lakes.json"
    path.write_text(json.dumps({"version": "v2.0", "data": [ARTICLE]}), encoding="utf-8")
    return path


def test_safe_ids_keep_their_names():
    assert file_names(["4983", "MED-10", "a.b_c"]) == {
        "4983": "4983.md",
        "MED-10": "MED-10.md",
        "a.b_c": "a.b_c.md",
    }


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("a/b/c", "a-b-c-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("<dbpedia:Oceanic_Airlines>", "dbpedia-Oceanic_Airlines-"),
        (".hidden", "hidden-"),
        ("///", "document-"),
        ("x" * 500, "x" * LENGTH + "-"),
        ("湖" * 500, "湖" * LENGTH + "-"),
        ("a\0b\n", "a-b-"),
    ],
)
def test_other_ids_become_safe_names(key, start, tmp_path):
    name = file_names([key])[key]
    assert name.startswith(start)
    assert len(name.removeprefix(start)) == len("0123456789abcdef.md")
    (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_no_two_ids_share_a_name_whatever_their_order():
    taken = file_names(["a/b"])["a/b"].removesuffix(".md")
    ids = ["Abc", "abc", "a/b", "a:b", "a-b", taken, "A-B", " abc", "é", "e\u0301"]
    names = file_names(ids)
    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert file_names(list(reversed(ids))) == names


def test_a_title_is_found_again(tmp_path):
    title = 'Of "Lakes": \\ 100 % [deep]\x07\n— and 😀 on'
    text, offset = compose(title, "---\nBody.")
    path = tmp_path / "a.md"
    path.write_bytes(text.encode("utf-8"))
    document, _ = read_document(path)
    assert document.info.title == 'Of "Lakes": \\ 100 % [deep] — and 😀 on'
    assert document.text[offset:] == "---\nBody."


def test_a_text_that_looks_like_front_matter_is_text(tmp_path):
    text, offset = compose(None, "---\ntitle: [\n---\nBody.")
    path = tmp_path / "a.md"
    path.write_bytes(text.encode("utf-8"))
    document, _ = read_document(path)
    assert document.info.title is None
    assert document.text[offset:].startswith("---\ntitle: [")


@pytest.mark.parametrize(
    ("text", "expected"), [("Word.", True), (" \n", False), ("a\0b", False), ("\ufeffa", False)]
)
def test_what_can_be_a_document(text, expected):
    assert is_document(text) is expected


def test_a_sample_keeps_order_and_follows_its_seed():
    items = list(range(100))
    chosen = sample(items, 10, Random("1"))
    assert chosen == sorted(chosen) == sample(items, 10, Random("1"))
    assert chosen != sample(items, 10, Random("2"))
    assert sample(items, 200, Random("1")) == sample(items, None, Random("1")) == items


@pytest.mark.parametrize(
    ("answerable", "others", "count", "expected"),
    [(50, 50, 10, 5), (50, 50, 11, 5), (50, 2, 10, 2), (3, 50, 10, 7), (50, 0, 10, 0)],
)
def test_half_of_the_cases_are_unanswerable_where_possible(answerable, others, count, expected):
    span = GoldSpan("a.md", "x", 0, 1)
    cases = [Case(f"a{n}", "fact", "?", evidence=((span,),)) for n in range(answerable)]
    cases += [Case(f"u{n}", "unanswerable", "?") for n in range(others)]
    chosen = sample_halves(cases, count, Random(0))
    assert len(chosen) == count
    assert sum(not case.is_answerable for case in chosen) == expected


def test_what_is_written_is_a_dataset(squad, tmp_path):
    made = import_squad(squad, tmp_path / "out")
    assert made.dataset == load_dataset(tmp_path / "out")
    assert (made.documents, made.skipped, made.answers) == (1, {}, None)
    record = json.loads((tmp_path / "out" / "import.json").read_text(encoding="utf-8"))
    assert (record["from"], record["source"]) == ("squad", "lakes.json")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_empty_folder_is_taken(squad, tmp_path):
    (tmp_path / "out").mkdir()
    assert len(import_squad(squad, tmp_path / "out").dataset.cases) == 2


def test_a_place_that_is_taken_is_left_alone(squad, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ImportDataError, match="found one with files in it"):
        import_squad(squad, out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
    with pytest.raises(ImportDataError, match="found a file or a link"):
        import_squad(squad, out / "mine.txt")
    with pytest.raises(ImportDataError, match="expected a folder to put it in, found none"):
        import_squad(squad, tmp_path / "no" / "out")


def test_nothing_is_left_of_an_import_that_fails(tmp_path):
    path = tmp_path / "empty.json"
    path.write_text('{"data": []}', encoding="utf-8")
    with pytest.raises(ImportDataError, match="at least one usable question, found none"):
        import_squad(path, tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["empty.json"]


def test_command(squad, tmp_path, capsys):
    out = str(tmp_path / "lakes")
    assert main(["import", "squad", str(squad), "--out", out]) == 0
    printed = capsys.readouterr().out
    assert f"Dataset lakes in {out}: 2 cases, 1 document." in printed
    assert "unanswerable       1" in printed
    assert main(["validate", out]) == 0
    assert main(["import", "squad", str(squad), "--out", out]) == 2
    assert "expected a new or empty folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["squad", "none.json"], "none.json: expected a file, found nothing"),
        (["squad", "."], "expected a file, but it could not be read"),
        (["squad", "lakes.json", "--limit", "0"], "Expected limit to be 1 or more, found 0"),
        (["squad", "lakes.json", "--article", "Seas"], "expected an article Seas, found Lake"),
        (["beir", "."], "expected the judgments of the split 'test', found nothing"),
        (["ragas", "none.csv"], "none.csv: expected a file, found nothing"),
    ],
)
def test_wrong_usage(squad, monkeypatch, capsys, arguments, expected):
    monkeypatch.chdir(squad.parent)
    assert main(["import", *arguments, "--out", "out"]) == 2
    captured = capsys.readouterr()
    assert expected in captured.err
    assert captured.out == ""
    assert not (squad.parent / "out").exists()
