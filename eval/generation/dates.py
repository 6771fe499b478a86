"""Dates in running text, with the words that bind them to what happened."""

import re
from typing import NamedTuple

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_YEAR = r"(?:1\d{3}|20\d{2})"
_DAY = rf"{_MONTH} \d{{1,2}},? {_YEAR}|\d{{1,2}} {_MONTH} {_YEAR}"
_DATE = rf"(?:{_DAY}|{_MONTH},? {_YEAR}|{_MONTH} \d{{1,2}}\b|{_YEAR})(?![\d–-])(?!,\d)"
_PHRASE = re.compile(
    rf"(?:^|(?<=[\w,’'\"”)] ))(?P<bond>[Ii]n|[Oo]n) (?P<date>(?:(?:early|late|mid-?) )?{_DATE})"
    r"(?!s\b)(?! (?:and|or|to|until|alone|prices|dollars|terms|[a-z]+(?:ed|ing)? (?:act|law)\b))",
)


class DatePhrase(NamedTuple):
    """A date with the word before it: "in March 2019", "on May 3, 1815"."""

    text: str
    """The whole phrase, in lower case at its beginning."""
    date: str
    start: int
    end: int

    @property
    def has_month(self) -> bool:
        """Whether it is more precise than a year."""
        return any(month in self.date for month in MONTHS)


def date_phrases(plain: str) -> list[DatePhrase]:
    """The phrases "in DATE" and "on DATE" of a sentence, with their spans in it."""
    return [
        DatePhrase(
            f"{match['bond'].lower()} {match['date']}", match["date"], match.start(), match.end()
        )
        for match in _PHRASE.finditer(plain)
    ]


def find_bound(rest: str, word: str) -> tuple[str, str, str] | None:
    """(before, date, after) of "until DATE" or "since DATE" in the rest of a clause, or None."""
    match = re.search(rf"(?:^|(?<= )){word} (?P<date>{_DATE})(?!s\b)", rest)
    if match is None:
        return None
    return rest[: match.start()].strip(), match["date"], rest[match.end() :].strip()


def years_in(text: str) -> set[str]:
    """The years a text names."""
    return set(re.findall(rf"\b{_YEAR}\b", text))


def spellings(date: str) -> tuple[str, ...]:
    """A date as an answer may write it."""
    match = re.fullmatch(rf"({_MONTH}) (\d{{1,2}}),? ({_YEAR})", date)
    if match:
        month, day, year = match.groups()
        return tuple(dict.fromkeys((date, f"{month} {day}, {year}", f"{day} {month} {year}")))
    match = re.fullmatch(rf"(\d{{1,2}}) ({_MONTH}) ({_YEAR})", date)
    if match:
        day, month, year = match.groups()
        return (date, f"{month} {day}, {year}")
    return (date,)
