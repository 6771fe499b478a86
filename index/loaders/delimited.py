"""Files of values separated by commas, semicolons, tabs or bars, one line a row."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from index.canonical import decode
from index.errors import UnreadableFileError
from index.loaders.rows import Cell, write_rows
from index.loaders.writing import Writer, line
from index.loading import Loaded

MOST_CELLS = 2_000_000
"""Filled cells: a table of more is data for a database. The rest is left out, and told."""
_DELIMITERS = ",;\t|"
_SAMPLE = 100
"""Rows by which the delimiter is found."""
_STATED = re.compile(r"sep=(?P<delimiter>[,;\t|])\n")
"""The first line of files that Excel is to open."""


def load(data: bytes, name: str) -> Loaded:
    """Convert a file of separated values, in any encoding.

    Raises:
        UnreadableFileError: the bytes are not text, hold nothing, or the quotation marks in it have
            no end.
    """
    text = decode(data, name)
    stated = _STATED.match(text)
    body = text[stated.end() :] if stated else text
    delimiter = stated["delimiter"] if stated else find_delimiter(body, name)
    rows: list[list[Cell]] = []
    cells = cut_at = 0
    for number, row in enumerate(_rows(body, delimiter, name), start=1):
        found = [Cell(line(value)) for value in row]
        if not any(cell.text for cell in found):
            continue  # in a sheet it would part two tables; here there is one
        rows.append(found)
        cells += sum(1 for cell in found if cell.text)
        if cells > MOST_CELLS:
            rows.pop()
            cut_at = number
            break
    left_out = f"row {cut_at:,} and those after it were left out: there are too many values"
    notes = (left_out,) if cut_at else ()
    writer = Writer()
    for block, is_item in write_rows(rows):
        writer.add(block, is_item)
    if not rows:
        raise UnreadableFileError(f"{name}: expected values, found none. Leave the file out.")
    return Loaded(writer.text(), notes=notes)


def find_delimiter(text: str, name: str) -> str:
    """What parts the values: what gives the most rows of the same width, wider than one.

    Raises:
        UnreadableFileError: a field has no end.
    """
    best, most = "\t" if name.lower().endswith((".tsv", ".tab")) else ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        sample = list(islice(_rows(text, delimiter, name), _SAMPLE))
        widths = Counter(len(row) for row in sample if len(row) > 1)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        # Of two that fit alike, the one that parts more.
        value = count / len(sample) * (1 + width / 1_000) if sample else 0
        if value > most:
            best, most = delimiter, value
    return best


def _rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    """The rows; a blank line is an empty one.

    Raises:
        UnreadableFileError: a field is longer than the module `csv` takes.
    """
    try:
        yield from csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFileError(
            f"{name}: expected separated values, found a field that does not end ({error}). A "
            "quotation mark may be missing its other half."
        ) from error
