"""Numbers, dates and counts as the report words them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

NOT_SCORED = "not scored"
MINUS = "\u2212"
LONGEST_TEXT = 20_000
"""Of an answer and the like, in code points: the report stays small whatever it is given."""


def value_text(value: float | None, unit: str = "share") -> str:
    """A score as people read it: `0.653`, `46 ms`, `1,240`."""
    if value is None:
        return NOT_SCORED
    if unit == "seconds":
        return seconds_text(value)
    if unit == "share":
        return f"{value:.3f}"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"


def seconds_text(seconds: float) -> str:
    """`0.4 ms`, `46 ms`, `1.2 s`, `340 s`."""
    if seconds >= 1:
        return f"{seconds:,.0f} s" if seconds >= 100 else f"{seconds:.3g} s"
    return f"{seconds * 1000:.3g} ms" if seconds * 1000 < 999.5 else "1 s"


def interval_text(low: float | None, high: float | None, unit: str = "share") -> str:
    """`0.548 to 0.765`; nothing where there is no interval."""
    if low is None or high is None:
        return ""
    first, last = value_text(low, unit), value_text(high, unit)
    if unit == "seconds" and first.split()[-1] == last.split()[-1]:
        first = first.split()[0]
    return f"{first} to {last}"


def difference_text(difference: float | None, unit: str = "share") -> str:
    """A signed difference, with a real minus; `=` where nothing changed."""
    if difference is None:
        return ""
    size = value_text(abs(difference), unit)
    if size == value_text(0.0, unit):
        return "="
    return f"{'+' if difference > 0 else MINUS}{size}"


def date_text(iso: str) -> str:
    """An ISO date in words, as precise as it is; what is no ISO date stays as it is."""
    year, *rest = iso.split("-")
    try:
        day = date(int(year), int(rest[0]) if rest else 1, int(rest[1]) if len(rest) > 1 else 1)
    except (ValueError, IndexError):
        return iso
    if len(rest) == 2:
        return f"{day:%B} {day.day}, {year}"
    return f"{day:%B} {year}" if rest else year


def moment_text(iso: str) -> str:
    """An ISO moment in words, in UTC; what is no ISO moment stays as it is."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    zone = " UTC" if moment.tzinfo else ""
    return f"{moment:%B} {moment.day}, {moment.year}, {moment:%H:%M}{zone}"


def shortened(text: str, limit: int = LONGEST_TEXT) -> str:
    """A text with its middle left out where it is longer than `limit` code points."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} … [{len(text) - 2 * half:,} characters left out] … {text[-half:]}"


def excerpt(text: str, limit: int = 360) -> str:
    """The beginning of a text, cut between words."""
    text = " ".join(text[: 2 * limit].split())
    if len(text) <= limit:
        return text
    cut = text[:limit]
    return (cut.rpartition(" ")[0] or cut).rstrip() + " …"


def file_name(source: str) -> str:
    """The last part of a path or URI."""
    return source.replace("\\", "/").rstrip("/").rpartition("/")[2] or source


def mapping_of(value: object) -> Mapping[str, Any]:
    """`value` if it is a mapping, else an empty one: answers made elsewhere hold anything."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object) -> list[Any]:
    """`value` as a list if it is a list or tuple, else an empty one."""
    return list(value) if isinstance(value, list | tuple) else []


def text_of(value: object) -> str:
    """`value` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> float | None:
    """`value` if it is a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < float("inf") else None
