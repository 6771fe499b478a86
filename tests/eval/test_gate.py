from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from eval import evaluate
from eval.bootstrap import Estimate
from eval.cli import main
from eval.errors import GateError
from eval.gate import check, checks, require
from eval.scorers import HEADLINE, Score
from eval.summary import summarize
from index.errors import InputError, ModelError, VerbatimError


@pytest.fixture
def report(dataset, oracle):
    return evaluate(dataset, oracle)


@pytest.fixture
def refusing(dataset, abstainer):
    """The report of a system that always abstains."""
    return evaluate(dataset, abstainer)


@pytest.fixture
def failing(dataset, oracle):
    """The report of a system that fails on one case."""

    def answer(question, *, history):
        if "deep" in question:
            raise ModelError("The model is away.")
        return oracle(question, history=history)

    return evaluate(dataset, answer)


def estimated(report, **estimates):
    return replace(report, summary={**report.summary, **estimates})


def messages(violations):
    return [str(violation) for violation in violations]


def test_a_good_report_passes(report):
    assert check(report) == ()
    limits = {"evidence_recall": 0.8, "quote_exactness": 1}
    assert check(report, minimum=limits, maximum={"false_refusal_rate": 0}) == ()


def test_what_is_not_met_is_listed(refusing):
    found = check(refusing, {"evidence_recall": 0.8}, {"false_refusal_rate": 0.1})
    assert messages(found) == [
        "evidence_recall: expected at least 0.8, found 0 (n = 3)",
        "false_refusal_rate: expected at most 0.1, found 1 (n = 3)",
    ]


def test_a_limit_itself_is_met(report):
    report = estimated(report, evidence_recall=Estimate(0.8, 0.7, 0.9, 40))
    assert check(report, {"evidence_recall": 0.8}, {"evidence_recall": 0.8}) == ()
    assert len(check(report, {"evidence_recall": 0.80001})) == 1
    assert len(check(report, maximum={"evidence_recall": 0.79999})) == 1


@pytest.mark.parametrize(
    ("use", "lowest", "highest"),
    [("value", 0.8, 0.8), ("low", 0.7, 0.7), ("high", 0.9, 0.9), ("worst", 0.7, 0.9)],
)
def test_what_is_held_to_a_limit(report, use, lowest, highest):
    report = estimated(report, mrr=Estimate(0.8, 0.7, 0.9, 40))
    assert check(report, {"mrr": lowest}, {"mrr": highest}, use=use) == ()
    assert len(check(report, {"mrr": lowest + 0.01}, {"mrr": highest - 0.01}, use=use)) == 2


def test_an_end_of_the_interval_is_named(report):
    report = estimated(report, mrr=Estimate(0.8, 0.7, 0.9, 40))
    assert messages(check(report, {"mrr": 0.75}, use="worst")) == [
        "mrr: expected at least 0.75, found 0.7 as the low end of its interval (n = 40)"
    ]


def test_not_scored_is_not_a_pass(refusing):
    for limits in ({"minimum": {"citation_precision": 0}}, {"maximum": {"citation_precision": 1}}):
        (violation,) = check(refusing, **limits)
        assert "found no score: no case was scored, which is no pass" in str(violation)


def test_a_category(report):
    assert check(report, {"fact.evidence_recall": 1, "conflict.facts_recall": 1}) == ()
    (violation,) = check(report, {"paraphrase.evidence_recall": 0.5})
    assert str(violation).startswith("paraphrase.evidence_recall: expected at least 0.5, found no ")


def test_failures_do_not_pass(failing):
    assert messages(check(failing)) == [
        "failed cases: expected at most 0, found 1 of 4 "
        '(the first is c-4: "ModelError: The model is away.")'
    ]
    assert check(failing, allow_failures=1) == ()


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (
            {"evidence-recal": 0.5},
            r"a metric of the report, found 'evidence-recal'.*evidence_recal",
        ),
        ({"zzz": 0.5}, "Choose of evidence_recall, citation_precision"),
        ({"facts.evidence_recall": 0.5}, "a category before the dot, found 'facts'.*mean fact"),
        ({"fact.evidence_recal": 0.5}, "mean evidence_recall"),
        ({"evidence_recall": 80}, "from 0 to 1 as the limit of evidence_recall, found 80"),
        ({"evidence_recall": -0.1}, "from 0 to 1"),
        ({"evidence_recall": float("nan")}, "from 0 to 1"),
        ({"latency_p95": -1}, "at least 0"),
    ],
)
def test_limits_that_cannot_be_meant(report, limits, expected):
    with pytest.raises(InputError, match=expected):
        check(report, limits)


def test_other_wrong_arguments(report):
    with pytest.raises(InputError, match="one of value, low, high, worst, found 'median'"):
        check(report, use="median")
    with pytest.raises(InputError, match="a tolerance of at least 0"):
        check(report, baseline=report, tolerance=-0.1)


def test_seconds_may_exceed_1(report):
    assert check(report, maximum={"latency_p95": 30}) == ()


def many(report, count, values):
    """A report of so many cases, all with these scores."""
    scores = {name: Score(value, "") for name, value in values.items()}
    cases = tuple(
        replace(report.cases[0], id=f"c-{place}", scores=scores) for place in range(count)
    )
    return replace(report, cases=cases, summary=summarize(cases, values))


def test_a_baseline_is_kept_up_with(report):
    before = many(report, 20, {"evidence_recall": 0.9, "mrr": 0.9})
    assert check(before, baseline=before) == ()
    assert check(many(report, 20, {"evidence_recall": 0.95, "mrr": 0.1}), baseline=before) == ()
    (violation,) = check(many(report, 20, {"evidence_recall": 0.5}), baseline=before)
    assert violation.name == "evidence_recall"


def test_a_metric_with_a_limit_is_held_to_the_baseline_too(report):
    before, after = (many(report, 20, {"mrr": value}) for value in (0.9, 0.5))
    (violation,) = check(after, {"mrr": 0.1}, baseline=before)
    assert str(violation) == (
        "mrr: expected not worse than the baseline (by over 0.02 with p < 0.05), "
        "found 0.500 against 0.900 (n = 20, p = 0.0001)"
    )


def test_small_or_unclear_losses_pass(report):
    before = many(report, 20, {"evidence_recall": 0.9})
    after = many(report, 20, {"evidence_recall": 0.89})
    assert check(after, baseline=before) == ()
    assert len(check(after, baseline=before, tolerance=0)) == 1
    few = many(report, 3, {"evidence_recall": 0.1})
    assert check(few, baseline=before) == ()


def test_lower_is_better_for_some(report):
    refuses, answers = (many(report, 20, {"false_refusal_rate": value}) for value in (1.0, 0.0))
    assert check(answers, baseline=refuses) == ()
    assert [found.name for found in check(refuses, baseline=answers)] == ["false_refusal_rate"]


def test_a_score_that_is_gone_does_not_pass(report, refusing):
    names = [violation.name for violation in check(refusing, baseline=report)]
    assert "citation_precision" in names
    assert check(report, baseline=refusing) == ()


def test_require(report, refusing):
    assert require(report, {"evidence_recall": 0.8}) is None
    assert report.require(minimum={"evidence_recall": 0.8}) is None
    with pytest.raises(GateError) as caught:
        refusing.require({"evidence_recall": 0.8}, {"false_refusal_rate": 0.1})
    assert str(caught.value).split("\n") == [
        "2 problems:",
        "  evidence_recall: expected at least 0.8, found 0 (n = 3)",
        "  false_refusal_rate: expected at most 0.1, found 1 (n = 3)",
    ]
    assert isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, VerbatimError)


@pytest.fixture
def files(report, refusing, failing, tmp_path):
    """Paths of the three reports, by what the system did; one is a run folder."""
    paths = {name: tmp_path / f"{name}.json" for name in ("good", "failing")}
    paths["refusing"] = tmp_path / "refusing" / "report.json"
    paths["refusing"].parent.mkdir()
    for name, written in (("good", report), ("refusing", refusing), ("failing", failing)):
        paths[name].write_text(written.to_json(), encoding="utf-8")
    return {
        **{name: str(path) for name, path in paths.items()},
        "folder": str(tmp_path / "refusing"),
    }


def test_gate_command_passes(files, capsys):
    limits = ["--min", "evidence_recall=.8", "fact.facts_recall=1", "--max", "false_refusal_rate=0"]
    assert main(["gate", files["good"], *limits]) == 0
    captured = capsys.readouterr()
    rows = [line.split() for line in captured.out.splitlines()]
    assert [row[0] for row in rows] == [
        *("check", "failed", "evidence_recall", "fact.facts_recall", "false_refusal_rate")
    ]
    assert [row[-1] for row in rows] == ["found", "ok", "ok", "ok", "ok"]
    assert captured.err == ""


def test_gate_command_does_not_pass_what_is_not_scored(files, capsys):
    assert main(["gate", files["good"], "--min", "evidence_recall=.8", "--min", "mrr=0"]) == 1
    captured = capsys.readouterr()
    assert "mrr: expected at least 0, found no score" in captured.err
    assert captured.out.count("FAILED") == 1


def test_gate_command_fails_with_a_line_for_each_violation(files, capsys):
    limits = ["--min", "evidence_recall=.8", "--max", "false_refusal_rate=.1", "--on", "worst"]
    assert main(["gate", files["folder"], *limits]) == 1
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        "assistant-eval: evidence_recall: expected at least 0.8, found 0 as the low end of its "
        "interval (n = 3)",
        "assistant-eval: false_refusal_rate: expected at most 0.1, found 1 as the high end of its "
        "interval (n = 3)",
    ]
    assert captured.out.count("FAILED") == 2


def test_gate_command_and_failed_cases(files, capsys):
    assert main(["gate", files["failing"]]) == 1
    assert "failed cases: expected at most 0, found 1 of 4" in capsys.readouterr().err
    assert main(["gate", files["failing"], "--allow-failures", "1"]) == 0


def test_gate_command_with_a_baseline(files, capsys):
    assert main(["gate", files["good"], "--worse-than", files["good"]]) == 0
    assert "cases of the baseline" in capsys.readouterr().out
    options = ["--worse-than", files["good"], "--tolerance", ".1"]
    assert main(["gate", files["refusing"], *options]) == 1
    assert "citation_precision: expected not worse" in capsys.readouterr().err


def test_gate_command_writes_junit(files, tmp_path):
    target = tmp_path / "gate.xml"
    limits = ["--min", "evidence_recall=.8", "source_recall=0"]
    assert main(["gate", files["refusing"], *limits, "--junit", str(target)]) == 1
    (suite,) = ET.parse(target).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert suite.find("testcase/failure").get("message").startswith("evidence_recall: expected at")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--min", "evidence_recal=.8"], "Did you mean evidence_recall"),
        (["--min", "evidence_recall=80"], "Expected a number from 0 to 1"),
        (["--min", "mrr=.1", "mrr=.2"], "found --min mrr twice"),
        (["--junit", "no/such/folder/x.xml"], "found no folder to put it in"),
        (["--worse-than", "none.json"], "expected a report, found nothing"),
    ],
)
def test_gate_command_says_what_is_wrong(files, capsys, arguments, expected):
    assert main(["gate", files["good"], *arguments]) == 2
    captured = capsys.readouterr()
    assert expected in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("text", ["evidence_recall", "evidence_recall=high", "report.json"])
def test_gate_command_with_a_limit_that_is_none(files, capsys, text):
    with pytest.raises(SystemExit, match="2"):
        main(["gate", "--min", "mrr=.1", text, files["good"]])
    assert f"expected NAME=VALUE with a number, as in evidence_recall=.8, found '{text}'" in (
        capsys.readouterr().err
    )


def test_headline_metrics_are_all_checked_against_a_baseline(report):
    report = many(report, 3, dict.fromkeys((*HEADLINE, "mrr"), 0.5))
    found = [one.name for one in checks(report, baseline=report)]
    assert found == ["failed cases", "cases of the baseline", *HEADLINE]
