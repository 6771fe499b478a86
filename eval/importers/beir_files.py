"""Reading a folder in BEIR's form: corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import ImportDataError
from eval.importers.fields import is_text, string
from eval.jsonl import read_objects
from eval.problems import Complain, Problems, shown

Judgments = dict[str, dict[str, int]]
"""Grades by query id and corpus id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the corpus."""

    title: str
    text: str


def read_corpus(path: Path) -> dict[str, Entry]:
    """The corpus by id.

    Raises:
        ImportDataError: listing what is wrong with the file.
    """
    problems = Problems(path)
    corpus: dict[str, Entry] = {}
    for line, record in read_objects(path, problems, ImportDataError):
        complain = problems.on_line(line)
        key, text = _id(record, complain), string(record, "text", complain)
        title = "" if record.get("title") is None else string(record, "title", complain)
        if key is None or text is None or title is None:
            continue
        entry = Entry(title, text)
        if corpus.setdefault(key, entry) != entry:
            complain(f"expected a new '_id', found {shown(key)} with another text. Remove one.")
    problems.raise_any(ImportDataError)
    return corpus


def read_queries(path: Path) -> dict[str, str]:
    """The queries' texts by id.

    Raises:
        ImportDataError: listing what is wrong with the file.
    """
    problems = Problems(path)
    queries: dict[str, str] = {}
    for line, record in read_objects(path, problems, ImportDataError):
        complain = problems.on_line(line)
        key, text = _id(record, complain), string(record, "text", complain)
        if key is None or text is None:
            continue
        if queries.setdefault(key, text) != text:
            complain(f"expected a new '_id', found {shown(key)} with another text. Remove one.")
    problems.raise_any(ImportDataError)
    return queries


def read_judgments(path: Path) -> Judgments:
    """The judgments of a split: query id, corpus id and grade, with a header or without.

    Four columns in TREC's order (query id, 0, corpus id, grade) are read too. Of two grades for
    the same pair the last one counts, as in BEIR's own loader.

    Raises:
        ImportDataError: listing what is wrong with the file, or naming the splits there are.
    """
    problems = Problems(path)
    judgments: Judgments = {}
    for number, (line, row) in enumerate(_rows(path, problems)):
        columns = _columns(row)
        grade = _grade(columns[2]) if columns else None
        if columns and grade is not None:
            judgments.setdefault(columns[0], {})[columns[1]] = grade
        elif not columns or number > 0:  # else it is the header
            problems.on_line(line)(
                f"expected query-id, corpus-id and a whole number as score, with tabs between, "
                f"found {shown(row)}. Correct it."
            )
    problems.raise_any(ImportDataError)
    return judgments


def _rows(path: Path, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t")
            for row in reader:
                if any(column.strip() for column in row):
                    yield reader.line_num, row
    except FileNotFoundError:
        splits = ", ".join(sorted(found.stem for found in path.parent.glob("*.tsv"))) or "none"
        raise ImportDataError(
            f"{path}: expected the judgments of the split {path.stem!r}, found nothing; splits "
            f"there: {splits}. Name one of these."
        ) from None
    except OSError as error:
        raise ImportDataError(
            f"{path}: expected a TSV file, but it could not be read ({error.strerror}). Check "
            "that it is a file and that you may read it."
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise ImportDataError(
            f"{path}: expected tab-separated values in UTF-8, found something else ({error}). "
            "Correct it."
        ) from error


def _columns(row: list[str]) -> tuple[str, str, str] | None:
    trec = " ".join(row).split()
    if len(trec) == 4 and trec[1] in ("0", "Q0"):
        return trec[0], trec[2], trec[3]
    return (row[0], row[1], row[2]) if len(row) == 3 else None


def _grade(value: str) -> int | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _id(record: dict[str, Any], complain: Complain) -> str | None:
    key = record.get("_id")
    if type(key) is int:
        return str(key)
    if isinstance(key, str) and key.strip():
        return key if is_text(key, "'_id'", complain) else None
    complain(f"expected '_id' to be a non-empty string, found {shown(key)}. Add it.")
    return None
