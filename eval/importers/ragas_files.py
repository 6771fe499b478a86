"""Reading rows in the form of ragas, by their old names and the new: JSON Lines, JSON or CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import ImportDataError
from eval.importers.files import at, read_json, read_text
from eval.importers.ragas_cells import either, text_of, texts_of, value_of
from eval.jsonl import read_objects
from eval.problems import Complain, Problems, shown

QUESTION = ("user_input", "question")
REFERENCE_CONTEXTS = ("reference_contexts",)
RETRIEVED = ("retrieved_contexts", "contexts")
RESPONSE = ("response", "answer")
REFERENCE = ("reference", "ground_truth", "ground_truths")

CELL = 1 << 30
"""Characters a cell of a CSV file may have; Python's own limit is 131,072."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; None stands for what it does not have."""

    question: str | None
    """None: a conversation of several turns."""
    reference_contexts: tuple[str, ...] | None
    retrieved: tuple[str, ...] | None
    response: str | None
    reference: str | None


def read_rows(path: Path) -> list[Row]:
    """The rows of a file, by its suffix: .jsonl, .csv, else JSON.

    JSON is a list of rows, or an object of columns as `datasets.Dataset.to_dict` and pandas give
    it. Lists in CSV cells may be JSON, or as Python or NumPy print them.

    Raises:
        ImportDataError: listing what is wrong with the whole file.
    """
    problems = Problems(path)
    rows = [_row(record, complain) for complain, record in _records(path, problems)]
    problems.raise_any(ImportDataError)
    return rows


def _records(path: Path, problems: Problems) -> Iterator[tuple[Complain, Mapping[str, Any]]]:
    if path.suffix.lower() == ".jsonl":
        for line, record in read_objects(path, problems, ImportDataError):
            yield problems.on_line(line), record
    elif path.suffix.lower() == ".csv":
        yield from _csv_records(path, problems)
    else:
        for place, row in enumerate(_json_rows(path), start=1):
            complain = at(f"row {place}", problems)
            if isinstance(row, dict):
                yield complain, row
            else:
                complain(f"expected an object, found {shown(row)}. Write {{...}}.")


def _csv_records(path: Path, problems: Problems) -> list[tuple[Complain, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    records: list[tuple[Complain, Mapping[str, Any]]] = []
    limit = csv.field_size_limit(CELL)
    try:
        for record in reader:
            complain = problems.on_line(reader.line_num)
            if None in record or None in record.values():
                complain("expected as many cells as the header, found more or fewer. Correct it.")
            else:
                records.append((complain, record))
    except csv.Error as error:
        line = reader.reader.line_num
        raise ImportDataError(
            f"{path}:{line}: expected CSV, found something else ({error}). Correct it."
        ) from error
    finally:
        csv.field_size_limit(limit)
    return records


def _json_rows(path: Path) -> Sequence[object]:
    form = read_json(path)
    if isinstance(form, list):
        return form
    if isinstance(form, dict) and form and all(isinstance(c, list | dict) for c in form.values()):
        columns = [list(c.values() if isinstance(c, dict) else c) for c in form.values()]
        if len({len(column) for column in columns}) == 1:
            return [dict(zip(form, cells, strict=True)) for cells in zip(*columns, strict=True)]
    raise ImportDataError(
        f"{path}: expected a list of rows, or an object of columns of one length, found "
        f"{shown(form)}. Write [{{...}}, ...]."
    )


def _row(record: Mapping[str, Any], complain: Complain) -> Row:
    question = value_of(record, QUESTION)
    if question is None:
        complain(f"expected {either(QUESTION)}, found none. Add it.")
    is_conversation = isinstance(question, list)
    return Row(
        question=None if is_conversation else text_of(record, QUESTION, complain),
        reference_contexts=texts_of(record, REFERENCE_CONTEXTS, complain),
        retrieved=texts_of(record, RETRIEVED, complain),
        response=text_of(record, RESPONSE, complain),
        reference=text_of(record, REFERENCE, complain),
    )
