"""A run as rows in the form of ragas, for its metrics here or elsewhere. Needs no ragas."""

from collections.abc import Mapping
from typing import Any

from eval.answers import check_answer
from eval.documents import DatasetDocuments
from eval.errors import ReportError
from eval.passages import retrieved_spans
from eval.problems import Complain, listed
from eval.references import read_references
from eval.report import CaseResult, Report
from eval.statements import statements_of
from eval.types import Case, Dataset, GoldSpan

Row = dict[str, Any]
"""The fields of ragas' `SingleTurnSample`, and the case's `id`, which ragas passes over."""


def to_ragas(report: Report | Mapping[str, Any], dataset: Dataset) -> list[Row]:
    """One row for each case of a report; a key is left out where there is nothing to put there.

    `user_input` is the question, after the earlier turns of its conversation. `response` is the
    answer's text without its markers; an abstention has none, as a judge would take the wording of
    a refusal for an answer. `retrieved_contexts` are the passages that were found, best first,
    where the answer says so. `reference_contexts` are the sentences around the first gold span of
    each evidence group. `reference` is what the dataset's `references.jsonl` says, else these
    sentences, one group a line: the right answer in the documents' own words. A case without
    evidence has neither.

    Args:
        report: from `evaluate`, or what `assistant-eval run --json` wrote.
        dataset: the one that was evaluated.

    Raises:
        ReportError: it is no report, or not on this dataset.
        DatasetError: `references.jsonl` is wrong.
    """
    known = report if isinstance(report, Report) else Report.from_dict(report)
    cases = {case.id: case for case in dataset.cases}
    _check(known, cases, dataset)
    documents = DatasetDocuments(dataset.documents)
    references = read_references(dataset)
    return [
        _row(result, cases[result.id], documents, references.get(result.id))
        for result in known.cases
    ]


def _check(report: Report, cases: Mapping[str, Case], dataset: Dataset) -> None:
    messages: list[str] = []
    for result in report.cases:
        if result.id not in cases:
            messages.append(
                f"{result.id}: expected a case of {dataset.name}, found no such id. Pass the "
                "dataset that was evaluated."
            )
        elif result.answer is not None:
            check_answer(result.answer, _prefixing(result.id, messages))
    if messages:
        raise ReportError(listed(messages))


def _prefixing(key: str, messages: list[str]) -> Complain:
    return lambda message: messages.append(f"{key}: {message}")


def _row(result: CaseResult, case: Case, documents: DatasetDocuments, reference: str | None) -> Row:
    contexts = [_sentences_around(group[0], documents) for group in case.evidence]
    answer = result.answer or {}
    found = retrieved_spans(answer, documents)
    texts = [documents.slice(span.doc, span.start, span.end) for span in found or ()]
    response = " ".join(statement.text for statement in statements_of(answer.get("text", "")))
    row = {
        "id": case.id,
        "user_input": _asked(case),
        "response": response if answer.get("status") == "answered" else None,
        "retrieved_contexts": None if found is None else [text for text in texts if text],
        "reference": reference or "\n".join(contexts),
        "reference_contexts": contexts,
    }
    return {key: value for key, value in row.items() if value}


def _asked(case: Case) -> str:
    turns = [f"Question: {question}\nAnswer: {answer}\n" for question, answer in case.history]
    return "".join(turns) + (f"Question: {case.question}" if turns else case.question)


def _sentences_around(span: GoldSpan, documents: DatasetDocuments) -> str:
    near = [
        (start, end)
        for start, end in documents.sentences(span.doc)
        if start < span.end and span.start < end
    ]
    start = min([span.start, *(start for start, _ in near)])
    end = max([span.end, *(end for _, end in near)])
    return documents.text(span.doc)[start:end]
