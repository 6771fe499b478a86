"""Fields of untrusted records: what has another form is complained of."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.problems import Complain, shown
from index.errors import InputError


def string(record: Mapping[str, Any], key: str, complain: Complain) -> str | None:
    """The string under a key; None, and a complaint, where there is none."""
    value = record.get(key)
    if isinstance(value, str):
        return value if is_text(value, repr(key), complain) else None
    complain(f"expected {key!r} to be a string, found {shown(value)}. Correct or add it.")
    return None


def is_text(value: str, where: str, complain: Complain) -> bool:
    """Whether a string can be written as UTF-8."""
    if value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value):
        return True
    complain(f"expected {where} to be text, found half a surrogate pair. Write it as UTF-8.")
    return False


def objects(record: Mapping[str, Any], key: str, complain: Complain) -> Sequence[dict[str, Any]]:
    """The list of objects under a key; empty, and a complaint, where it is something else."""
    value = record.get(key)
    if isinstance(value, list) and all(isinstance(member, dict) for member in value):
        return value
    complain(f"expected {key!r} to be a list of objects, found {shown(value)}. Write [{{...}}].")
    return ()


def check_count(option: str, value: int | None) -> None:
    """Check a number of things to keep.

    Raises:
        InputError: it is below 1.
    """
    if value is not None and value < 1:
        raise InputError(f"Expected {option} to be 1 or more, found {value}. Give another.")
