"""A cell's value as a spreadsheet displays it: by the number format where that is told, else plain.

Dates and times are written as ISO 8601 has them, whatever the format says of their order.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from index.loaders.writing import line

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<ignored>\[[^\]]*\]'
    r"|_.|\*.)|(?P<digits>[0#?][0#?,.]*)|(?P<sign>.)",
    re.DOTALL,
)
_GENERAL = ("", "general", "@")
_SCIENTIFIC = re.compile(r"[0#?]E[+-]", re.I)
_MOST_DECIMALS = 15
_LONGEST_FORMAT = 255
"""Characters: Excel takes no longer one."""


class _Format(NamedTuple):
    before: str
    after: str
    decimals: int
    whole_digits: int
    """Digits before the point that are shown even where they are zero."""
    has_thousands: bool
    is_percent: bool


def displayed(value: object, number_format: str) -> str:
    """The text that a cell shows, in one line; empty for errors.

    Args:
        value: text, a number, a date, a time, a duration or None.
        number_format: of the cell, as Excel writes it: `#,##0.00 "km"`.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        hours, rest = divmod(abs(seconds), 3600)
        return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return line(str(value))


def shows_nothing(value: object, number_format: str) -> bool:
    """Whether a format has no sign for a value: `;;;`."""
    sections = number_format.split(";")
    if isinstance(value, str):
        return len(sections) == 4 and not sections[3]
    return len(sections) > 1 and not any(sections)


def _moment(value: datetime) -> str:
    # What a file stores is a fraction of a day: rounding errors are less than a second.
    rounded = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    day, clock = rounded.date().isoformat(), rounded.time()
    return day if clock == time() else f"{day} {_clock(clock)}"


def _clock(value: time) -> str:
    return value.isoformat("minutes" if not value.second else "seconds")


def _number(value: float, number_format: str) -> str:
    if not math.isfinite(value):
        return ""
    form = _parsed(number_format)
    if form is None:
        return _plain(value)
    scaled = abs(value) * 100 if form.is_percent else abs(value)
    digits = f"{scaled:{',' if form.has_thousands else ''}.{form.decimals}f}"
    if not form.has_thousands:
        whole, point, rest = digits.partition(".")
        digits = whole.zfill(form.whole_digits) + point + rest
    is_negative = value < 0 and any(digit not in "0.," for digit in digits)
    return line(f"{'-' if is_negative else ''}{form.before}{digits}{form.after}")


def _plain(value: float) -> str:
    """A number as the format `General` shows it: 15 digits at most, no zeros at the end."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


@lru_cache(maxsize=1024)
def _parsed(number_format: str) -> _Format | None:
    """What a format of numbers says; None for those shown as they are, and for rare ones."""
    section = number_format.split(";")[0]
    if len(section) > _LONGEST_FORMAT:
        return None
    if section.strip().casefold() in _GENERAL or _SCIENTIFIC.search(section):
        return None
    around, digits, is_percent = ["", ""], "", False
    for token in _TOKEN.finditer(section):
        shown = token["quoted"] or token["escaped"] or token["currency"] or ""
        if token["digits"]:
            if digits:
                return None  # a fraction, a telephone number
            digits = token["digits"]
        elif token["sign"]:
            is_percent = is_percent or token["sign"] == "%"
            shown = token["sign"]
        around[bool(digits)] += shown
    if not digits or digits.endswith(",") or "/" in "".join(around):
        return None
    whole, _, decimals = digits.partition(".")
    # A zero is always shown; `#` and `?` stand for digits that there may be.
    if "#" in decimals or "?" in decimals:
        return None
    return _Format(
        around[0], around[1], min(len(decimals), _MOST_DECIMALS), whole.count("0"), "," in whole,
        is_percent,
    )  # fmt: skip
