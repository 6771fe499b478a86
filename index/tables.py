"""Tables in Markdown: which lines of a text are rows, and what their columns are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RULE = re.compile(r"^[ \t|:-]*$", re.MULTILINE)
"""What the line below a table's header is made of: `| --- | ---: |`."""
_RULE_CELL = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_CELL_EDGES = re.compile(r"^\||(?<!\\)\|$")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, without the white space around it. A header's reaches over its rule."""

    end: int
    columns: tuple[str, ...]
    """What the header calls the columns; some may be empty."""
    is_header: bool = False


def find_rows(text: str, start: int = 0) -> Mapping[int, Row]:
    """The rows of the tables in a text, each by where it begins.

    A table is a line with pipes, a rule below it, and the lines with pipes that follow: GitHub
    Flavored Markdown, section 4.10.

    Args:
        text: canonical text.
        start: where front matter ends.
    """
    rows: dict[int, Row] = {}
    if "|" not in text:
        return rows
    position = start
    for rule in _RULE.finditer(text, start):
        begin = text.rfind("\n", 0, max(rule.start() - 1, 0)) + 1
        if begin < position or rule.start() <= begin or not is_rule(rule[0]):
            continue
        header = text[begin : rule.start() - 1]
        columns = cells_of(header)
        if _PIPE.search(header) and len(columns) == len(cells_of(rule[0])):
            rows[_indented(text, begin)] = Row(rule.start() + len(rule[0].rstrip()), columns, True)
            position = _take_body(text, rule.end() + 1, columns, rows)
    return rows


def cells_of(line: str) -> tuple[str, ...]:
    r"""The cells of a row, without white space around them; `\|` in a cell is a pipe."""
    inner = _CELL_EDGES.sub("", line.strip())
    return tuple(cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner))


def is_rule(line: str) -> bool:
    """Whether a line is the one below a table's header."""
    return "|" in line and all(map(_RULE_CELL.fullmatch, cells_of(line)))


def _take_body(text: str, position: int, columns: tuple[str, ...], rows: dict[int, Row]) -> int:
    """Add the rows from a position on; returns where the table ends."""
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end]
        if not _PIPE.search(line):
            break
        begin = _indented(text, position)
        rows[begin] = Row(begin + len(line.strip()), columns)
        position = end + 1
    return position


def _indented(text: str, position: int) -> int:
    while text[position].isspace():
        position += 1
    return position
