"""Dates: those of a statement must stand in its quotes, on the same side of them."""

import re
from collections.abc import Iterable

from assistant.checking.texts import named, plain
from assistant.claims import dates_in, unborne_dates
from assistant.details import Check
from index.dates import MONTHS, find_dates

_SIDES = {
    "before": r"before|until|till|prior to|up to|by|no later than",
    "after": r"after|since|from|following|starting in|beginning in|no earlier than|later than",
    "in": r"in|on|during|of|at",
}
_SIDE = re.compile(
    "|".join(
        rf"\b(?P<{side}>{words})\s(?:the\s|about\s|early\s|late\s)?$"[0:]
        for side, words in _SIDES.items()
    ),
    re.I,
)
_NOT_UNTIL = re.compile(r"\bnot until\s", re.I)
_DECADE = re.compile(r"^'?s\b")
_CALENDAR_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december spring summer autumn winter morning afternoon
    evening night midnight noon bc bce ad ce
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())
_SAME = {"bce": "bc", "ce": "ad"}
_ABBREVIATED = re.compile(
    r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?(?=\W)"
)


def check_dates(text: str, premises: str) -> Check:
    """Whether the quotes state every date of a statement at least as precisely."""
    text, premises = (_NOT_UNTIL.sub("in ", plain(one)) for one in (text, premises))
    unborne = [claim.text for claim in unborne_dates(text, premises)]
    if unborne:
        return Check("dates", False, f"{named(unborne)}: no cited quote gives this date")
    strange = _strange_words(text, premises)
    if strange:
        return Check("dates", False, f"{named(strange)}: no cited quote says so")
    meant = list(_sides(premises))
    turned = [claim for claim in _sides(text) if _is_turned(claim, meant)]
    if turned:
        words = named([date for date, _, _ in turned])
        return Check("dates", False, f"{words}: before, after or in it is not what the quotes say")
    many = len(dates_in(text))
    return Check("dates", True, "the quotes give every date" if many else "no date")


def _sides(text: str) -> Iterable[tuple[str, str, bool]]:
    """(date as ISO, `before`, `after`, `in` or nothing, whether it is a decade)."""
    for iso, start, end in find_dates(text):
        side = _SIDE.search(text[max(0, start - 24) : start])
        yield iso, (side.lastgroup or "") if side else "", bool(_DECADE.match(text[end : end + 3]))


def _is_turned(claim: tuple[str, str, bool], meant: list[tuple[str, str, bool]]) -> bool:
    """Whether the quotes put a date's event on another side of it, each time they give it."""
    date, side, is_decade = claim
    same = [other for other in meant if other[0] == date or other[0].startswith(f"{date}-")]
    if not same:
        return False
    if not is_decade and all(other[2] for other in same):
        return True
    contrary = {"before": {"after"}, "after": {"before"}, "in": {"before"}}.get(side, set())
    return all(other[1] in contrary for other in same)


def _strange_words(text: str, premises: str) -> list[str]:
    """Days, months, seasons, times of day and eras that the quotes do not name."""
    known = {_SAME.get(word, word) for word in re.findall(r"\w+", premises.casefold())}
    known |= {_whole(match[1]) for match in _ABBREVIATED.finditer(premises)}
    known |= {
        MONTHS[int(iso[-5:-3] if iso.count("-") == 2 else iso[5:7]) - 1].casefold()
        for iso, _, _ in find_dates(premises)
        if len(iso) > 4 and iso[:2] != "--"
    }
    words = re.findall(r"\w+", text)
    return [
        word
        for word in words
        if word.casefold() in _CALENDAR
        and (word[0].isupper() or word.casefold() not in ("march", "spring", "ad", "ce", "august"))
        and _SAME.get(word.casefold(), word.casefold()) not in known
    ]


def _whole(short: str) -> str:
    return next((word for word in _CALENDAR if word.startswith(short.casefold()[:3])), short)
