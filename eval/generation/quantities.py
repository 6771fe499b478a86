"""Numbers in running text, with what they count."""

import re
from typing import NamedTuple

from eval.generation.dates import MONTHS
from eval.generation.wording import word_set

_IN_WORDS = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
"""
_VALUES = dict(zip(_IN_WORDS.split(), (*range(2, 20), *range(20, 100, 10)), strict=True))
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = (
    rf"(?:(?:{_FIGURES}|\b(?:{'|'.join(_VALUES)}))"
    r"(?: (?:million|billion|trillion|thousand|hundred)\b)?)"
)
HEDGE = (
    r"(?:(?:about|some|at least|more than|over|nearly|almost|around|approximately|roughly"
    r"|no less than"
    r"|no fewer than|up to|less than|fewer than|only|just|exactly|as many as|an estimated"
    r"|another) )*"
)
UNIT = (
    r"(?:(?:square |cubic )?(?:miles|kilometers|kilometres|km²?|meters|metres|m²|feet|acres)"
    r"|hectares|inhabitants|people|residents|members|students|tons|tonnes|kilograms|kg|percent|degrees)"
)
COUNTED = re.compile(
    rf"(?P<hedge>{HEDGE})(?P<number>{NUMBER}) (?P<noun>(?:[^\W\d][\w’'-]* ){{0,3}}?[a-z][\w’-]*s"
    rf"|people|men|women"
    r"|children)\b(?!['’])"
)
PERCENT = re.compile(
    rf"(?P<hedge>{HEDGE})(?P<number>{_FIGURES}) ?(?:percent|per cent|%) of (?P<whole>[^,;:]+)"
)
MONEY = re.compile(
    rf"(?P<number>(?:US)?[$€£] ?(?:{_FIGURES})(?: (?:million|billion|trillion|thousand))?"
    rf"|(?:{_FIGURES}) (?:million |billion |trillion )?(?:dollars|euros|pounds|francs|rubles))"
)
_NO_COUNT = word_set(
    """percent years months days weeks hours minutes seconds times centuries decades miles
    kilometers km kilometres meters metres feet dollars euros pounds francs rubles degrees
    tons tonnes acres as is was has this us its his versus towards others thus various whereas"""
)


class Count(NamedTuple):
    """A number and the things it counts: "more than 510", "metric tons"."""

    number: str
    noun: str
    start: int
    end: int


def counts(text: str) -> list[Count]:
    """What is counted in a text; years, days of the month, percentages and measures left out."""
    found = []
    for match in COUNTED.finditer(text):
        words = match["noun"].split()
        if words[-1] in _NO_COUNT or any(word.endswith(("'s", "’s")) for word in words):
            continue
        if any(word in _PREPOSITIONS for word in words) or words[0] in MONTHS:
            continue
        if re.fullmatch(r"1\d{3}|20\d{2}", match["number"]) or _is_day(text, match.start("number")):
            continue
        if re.search(r"[\d$€£.,-]$", text[: match.start("number")].rstrip(" ") or " "):
            continue
        found.append(Count(match["number"], match["noun"], match.start(), match.end()))
    return found


_PREPOSITIONS = word_set(
    """of in on at to for with by and or from than as is was were are that which into per out
    more other times percent between the a an their its his her had has have who"""
)


def number_spellings(number: str) -> tuple[str, ...]:
    """A number as an answer may write it: "nine" and "9", "2,000" and "2000"."""
    if number in _VALUES:
        return (number, str(_VALUES[number]))
    plain = number.replace(",", "")
    small = {str(value): word for word, value in _VALUES.items()}
    return tuple(dict.fromkeys((number, plain, *([small[plain]] if plain in small else ()))))


def _is_day(text: str, start: int) -> bool:
    return text[:start].rstrip().endswith(MONTHS)
