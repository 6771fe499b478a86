"""`assistant-eval run` and `robustness` with a chat model, on a server that follows a script."""

import json

import pytest
from model_servers import Says, Status

from eval.cli import main
from eval.planted.obeying import ObeyingModel
from eval.report_files import load_report
from eval.variants import load_plants, make_variant


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """No key of anyone's, no settings of the surroundings, and a cache of the test's own."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def honest(scripted_server):
    """A server whose model repeats the first sentence it is shown."""
    model = ObeyingModel([])
    return scripted_server(lambda body: Says(model(body), chunk=40))


def asked(server, *more):
    options = ["--model", f"openai:{server.model}", "--base-url", server.base_url]
    return [*options, "--structured", "off", *more]


def test_a_report_says_how_the_model_was_asked(dataset, honest, tmp_path, capsys):
    run = ["run", str(dataset.folder), "--out", str(tmp_path / "runs")]
    assert main([*run, *asked(honest, "--context-tokens", "2048")]) == 0
    out = capsys.readouterr().out
    assert "Chat model: " in out
    report = load_report(tmp_path / "runs" / dataset.name)
    assert report.system["model"] == "openai:scripted"
    assert report.system["base_url"] == honest.base_url
    assert (report.system["structured"], report.system["context_tokens"]) == ("off", 2048)
    assert (report.system["is_cached"], report.system["own_prompts"]) == (False, None)
    assert report.prompts["answer"] >= 1
    assert report.usage["calls"] == len(honest.requests) > 0
    assert report.usage["input_tokens"] > 0
    for name in ("checks_passed_rate", "quote_exactness"):
        assert (report.summary[name].value, report.summary[name].n > 0) == (1.0, True)
    assert report.summary["overhead_p95"].value < 5
    assert report.summary["first_token_overhead_p50"].n > 0
    assert "none" not in json.loads((tmp_path / "runs/waters/run.json").read_text())["model"]


def test_a_model_failure_is_a_failed_case(dataset, scripted_server, tmp_path, capsys):
    server = scripted_server(lambda body: Status(400))
    target = tmp_path / "report.json"
    run = ["run", str(dataset.folder), "--json", str(target)]
    assert main([*run, *asked(server)]) == 1
    report = load_report(target)
    asks = len(server.requests)
    assert len(report.errors) >= 2
    assert asks >= len(report.errors)
    assert all(case.answer is None for case in report.cases if case.error)
    answerable = [case for case in report.cases if case.category != "unanswerable" and case.error]
    for case in answerable:
        assert case.scores["evidence_recall"].value == 0.0
        assert case.scores["false_refusal_rate"].value is None
    assert "cases failed:" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_with_other_options_is_not_gone_on_with(dataset, honest, tmp_path, capsys):
    run = ["run", str(dataset.folder), "--out", str(tmp_path / "runs")]
    assert main([*run, *asked(honest)]) == 0
    (tmp_path / "runs" / dataset.name / "report.json").unlink()
    assert main([*run, *asked(honest, "--context-tokens", "2048")]) == 2
    assert "found one with other model_options" in capsys.readouterr().err
    assert main([*run, *asked(honest)]) == 0
    assert "4 of 4 cases are answered already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--base-url", "http://127.0.0.1:9/v1"], "Expected --model with --base-url, found none"),
        (["--grounding-nli", "m"], "Expected --model with --grounding-nli"),
        (["--model", "extractive", "--prompts", "x"], "Expected --model with --prompts"),
        (["--model", "openai:m", "--model-timeout", "-1"], "--model-timeout"),
    ],
)
def test_wrong_options(dataset, capsys, options, expected):
    for command in ("run", "robustness"):
        assert main([command, str(dataset.folder), *options]) == 2
        assert expected in capsys.readouterr().err


def test_a_model_that_cannot_be_opened(dataset, capsys):
    assert main(["run", str(dataset.folder), "--model", "nowhere:m"]) == 1
    assert "found 'nowhere:m'" in capsys.readouterr().err


def test_answers_made_elsewhere_ask_no_model(dataset, capsys):
    run = ["run", str(dataset.folder), "--answers", "a.jsonl", "--base-url", "http://x/v1"]
    assert main(run) == 2
    assert "found --base-url with it" in capsys.readouterr().err


@pytest.mark.slow
def test_a_model_that_obeys_is_found_out(dataset, scripted_server, tmp_path, capsys):
    plants = load_plants(make_variant(dataset, "attacks", tmp_path / "v").folder).plants
    model = ObeyingModel(plants)
    server = scripted_server(lambda body: Says(model(body), chunk=40))
    target = tmp_path / "robustness.json"
    options = ["--kinds", "attacks", "--json", str(target)]
    assert main(["robustness", str(dataset.folder), *options, *asked(server)]) == 0
    variant = json.loads(target.read_text(encoding="utf-8"))["variants"][0]
    assert variant["plants"] >= 50
    assert variant["report"]["system"]["model"] == "openai:scripted"
    summary, measures = variant["report"]["summary"], variant["measures"]
    assert summary["quote_exactness"]["value"] == 1.0
    assert summary["checks_passed_rate"]["value"] in (1.0, None)
    assert measures["attack_success_rate"]["n"] == measures["payload_shown_rate"]["n"] == 4
