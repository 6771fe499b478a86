import json
from dataclasses import FrozenInstanceError, replace

import pytest

from eval import evaluate
from eval.cli import main
from eval.errors import ComparisonError
from eval.paired_runs import compare
from eval.report import Report
from eval.scorers import HEADLINE, Score
from index.errors import InputError, ModelError


@pytest.fixture
def report(dataset, oracle):
    return evaluate(dataset, oracle)


def scored(report, **values):
    """A report of as many cases as there are values, by metric: None is not scored."""
    count = len(next(iter(values.values())))
    cases = tuple(
        replace(
            report.cases[0],
            id=f"c-{place:03}",
            scores={name: score(value[place]) for name, value in values.items()},
        )
        for place in range(count)
    )
    return replace(report, cases=cases)


def score(value):
    return Score(value[0], "", value[1]) if isinstance(value, tuple) else Score(value, "")


def test_identical_runs(report):
    found = compare(report, report)
    assert found.n == 4
    assert found.metrics
    assert set(HEADLINE) <= {metric.name for metric in found.metrics}
    for metric in found.metrics:
        assert (metric.difference, metric.low, metric.high) == (0, 0, 0)
        assert (metric.p, metric.p_holm, metric.change) == (1, 1, "same")
        assert (metric.worse, metric.better) == ((), ())
    assert (found.statuses, found.verdicts, found.only_in_a, found.only_in_b) == ((), (), (), ())


def test_a_report_read_back_is_the_same_run(report):
    found = compare(report, Report.from_dict(json.loads(report.to_json())))
    assert {metric.change for metric in found.metrics} == {"same"}


def test_worse_on_every_case(report):
    found = compare(
        scored(report, evidence_recall=[1.0] * 20), scored(report, evidence_recall=[0.5] * 20)
    ).metric("evidence_recall")
    assert (found.n, found.a, found.b, found.difference) == (20, 1, 0.5, -0.5)
    assert found.p < 0.001
    assert found.change == "worse"
    assert len(found.worse) == 20
    assert found.better == ()
    assert (found.worse[0].id, found.worse[0].a, found.worse[0].b) == ("c-000", 1, 0.5)


def test_lower_is_better_for_some(report):
    a = scored(report, false_refusal_rate=[1.0] * 10 + [0.0])
    b = scored(report, false_refusal_rate=[0.0] * 10 + [1.0])
    found = compare(a, b).metric("false_refusal_rate")
    assert found.change == "better"
    assert [flip.id for flip in found.worse] == ["c-010"]
    assert compare(b, a).metric("false_refusal_rate").change == "worse"


def test_few_cases_prove_nothing(report):
    found = compare(
        scored(report, mrr=[1.0] * 4 + [0.5]), scored(report, mrr=[0.0] * 4 + [0.5])
    ).metric("mrr")
    assert found.p == 2 / 2**4
    assert found.change == "unclear"


def test_p_is_adjusted_for_the_metrics_compared(report):
    a = scored(report, mrr=[1.0] * 6, support=[1.0] * 6)
    b = scored(report, mrr=[0.0] * 6, support=[1.0] * 6)
    both, alone = compare(a, b).metric("mrr"), compare(a, b, metrics=["mrr"]).metric("mrr")
    assert both.p == alone.p == alone.p_holm == 2 / 2**6
    assert both.p_holm == 2 * both.p
    assert (both.change, alone.change) == ("unclear", "worse")


def test_only_cases_scored_in_both_are_paired(report):
    a = scored(report, citation_precision=[1.0, None, None, 0.5])
    b = scored(report, citation_precision=[0.5, 1.0, None, 0.5])
    found = compare(a, b).metric("citation_precision")
    assert (found.n, found.n_one_only, found.a, found.b) == (2, 1, 0.75, 0.5)


def test_nothing_scored_in_both_is_no_number(report):
    a, b = scored(report, mrr=[1.0, None]), scored(report, mrr=[None, 1.0])
    found = compare(a, b).metric("mrr")
    assert (found.n, found.n_one_only, found.a, found.p, found.p_holm) == (0, 2, None, None, None)
    assert found.change == "unclear"
    assert compare(scored(report, mrr=[None]), scored(report, mrr=[None])).metrics == ()
    assert compare(a, b).to_text()


def test_pooled_metrics_keep_their_weights(report):
    a = scored(report, quote_exactness=[(1.0, 3), (0.0, 1)])
    b = scored(report, quote_exactness=[(1.0, 1), (0.0, 1)])
    found = compare(a, b).metric("quote_exactness")
    assert (found.a, found.b, found.change) == (0.75, 0.5, "same")


def test_statuses_and_verdicts_that_changed(report, dataset, oracle, abstainer):
    def other(question, *, history):
        if "deep" in question:
            raise ModelError("The model is away.")
        return abstainer(question) if "Sevan" in question else oracle(question, history=history)

    found = compare(report, evaluate(dataset, other))
    assert [(flip.id, flip.a, flip.b) for flip in found.statuses] == [
        ("c-2", "answered", "abstained"),
        ("c-4", "abstained", "failed"),
    ]
    assert found.verdicts == ()
    assert found.questions["c-2"] == "How large is Lake Sevan?"

    wrong = tuple(replace(case, right=case.right and case.id != "c-1") for case in report.cases)
    found = compare(replace(report, cases=wrong), report)
    assert [(flip.id, flip.a, flip.b) for flip in found.verdicts] == [("c-1", "wrong", "right")]


def test_cases_of_one_run_only_are_listed(report):
    found = compare(
        replace(report, cases=report.cases[1:]), replace(report, cases=report.cases[:3])
    )
    assert (found.n, found.only_in_a, found.only_in_b) == (2, ("c-4",), ("c-1",))
    assert "1 only in A: c-4" in found.to_text()


def test_other_questions_are_refused(report):
    changed = replace(report.cases[0], question="How wide is the Arpa?")
    with pytest.raises(ComparisonError, match=r"under 1 of 4 shared ids.*\n  c-1: \"How long is"):
        compare(report, replace(report, cases=(changed, *report.cases[1:])))
    earlier = replace(report.cases[2], history=())
    with pytest.raises(ComparisonError, match="or earlier turns"):
        compare(report, replace(report, cases=(*report.cases[:2], earlier)))


def test_runs_without_a_common_case_are_refused(report):
    other = replace(report, dataset="hills", cases=(replace(report.cases[0], id="h-1"),))
    with pytest.raises(ComparisonError, match=r"no case id in both \(waters with 4 .*hills with 1"):
        compare(report, other)


def test_unknown_metrics_are_refused(report):
    with pytest.raises(InputError, match="Did you mean evidence_recall"):
        compare(report, report, metrics=["evidence-recal"])
    with pytest.raises(InputError, match="scored case by case, found 'latency_p50'"):
        compare(report, report, metrics=["latency_p50"])
    with pytest.raises(InputError, match="a metric of this comparison"):
        compare(report, report, metrics=["mrr"]).metric("ndcg_at_5")


def test_a_comparison_is_a_value(report):
    found = compare(report, report)
    with pytest.raises(FrozenInstanceError):
        found.n = 3


def test_json_form(report):
    a, b = scored(report, mrr=[1.0, 0.5]), scored(report, mrr=[0.5, 0.5])
    form = json.loads(compare(a, b).to_json())
    assert list(form) == [
        *("a", "b", "n", "only_in_a", "only_in_b"),
        *("metrics", "statuses", "verdicts", "questions"),
    ]
    assert form["a"] == {
        "dataset": "waters",
        "model": report.model,
        "created": report.created,
        "cases": 2,
    }
    metric = form["metrics"]["mrr"]
    assert metric == {
        "n": 2,
        "n_one_only": 0,
        "a": 0.75,
        "b": 0.5,
        "difference": -0.25,
        "low": -0.5,
        "high": 0.0,
        "p": 1.0,
        "p_holm": 1.0,
        "change": "unclear",
        "worse": [{"id": "c-000", "a": 1.0, "b": 0.5}],
        "better": [],
    }
    assert form["questions"] == {"c-000": "How long is the Arpa?"}
    assert form == compare(a, b).to_dict()


def test_text(report, dataset, oracle, abstainer):
    def other(question, *, history):
        return abstainer(question) if "Sevan" in question else oracle(question, history=history)

    text = compare(report, evaluate(dataset, other)).to_text()
    assert "A: waters, model none, oracle, 4 cases, " in text
    lines = [line.split() for line in text.split("\n")]
    row = ["evidence_recall", "3", "1.000", "0.667", "-0.333", "-1.000", "to", "+0.000"]
    assert [*row, "1.0000", "1.0000", "unclear"] in lines
    assert "- c-2: answered -> abstained: How large is Lake Sevan?" in text
    assert "- evidence_recall, 1 worse: c-2 (1.000 -> 0.000)" in text
    assert max(map(len, text.split("\n")[:-8])) <= 110


def test_many_changes_are_counted_and_all_in_json(report):
    a, b = scored(report, mrr=[1.0] * 30), scored(report, mrr=[0.0] * 30)
    assert "c-004 (1.000 -> 0.000) and 25 more" in compare(a, b).to_text()
    assert len(compare(a, b).to_dict()["metrics"]["mrr"]["worse"]) == 30


def test_markdown_is_escaped(report):
    cases = (replace(report.cases[0], question="Is *a* | <b>?", right=False), *report.cases[1:])
    other = replace(report, cases=(replace(cases[0], right=True), *report.cases[1:]))
    text = compare(replace(report, cases=cases), other).to_markdown()
    assert "| metric | n | A | B | B - A |" in text
    assert "| evidence_recall | 3 | 1.000 |" in text
    assert "- c-1: wrong -> right: Is \\*a\\* \\| \\<b\\>?" in text


@pytest.fixture
def files(report, dataset, abstainer, tmp_path):
    """A report.json, and a run folder of a system that always abstains."""
    good, bad = tmp_path / "good.json", tmp_path / "bad"
    bad.mkdir()
    good.write_text(report.to_json(), encoding="utf-8")
    (bad / "report.json").write_text(evaluate(dataset, abstainer).to_json(), encoding="utf-8")
    return str(good), str(bad)


def test_compare_command(files, capsys):
    assert main(["compare", *files]) == 0
    captured = capsys.readouterr()
    assert "4 cases in both" in captured.out
    assert captured.err == ""
    assert main(["compare", *files, "--markdown", "--metric", "support", "evidence_recall"]) == 0
    assert "| evidence_recall | 3 | 1.000 | 0.000 |" in capsys.readouterr().out


def test_compare_command_writes_json(files, tmp_path, capsys):
    assert main(["compare", *files, "--json", "-", "--metric", "evidence_recall"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert list(form["metrics"]) == ["evidence_recall"]
    target = tmp_path / "comparison.json"
    assert main(["compare", *files, "--metric", "evidence_recall", "--json", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8")) == form
    assert "evidence_recall" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--metric", "evidence"], "Did you mean evidence_recall"),
        (["--json", "no/such/folder/x.json"], "found no folder to put it in"),
    ],
)
def test_compare_command_says_what_is_wrong(files, capsys, arguments, expected):
    assert main(["compare", *files, *arguments]) == 2
    captured = capsys.readouterr()
    assert expected in captured.err
    assert captured.out == ""


def test_compare_command_without_a_report(files, tmp_path, capsys):
    assert main(["compare", files[0], str(tmp_path / "none.json")]) == 2
    assert "expected a report, found nothing" in capsys.readouterr().err
