import json

import pytest

from eval import Report, evaluate
from eval.errors import ReportError
from eval.report_files import load_report
from eval.tables import reports_as_text
from index.errors import ModelError


@pytest.fixture
def report(dataset, oracle):
    return evaluate(dataset, oracle)


def test_json_form(report):
    form = json.loads(report.to_json())
    assert list(form) == [
        *("format", "dataset", "model", "created", "version", "k", "system", "prompts", "usage"),
        *("summary", "by_category", "calibration", "risk_coverage", "cases"),
    ]
    assert (form["format"], form["dataset"], form["k"]) == (2, "waters", 5)
    assert form["created"].endswith("+00:00")
    assert form["summary"]["evidence_recall"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}
    assert list(form["by_category"]) == ["fact", "conflict", "followup", "unanswerable"]
    assert form["by_category"]["fact"]["abstention_recall"] == {
        "value": None,
        "low": None,
        "high": None,
        "n": 0,
    }
    case = form["cases"][0]
    assert list(case) == [
        *("id", "category", "question", "history", "answer", "error", "right", "scores")
    ]
    assert case["right"] is True
    assert case["answer"]["citations"][0]["quote"]["text"] == "128 km long"
    assert case["scores"]["evidence_recall"] == {
        "value": 1.0,
        "explanation": "1 of 1 evidence groups cited",
        "weight": 1,
    }


def test_text(report):
    lines = report.to_text().split("\n")
    assert lines[0] == (
        "Dataset waters, model none, oracle, 4 cases, latency p50 0.250 s, p95 0.250 s"
    )
    assert ["evidence_recall", "1.000", "1.000", "to", "1.000", "3"] in map(str.split, lines)
    assert ["tokens", "(less", "is", "better)", "-", "-", "0"] in map(str.split, lines)
    assert lines[-1].split() == ["unanswerable", "1", *"-----", "1.000", "-"]
    assert max(map(len, lines)) <= 110


def test_markdown(report):
    text = report.to_markdown()
    assert "| evidence_recall | 1.000 | 1.000 to 1.000 | 3 |" in text
    assert "| category | cases | evidence_recall |" in text


def test_a_report_comes_back_from_its_json(report, tmp_path):
    path = tmp_path / "report.json"
    path.write_text(report.to_json(), encoding="utf-8")
    assert load_report(path).to_dict() == load_report(tmp_path).to_dict() == report.to_dict()
    assert Report.from_dict(json.loads(report.to_json())).cases[0].scores == report.cases[0].scores


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "could not be read"),
        ("[]", "expected a report of format 2, found format no object"),
        ('{"format": 1}', "found format 1. Run the evaluation again"),
        ('{"format": 2}', "found something else (KeyError"),
    ],
)
def test_what_is_no_report(tmp_path, text, expected):
    (tmp_path / "report.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        load_report(tmp_path)
    assert expected in str(caught.value)
    assert "report.json: " in str(caught.value)


def test_no_report(tmp_path):
    with pytest.raises(ReportError, match=r"found nothing\. Make one with"):
        load_report(tmp_path / "none.json")


def test_several_reports_side_by_side(report):
    lines = [line.split() for line in reports_as_text([report, report]).split("\n")]
    assert lines[0] == ["score", "waters", "waters", "mean"]
    assert ["evidence_recall", "1.000", "1.000", "1.000"] in lines
    assert ["tokens", "-", "-", "-"] in lines


def test_failures_are_counted_in_the_headline(dataset, oracle):
    def failing(question, *, history):
        if "deep" in question:
            raise ModelError("The model is away.")
        return oracle(question, history=history)

    report = evaluate(dataset, failing)
    assert "4 cases, 1 failed, latency" in report.to_text()
    assert list(report.errors) == ["c-4"]
