"""Answers in the form of `Answer.to_dict()`: checked, read from a file, made ready to score."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from eval.details import check_details, details_from
from eval.documents import DatasetDocuments
from eval.errors import AnswersError
from eval.jsonl import read_objects
from eval.passages import retrieved_spans
from eval.problems import Complain, Problems, shown
from eval.scorers.base import CitedQuote, Outcome
from eval.statements import statements_of
from eval.types import Case, Dataset

STATUSES = ("answered", "abstained")


def load_answers(
    path: str | Path, dataset: Dataset
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Read answers made elsewhere: JSON Lines of `{"id": case id, "answer": {...}}`.

    A system that failed on a case says so with `{"id": case id, "error": "message"}`.

    Returns:
        The answers by case id, and the failures' messages by case id.

    Raises:
        AnswersError: listing the problems of the whole file.
    """
    problems = Problems(Path(path))
    answers: dict[str, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    ids = {case.id for case in dataset.cases}
    for line, record in read_objects(problems.path, problems, AnswersError):
        complain = problems.on_line(line)
        key = record.get("id")
        if not isinstance(key, str) or key not in ids:
            complain(
                f"expected 'id' to be a case of {dataset.name}, found {shown(key)}. Use its id."
            )
        elif key in answers or key in errors:
            complain(f"expected one line a case, found {shown(key)} again. Remove one of them.")
        elif isinstance(record.get("error"), str) and "answer" not in record:
            errors[key] = record["error"]
        else:
            check_answer(record.get("answer"), complain)
            answers[key] = record.get("answer") or {}
    _check_complete(ids - answers.keys() - errors.keys(), problems)
    problems.raise_any(AnswersError)
    return answers, errors


def _check_complete(missing: set[str], problems: Problems) -> None:
    if missing and not problems.messages:
        names = ", ".join(sorted(missing)[:10]) + (", ..." if len(missing) > 10 else "")
        problems.add(
            f"expected an answer to each case, found none to {len(missing)}: {names}. Answer them, "
            'or write {"id": ..., "error": "why the system failed"}.'
        )


def check_answer(value: object, complain: Complain) -> None:
    """Check one answer's form; keys that no score needs may be missing, and further ones be there.

    Args:
        value: what should be an `Answer.to_dict()`.
        complain: takes each problem.
    """
    if not isinstance(value, Mapping):
        complain(f"expected 'answer' in the form of Answer.to_dict(), found {shown(value)}.")
        return
    if value.get("status") not in STATUSES:
        complain(
            f"expected 'status' to be 'answered' or 'abstained', found "
            f"{shown(value.get('status'))}. A failure is neither: give 'error' instead of 'answer'."
        )
    _expect(value, "text", str, "a string", complain)
    if not isinstance(value.get("model") or "", str):
        complain(f"expected 'model' to be a string, found {shown(value['model'])}. Name it.")
    _check_timings(value.get("timings"), complain)
    _check_confidence(value.get("confidence"), complain)
    _check_retrieved(value.get("retrieved"), complain)
    check_details(value.get("details"), complain)
    if _expect(value, "citations", list, "a list", complain):
        for number, citation in enumerate(value["citations"], start=1):
            _check_citation(citation, f"citation {number}", complain)


def _check_timings(value: object, complain: Complain) -> None:
    total = value.get("total", 0.0) if isinstance(value, Mapping) else value
    if total is None or (_is_number(total) and math.isfinite(total) and total >= 0):
        return
    complain(f"expected 'timings' to hold seconds by step, found {shown(value)}. Correct it.")


def _check_confidence(value: object, complain: Complain) -> None:
    if value is None or (_is_number(value) and 0 <= value <= 1):
        return
    complain(f"expected 'confidence' to be from 0 to 1, found {shown(value)}. Correct it.")


def _check_retrieved(value: object, complain: Complain) -> None:
    if value is None:
        return
    if not isinstance(value, list | tuple):
        complain(f"expected 'retrieved' to be a list, found {shown(value)}. List what was found.")
        return
    for number, entry in enumerate(value, start=1):
        where = f"retrieved {number} "
        if isinstance(entry, Mapping):
            _expect(entry, "source", str, "a path or URI", complain, where=where)
            _expect(entry, "start", int, "an integer", complain, where=where)
            _expect(entry, "end", int, "an integer", complain, where=where)
        elif not isinstance(entry, str):
            complain(
                f"expected retrieved {number} to be a passage id or an object with source, start "
                f"and end, found {shown(entry)}. Correct it."
            )


def _check_citation(value: object, where: str, complain: Complain) -> None:
    quote = value.get("quote") if isinstance(value, Mapping) else None
    document = value.get("document") if isinstance(value, Mapping) else None
    if not isinstance(quote, Mapping) or not isinstance(document, Mapping):
        complain(
            f"expected {where} to have the objects 'quote' and 'document', found {shown(value)}. "
            "Write both."
        )
        return
    _expect(quote, "text", str, "a string", complain, where=f"{where} quote ")
    _expect(quote, "start", int, "an integer", complain, where=f"{where} quote ")
    _expect(quote, "end", int, "an integer", complain, where=f"{where} quote ")
    _expect(document, "source", str, "a path or URI", complain, where=f"{where} document ")


def _expect(
    record: Mapping[str, Any],
    key: str,
    kind: type,
    name: str,
    complain: Complain,
    *,
    where: str = "",
) -> bool:
    value = record.get(key)
    if isinstance(value, kind) and not isinstance(value, bool):
        return True
    complain(f"expected {where}{key!r} to be {name}, found {shown(value)}. Correct or add it.")
    return False


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def outcome_of(
    case: Case, answer: Mapping[str, Any] | None, documents: DatasetDocuments
) -> Outcome:
    """What scorers see of a checked answer; None stands for a failure."""
    if answer is None:
        return Outcome(case, "failed", "", (), documents)
    quotes = tuple(
        _cited(citation, place, documents)
        for place, citation in enumerate(answer["citations"], start=1)
    )
    is_answered = answer["status"] == "answered"
    return Outcome(
        case=case,
        status=answer["status"],
        text=answer["text"],
        quotes=quotes,
        documents=documents,
        statements=statements_of(answer["text"]) if is_answered else (),
        retrieved=retrieved_spans(answer, documents),
        claims=_claims(answer.get("statements")),
        details=details_from(answer.get("details")),
    )


def _claims(statements: object) -> tuple[str, ...]:
    listed = statements if isinstance(statements, list | tuple) else ()
    return tuple(
        str(each["text"]) for each in listed if isinstance(each, Mapping) and "text" in each
    )


def _cited(citation: Mapping[str, Any], place: int, documents: DatasetDocuments) -> CitedQuote:
    quote, document = citation["quote"], citation["document"]
    authors, published = document.get("authors"), document.get("published")
    number, passage_id = citation.get("number"), citation.get("passage_id")
    return CitedQuote(
        number=number if type(number) is int else place,
        text=quote["text"],
        start=quote["start"],
        end=quote["end"],
        source=document["source"],
        doc=documents.locate(document["source"]),
        passage_id=passage_id if isinstance(passage_id, str) else None,
        authors=tuple(map(str, authors)) if isinstance(authors, list | tuple) else None,
        published=published if isinstance(published, str) else None,
    )
