import json

import pytest

from eval import evaluate
from index.errors import ModelError


@pytest.fixture
def report(dataset, oracle):
    return evaluate(dataset, oracle)


def test_json_form(report):
    form = json.loads(report.to_json())
    assert list(form) == ["dataset", "model", "summary", "by_category", "cases"]
    assert form["dataset"] == "waters"
    assert form["summary"]["evidence_recall"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}
    assert list(form["by_category"]) == ["fact", "conflict", "followup", "unanswerable"]
    assert form["by_category"]["fact"]["abstention_recall"] == {
        "value": None,
        "low": None,
        "high": None,
        "n": 0,
    }
    case = form["cases"][0]
    assert list(case) == ["id", "answer", "scores"]
    assert case["answer"]["citations"][0]["quote"]["text"] == "128 km long"
    assert case["scores"]["evidence_recall"] == {
        "value": 1.0,
        "explanation": "1 of 1 evidence groups cited",
    }


def test_text(report):
    lines = report.to_text().split("\n")
    assert lines[0] == (
        "Dataset waters, model none, oracle, 4 cases, latency p50 0.250 s, p95 0.250 s"
    )
    assert "evidence_recall     1.000  1.000 to 1.000  3" in lines
    assert lines[-1].split() == ["unanswerable", "1", *"-----", "1.000", "-"]
    assert max(map(len, lines)) <= 110


def test_markdown(report):
    text = report.to_markdown()
    assert "| evidence_recall | 1.000 | 1.000 to 1.000 | 3 |" in text
    assert "| category | cases | evidence_recall |" in text


def test_failures_are_counted_in_the_headline(dataset, oracle):
    def failing(question, *, history):
        if "deep" in question:
            raise ModelError("The model is away.")
        return oracle(question, history=history)

    report = evaluate(dataset, failing)
    assert "4 cases, 1 failed, latency" in report.to_text()
    assert list(report.errors) == ["c-4"]
