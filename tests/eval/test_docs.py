"""The documentation names every score, and no other."""

import re
from pathlib import Path

import eval as evaluation
from eval.scorers import HEADLINE, METRICS

DOCS = Path(evaluation.__file__).parents[1] / "docs"


def test_every_score_is_defined_in_the_docs():
    rows = re.findall(r"^\| (`.*?) \|", (DOCS / "scores.md").read_text(encoding="utf-8"), re.M)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(metric.name for metric in METRICS)
    starred = [name for row in rows if row.endswith("*") for name in re.findall(r"`(\w+)`", row)]
    assert sorted(starred) == sorted(HEADLINE)
