"""The documentation names every score, and no other."""

import re
from pathlib import Path

from test_gate_in_pytest import EXAMPLE

import eval as evaluation
from eval.planted import FAULTS
from eval.scorers import HEADLINE, METRICS

DOCS = Path(evaluation.__file__).parents[1] / "docs"


def test_every_score_is_defined_in_the_docs():
    rows = re.findall(r"^\| (`.*?) \|", (DOCS / "scores.md").read_text(encoding="utf-8"), re.M)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(metric.name for metric in METRICS)
    starred = [name for row in rows if row.endswith("*") for name in re.findall(r"`(\w+)`", row)]
    assert sorted(starred) == sorted(HEADLINE)


def test_the_example_for_pytest_is_the_one_that_is_run():
    assert EXAMPLE in (DOCS / "evaluating.md").read_text(encoding="utf-8")


def test_the_number_of_planted_faults_is_right():
    text = (DOCS / "evaluating.md").read_text(encoding="utf-8")
    assert "plants eighteen faults" in text
    assert len(FAULTS) == 18
