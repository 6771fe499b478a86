import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from timing import spent

import eval as evaluation
from eval.cache import cache_folder, index_folder
from eval.cli import main

ROOT = Path(evaluation.__file__).parents[1]
HEAVY = ("torch", "sentence_transformers", "chromadb", "langchain_core", "gradio", "numpy", "tqdm")


@pytest.fixture
def folder(dataset):
    return str(dataset.folder)


@pytest.fixture
def answers(dataset, oracle, tmp_path):
    """A file of the oracle's answers."""
    lines = [
        {"id": case.id, "answer": oracle(case.question, history=list(case.history)).to_dict()}
        for case in dataset.cases
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def change(path, number, line):
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[number] = json.dumps(line)
    path.write_text("\n".join(lines), encoding="utf-8")


def test_validate(folder, capsys):
    assert main(["validate", folder]) == 0
    out = capsys.readouterr().out
    assert "Dataset waters: 4 cases, 2 files in documents/, 5 gold spans, all exact." in out
    assert "unanswerable" in out


def test_validate_says_what_is_wrong(tmp_path, capsys):
    assert main(["validate", str(tmp_path / "none")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("assistant-eval: ")
    assert "expected a folder with documents/ and cases.jsonl, found nothing" in captured.err


def test_score_answers_as_a_table(folder, answers, capsys):
    assert main(["run", folder, "--answers", str(answers)]) == 0
    captured = capsys.readouterr()
    assert "quote_exactness" in captured.out
    assert captured.err == ""


def test_json_on_stdout_is_one_document(folder, answers, capsys):
    assert main(["run", folder, "--answers", str(answers), "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["quote_exactness"]["value"] == 1.0


def test_json_in_a_file(folder, answers, tmp_path, capsys):
    target = tmp_path / "report.json"
    assert main(["run", folder, "--answers", str(answers), "--json", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["dataset"] == "waters"
    assert "evidence_recall" in capsys.readouterr().out


def test_a_failed_case_gives_exit_code_1(folder, answers, capsys):
    change(answers, 1, {"id": "c-2", "error": "The model is away."})
    assert main(["run", folder, "--answers", str(answers)]) == 1
    captured = capsys.readouterr()
    assert "1 of 4 cases failed:\n  c-2: The model is away." in captured.err
    assert "4 cases, 1 failed" in captured.out


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"id": "c-9", "answer": {}}, ":2: expected 'id' to be a case of waters, found \"c-9\""),
        ({"id": ["c-2"]}, ":2: expected 'id' to be a case of waters"),
        ({"id": "c-1", "answer": {}}, ':2: expected one line a case, found "c-1" again'),
        ({"id": "c-2"}, ":2: expected 'answer' in the form of Answer.to_dict(), found null"),
        ({"id": "c-2", "answer": []}, ":2: expected 'answer' in the form of Answer.to_dict()"),
        ({"id": "c-2", "answer": {"status": "failed"}}, "A failure is neither"),
    ],
)
def test_wrong_answers(folder, answers, capsys, line, expected):
    change(answers, 1, line)
    assert main(["run", folder, "--answers", str(answers)]) == 2
    assert expected in capsys.readouterr().err


def test_missing_answers_are_named(folder, answers, capsys):
    answers.write_text(answers.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert main(["run", folder, "--answers", str(answers)]) == 2
    assert "found none to 3: c-2, c-3, c-4" in capsys.readouterr().err


def test_lone_surrogates_from_elsewhere_are_escaped(folder, answers, tmp_path, capsys):
    change(answers, 3, {"id": "c-4", "error": "\ud800"})
    target = tmp_path / "report.json"
    assert main(["run", folder, "--answers", str(answers), "--json", str(target)]) == 1
    form = json.loads(target.read_text(encoding="utf-8"))
    assert form["errors"] == [{"id": "c-4", "error": "\ud800"}]
    assert "\\ud800" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--answers", "missing.jsonl"], "expected a JSON Lines file, found nothing"),
        (["--answers", "."], "expected a JSON Lines file, but it could not be read"),
        (["--answers", "a.jsonl", "--model", "m"], "Expected --answers alone"),
        (["--json", "no/such/folder/report.json"], "found no folder to put it in"),
        (["--json", "."], "found a folder"),
    ],
)
def test_wrong_usage_is_found_before_anything_is_asked(folder, capsys, arguments, expected):
    assert main(["run", folder, *arguments]) == 2
    captured = capsys.readouterr()
    assert expected in captured.err
    assert captured.out == ""


def test_unknown_option(folder):
    with pytest.raises(SystemExit, match="2"):
        main(["run", folder, "--colour"])


def test_missing_index(folder, tmp_path, capsys):
    assert main(["run", folder, "--index", str(tmp_path / "none.index")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_run_builds_an_index_and_answers(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    assert main(["run", folder, "--json", "-"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert form["model"] == "extractive"
    assert form["summary"]["quote_exactness"]["value"] == 1.0
    assert len(list((tmp_path / "cache" / "eval").glob("waters-*.index"))) == 1
    assert main(["run", folder]) == 0


def test_cache_folder(monkeypatch, dataset, tmp_path):
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path))
    assert index_folder(dataset).parent == tmp_path / "eval"
    monkeypatch.delenv("ASSISTANT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "verbatim"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "verbatim"


def run(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_help_is_quick():
    seconds = []
    for _ in range(3):
        started = spent()
        done = run("-m", "eval.cli", "run", "--help")
        seconds.append(spent() - started)
    assert done.returncode == 0
    assert "--answers FILE" in done.stdout
    assert min(seconds) < 0.5


def test_importing_loads_nothing_heavy():
    code = f"import eval, eval.cli, sys; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = run("-c", code)
    assert done.stdout.strip() == "[]", done.stderr
