"""Dates as texts write them, to ISO dates that keep their precision."""

import re
from datetime import date

_MONTHS = (
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
)
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
_MONTH += r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_PATTERNS = tuple(
    re.compile(rf"(?<![\w.]){pattern}(?!\w)", re.I)
    for pattern in (
        rf"{_YEAR}-(?P<number>\d{{2}})-{_DAY}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"{_DAY}\.(?P<number>\d{{1,2}})\.{_YEAR}",
        rf"{_MONTH},?\s+{_YEAR}",
        rf"{_YEAR}-(?P<number>\d{{2}})(?!-)",
    )
)
_MONTH_DAY = re.compile(rf"(?<!\w){_MONTH}\s+{_DAY}(?!\w)", re.I)


def find_date(text: str) -> tuple[str, int, int] | None:
    """The first full or month date in a text.

    Returns:
        (ISO date, start, end) with the span in `text`, or None. A bare year is not enough, and
        neither is `3/4/2024`, which two halves of the world read differently.
    """
    found = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            iso = _iso(match.groupdict())
            if iso:
                found.append((match.start(), -match.end(), iso))
                break
    if not found:
        return None
    start, end, iso = min(found)
    return iso, start, -end


def find_month_day(text: str, year: str) -> str | None:
    """A month and day ("August 14") in a text, put into a year known otherwise."""
    match = _MONTH_DAY.search(text)
    return _iso({**match.groupdict(), "year": year}) if match else None


def normalize_date(value: object) -> str | None:
    """A date from front matter or a sidecar as an ISO date, or None where it cannot be read."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if re.fullmatch(r"(?:1[0-9]|20)\d{2}", text):
        return text
    found = find_date(text)
    return found[0] if found else None


def _iso(parts: dict[str, str | None]) -> str | None:
    month = parts.get("number") or _month_number(parts.get("month") or "")
    year, day = parts["year"], parts.get("day")
    try:
        whole = date(int(year or 0), int(month), int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


def _month_number(name: str) -> int:
    beginnings = [month[:3] for month in _MONTHS]
    return beginnings.index(name[:3].lower()) + 1 if name else 0
