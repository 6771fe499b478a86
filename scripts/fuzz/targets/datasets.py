"""Evaluation data from anyone: cases, answers made elsewhere, reports, other projects' files."""

import json
import os
import shutil
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any

from scripts.fuzz.changes import changed_bytes, changed_value
from scripts.fuzz.target import Target, workplace
from scripts.fuzz.targets.files import check_message

_TEXT = "The quay is old.\n\nThe ferry was built in 1954 by Norvik. It carries 40 cars."
_QUOTE = "The ferry was built in 1954 by Norvik."
_START = _TEXT.index(_QUOTE)
_SPAN = {"doc": "ferry.md", "quote": _QUOTE, "start": _START, "end": _START + len(_QUOTE)}
_CASE = {
    "id": "one",
    "category": "fact",
    "question": "When was the ferry built?",
    "history": [["Who built it?", "Norvik."]],
    "evidence": [[_SPAN]],
    "facts": [["1954"]],
    "sources": ["ferry.md"],
}
_SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Ferry",
            "paragraphs": [
                {
                    "context": _TEXT,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "When?",
                            "is_impossible": False,
                            "answers": [{"text": "1954", "answer_start": _TEXT.index("1954")}],
                        }
                    ],
                }
            ],
        }
    ],
}
_ROW = {
    "user_input": "When was the ferry built?",
    "retrieved_contexts": [_TEXT],
    "reference_contexts": [_QUOTE],
    "response": "In 1954.",
    "reference": "The ferry was built in 1954.",
}


@lru_cache(maxsize=1)
def _folder() -> Path:
    folder = Path(workplace())
    documents = folder / "data" / "documents"
    documents.mkdir(parents=True)
    (documents / "ferry.md").write_text(_TEXT, encoding="utf-8")
    (folder / "data" / "cases.jsonl").write_text(json.dumps(_CASE) + "\n", encoding="utf-8")
    return folder


def _lines(random: Random, whole: Any) -> bytes:  # noqa: ANN401
    lines = [_line(random, whole) for _ in range(random.randint(1, 3))]
    return b"\n".join(lines)


def _line(random: Random, whole: Any) -> bytes:  # noqa: ANN401
    if random.random() < 0.2:
        return changed_bytes(random, json.dumps(whole).encode())
    try:
        return json.dumps(changed_value(random, whole)).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return b'{"a":' * 2_000


def _said(work: Callable[[], object]) -> object:
    """What a piece of work gives, or None where a sentence says why it gives nothing."""
    from index.errors import VerbatimError

    try:
        return work()
    except VerbatimError as error:
        check_message(" ".join(str(error).encode("utf-8", "replace").decode().split())[:1_900])
        return None


def _cases(data: bytes) -> None:
    from eval.dataset import load_dataset

    folder = _folder() / f"cases-{os.getpid()}"
    if not folder.exists():
        shutil.copytree(_folder() / "data", folder)
    (folder / "cases.jsonl").write_bytes(data)
    dataset = _said(lambda: load_dataset(folder))
    for case in getattr(dataset, "cases", ()):
        assert case.id
        assert case.question.strip()
        for span in (span for group in case.evidence for span in group):
            assert _TEXT[span.start : span.end] == span.quote, span


def _answers(data: bytes) -> None:
    from eval.answers import load_answers
    from eval.dataset import load_dataset

    path = _folder() / f"answers-{os.getpid()}.jsonl"
    path.write_bytes(data)
    dataset = load_dataset(_folder() / "data")
    _said(lambda: load_answers(path, dataset))


def _answer(random: Random) -> bytes:
    from scripts.fuzz.targets.payloads import saved_answer

    return _lines(random, {"id": "one", "answer": saved_answer()})


@lru_cache(maxsize=1)
def _report() -> dict[str, Any]:
    from eval.report import CaseResult, Report
    from eval.scorers.base import Score
    from eval.summary import summarize
    from scripts.fuzz.targets.payloads import saved_answer

    result = CaseResult(
        "one",
        "fact",
        "When?",
        (),
        saved_answer(),
        None,
        True,
        {"containment": Score(1.0, "It is there.")},
    )
    summary = summarize([result], ["containment"])
    return Report("data", "extractive", summary, {"fact": summary}, (result,)).to_dict()


def _reported(made: Any) -> None:  # noqa: ANN401
    from eval.report_files import load_report

    path = _folder() / f"report-{os.getpid()}.json"
    try:
        path.write_bytes(json.dumps(made).encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return
    report = _said(lambda: load_report(path))
    if report is not None:
        from scripts.fuzz.targets.answers import check_inert

        report.to_text(), report.to_markdown(), report.to_junit()  # type: ignore[attr-defined]
        page = report.to_html()  # type: ignore[attr-defined]
        check_inert(page, frozenset(("meta", "style", "script", "link", "form")))


def _imported(form: str, suffix: str, data: bytes) -> None:
    from eval.importers.ragas_files import read_rows
    from eval.importers.squad_files import read_articles

    path = _folder() / f"{form}-{os.getpid()}{suffix}"
    path.write_bytes(data)
    read = read_articles if form == "squad" else read_rows
    _said(lambda: read(path))


def _beir(data: bytes) -> None:
    from eval.importers.beir_files import read_corpus, read_judgments, read_queries

    path = _folder() / f"beir-{os.getpid()}.jsonl"
    path.write_bytes(data)
    for read in (read_corpus, read_queries, read_judgments):
        _said(partial(read, path))


def _csv(random: Random) -> bytes:
    head = "user_input,retrieved_contexts,reference\n"
    return changed_bytes(random, f"{head}When?,\"['{_QUOTE}', 'a']\",In 1954\n".encode())


TARGETS = (
    Target("case files", lambda random: _lines(random, _CASE), _cases, 150),
    Target("answers made elsewhere", _answer, _answers, 100),
    Target("reports", lambda random: changed_value(random, _report()), _reported, 30, seconds=4.0),
    Target(
        "import: squad",
        lambda random: _line(random, _SQUAD),
        partial(_imported, "squad", ".json"),
        100,
    ),
    Target(
        "import: ragas",
        lambda random: _lines(random, _ROW),
        partial(_imported, "ragas", ".jsonl"),
        100,
    ),
    Target("import: ragas csv", _csv, partial(_imported, "ragas", ".csv"), 100),
    Target(
        "import: beir",
        lambda random: _lines(random, {"_id": "d1", "title": "A", "text": _TEXT}),
        _beir,
        100,
    ),
)
