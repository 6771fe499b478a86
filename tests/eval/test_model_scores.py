"""The scores of what a chat model wrote, and what a report says of its use."""

import json

import pytest

from eval import Report, score_answers
from eval.answers import outcome_of
from eval.documents import DatasetDocuments
from eval.errors import AnswersError
from eval.scorers.checks_passed_rate import checks_passed_rate
from eval.scorers.dropped_rate import dropped_rate
from eval.scorers.fallback_rate import fallback_rate
from eval.scorers.repaired_rate import repaired_rate
from eval.usage import first_token_overhead, held_back, overhead, spent, summed_usage

ALL = (checks_passed_rate, dropped_rate, repaired_rate, fallback_rate)


def draft(outcome, *passed, text="It is so."):
    checks = [{"name": "numbers", "passed": each, "reason": f"is {each}"} for each in passed]
    return {"text": text, "ids": ["1.1"], "outcome": outcome, "checks": checks}


def details(*drafts, fallback=None):
    return {"model": "m", "drafts": list(drafts), "fallback": fallback, "prompts": {"answer": 2}}


@pytest.fixture
def score(dataset):
    """Scores the small dataset's first case, with these details."""

    def score(scorer, found, status="answered"):
        answer = {"status": status, "text": "So.", "citations": [], "details": found}
        answer = None if status == "failed" else answer
        return scorer(outcome_of(dataset.cases[0], answer, DatasetDocuments(dataset.documents)))

    return score


def test_what_passed(score):
    found = score(checks_passed_rate, details(draft("shown", True, True), draft("dropped", False)))
    assert (found.value, found.weight) == (1.0, 1)
    wrong = details(draft("shown", True), draft("repaired", True, False, text="He is 8."))
    found = score(checks_passed_rate, wrong)
    assert (found.value, found.weight) == (0.5, 2)
    assert "numbers of “He is 8.”" in found.explanation
    unchecked = score(checks_passed_rate, details(draft("shown")))
    assert unchecked.value == 0.0
    assert "not checked" in unchecked.explanation


def test_what_became_of_the_sentences(score):
    found = details(draft("shown", True), draft("dropped", False), draft("repaired", True))
    dropped = score(dropped_rate, found)
    assert dropped.value == pytest.approx(1 / 3)
    assert dropped.weight == 3
    assert "1 of 3 sentences dropped; “It is so.”: is False" in dropped.explanation
    assert score(repaired_rate, found).value == pytest.approx(1 / 3)
    assert score(repaired_rate, details(draft("shown", True))).value == 0.0


def test_fallbacks(score):
    found = score(fallback_rate, details(draft("dropped", False), fallback="nothing is left"))
    assert (found.value, found.explanation) == (1.0, "fell back: nothing is left")
    assert score(fallback_rate, details(), status="abstained").value == 0.0
    fell = details(draft("dropped", False), fallback="nothing is left")
    assert score(checks_passed_rate, fell).value is None


@pytest.mark.parametrize("scorer", ALL)
def test_what_is_not_scored(score, scorer):
    assert score(scorer, None).explanation == "no chat model was asked"
    assert score(scorer, None, status="failed").value is None
    if scorer is not fallback_rate:
        assert score(scorer, details()).explanation == "the chat model wrote no sentence"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], "expected 'details' to be an object with a list 'drafts', found \\[\\]"),
        ({"fallback": None}, "an object with a list 'drafts'"),
        (details(fallback=3), "expected 'fallback' of the details to be a string or null, found 3"),
        (details(draft("shown", True), {}), "expected draft 2 of the details to have a 'text'"),
        (details(draft("lost", True)), "shown, repaired, replaced, dropped"),
        (details(draft("shown", "yes")), "a list of 'checks' that each have 'passed'"),
    ],
)
def test_details_from_elsewhere_are_checked(dataset, found, expected):
    wrong = {"status": "abstained", "text": "", "citations": [], "details": found}
    fine = {"status": "abstained", "text": "", "citations": []}
    answers = {case.id: fine for case in dataset.cases} | {"c-1": wrong}
    with pytest.raises(AnswersError, match=f"c-1: .*{expected}"):
        score_answers(dataset, answers)


def timed(**timings):
    return {"timings": timings}


def test_overhead():
    assert overhead(timed(total=2.5, model=2.0)) == pytest.approx(0.5)
    assert overhead(timed(total=2.5)) is None
    assert overhead(timed(model=2.5)) is None
    assert overhead({"timings": None}) is None
    assert overhead(timed(total=2.0, model=2.1)) == 0.0
    first = timed(first_token=0.75, model_first_token=0.5, model_first_shown=0.625)
    assert first_token_overhead(first) == 0.25
    assert held_back(first) == 0.125


def test_usage_is_summed():
    usages = [
        {"input_tokens": 100, "output_tokens": 5, "calls": 2, "cost": 0.25},
        {"input_tokens": 50, "output_tokens": 5, "model_calls": 1, "cached_calls": 1},
        {"input_tokens": None, "output_tokens": True},
    ]
    sums = summed_usage([{"usage": usage} for usage in usages] + [{"usage": None}, {}])
    assert sums == {
        "answers": 3,
        "input_tokens": 150,
        "output_tokens": 5 + 5,
        "calls": 3,
        "cached_calls": 1,
        "cost": 0.25,
    }
    assert spent(sums) == "3 calls, 1 of them cached, 150 tokens in, 10 tokens out, $0.2500"
    assert summed_usage([{"usage": None}, {}]) is None
    assert spent(None) == spent({}) == ""


@pytest.fixture
def report(dataset):
    """A report on answers of a chat model, and one answer of the extractive reader."""
    answer = {
        "status": "answered",
        "text": "So.",
        "citations": [],
        "details": details(draft("shown", True), draft("dropped", False)),
        "timings": {"total": 1.5, "model": 1.25, "first_token": 0.5, "model_first_token": 0.25},
        "usage": {"calls": 2, "input_tokens": 1000, "output_tokens": 50, "total_tokens": 1050},
    }
    answers = {case.id: answer for case in dataset.cases}
    answers["c-4"] = {"status": "abstained", "text": "No.", "citations": [], "details": None}
    return score_answers(dataset, answers, system={"model": "openai:m", "structured": "auto"})


def test_a_report_on_a_chat_model(report):
    values = {name: found.value for name, found in report.summary.items()}
    assert values["checks_passed_rate"] == 1.0
    assert values["dropped_rate"] == 0.5
    assert values["repaired_rate"] == values["fallback_rate"] == 0.0
    assert report.summary["dropped_rate"].n == report.summary["overhead_p50"].n == 3
    assert values["overhead_p50"] == values["overhead_p95"] == 0.25
    assert values["first_token_overhead_p50"] == values["first_token_overhead_p95"] == 0.25
    assert (values["model_calls"], values["tokens"]) == (2.0, 1050.0)
    form = json.loads(report.to_json())
    assert form["system"] == {"model": "openai:m", "structured": "auto"}
    assert form["prompts"] == {"answer": 2}
    assert form["usage"] == {
        "answers": 3,
        "input_tokens": 3000,
        "output_tokens": 150,
        "total_tokens": 3150,
        "calls": 6,
    }
    assert Report.from_dict(form).to_dict() == form
    older = {key: form[key] for key in form if key not in ("system", "prompts", "usage")}
    assert Report.from_dict(older).system is None


def test_how_it_is_shown(report, dataset):
    assert "Chat model: 6 calls, 3,000 tokens in, 150 tokens out" in report.to_text()
    page = report.to_html(dataset)
    assert "6 calls, 3,000 tokens in, 150 tokens out" in page
    assert "prompts answer 2" in page
    assert "<h3>Chat model</h3>" in page
    assert "Overhead, 95th percentile" in page
