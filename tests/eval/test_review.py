"""`assistant-eval generate` and `assistant-eval review`: nothing is lost, every case is valid."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import eval as evaluation
from eval import evaluate, load_dataset
from eval.cli import main
from eval.generation.drafts import Draft
from eval.generation.showing import visible

ROOT = Path(evaluation.__file__).parents[1]
BRIEFS = Path(evaluation.__file__).parent / "datasets" / "briefs" / "documents"
BRIDGES = (
    "We met Ann Doe in Oslo, and Oslo is near the Arpa Union. Ann Doe founded the Arpa Union in "
    "March 1999. The Arpa Union built 48 bridges in the valleys near Oslo. Oslo has a population "
    "of 709,000 and a large harbor. The Arpa Union remained the owner of the harbor until 2004. "
    "Ann Doe, the head of the Arpa Union, left Oslo because the rents had doubled.\n"
)


@pytest.fixture
def documents(tmp_path):
    """A folder with two documents, one in a subfolder, and metadata beside it."""
    folder = tmp_path / "mine"
    (folder / "sub").mkdir(parents=True)
    (folder / "bridges.txt").write_text(BRIDGES, encoding="utf-8")
    text = "The Kura Bank (KB) was the first bank in Oslo. The bank is closed on Sundays.\n"
    (folder / "sub" / "banks.md").write_text(text, encoding="utf-8")
    (folder / "sub" / "banks.md.meta.yaml").write_text("title: Banks\n", encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "set"


@pytest.fixture
def generated(documents, out):
    assert main(["generate", str(documents), "--out", str(out), "--count", "8"]) == 0
    return out


@pytest.fixture
def answer(monkeypatch):
    """Answer the review's questions with these lines."""

    def give(folder, *lines):
        text = "".join(f"{line}\n" for line in lines)
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return main(["review", str(folder)])

    return give


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ids(records):
    return [record.get("id") or record["case"]["id"] for record in records]


def test_generate_makes_a_dataset_in_the_making(generated, documents, capsys):
    copied = {path.relative_to(generated).as_posix() for path in generated.rglob("*.*")}
    assert copied == {
        "documents/bridges.txt",
        "documents/sub/banks.md",
        "documents/sub/banks.md.meta.yaml",
        "proposals.jsonl",
    }
    assert (generated / "documents" / "bridges.txt").read_text(encoding="utf-8") == BRIDGES
    records = lines_of(generated / "proposals.jsonl")
    assert len(records) == 8
    assert all(record.keys() == {"case", "template", "why"} for record in records)
    assert len(set(ids(records))) == 8


def test_generate_says_what_it_did(documents, out, capsys):
    assert main(["generate", str(documents), "--out", str(out), "--count", "8"]) == 0
    captured = capsys.readouterr()
    assert f"Proposed 8 cases for 2 documents in {out}/proposals.jsonl; 8 wait" in captured.out
    assert f"Next: assistant-eval review {out}\n" in captured.out
    assert captured.err == ""


def test_each_decision_is_saved_and_the_next_sitting_goes_on(generated, answer, capsys):
    first, second, third, *rest = ids(lines_of(generated / "proposals.jsonl"))
    assert answer(generated, "a", "D", "s", "q") == 0
    assert ids(lines_of(generated / "cases.jsonl")) == [first]
    assert ids(lines_of(generated / "dropped.jsonl")) == [second]
    out = capsys.readouterr().out
    assert "Accepted 1, dropped 1, skipped 1; 6 wait." in out
    assert f"To measure: assistant-eval run {generated}\n" in out
    assert "--- 1/8 ---" in out
    assert answer(generated, "a") == 0  # the end of input quits
    assert ids(lines_of(generated / "cases.jsonl")) == [first, third]
    assert "--- 1/6 ---" in capsys.readouterr().out
    assert [waiting.id for waiting in Draft(generated).waiting()] == rest
    assert len(load_dataset(generated).cases) == 2


def test_the_question_can_be_edited(generated, answer, capsys):
    (record, other, *_) = lines_of(generated / "proposals.jsonl")
    assert answer(generated, "e", "  When\x1b[2J was it? ", "x", "a", "e", "", "a", "q") == 0
    cases = lines_of(generated / "cases.jsonl")
    assert cases[0] == {**record["case"], "question": "When [2J was it?"}
    assert cases[1] == other["case"]
    assert "Expected one of: a accept" in capsys.readouterr().out
    assert len(load_dataset(generated).cases) == 2


def test_accept_all(generated, capsys):
    assert main(["review", str(generated), "--accept-all"]) == 0
    assert "Accepted 8, dropped 0, skipped 0; 0 wait." in capsys.readouterr().out
    accepted = (generated / "cases.jsonl").read_bytes()
    assert main(["review", str(generated), "--accept-all"]) == 0
    assert (generated / "cases.jsonl").read_bytes() == accepted
    assert main(["validate", str(generated)]) == 0


def test_accepted_cases_are_right(tmp_path, make_oracle):
    folder = tmp_path / "briefs"
    assert main(["generate", str(BRIEFS), "--out", str(folder)]) == 0
    assert main(["review", str(folder), "--accept-all"]) == 0
    dataset = load_dataset(folder)
    assert len(dataset.cases) == 60
    report = evaluate(dataset, make_oracle(dataset))
    assert report.summary["evidence_recall"].value == 1.0
    assert report.summary["facts_recall"].value == 1.0
    assert report.summary["quote_exactness"].value == 1.0


def test_what_is_shown(generated, answer, capsys):
    answer(generated, *"s" * 8)
    out = capsys.readouterr().out
    assert "Question: When did Ann Doe found the Arpa Union?" in out
    assert ">>Ann Doe founded the Arpa Union in March 1999.<< The Arpa Union built" in out
    assert "  bridges.txt: We met Ann Doe" in out
    assert "Expected: March 1999" in out
    assert "Answer:   none in the documents" in out


def test_nothing_reaches_the_terminal_that_it_would_act_on():
    assert visible("a\x1b[2Jb\r\n\u202ec\u200bd\x9be") == "a [2Jb c d e"


def test_generating_again_adds_only_what_is_new(generated, documents, answer, capsys):
    answer(generated, "a", "d", "q")
    known = ids(lines_of(generated / "proposals.jsonl"))
    cases = (generated / "cases.jsonl").read_bytes()
    capsys.readouterr()
    assert main(["generate", str(documents), "--out", str(generated), "--count", "6"]) == 0
    assert "Proposed nothing new: 6 proposals wait for review already." in capsys.readouterr().out
    assert main(["generate", str(documents), "--out", str(generated), "--count", "8"]) == 0
    after = ids(lines_of(generated / "proposals.jsonl"))
    assert after[:8] == known
    assert len(after) == len(set(after)) == 10
    assert len(Draft(generated).waiting()) == 8
    assert (generated / "cases.jsonl").read_bytes() == cases


def test_the_copies_can_be_generated_from(generated):
    source = generated / "documents"
    assert main(["generate", str(source), "--out", str(generated), "--count", "10"]) == 0
    assert sorted(path.name for path in source.rglob("*") if path.is_file()) == [
        "banks.md",
        "banks.md.meta.yaml",
        "bridges.txt",
    ]
    assert len(lines_of(generated / "proposals.jsonl")) == 10


def test_a_dataset_inside_the_documents_is_not_copied_into_itself(documents):
    out = documents / "set"
    for _ in range(2):
        assert main(["generate", str(documents), "--out", str(out), "--count", "3"]) == 0
    assert sorted(path.name for path in (out / "documents").iterdir()) == ["bridges.txt", "sub"]
    assert sorted(path.name for path in (out / "documents" / "sub").iterdir()) == [
        "banks.md",
        "banks.md.meta.yaml",
    ]


def test_one_document(documents, out):
    assert main(["generate", str(documents / "bridges.txt"), "--out", str(out)]) == 0
    assert [path.name for path in (out / "documents").iterdir()] == ["bridges.txt"]


def test_a_document_that_changed_is_kept_as_it_was(generated, documents, capsys):
    (documents / "bridges.txt").write_text("Oslo is quiet.\n", encoding="utf-8")
    assert main(["generate", str(documents), "--out", str(generated), "--count", "9"]) == 0
    assert "not copied: bridges.txt: the dataset has it with another content" in (
        capsys.readouterr().err
    )
    assert (generated / "documents" / "bridges.txt").read_text(encoding="utf-8") == BRIDGES


def test_a_proposal_that_no_longer_fits_is_left_out(generated, capsys):
    path = generated / "documents" / "bridges.txt"
    path.write_text("Well. " + BRIDGES, encoding="utf-8")
    assert main(["review", str(generated), "--accept-all"]) == 0
    out = capsys.readouterr().out
    assert "no longer fit the documents and were left out." in out
    assert "The quote stands at " in out
    docs = {span.doc for case in load_dataset(generated).cases for g in case.evidence for span in g}
    assert docs == {"sub/banks.md"}


def test_unreadable_files_are_listed_and_the_rest_goes_on(documents, out, capsys):
    (documents / "empty.txt").write_text(" \n", encoding="utf-8")
    (documents / "binary.md").write_bytes(b"\x00\x01")
    assert main(["generate", str(documents), "--out", str(out), "--count", "5"]) == 1
    captured = capsys.readouterr()
    assert "not read: binary.md: expected text, found binary data" in captured.err
    assert "not read: empty.txt: expected text, found an empty file" in captured.err
    assert "Proposed 5 cases for 2 documents" in captured.out
    assert not (out / "documents" / "empty.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["generate", "{none}", "--out", "{out}"], "found nothing. Check the path"),
        (["generate", "{empty}", "--out", "{out}"], "found none"),
        (["generate", "{mine}", "--out", "{file}"], "or a dataset, found a file"),
        (["generate", "{mine}", "--out", "{mine}"], "found a folder with bridges.txt, sub"),
        (["generate", "{mine}", "--out", "{out}", "--count", "0"], "a count from 1, found 0"),
        (["review", "{mine}"], "expected a folder with proposals.jsonl, found none"),
    ],
)
def test_wrong_usage(documents, tmp_path, out, capsys, arguments, expected):
    (tmp_path / "empty").mkdir()
    places = {
        "none": tmp_path / "none",
        "empty": tmp_path / "empty",
        "file": documents / "bridges.txt",
        "mine": documents,
        "out": out,
    }
    assert main([argument.format(**places) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("assistant-eval: ")
    assert expected in captured.err
    assert captured.out == ""
    assert not out.exists()


def test_a_model_cannot_be_named_yet(documents, out, capsys):
    assert main(["generate", str(documents), "--out", str(out), "--model", "ollama:qwen3"]) == 1
    assert "pass one from a script" in capsys.readouterr().err
    assert not out.exists()


def test_broken_files_are_named_with_their_lines(generated, capsys):
    cases = generated / "cases.jsonl"
    cases.write_text("{", encoding="utf-8")
    assert main(["review", str(generated), "--accept-all"]) == 2
    assert "cases.jsonl:1: expected one JSON object" in capsys.readouterr().err
    assert cases.read_text(encoding="utf-8") == "{"
    cases.unlink()
    with (generated / "proposals.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"case": 1}\n')
    assert main(["review", str(generated), "--accept-all"]) == 2
    assert "proposals.jsonl:9: expected 'case' with an 'id', found 1" in capsys.readouterr().err


def test_an_editor_may_leave_out_the_last_line_break(generated, answer):
    answer(generated, "a", "q")
    path = generated / "cases.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    answer(generated, "a", "q")
    assert len(load_dataset(generated).cases) == 2


def test_a_full_disk_loses_nothing(generated, answer):
    answer(generated, "a", "q")
    before = (generated / "cases.jsonl").read_bytes()
    limit = len(before) + 40
    code = (
        "import resource, sys; from eval.cli import main; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
        f"sys.exit(main(['review', {str(generated)!r}, '--accept-all']))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "cases.jsonl: expected to write it, found File too large." in done.stderr
    assert "Traceback" not in done.stderr
    assert (generated / "cases.jsonl").read_bytes() == before
    assert main(["review", str(generated), "--accept-all"]) == 0
    assert len(load_dataset(generated).cases) == 8


def test_two_sittings_at_once_accept_a_case_once(generated):
    one, other = Draft(generated), Draft(generated)
    proposal = one.waiting()[0]
    one.accept(proposal.case)
    other.accept(proposal.case)
    assert ids(lines_of(generated / "cases.jsonl")) == [proposal.id]


def test_review_reads_lines_from_a_pipe(generated):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "eval.cli", "review", str(generated)],
        env=environment,
        input="a\nq\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Accepted 1, dropped 0" in done.stdout
    assert "\x1b" not in done.stdout
