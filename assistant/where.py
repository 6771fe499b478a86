"""Filters as people write them: `author=Cutler`, `after=2024-01-01`, `document=4d7832ca`."""

from collections.abc import Sequence

from index.errors import FilterError
from index.types import Filter

_KEYS = ("author", "document", "after", "before")


def parse_where(conditions: Sequence[str] | None) -> Filter | None:
    """A filter from `KEY=VALUE` conditions; None where there are none.

    Raises:
        FilterError: a condition has another form, or a date is given twice.
    """
    if not conditions:
        return None
    values: dict[str, list[str]] = {key: [] for key in _KEYS}
    for condition in conditions:
        key, equals, value = condition.partition("=")
        if not equals or key.strip() not in values or not value.strip():
            raise FilterError(
                f"A filter has the form KEY=VALUE with KEY one of {', '.join(_KEYS)}; found "
                f"{condition!r}. Write for example author=Cutler or after=2024-01-01."
            )
        values[key.strip()].append(value.strip())
    for key in ("after", "before"):
        if len(values[key]) > 1:
            raise FilterError(f"The filter takes one {key!r}, found {len(values[key])}. Leave one.")
    return Filter(
        documents=tuple(values["document"]),
        authors=tuple(values["author"]),
        after=next(iter(values["after"]), None),
        before=next(iter(values["before"]), None),
    )
