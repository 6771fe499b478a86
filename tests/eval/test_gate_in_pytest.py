"""The example of the documentation, run as the test file that a reader would make of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import eval as evaluation
from index import build

pytestmark = pytest.mark.slow

ROOT = Path(evaluation.__file__).parents[1]

EXAMPLE = """\
from assistant import Assistant
from eval import evaluate, load_dataset


def test_answers_are_grounded():
    report = evaluate(load_dataset("my-cases"), Assistant.open("my.index").answer)
    report.require({"evidence_recall": 0.8, "quote_exactness": 1}, {"false_refusal_rate": 0.1})
"""


@pytest.fixture
def run_example(tmp_path, write_dataset):
    """Run the example in a folder of its own, with these cases and an index of their documents."""

    def run(records):
        dataset = write_dataset(records).rename(tmp_path / "my-cases")
        build([dataset / "documents"], tmp_path / "my.index")
        (tmp_path / "test_grounding.py").write_text(EXAMPLE, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_grounding.py"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_example_passes(run_example, records):
    done = run_example(records)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_example_fails_and_says_why(run_example, records):
    arpa, sevan, again, _ = records
    arpa["evidence"], sevan["evidence"] = sevan["evidence"], arpa["evidence"]
    again["evidence"] = arpa["evidence"]
    done = run_example(records)
    assert done.returncode == 1
    assert ">       report.require(" in done.stdout
    assert (
        "E       eval.errors.GateError: evidence_recall: expected at least 0.8, found 0 (n = 3)"
    ) in done.stdout
    assert "eval/gate.py" not in done.stdout
