"""Changing the figure in a spelling: a number, a year, a day, a month or a number word."""

import re
from collections.abc import Iterator
from random import Random

from index.dates import MONTHS

_WORDS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
)
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?P<ordinal>st|nd|rd|th)?(?![\w]|[.,]\d)")
_NAMED = re.compile(rf"\b(?:{'|'.join((*MONTHS, *_WORDS))})\b", re.IGNORECASE)
_TRIES = 40


def changed_figures(spelling: str, rng: Random) -> Iterator[str]:
    """The same spelling with its first figure changed, in several ways; none if it has none.

    The form stays: `3,000` gets a comma and round thousands, `2.5` one decimal, `33rd` an ordinal,
    a year is an earlier one, a day stays a day, and what may be a percentage stays below 100.
    """
    match = _NUMBER.search(spelling)
    if match is not None:
        others = _other_numbers(match[0].removesuffix(match["ordinal"] or ""), rng)
        if match["ordinal"]:
            others = (other + _suffix(int(other)) for other in others)
    else:
        match = _NAMED.search(spelling)
        if match is None:
            return
        others = _other_names(match[0], rng)
    for other in others:
        yield spelling[: match.start()] + other + spelling[match.end() :]


def _other_numbers(digits: str, rng: Random) -> Iterator[str]:
    whole, _, decimals = digits.replace(",", "").partition(".")
    value = int(whole)
    for _ in range(_TRIES):
        if len(whole) == 4 and "," not in digits and 1900 <= value <= 2099:
            other = value - rng.randint(3, 15)
        else:
            other = _near(value, bool(decimals), rng)
        text = f"{other:,}" if "," in digits else str(other)
        fraction = "".join(rng.choice("123456789") for _ in decimals)
        if other != value:
            yield f"{text}.{fraction}" if decimals else text


def _near(value: int, has_decimals: bool, rng: Random) -> int:
    """Another whole number of the same kind."""
    if has_decimals:
        return value + rng.randint(1, max(2, value // 2))
    if value <= 31:  # it may be a day
        return rng.randint(2, 28)
    if value < 100:
        return rng.randint(11, 97)
    unit = 10
    while value % (10 * unit) == 0:
        unit *= 10
    unit = unit if value % unit == 0 else 1
    return max(1, round(value * rng.uniform(1.2, 2.4) / unit)) * unit


def _suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _other_names(name: str, rng: Random) -> Iterator[str]:
    family = MONTHS if name.capitalize() in MONTHS else _WORDS
    others = [other for other in family if other.casefold() != name.casefold()]
    rng.shuffle(others)
    for other in others:
        yield other.capitalize() if name[0].isupper() else other
