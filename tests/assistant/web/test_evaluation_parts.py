"""What runs from the page are made of: datasets, options, progress, messages, charts."""

import json

import pytest
from evaluation_data import put_dataset
from report_folders import put_report, score

from assistant.errors import SettingsError
from assistant.settings import load_settings
from assistant.web.eval_charts import charts
from assistant.web.eval_comparison import (
    LOWER,
    Change,
    Found,
    Metric,
    beside,
    compared,
    found_in,
    title_of,
)
from assistant.web.eval_datasets import check_datasets, datasets_in, sample
from assistant.web.eval_options import evaluating
from assistant.web.eval_process import environment, is_installed, output_of
from assistant.web.eval_progress import Tally, answered_in, indexed_by, problem_of, shown
from assistant.web.eval_wanted import FILE, Wanted, eval_command, kept_in, run_command
from assistant.web.opening import site_options
from assistant.web.report_cards import TITLES
from assistant.web.reports import list_reports, report_at
from eval.entailment import lexical_entails
from eval.errors import ReportError
from eval.run_folder import RunFolder
from eval.scorers import K, build_scorers, metric

HOSTILE = "<img src=x onerror='hacked()'>"


# Datasets


def test_a_dataset_and_a_folder_of_datasets_are_found(tmp_path):
    put_dataset(tmp_path / "many" / "waters")
    put_dataset(tmp_path / "many" / "Arbel", times=2)
    put_dataset(tmp_path / "lone")
    (tmp_path / "many" / "none").mkdir()
    found = datasets_in([tmp_path / "many", tmp_path / "lone", tmp_path / "gone"])
    assert [(each.name, each.cases) for each in found] == [("Arbel", 8), ("lone", 4), ("waters", 4)]


def test_cases_are_counted_again_when_the_file_changes(tmp_path):
    folder = put_dataset(tmp_path / "waters")
    assert datasets_in([folder])[0].cases == 4
    with (folder / "cases.jsonl").open("a") as file:
        file.write("\n{}\n")
    assert datasets_in([folder])[0].cases == 5
    (folder / "cases.jsonl").unlink()
    assert datasets_in([folder]) == []


def test_folders_without_a_dataset_are_refused(tmp_path):
    put_dataset(tmp_path / "waters")
    check_datasets([tmp_path, tmp_path / "waters"])
    with pytest.raises(SettingsError, match="found nothing"):
        check_datasets([tmp_path / "gone"])
    with pytest.raises(SettingsError, match="found one without"):
        check_datasets([tmp_path / "waters" / "documents"])
    put_dataset(tmp_path / "other" / "waters")
    with pytest.raises(SettingsError, match="different names"):
        check_datasets([tmp_path / "waters", tmp_path / "other"])


def test_a_sample_is_spread_over_the_cases_and_has_all_documents(tmp_path):
    (dataset,) = datasets_in([put_dataset(tmp_path / "waters", times=3)])
    for count, wanted in ((3, ["c-0-0", "c-1-0", "c-2-0"]), (2, ["c-0-0", "c-1-2"])):
        folder = sample(dataset, count, tmp_path / "samples")
        lines = (folder / "cases.jsonl").read_text().splitlines()
        assert [json.loads(line)["id"] for line in lines] == wanted
        assert folder.name == "waters"
        assert sorted(path.name for path in (folder / "documents").iterdir()) == [
            *("pier.md", "wine.md"),
        ]


# Options


def test_datasets_come_from_options_environment_and_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).datasets == ()
    (tmp_path / "assistant.toml").write_text('datasets = ["one", "two"]\n')
    assert [str(each) for each in load_settings({}).datasets] == ["one", "two"]
    monkeypatch.setenv("ASSISTANT_DATASETS", "three, four")
    assert [str(each) for each in load_settings({}).datasets] == ["three", "four"]
    assert load_settings({"datasets": [tmp_path]}).datasets == (tmp_path,)


def test_a_run_gets_the_options_of_the_chat(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "judge").mkdir()
    settings = load_settings(
        {
            "datasets": [put_dataset(tmp_path / "waters")],
            "model": "openai:local",
            "also_models": ["openai:other", "ollama:small"],
            "base_url": "http://127.0.0.1:9/v1",
            "prompts": "prompts",
            "nli": "judge",
            "reranker": "owner/name",
        }
    )
    options = evaluating(settings)
    assert list(options.models) == ["openai:local", "openai:other", "ollama:small", "extractive"]
    assert options.models["extractive"] == ()
    local = " ".join(options.models["openai:local"])
    assert local.startswith("--model openai:local --base-url http://127.0.0.1:9/v1 ")
    assert f"--prompts {tmp_path}/prompts --grounding-nli {tmp_path}/judge" in local
    assert "--base-url" in options.models["openai:other"]
    assert "--base-url" not in options.models["ollama:small"]
    assert options.shared == ("--reranker", "owner/name")
    assert site_options(settings, pytest.fail).evaluating == options


def test_the_suite_understands_the_command(tmp_path):
    from eval.cli import _parser

    settings = load_settings({"model": "ollama:m", "embedding_model": "owner/e", "reranker": "r"})
    options = evaluating(settings)
    wanted = Wanted("waters", None, "ollama:m", "dataset")
    command = run_command(wanted, tmp_path / "-waters", tmp_path / "out", options, None)
    arguments = _parser().parse_args(command[command.index("eval.cli") + 1 :])
    assert arguments.datasets == [tmp_path / "-waters"]
    assert (arguments.out, arguments.index) == (tmp_path / "out", None)
    assert (arguments.model, arguments.embedding_model) == ("ollama:m", "owner/e")
    wanted = Wanted("waters", None, "extractive", "library")
    command = run_command(wanted, tmp_path, tmp_path / "out", options, tmp_path / "index")
    arguments = _parser().parse_args(command[command.index("eval.cli") + 1 :])
    assert (arguments.index, arguments.embedding_model) == (tmp_path / "index", None)
    assert arguments.model is None


def test_the_suite_is_found_whatever_lies_in_the_working_folder(tmp_path):
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "__init__.py").write_text("raise SystemExit(99)\n")
    code, out, _ = output_of(eval_command("--help"), tmp_path)
    assert (code, "assistant-eval" in out) == (0, True)
    assert is_installed()


def test_a_process_gets_the_keys_but_not_the_settings_of_the_chat(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_BASE_URL", "http://elsewhere")
    monkeypatch.setenv("ASSISTANT_CACHE", "cache")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-123456789")
    monkeypatch.setenv("PYTHONPATH", "here")
    found = environment()
    assert "ASSISTANT_BASE_URL" not in found
    assert found["ASSISTANT_CACHE"] == f"{tmp_path}/cache"
    assert found["OPENAI_API_KEY"] == "sk-123456789"
    assert found["PYTHONPATH"] == f"{tmp_path}/here"


def test_what_was_wanted_is_kept_and_read_with_distrust(tmp_path):
    wanted = Wanted("waters", 10, "extractive", "library")
    wanted.save(tmp_path)
    assert kept_in(tmp_path) == wanted
    for text in ("", "[]", '{"dataset": 1}', '{"dataset": "w", "cases": -1}', "[" * 100_000):
        (tmp_path / FILE).write_text(text)
        assert kept_in(tmp_path) is None


# Progress


def test_cases_are_counted_as_they_come(tmp_path):
    tally = Tally(tmp_path, 3)
    assert tally.look().phase == "preparing"
    run = RunFolder(tmp_path)
    run.begin({"model": "m"})
    assert (tally.look().phase, tally.look().done) == ("answering", 0)
    run.add("c-1", {"text": "x"}, None)
    run.add("c-2", None, "no model")
    pace = tally.look()
    assert (pace.phase, pace.done, pace.failed) == ("answering", 2, 1)
    assert pace.per_second > 0
    with run.answers.open("a") as file:
        file.write('{"id": "c-3", "ans')
    assert tally.look().done == 2
    with run.answers.open("a") as file:
        file.write('wer": {}}\n')
    assert (tally.look().phase, tally.look().done) == ("scoring", 3)


def test_a_run_that_goes_on_counts_what_it_keeps_and_times_what_is_new(tmp_path):
    run = RunFolder(tmp_path)
    run.begin({"model": "m"})
    run.add("c-1", {"text": "x"}, None)
    run.add("c-2", None, "no model")
    assert answered_in(tmp_path) == 1
    tally = Tally(tmp_path, 3)
    assert (tally.look().phase, tally.look().done) == ("preparing", 0)
    run.begin({"model": "m"})
    pace = tally.look()
    assert (pace.phase, pace.done, pace.failed, pace.per_second) == ("answering", 1, 0, None)
    run.add("c-2", {"text": "y"}, None)
    assert (tally.look().done, tally.look().failed) == (2, 0)


def test_indexing_is_told_while_it_lasts(tmp_path):
    messages = tmp_path / "messages.txt"
    assert indexed_by(messages) is None
    messages.write_text("\rIndexing:   0%|   | 0/12 [00:00<?, ?file/s]\rIndexing: 58%|## | 7/12 [0")
    assert indexed_by(messages) == (7, 12)
    messages.write_text("Indexing: 100%|###| 12/12 [00:01]\nwaters: 3 cases are answered already.")
    assert indexed_by(messages) is None


@pytest.mark.parametrize(
    ("said", "code", "wanted"),
    [
        ("", 1, "It ended without saying why."),
        ("Indexing: 8%| 1/12 [00:01]\n", 1, "It ended without saying why."),
        ("anything", -9, "It was ended from outside"),
        ("x\nassistant-eval: No model.\n\n", 1, "No model."),
        ("assistant-eval: /srv/data/waters/cases.jsonl: bad", 2, "waters/cases.jsonl: bad"),
        ("OSError: '/opt/secret place/x.so' is bad", 1, "OSError: 'x.so' is bad"),
        ("No file /home/anna/hidden/x.md there", 1, "No file x.md there"),
        ("Ask http://127.0.0.1:9/v1/models again", 1, "Ask http://127.0.0.1:9/v1/models again"),
        ("Traceback (most recent call last):\n  File\nValueError: odd", 1, "ValueError: odd"),
    ],
)
def test_the_last_message_is_told_without_folders(tmp_path, said, code, wanted):
    (tmp_path / "messages.txt").write_text(said)
    told = problem_of(tmp_path / "messages.txt", code, {"/srv/data/waters": "waters"})
    assert told.startswith(wanted)


def test_a_run_that_others_changed_is_told_as_the_page_does_it(tmp_path):
    run = RunFolder(tmp_path)
    run.begin({"code": "old"})
    with pytest.raises(ReportError) as refused:
        run.begin({"code": "new"})
    (tmp_path / "messages.txt").write_text(f"assistant-eval: {refused.value}\n")
    told = problem_of(tmp_path / "messages.txt", 1, {})
    assert told.endswith("found one with other code. Discard it, and run it anew.")


def test_messages_are_short_and_have_no_keys():
    assert len(shown("a" * 5000, {})) < 500
    assert "sk-abcdef123456" not in shown("The key sk-abcdef123456 was refused.", {})


# Charts


@pytest.fixture
def parts():
    return {
        "fact": {"evidence_recall": score(0.9, 0.8, 1.0, 10), "abstention_recall": score(None)},
        HOSTILE: {"evidence_recall": score(0.5, n=2), "latency_p95": score(7)},
    }


def test_a_chart_has_a_bar_for_each_category_and_a_table_says_the_same(tmp_path, parts):
    put_report(tmp_path, "briefs", by_category=parts)
    (report,) = list_reports(tmp_path).reports
    page = charts(report.summary)
    assert page.count("<figure") == 1
    assert page.count('class="v-bar') == 3
    assert "--low:80.00%" in page
    assert '<th scope="row"><bdi>Fact</bdi></th><td>0.90 <small>0.80 to 1.00</small></td>' in page
    assert "<img" not in page
    assert "hacked" in page


def test_a_report_without_categories_has_no_charts(tmp_path):
    put_report(tmp_path, "briefs")
    assert "no scores by category" in charts(list_reports(tmp_path).reports[0].summary)


def test_a_report_is_found_by_its_path(tmp_path):
    put_report(tmp_path, "2026/briefs")
    put_report(tmp_path, "")
    assert report_at(tmp_path, "2026/briefs") in list_reports(tmp_path).reports
    assert report_at(tmp_path, "").summary.dataset == "briefs"
    assert report_at(tmp_path, "2026") is None


# Comparisons


def measured_metric(difference, low, high, change):
    return Metric(9, 0.5, 0.5 + difference, difference, low, high, 0.01, change)


@pytest.fixture
def two(tmp_path):
    put_report(tmp_path, "a")
    put_report(tmp_path, "b", model=HOSTILE)
    return report_at(tmp_path, "a"), report_at(tmp_path, "b")


def test_differences_are_shown_with_their_intervals(two):
    found = Found(
        n=9,
        metrics={
            "evidence_recall": measured_metric(0.25, 0.1, 0.31, "better"),
            "false_refusal_rate": measured_metric(0.0, 0.0, 0.0, "same"),
            "ndcg_at_5": Metric(0, None, None, None, None, None, None, "unclear"),
        },
        verdicts=(Change("c-1", "right", "wrong"),),
        questions={"c-1": HOSTILE},
    )
    page = compared(*two, found)
    assert "+0.250</b>" in page
    assert "+0.100 to +0.310" in page
    assert "(scale −0.4 to +0.4)" in page
    assert "--value:81.25%" in page
    assert "0.000</b>" in page
    assert "nDCG at 5" in page
    assert "1 question that changed" in page
    assert "<img" not in page


def test_scores_beside_each_other(two):
    page = beside(*two, f"{HOSTILE} is why.")
    assert page.count("0.903") == 2
    assert "<img" not in page


def test_only_a_comparison_is_taken_for_one():
    with pytest.raises(ValueError, match="metrics"):
        found_in(json.dumps({"n": 1}))


def test_scores_are_called_what_the_evaluation_calls_them():
    scorers = [metric(name) for name in build_scorers(K, lexical_entails)]
    assert len(scorers) > 25
    called = {**{each.name: each.title for each in scorers}, **TITLES}
    assert {each.name: title_of(each.name) for each in scorers} == {
        each.name: called[each.name] for each in scorers
    }
    assert {each.name for each in scorers if not each.is_better_high} == LOWER
