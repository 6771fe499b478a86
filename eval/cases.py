"""Reading and checking `cases.jsonl`."""

from pathlib import Path
from typing import Any

from eval.documents import DatasetDocuments
from eval.errors import DatasetError
from eval.jsonl import read_objects
from eval.problems import Complain, Problems, shown
from eval.types import CATEGORIES, Case, Category, GoldSpan
from index.errors import SourceError

REQUIRED_KEYS = ("id", "category", "question", "evidence")
OPTIONAL_KEYS = ("history", "facts", "sources")
SPAN_KEYS = ("doc", "quote", "start", "end")
NEVER_ANSWERABLE = ("unanswerable", "out_of_domain")


def read_cases(path: Path, documents: DatasetDocuments) -> tuple[Case, ...]:
    """Read all cases of a file.

    Raises:
        DatasetError: listing the problems of the whole file.
    """
    problems = Problems(path)
    cases: list[Case] = []
    lines: dict[str, int] = {}
    for line, record in read_objects(path, problems, DatasetError):
        complain = problems.on_line(line)
        if not _has_keys(record, REQUIRED_KEYS, OPTIONAL_KEYS, "a case", complain):
            continue
        case = _read_case(record, documents, complain)
        if case.id and case.id in lines:
            complain(
                f"expected a new id, found {shown(case.id)} of line {lines[case.id]} again. "
                "Give each case an id of its own."
            )
        lines.setdefault(case.id, line)
        cases.append(case)
    if not cases and not problems.messages:
        problems.add("expected at least one case, found an empty file. Write one case a line.")
    problems.raise_any(DatasetError)
    return tuple(cases)


def _read_case(record: dict[str, Any], documents: DatasetDocuments, complain: Complain) -> Case:
    case = Case(
        id=_text(record["id"], "id", complain),
        category=_category(record["category"], complain),
        question=_text(record["question"], "question", complain),
        history=_history(record.get("history", []), complain),
        evidence=_evidence(record["evidence"], documents, complain),
        facts=_facts(record.get("facts", []), complain),
        sources=_sources(record.get("sources", []), documents, complain),
    )
    if case.evidence and case.category in NEVER_ANSWERABLE:
        complain(
            f"expected no evidence in the category {case.category!r}, found "
            f"{len(case.evidence)} group(s). Empty 'evidence' or change 'category'."
        )
    return case


def _category(value: object, complain: Complain) -> Category:
    for category in CATEGORIES:
        if value == category:
            return category
    complain(
        f"expected 'category' to be one of {', '.join(CATEGORIES)}, found {shown(value)}. "
        "Write one of these ten."
    )
    return "fact"


def _history(value: object, complain: Complain) -> tuple[tuple[str, str], ...]:
    turns = []
    for number, turn in enumerate(_list(value, "history", complain), start=1):
        where = f"history turn {number}"
        if not isinstance(turn, list) or len(turn) != 2:
            complain(
                f"expected {where} to be a pair of strings, found {shown(turn)}. "
                'Write ["earlier question", "earlier answer"].'
            )
            continue
        question, answer = (_text(part, where, complain) for part in turn)
        turns.append((question, answer))
    return tuple(turns)


def _evidence(
    value: object, documents: DatasetDocuments, complain: Complain
) -> tuple[tuple[GoldSpan, ...], ...]:
    groups = []
    for number, group in enumerate(_list(value, "evidence", complain), start=1):
        where = f"evidence group {number}"
        spans = [
            _span(span, where, documents, complain)
            for span in _list(group, where, complain, may_be_empty=False)
        ]
        groups.append(tuple(span for span in spans if span is not None))
    return tuple(groups)


def _span(
    value: object, where: str, documents: DatasetDocuments, complain: Complain
) -> GoldSpan | None:
    if not isinstance(value, dict):
        complain(f"expected a span in {where}, found {shown(value)}. Write {_keys(SPAN_KEYS)}.")
        return None
    if not _has_keys(value, SPAN_KEYS, (), where, complain):
        return None
    quote = _text(value["quote"], f"{where} 'quote'", complain)
    is_known = _is_document(value["doc"], where, documents, complain)
    start, end = value["start"], value["end"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        complain(
            f"expected 0 <= 'start' < 'end' as integers in {where}, found {shown(start)} and "
            f"{shown(end)}. Count code points of the canonical text from 0."
        )
        return None
    if not quote or not is_known:
        return None
    span = GoldSpan(value["doc"], quote, start, end)
    _check_slice(span, where, documents, complain)
    return span


def _check_slice(
    span: GoldSpan, where: str, documents: DatasetDocuments, complain: Complain
) -> None:
    try:
        text = documents.text(span.doc)
    except SourceError as error:
        complain(f"{where} names a document that cannot be read: {error}")
        return
    found = text[span.start : span.end]
    if found == span.quote:
        return
    place = text.find(span.quote)
    remedy = (
        f"The quote stands at {place}-{place + len(span.quote)}: correct 'start' and 'end'."
        if place >= 0
        else "The document does not have this quote: copy it from the canonical text."
    )
    complain(
        f"expected {where} at {span.doc} {span.start}-{span.end} to be {shown(span.quote)}, found "
        f"{shown(found)}. {remedy}"
    )


def _facts(value: object, complain: Complain) -> tuple[tuple[str, ...], ...]:
    facts = []
    for number, spellings in enumerate(_list(value, "facts", complain), start=1):
        where = f"fact {number}"
        inner = _list(spellings, where, complain, may_be_empty=False)
        facts.append(tuple(_text(spelling, where, complain) for spelling in inner))
    return tuple(facts)


def _sources(value: object, documents: DatasetDocuments, complain: Complain) -> tuple[str, ...]:
    names = _list(value, "sources", complain)
    return tuple(n for n in names if _is_document(n, "sources", documents, complain))


def _is_document(
    value: object, where: str, documents: DatasetDocuments, complain: Complain
) -> bool:
    if isinstance(value, str) and value in documents:
        return True
    complain(
        f"expected {where} to name a file in {documents.folder}, found {shown(value)}. "
        "Use its path relative to that folder, or add the file."
    )
    return False


def _text(value: object, where: str, complain: Complain) -> str:
    if isinstance(value, str) and value.strip():
        if value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value):
            return value
        complain(f"expected {where} to be text, found half a surrogate pair. Write it as UTF-8.")
        return ""
    complain(f"expected {where} to be a non-empty string, found {shown(value)}. Write one.")
    return ""


def _list(value: object, where: str, complain: Complain, *, may_be_empty: bool = True) -> list[Any]:
    if isinstance(value, list) and (value or may_be_empty):
        return value
    kind = "a list" if may_be_empty else "a list with at least one member"
    complain(f"expected {where} to be {kind}, found {shown(value)}. Write [...].")
    return []


def _has_keys(
    record: dict[str, Any],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    where: str,
    complain: Complain,
) -> bool:
    missing = [key for key in required if key not in record]
    unknown = [key for key in record if key not in required and key not in optional]
    if missing:
        complain(f"expected {where} to have {_keys(required)}, missing {_keys(missing)}. Add it.")
    if unknown:
        complain(
            f"expected {where} to have only {_keys((*required, *optional))}, found "
            f"{_keys(unknown)}. Remove it or correct its spelling."
        )
    return not missing


def _keys(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(repr(name) for name in names)
