"""Feedback: kept, changed, withdrawn, and made cases for the evaluation."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant import Answer, Citation, Quote, Statement
from assistant.cli import main
from assistant.errors import FeedbackError
from assistant.feedback import LONGEST_COMMENT, FeedbackFile
from assistant.feedback_cases import export_cases, texts_of
from eval.cli import main as eval_main
from eval.dataset import load_dataset
from index.errors import InputError
from index.sources import read_document

ID, OTHER = "0" * 32, "f" * 32
FERRY = (
    "---\ntitle: The 😀 “Ferry”\nauthor: Ann Lee\ndate: 2020-02\n---\n\n"
    "The ferry of Norvik was built in 1954. 😀 It carries 40 cars."
)
LIGHT = "The light\r\n\r\nThe lighthouse of Norvik was lit in 1911.\u2028It is green."
BUILT, CARS, LIT = "The ferry of Norvik was built in 1954.", "It carries 40 cars.", "lit in 1911"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "texts"
    (folder / "more").mkdir(parents=True)
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    (folder / "light: 1.txt").write_bytes(LIGHT.encode())
    (folder / "more" / "ferry.md").write_text(f"{CARS} Twice a day.", encoding="utf-8")
    return folder


@pytest.fixture
def answer(folder):
    """Makes answers: of (file, quote) pairs, with the numbers that each statement cites."""

    def made(pairs, groups, question="When was it?"):
        citations = []
        for number, (name, words) in enumerate(pairs, start=1):
            document = read_document(folder / name)[0]
            start = document.text.index(words)
            quote = Quote.slice(document.text, start, start + len(words))
            citations.append(Citation(number, quote, document.info, f"{document.info.id}:0-9"))
        statements = tuple(Statement("So it is.", group, 1.0) for group in groups)
        text = "\n\n".join(" ".join([s.text, *(f"[{n}]" for n in s.citations)]) for s in statements)
        return Answer(question, text, "answered", statements=statements, citations=tuple(citations))

    return made


ABSTAINED = Answer("Who owns it?", "Nothing.", "abstained", "Nothing says so.")


@pytest.fixture
def kept(tmp_path):
    return FeedbackFile(tmp_path / "data")


def test_feedback_is_kept_changed_and_withdrawn(kept, answer):
    good = answer([("ferry.md", BUILT)], [(1,)])
    assert kept.all() == []
    assert not kept.path.exists()
    assert kept.give(ID, "ann", "up", "", good)
    assert kept.give(ID, "ann", "down", "  It is wrong. ", good)
    (only,) = kept.all()
    assert (only.verdict, only.comment, only.user) == ("down", "It is wrong.", "ann")
    assert only.answer == json.loads(good.to_json())
    assert only.documents == (good.citations[0].document.sha256,)
    assert only == kept.one(ID, "ann")
    kept.withdraw(ID, "ann")
    assert kept.all() == []
    assert b"It is wrong" not in kept.path.read_bytes()


@pytest.mark.parametrize("stranger", ["bo", None])
def test_nobody_reaches_what_is_of_another(kept, stranger):
    assert kept.give(ID, "ann", "up", "Mine.", ABSTAINED)
    assert not kept.give(ID, stranger, "down", "", ABSTAINED)
    assert kept.one(ID, stranger) is None
    kept.withdraw(ID, stranger)
    assert kept.one(ID, "ann").comment == "Mine."


def test_what_is_out_of_bounds_is_refused(kept, answer, tmp_path):
    with pytest.raises(InputError, match="at most 2,000 characters, found 2,001"):
        kept.give(ID, None, "up", "x" * (LONGEST_COMMENT + 1), ABSTAINED)
    with pytest.raises(InputError, match="32 hex digits"):
        kept.give("../x", None, "up", "", ABSTAINED)
    with pytest.raises(InputError, match="'up' or 'down'"):
        kept.give(ID, None, "sideways", "", ABSTAINED)
    with pytest.raises(InputError, match="too long"):
        kept.give(ID, None, "up", "", replace(ABSTAINED, notes=("x" * 200_000,)))
    assert not kept.path.exists()
    small = FeedbackFile(tmp_path / "small", most=1)
    small.give(ID, None, "up", "", ABSTAINED)
    small.give(ID, None, "down", "changed", ABSTAINED)
    with pytest.raises(InputError, match="At most 1 entries"):
        small.give(OTHER, None, "up", "", ABSTAINED)


def test_halves_of_characters_are_replaced(kept):
    kept.give(ID, None, "up", "half \ud83d", replace(ABSTAINED, question="\udcff?"))
    assert [(each.comment, each.question) for each in kept.all()] == [("half ?", "??")]


def test_many_at_once(kept):
    def give(number):
        return kept.give(f"{number:032x}", None, "up", "", ABSTAINED)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(give, range(40)))
    assert len(kept.all()) == 40


@pytest.mark.parametrize("content", [b"no database at all, but a text", None])
def test_another_file_is_left_as_it_is(kept, content):
    kept.path.parent.mkdir()
    if content is None:
        with sqlite3.connect(kept.path) as other:
            other.execute("CREATE TABLE mine (x)")
        other.close()
    else:
        kept.path.write_bytes(content)
    before = kept.path.read_bytes()
    for use in (kept.all, lambda: kept.give(ID, None, "up", "", ABSTAINED)):
        with pytest.raises(FeedbackError, match=r"feedback\.db: expected"):
            use()
    assert kept.path.read_bytes() == before


@pytest.fixture
def some(kept, answer):
    """Feedback of all kinds, as it comes from the file."""
    both = answer(
        [("ferry.md", BUILT), ("light: 1.txt", LIT), ("more/ferry.md", CARS)],
        [(1, 2), (1,), (3, 2)],
        "When?",
    )
    follow_up = replace(answer([("ferry.md", CARS)], [(1,)], "And how many?"), searched="How many?")
    kept.give("1" * 32, None, "up", "", both)
    kept.give("2" * 32, "ann", "up", "Right.", follow_up)
    kept.give("3" * 32, None, "down", "Another\nyear.", answer([("ferry.md", BUILT)], [(1,)]))
    kept.give("4" * 32, None, "up", "", ABSTAINED)
    kept.give("5" * 32, None, "down", "", ABSTAINED)
    return kept.all()


def nowhere(sha256):
    return None


def test_good_answers_become_cases_and_the_rest_waits(some, tmp_path, capsys):
    out = tmp_path / "dataset"
    done = export_cases(some, texts_of(some, nowhere), out)
    assert (done.cases, done.proposals, done.present, done.left_out) == (2, 3, 0, ())
    first, second = load_dataset(out).cases
    assert (first.id, first.category, first.question) == ("feedback-" + "1" * 16, "multi", "When?")
    groups = [[(span.quote, span.doc) for span in group] for group in first.evidence]
    other_ferry = first.evidence[1][1].doc
    assert groups == [[(BUILT, "ferry.md")], [(LIT, "light- 1.txt"), (CARS, other_ferry)]]
    assert other_ferry.endswith("-ferry.md")
    assert (second.category, second.question) == ("fact", "How many?")
    info = read_document(out / "documents" / "ferry.md")[0].info
    assert (info.title, info.authors, info.published) == ("The 😀 “Ferry”", ("Ann Lee",), "2020-02")
    assert eval_main(["validate", str(out)]) == 0
    assert eval_main(["review", str(out), "--accept-all"]) == 0
    assert "Accepted 3, dropped 0, skipped 0; 0 wait." in capsys.readouterr().out
    cases = load_dataset(out).cases
    assert [case.category for case in cases] == ["multi", "fact", "fact", *["unanswerable"] * 2]


def test_exporting_again_adds_only_what_is_new(some, tmp_path):
    out, texts = tmp_path / "dataset", texts_of(some, nowhere)
    export_cases(some[:3], texts, out)
    before = (out / "cases.jsonl").read_text()
    done = export_cases(some, texts, out)
    assert (done.cases, done.proposals, done.present) == (0, 2, 3)
    assert (out / "cases.jsonl").read_text() == before
    assert len(list((out / "documents").glob("*ferry.md"))) == 2


def test_why_a_proposal_waits_is_told(some, tmp_path):
    export_cases(some, texts_of(some, nowhere), tmp_path / "dataset")
    lines = (tmp_path / "dataset" / "proposals.jsonl").read_text().splitlines()
    assert [json.loads(line)["why"] for line in lines] == [
        "A reader did not find this answer good. Accept it only if its quotes are right. They say: "
        "Another\nyear.",
        "A reader agrees that nothing is there. Accept it if that is so.",
        "A reader expected an answer, and none was given. Accept it if nothing is there.",
    ]


def test_what_quotes_another_text_is_left_out(some, folder, tmp_path):
    (folder / "ferry.md").write_text("Something else.", encoding="utf-8")
    (folder / "light: 1.txt").unlink()
    done = export_cases(some, texts_of(some, nowhere), tmp_path / "dataset")
    assert done.left_out == ("When?", "And how many?", "When was it?")
    assert (done.cases, done.proposals) == (0, 2)


def test_another_folder_is_left_alone(some, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"found a folder with notes\.txt"):
        export_cases(some, {}, tmp_path / "mine")


def test_the_command(some, kept, folder, index_of, tmp_path, capsys):
    data, out = str(kept.path.parent), tmp_path / "dataset"
    assert main(["feedback", "list", "--data", data]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[11:] for line in lines][1:3] == [
        "up   ann: And how many? (Right.)",
        "down: When was it? (Another year.)",
    ]
    assert main(["feedback", "list", "--data", data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["comment"] == "Right."
    index = index_of(folder)
    (folder / "ferry.md").write_text("Something else.", encoding="utf-8")
    export = ["feedback", "export", "--data", data, "--index", str(index), "--out", str(out)]
    assert main(export) == 0
    assert "cases: 2, to review: 3, exported before: 0, left out: 0" in capsys.readouterr().out
    assert len(load_dataset(out).cases) == 2
    assert main(["feedback", "list", "--data", str(tmp_path / "no")]) == 0
    assert capsys.readouterr().out == "no feedback\n"


@pytest.fixture
def index_of(tmp_path):
    def build_index(folder):
        from index import build

        build([folder], tmp_path / "feedback.index")
        return tmp_path / "feedback.index"

    return build_index
