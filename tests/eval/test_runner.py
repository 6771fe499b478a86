"""A perfect system scores 1.000 everywhere; planted faults get the scores they deserve."""

import json
import threading
from dataclasses import replace

import pytest

from eval import evaluate, score_answers
from eval.errors import AnswersError
from eval.scorers import HEADLINE, SCORERS
from index.errors import ModelError


def values(report):
    return {name: report.summary[name].value for name in HEADLINE}


def answers_of(dataset, system):
    return {
        case.id: system(case.question, history=list(case.history)).to_dict()
        for case in dataset.cases
    }


PERFECT = {
    "evidence_recall": 1.0,
    "citation_precision": 1.0,
    "facts_recall": 1.0,
    "source_recall": 1.0,
    "quote_exactness": 1.0,
    "abstention_recall": 1.0,
    "false_refusal_rate": 0.0,
}


def test_an_oracle_is_perfect(dataset, oracle):
    report = evaluate(dataset, oracle)
    assert values(report) == PERFECT
    assert report.model == "none, oracle"
    assert {name: report.summary[name].n for name in HEADLINE} == {
        "evidence_recall": 3,
        "citation_precision": 3,
        "facts_recall": 2,
        "source_recall": 2,
        "quote_exactness": 3,
        "abstention_recall": 1,
        "false_refusal_rate": 3,
    }
    assert report.errors == {}


def test_always_abstaining(dataset, abstainer):
    assert values(evaluate(dataset, abstainer)) == {
        "evidence_recall": 0.0,
        "citation_precision": None,
        "facts_recall": 0.0,
        "source_recall": 0.0,
        "quote_exactness": None,
        "abstention_recall": 1.0,
        "false_refusal_rate": 1.0,
    }


def test_wrong_spans(dataset, make_oracle):
    class WrongSpan(make_oracle):
        def spans(self, case):
            return [("rivers.txt", 0, 5)]

    found = values(evaluate(dataset, WrongSpan(dataset)))
    assert found["evidence_recall"] == found["citation_precision"] == 0.0
    assert found["quote_exactness"] == found["facts_recall"] == 1.0
    assert found["source_recall"] == 0.5


def test_citing_everything(dataset, make_oracle):
    class Everything(make_oracle):
        def spans(self, case):
            return [*super().spans(case), *(("rivers.txt", n, n + 1) for n in range(20))]

    found = values(evaluate(dataset, Everything(dataset)))
    assert found["evidence_recall"] == 1.0
    assert found["citation_precision"] < 0.15


def test_always_answering(dataset, make_oracle):
    other = dataset.cases[0]

    class Answering(make_oracle):
        def __call__(self, question, /, *, history):
            if not self.cases[question, tuple(history)].is_answerable:
                question, history = other.question, other.history
            return super().__call__(question, history=history)

    found = values(evaluate(dataset, Answering(dataset)))
    assert found == {**PERFECT, "abstention_recall": 0.0}


@pytest.mark.parametrize(
    ("old", "new"),
    [("128", "182"), ("km", "mi"), ("long", "Long")],
)
def test_changed_quotes(dataset, oracle, old, new):
    answers = answers_of(dataset, oracle)
    quote = answers["c-1"]["citations"][0]["quote"]
    quote["text"] = quote["text"].replace(old, new)
    report = score_answers(dataset, answers)
    assert report.summary["quote_exactness"].value == 0.75
    assert report.summary["quote_exactness"].n == 3
    assert report.cases[0].scores["quote_exactness"].value == 0.0
    assert report.cases[1].scores["quote_exactness"].value == 1.0


def test_shifted_span(dataset, oracle):
    answers = answers_of(dataset, oracle)
    answers["c-3"]["citations"][0]["quote"]["start"] += 1
    answers["c-3"]["citations"][0]["quote"]["end"] += 1
    assert score_answers(dataset, answers).summary["quote_exactness"].value == 0.75


def test_right_facts_without_citations(dataset, oracle):
    answers = answers_of(dataset, oracle)
    for answer in answers.values():
        answer["citations"] = []
    found = values(score_answers(dataset, answers))
    assert found["facts_recall"] == 1.0
    assert found["evidence_recall"] == found["citation_precision"] == found["source_recall"] == 0.0
    assert found["quote_exactness"] is None


def test_a_failure_is_no_abstention(dataset):
    def failing(question, *, history):
        raise ModelError("The model is away.")

    report = evaluate(dataset, failing)
    assert values(report) == {
        "evidence_recall": 0.0,
        "citation_precision": None,
        "facts_recall": 0.0,
        "source_recall": 0.0,
        "quote_exactness": None,
        "abstention_recall": 0.0,
        "false_refusal_rate": None,
    }
    assert report.errors["c-1"] == "ModelError: The model is away."
    assert report.to_dict()["errors"][0] == {
        "id": "c-1",
        "error": "ModelError: The model is away.",
    }
    assert report.to_dict()["cases"][0]["answer"] is None


def test_other_exceptions_are_bugs_and_pass(dataset):
    def broken(question, *, history):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        evaluate(dataset, broken)


def test_history_is_passed_on(dataset, oracle):
    asked = []

    def recording(question, *, history):
        asked.append(history)
        return oracle(question, history=history)

    evaluate(dataset, recording)
    assert asked == [[], [], [("Is the Arpa a river?", "Yes.")], []]


def test_scoring_a_round_trip_through_json_changes_nothing(dataset, oracle):
    asked = evaluate(dataset, oracle)
    answers = {case.id: json.loads(json.dumps(case.answer)) for case in asked.cases}
    scored = score_answers(dataset, answers)
    assert replace(scored, created="").to_dict() == replace(asked, created="").to_dict()


def drop(key):
    return lambda answer: answer.pop(key)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (drop("status"), "c-1: expected 'status' to be 'answered' or 'abstained', found null"),
        (drop("text"), "c-1: expected 'text' to be a string"),
        (drop("citations"), "c-1: expected 'citations' to be a list"),
        (lambda a: a.update(model=3), "expected 'model' to be a string"),
        (lambda a: a.update(timings={"total": "fast"}), "expected 'timings' to hold seconds"),
        (lambda a: a.update(timings={"total": float("nan")}), "expected 'timings'"),
        (lambda a: a.update(confidence=1.5), "expected 'confidence' to be from 0 to 1, found 1.5"),
        (lambda a: a.update(confidence=True), "to be from 0 to 1, found true"),
        (lambda a: a.update(retrieved="all"), "expected 'retrieved' to be a list"),
        (lambda a: a.update(retrieved=[7]), "retrieved 1 to be a passage id or an object"),
        (lambda a: a.update(retrieved=[{"source": "x"}]), "retrieved 1 'start' to be an integer"),
        (lambda a: a["citations"].append("x"), "citation 2 to have the objects"),
        (lambda a: a["citations"][0]["quote"].update(start="1"), "citation 1 quote 'start'"),
        (lambda a: a["citations"][0]["quote"].update(end=True), "citation 1 quote 'end'"),
        (lambda a: a["citations"][0]["document"].clear(), "citation 1 document 'source'"),
    ],
)
def test_answers_of_another_form(dataset, oracle, spoil, expected):
    answers = answers_of(dataset, oracle)
    spoil(answers["c-1"])
    with pytest.raises(AnswersError) as caught:
        score_answers(dataset, answers)
    assert expected in str(caught.value)


def test_answers_must_fit_the_dataset(dataset, oracle):
    answers = answers_of(dataset, oracle)
    answers["c-9"] = answers.pop("c-1")
    with pytest.raises(AnswersError) as caught:
        score_answers(dataset, answers, errors={"c-2": "away"})
    message = str(caught.value)
    assert "c-9: expected a case of waters, found no such id" in message
    assert "c-1: expected an answer, found none" in message
    assert "c-2: expected an answer or an error, found both" in message


def test_answers_with_only_what_scores_need(dataset, oracle):
    answers = {
        key: {name: answer[name] for name in ("status", "text", "citations")}
        for key, answer in answers_of(dataset, oracle).items()
    }
    report = score_answers(dataset, answers)
    assert values(report) == PERFECT
    assert report.model == "unknown"
    assert report.latency(0.5) is None


def test_several_at_a_time_give_the_same(dataset, oracle):
    threads = set()

    def watched(question, *, history):
        threads.add(threading.current_thread().name)
        return oracle(question, history=history)

    alone, together = evaluate(dataset, oracle), evaluate(dataset, watched, jobs=3)
    assert [case.scores for case in together.cases] == [case.scores for case in alone.cases]
    assert threading.current_thread().name not in threads


def test_known_answers_are_not_asked_again(dataset, oracle):
    known = {"c-1": oracle("How long is the Arpa?", history=[]).to_dict()}
    kept, asked = [], []

    def watched(question, *, history):
        asked.append(question)
        return oracle(question, history=history)

    report = evaluate(dataset, watched, known=known, record=lambda *each: kept.append(each))
    assert values(report) == PERFECT
    assert "How long is the Arpa?" not in asked
    assert [(key, error) for key, _, error in kept] == [("c-2", None), ("c-3", None), ("c-4", None)]
    assert kept[0][1]["status"] == "answered"


def test_a_failure_is_recorded(dataset):
    def failing(question, *, history):
        raise ModelError("The model is away.")

    kept = []
    evaluate(dataset, failing, record=lambda *each: kept.append(each))
    assert kept[0] == ("c-1", None, "ModelError: The model is away.")


def test_an_answer_without_timings_is_timed(dataset, abstainer):
    report = evaluate(dataset, abstainer)
    assert all(case.seconds is not None and case.seconds < 5 for case in report.cases)
    assert report.summary["latency_p95"].n == len(dataset.cases)


def test_every_case_has_every_score(dataset, oracle):
    report = evaluate(dataset, oracle, k=3)
    names = [name.replace("_at_5", "_at_3") for name in SCORERS]
    assert all(list(case.scores) == names for case in report.cases)
    assert report.k == 3


def test_progress_goes_to_stderr(dataset, oracle, capsys):
    evaluate(dataset, oracle, progress=True)
    assert capsys.readouterr().out == ""
