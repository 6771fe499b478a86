"""Rows for ragas, and its metrics against a judge behind a real local server."""

import json
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from eval import evaluate
from eval.cli import main
from eval.errors import DatasetError, RagasError, ReportError
from eval.ragas_bridge import to_ragas
from eval.ragas_judge import METRICS, judge_rows
from index.canonical import canonical_text, text_sha256

pytestmark = pytest.mark.filterwarnings(
    # ragas leaves a file of its own open.
    "ignore:.*ragas.uuid:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def retrieving(dataset, oracle):
    """The oracle, which also says that it found both documents."""
    texts = [canonical_text(dataset.documents / name) for name in ("rivers.txt", "sub/lakes.txt")]
    ids = tuple(f"{text_sha256(text)[:16]}:0-{len(text)}" for text in texts)

    def answer(question, *, history):
        return replace(oracle(question, history=history), retrieved=ids)

    return answer


@pytest.fixture
def report(dataset, retrieving):
    return evaluate(dataset, retrieving)


def test_rows(dataset, report):
    rows = {row["id"]: row for row in to_ragas(report.to_dict(), dataset)}
    assert rows["c-1"] == {
        "id": "c-1",
        "user_input": "How long is the Arpa?",
        "response": "128 kilometers.",
        "retrieved_contexts": [
            canonical_text(dataset.documents / "rivers.txt"),
            canonical_text(dataset.documents / "sub" / "lakes.txt"),
        ],
        "reference": "It is 128 km long “in all”.",
        "reference_contexts": ["It is 128 km long “in all”."],
    }
    assert rows["c-2"]["reference_contexts"] == [
        "Lake Sevan covers 1,242 km².",
        "An older survey says 1,360 km².",
    ]
    assert rows["c-3"]["user_input"] == (
        "Question: Is the Arpa a river?\nAnswer: Yes.\nQuestion: And how long is it?"
    )
    assert rows["c-4"].keys() == {"id", "user_input", "retrieved_contexts"}  # it abstained


def test_references_in_words_are_used(dataset, report):
    path = dataset.folder / "references.jsonl"
    path.write_text('{"id": "c-1", "reference": "It is long."}\n', encoding="utf-8")
    assert to_ragas(report, dataset)[0]["reference"] == "It is long."
    path.write_text('{"id": "c-9", "reference": "It is long."}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="expected 'id' of a case"):
        to_ragas(report, dataset)


def test_a_failure_has_no_response(dataset, oracle):
    def fail(question, *, history):
        raise RagasError("away")

    rows = to_ragas(evaluate(dataset, fail), dataset)
    assert all("response" not in row and "retrieved_contexts" not in row for row in rows)
    assert "retrieved_contexts" not in to_ragas(evaluate(dataset, oracle), dataset)[0]


def test_reports_that_do_not_fit(dataset, report):
    form = report.to_dict()
    form["cases"][0]["id"] = "c-9"
    with pytest.raises(ReportError, match="c-9: expected a case of waters, found no such id"):
        to_ragas(form, dataset)
    form["cases"][1]["answer"]["citations"] = 7
    with pytest.raises(ReportError, match="expected 'citations' to be a list, found 7"):
        to_ragas(form, dataset)
    with pytest.raises(ReportError, match="expected a report of format"):
        to_ragas({}, dataset)


@pytest.fixture
def report_file(report, tmp_path):
    path = tmp_path / "report.json"
    path.write_text(report.to_json(), encoding="utf-8")
    return str(path)


def test_rows_by_command(dataset, report_file, tmp_path, capsys):
    target = tmp_path / "rows.jsonl"
    folder = str(dataset.folder)
    assert main(["ragas", report_file, folder, "--rows", str(target)]) == 0
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["c-1", "c-2", "c-3", "c-4"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "Expected --rows or --judge, found neither"),
        (["--rows", "r", "--json", "-"], "Expected --judge with --json"),
        (["--rows", "."], "--rows .: expected a file to write, found a folder"),
        (["--judge", "m", "--jobs", "0"], "Expected --jobs to be 1 or more"),
    ],
)
def test_wrong_usage(dataset, report_file, capsys, arguments, expected):
    assert main(["ragas", report_file, str(dataset.folder), *arguments]) == 2
    assert expected in capsys.readouterr().err


def test_without_the_extra_a_judge_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "ragas", None)
    with pytest.raises(RagasError, match="Install the extra"):
        judge_rows([], "model")


class Judge(BaseHTTPRequestHandler):
    """Says yes to what stands word for word in what it is shown, in each of ragas' forms."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        system, user = (message["content"] for message in body["messages"])
        given = json.loads(user.rpartition("\ninput: ")[2].rpartition("\nOutput:")[0])
        content = None if body["model"] == "mute" else json.dumps(verdict(system, given))
        reply = {"role": "assistant", "content": content}
        form = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "judge",
            "choices": [{"index": 0, "finish_reason": "stop", "message": reply}],
        }
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(form).encode())

    def log_message(self, *args):
        pass


def verdict(system, given):
    if "StatementGeneratorOutput" in system:
        return {"statements": [given["answer"]]}
    if "ClaimDecompositionOutput" in system:
        return {"claims": [given["response"]]}
    if "NLIStatementOutput" in system:
        return {
            "statements": [
                {"statement": each, "reason": "seen", "verdict": int(each in given["context"])}
                for each in given["statements"]
            ]
        }
    found = int(given["answer"] in given["context"])
    if "ContextPrecisionOutput" in system:
        return {"reason": "seen", "verdict": found}
    assert "ContextRecallOutput" in system
    row = {"statement": given["answer"], "reason": "seen", "attributed": found}
    return {"classifications": [row]}


@pytest.fixture
def server(monkeypatch):
    pytest.importorskip("ragas", reason="the extra [ragas] is not installed")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def values(scores):
    return {name: score.value and round(score.value, 6) for name, score in scores.items()}


def test_ragas_metrics(dataset, report, server):
    rows = to_ragas(report, dataset)
    rows[0]["response"] = "It is 128 km long “in all”."
    judged = judge_rows(rows, "judge", url=server)
    assert judged.errors == {}
    assert list(judged.scores) == ["c-1", "c-2", "c-3", "c-4"]
    assert values(judged.scores["c-1"]) == dict.fromkeys(METRICS, 1.0)
    assert values(judged.scores["c-3"]) == {
        "faithfulness": 0.0,
        "factual_correctness": 0.0,
        "context_precision": 1.0,
        "context_recall": 1.0,
    }
    assert values(judged.scores["c-4"]) == dict.fromkeys(METRICS)
    assert judged.scores["c-4"]["faithfulness"].explanation == "the row has no response"
    assert judged.summary["faithfulness"].n == 3
    assert json.loads(judged.to_json())["ragas"] == judged.version


@pytest.mark.slow
def test_ragas_by_command(dataset, report_file, server, capsys):
    arguments = ["ragas", report_file, str(dataset.folder), "--judge-url", server]
    assert main([*arguments, "--judge", "judge"]) == 0
    assert "context_recall" in capsys.readouterr().out
    assert main([*arguments, "--judge", "mute", "--json", "-"]) == 1
    captured = capsys.readouterr()
    assert "assistant-eval: the judge failed on 12 scores:" in captured.err
    assert json.loads(captured.out)["summary"]["faithfulness"]["value"] is None


def test_a_judge_needs_a_key_or_a_server(server, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(RagasError, match="Expected a key in OPENAI_API_KEY or a server's address"):
        judge_rows([], "judge")
