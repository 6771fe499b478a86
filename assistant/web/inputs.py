"""What clients of the APIs send, checked: histories, filters, and how many passages they want."""

from dataclasses import fields
from typing import Any

from assistant.errors import QuestionError
from assistant.types import Filter
from index.errors import FilterError, InputError

MOST_HITS = 50
FILTER_FIELDS = tuple(field.name for field in fields(Filter))


def history_from(pairs: object) -> list[tuple[str, str]] | None:
    """A history as the desk wants it, from its JSON form.

    Raises:
        QuestionError: it is not a list of pairs of texts.
    """
    if pairs is None:
        return None
    if not isinstance(pairs, list | tuple) or not all(map(_is_pair, pairs)):
        raise QuestionError("The history is a list of [question, answer text] pairs.")
    return [(question, answer) for question, answer in pairs]


def _is_pair(value: object) -> bool:
    is_pair = isinstance(value, list | tuple) and len(value) == 2
    return is_pair and all(isinstance(text, str) for text in value)  # type: ignore[attr-defined]


def filter_from(where: object) -> Filter | None:
    """A filter from its JSON form; one text stands for a list of one.

    Raises:
        FilterError: it is no mapping, or a key or a value is not one of a filter.
    """
    if not where:
        return None
    names = ", ".join(FILTER_FIELDS)
    if not isinstance(where, dict):
        raise FilterError(f"A filter is a mapping with {names}, not {where!r:.60}.")
    unknown = sorted(map(str, set(where) - set(FILTER_FIELDS)))
    if unknown:
        raise FilterError(f"A filter has {names}; it has no {', '.join(unknown)}.")
    return Filter(**{name: _value(name, value) for name, value in where.items()})


def filter_to_dict(where: Filter) -> dict[str, Any]:
    """The JSON form of a filter, without what it leaves open: `filter_from` reads it."""
    values = ((name, getattr(where, name)) for name in FILTER_FIELDS)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values if value
    }


def count_from(k: object) -> int:
    """How many passages are wanted.

    Raises:
        InputError: it is no whole number from 1 to `MOST_HITS`.
    """
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MOST_HITS:
        raise InputError(f"k is a whole number from 1 to {MOST_HITS}, not {k!r:.60}.")
    return k


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON is checked here
    if name in ("after", "before"):
        if value is None or isinstance(value, str):
            return value
        raise FilterError(f"The filter {name!r} is an ISO date such as 2024-05, not {value!r:.60}.")
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FilterError(f"The filter {name!r} is a text or a list of texts, not {value!r:.60}.")
    return tuple(texts)
