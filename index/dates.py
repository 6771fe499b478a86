"""Dates as texts write them, to ISO dates that keep their precision."""

import re
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT_MONTHS = [month[:3].lower() for month in MONTHS]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_NO_DAY = r"(?<!\d\s)(?<!(?:st|nd|rd|th|of)\s)(?<!\d\.\s)"  # else "31 February 2020" has a month
_PATTERNS = tuple(
    re.compile(rf"(?<![\w./-]){pattern}(?![\w/])(?!\.\d)", re.I | re.A)
    for pattern in (
        rf"{_YEAR}-(?P<number>\d{{1,2}})-(?P<day>\d{{1,2}})(?:T[\d:.+Z-]*)?",
        rf"{_YEAR}/(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.{_YEAR}",
        rf"{_NO_DAY}{_MONTH},?\s+{_YEAR}",
        rf"{_YEAR}-(?P<number>\d{{2}})(?!-)",
    )
)
_MONTH_DAY = re.compile(rf"(?<!\w){_MONTH}\s+{_DAY}(?!\w)", re.I | re.A)
_DAY_MONTH = re.compile(rf"(?<![\w.]){_DAY}\s+(?:of\s+)?{_MONTH}(?!\w)", re.I | re.A)
_BARE_YEAR = re.compile(r"(?<![\w.,/$€£])(?:1[0-9]|20)\d{2}(?=s?(?!\w)(?![,.]\d)(?!%))", re.A)
_LEAP_YEAR = "2000"
"""Stands in for a year that is not known, so that February 29 is a day."""
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_LABEL = re.compile(
    r"(?P<label>(?:(?:first|originally|date)\s+)?"
    r"(?:published|posted|issued|released|written|dated?|publication\s+date|date\s+of\s+publication)"
    rf"(?:\s+on)?\s*:?\s*|on\s+)?{_WEEKDAY}",
    re.I,
)
_TIME = re.compile(
    r"[\s,]*+(?:(?:at\s+|T)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?"
    r"(?:\s*(?:[A-Z]{2,4}|[+-]\d{2}:?\d{2}))?)?[\s.]*",
    re.I,
)


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


def find_dates(text: str) -> list[tuple[str, int, int]]:
    """All dates in a text, however precise.

    Returns:
        (date, start, end) in order, with the span in `text`: `2020-11-09`, `2020-11`, `2020`, or
        `--11-09` where no year stands beside month and day.
    """
    found: list[tuple[str, int, int]] = []
    rest = text
    for pattern in (*_PATTERNS, _MONTH_DAY, _DAY_MONTH, _BARE_YEAR):
        for match in pattern.finditer(rest):
            parts = match.groupdict()
            iso = match[0] if pattern is _BARE_YEAR else _iso({"year": _LEAP_YEAR, **parts})
            if iso and pattern in (_MONTH_DAY, _DAY_MONTH):
                iso = f"-{iso[4:]}"
            if iso:
                found.append((iso, *match.span()))
                rest = rest[: match.start()] + "_" * len(match[0]) + rest[match.end() :]
    return sorted(found, key=lambda date: date[1])


def stated_date(text: str) -> tuple[str, bool] | None:
    """The date of a text that holds nothing else: "Published on Oct 31, 2023, 10:15".

    Returns:
        (ISO date, whether a word says that it is the date of publication), or None: a date that is
        labeled as anything else ("Updated", "Accessed") is not a publication date.
    """
    found = find_date(text)
    if not found:
        return None
    iso, start, end = found
    label = _LABEL.fullmatch(text[:start].lstrip())
    if not label or not _TIME.fullmatch(text[end:]):
        return None
    return iso, bool(label["label"])


def find_month_day(text: str, year: str) -> str | None:
    """A month and day ("August 14") in a text, put into a year known otherwise."""
    match = _MONTH_DAY.search(text)
    return _iso({**match.groupdict(), "year": year}) if match else None


def normalize_date(value: object) -> str | None:
    """A date from front matter or a sidecar as an ISO date, or None where it cannot be read."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value)[:100].strip()
    if re.fullmatch(r"(?:1[0-9]|20)[0-9]{2}", text):
        return text
    stated = stated_date(text)
    return stated[0] if stated else None


def _iso(parts: dict[str, str | None]) -> str | None:
    day = parts.get("day")
    month = parts.get("number") or _SHORT_MONTHS.index((parts.get("month") or "")[:3].lower()) + 1
    try:
        whole = date(int(parts["year"] or 0), int(month), int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]
