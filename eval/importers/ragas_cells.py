"""Values of a row in the form of ragas: missing, a string, or a list of strings."""

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

from eval.importers.fields import is_text
from eval.problems import Complain, shown

Names = tuple[str, ...]
"""The names of one thing: the first that is there and not empty counts."""

_STRING = re.compile(r"""[\s,]*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)


def value_of(record: Mapping[str, Any], names: Names) -> object:
    """What stands under the first of the names that is there and not empty."""
    values = (record[name] for name in names if name in record)
    return next((value for value in values if not _is_missing(value)), None)


def text_of(record: Mapping[str, Any], names: Names, complain: Complain) -> str | None:
    """A text without the white space around it; of a list (`ground_truths`), one part a line."""
    value = value_of(record, names)
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = listed(value) or value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n".join(value)
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() if is_text(value, either(names), complain) else None
    complain(f"expected {either(names)} to be a string, found {shown(value)}. Correct it.")
    return None


def texts_of(record: Mapping[str, Any], names: Names, complain: Complain) -> tuple[str, ...] | None:
    """A list of texts; one that is no list stands for itself."""
    value = value_of(record, names)
    if value is None:
        return None
    texts = value
    if isinstance(value, str):
        texts = listed(value) if value.lstrip().startswith("[") else [value]
    if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
        return tuple(text for text in texts if is_text(text, either(names), complain))
    complain(
        f"expected {either(names)} to be a list of strings, found {shown(value)}. Write [...]."
    )
    return None


def listed(cell: str) -> list[Any] | None:
    """The list that a cell holds; None where it holds none.

    It may be JSON, or strings as Python prints them, or as NumPy does: without commas. Python would
    put such neighbors together into one string.
    """
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return _printed(cell.strip())
    return value if isinstance(value, list) else None


def either(names: Names) -> str:
    """The names, for a message."""
    return " or ".join(repr(name) for name in names)


def _printed(cell: str) -> list[Any] | None:
    if not (cell.startswith("[") and cell.endswith("]")):
        return None
    inner = cell[1:-1]
    members: list[Any] = []
    position = 0
    while match := _STRING.match(inner, position):
        position = match.end()
        try:
            members.append(ast.literal_eval(match[1]))
        except (ValueError, SyntaxError):
            return None
    return None if inner[position:].strip(" ,\r\n\t") else members


def _is_missing(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value != value  # NaN, as pandas writes what is missing
