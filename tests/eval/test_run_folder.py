"""A run on disk goes on where it was, and never mixes two systems."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import eval as evaluation
from eval import evaluate, load_dataset
from eval.cli import main
from eval.errors import ReportError
from eval.report_files import load_report
from eval.run_folder import RunFolder, code_digest, dataset_digest, settings_of

ROOT = Path(evaluation.__file__).parents[1]
FILES = ["answers.jsonl", "junit.xml", "report.html", "report.json", "report.md", "run.json"]


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "runs" / "waters")


@pytest.fixture
def settings(dataset):
    return settings_of(dataset, "extractive", "a b")


def test_a_run_that_was_interrupted_goes_on(dataset, oracle, folder, settings):
    asked = []

    def dying(question, *, history):
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(question)
        return oracle(question, history=history)

    with pytest.raises(KeyboardInterrupt):
        evaluate(dataset, dying, known=folder.begin(settings), record=folder.add)
    with folder.answers.open("a") as file:
        file.write('{"id": "c-3", "ans')  # what a kill leaves of a line
    known = folder.begin(settings)
    assert sorted(known) == ["c-1", "c-2"]
    report = evaluate(dataset, oracle, known=known, record=folder.add)
    assert report.summary["evidence_recall"].value == 1.0
    folder.finish(report, dataset)
    assert sorted(path.name for path in folder.folder.iterdir()) == FILES
    assert load_report(folder.folder).to_dict() == report.to_dict()
    assert main(["run", str(dataset.folder), "--answers", str(folder.answers)]) == 0


def test_failed_cases_are_asked_again(folder, settings):
    folder.begin(settings)
    folder.add("c-1", None, "ModelError: away")
    folder.add("c-2", {"status": "abstained"}, None)
    assert list(folder.begin(settings)) == ["c-2"]


def test_an_unfinished_run_of_another_system_is_kept(dataset, folder, settings):
    folder.begin(settings)
    folder.add("c-1", {"status": "abstained"}, None)
    other = settings_of(dataset, "ollama:small", "a b")
    with pytest.raises(ReportError, match=r"one with other model\. Name another folder, or add --"):
        folder.begin(other)
    assert "c-1" in folder.answers.read_text()
    assert folder.begin(other, fresh=True) == {}
    folder.settings.write_text("{")
    with pytest.raises(ReportError, match="other settings, unreadable"):
        folder.begin(other)


def test_a_finished_run_is_done_anew(dataset, oracle, folder, settings):
    folder.begin(settings)
    folder.finish(evaluate(dataset, oracle, record=folder.add), dataset)
    assert folder.begin(settings) == {}
    assert not folder.report.exists()


@pytest.mark.slow
def test_digests_see_every_change(dataset):
    before = dataset_digest(dataset)
    assert before == dataset_digest(dataset)
    path = dataset.documents / "rivers.txt"
    path.write_text(path.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    assert dataset_digest(dataset) != before
    assert len(code_digest()) == 64


@pytest.mark.slow
def test_a_killed_command_goes_on(tmp_path):
    """The real command, killed without warning among its questions."""
    briefs = ROOT / "eval" / "datasets" / "briefs"
    out = tmp_path / "runs"
    command = [sys.executable, "-m", "eval.cli", "run", str(briefs), "--out", str(out)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ASSISTANT_CACHE": str(tmp_path / "cache"),
    }
    answers = out / "briefs" / "answers.jsonl"
    with (tmp_path / "log").open("w") as log:
        child = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        for _ in range(2_000):
            time.sleep(0.02)
            if child.poll() is not None or (answers.exists() and answers.stat().st_size > 50_000):
                break
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL, (tmp_path / "log").read_text()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "cases are answered already" in done.stderr
    report = load_report(out / "briefs")
    assert len(report.cases) == len(load_dataset(briefs).cases)
    ids = [json.loads(line)["id"] for line in answers.read_text().splitlines()]
    assert len(ids) == len(set(ids)) == len(report.cases)
