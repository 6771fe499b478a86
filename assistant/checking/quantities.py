"""Numbers: their values, what they count, and whether they are a bound."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.texts import content_terms, named, plain, sentences, weak_terms
from assistant.claims import numbers_in
from assistant.details import Check
from index.dates import find_dates
from index.terms import analyze

_BOUNDS = {
    "more": r"(?:more|greater|larger|higher|longer|older|better) than|over|above|at least"
    r"|no (?:fewer|less) than|in excess of|exceed(?:s|ed|ing)?|upwards? of|a minimum of|beyond",
    "less": r"(?:less|fewer|smaller|lower|shorter|younger) than|under|below|at most|up to"
    r"|no more than|not more than|as many as|as much as|a maximum of|within",
}
_BOUND = re.compile(
    rf"\b(?:(?P<more>{_BOUNDS['more']})|(?P<less>{_BOUNDS['less']}))"
    r"(?:\s(?:an?|the|some|about|estimated|another|[$€£]))?\s*[$€£]?$",
    re.I,
)
_AFTER = re.compile(
    r"^\s*(?:[\w'%-]+\s){0,2}?or (?:(?P<more>more|over)|(?P<less>less|fewer))\b", re.I
)
_PERCENT = re.compile(r"\s*(?:%|per ?cent\b|percentage points?\b)", re.I)
_MONEY = re.compile(r"[$€£¥]\s*$")
_UNIT_WORDS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_UNIT = re.compile(r"^[\s-]+((?:[^\W\d][\w'-]*\s?)+)")
_UNIT_SPAN = 3
"""Among how many words after a number is the thing that it counts."""
_REACH = 8
"""How many terms may stand between a number and what it counts in a quote."""
_SHORT_UNITS = """
    km/kilometer/kilometre m/meter/metre cm/centimeter/centimetre mm/millimeter/millimetre mi/mile
    ft/foot/feet in/inch/inches kg/kilogram/kilogramme lb/pound t/ton/tonne ha/hectare
    mph/miles h/hr/hour min/minute sec/second yr/year bn/billion mn/million
"""
_AMOUNTS = """
    half/halves third/thirds quarter/quarters/fourth fifth/fifths tenth/tenths dozen/dozens
    double/doubles/doubled/twice/twofold/two-fold triple/tripled/thrice/threefold
    quadruple/quadrupled hundreds thousands millions billions single pair/couple
    first/1st second/2nd third/3rd fourth/4th fifth/5th sixth/6th seventh/7th eighth/8th ninth/9th
    tenth/10th eleventh/11th twelfth/12th thirteenth/13th fourteenth/14th fifteenth/15th
    sixteenth/16th seventeenth/17th eighteenth/18th nineteenth/19th twentieth/20th
    twenty-first/21st
"""
_ROMAN = re.compile(r"(?<=[A-Za-z] )[IVXLC]+\b(?!')")
_ONE = re.compile(
    r"\b(?:one (?:of|another|or|such|side|hand)|(?:no|any|every|the|that|this) one)\b", re.I
)
_WITH_DIGIT = re.compile(r"(?<!\w)[$€£]?\w*\d[\w.,:/%-]*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what stands around it."""

    text: str
    value: float
    bound: str
    """`more`, `less` or nothing."""
    kind: str
    """`percent`, a currency, or nothing."""
    units: tuple[str, ...]
    """Terms of the words right after it, of which one may be what it counts."""
    around: frozenset[str]
    """All terms near it."""


def check_numbers(text: str, premises: str) -> Check:
    """Whether the quotes give every number of a statement, of the same things."""
    said, meant = figures_in(plain(text)), figures_in(plain(premises))
    problems = [problem for figure in said if (problem := _problem(figure, meant))]
    problems += _unborne_amounts(plain(text), plain(premises), said)
    if problems:
        return Check("numbers", False, "; ".join(dict.fromkeys(problems)))
    return Check("numbers", True, "the quotes give every number")


@lru_cache(maxsize=1024)
def figures_in(text: str) -> tuple[Figure, ...]:
    """The numbers of a text that is normalized for matching; dates and years left out."""
    return tuple(figure for sentence in sentences(text) for figure in _figures(sentence))


def _figures(sentence: str) -> Iterable[Figure]:
    blank = _blanked(sentence)
    position = 0
    for claim in numbers_in(sentence):
        start = blank.find(claim.text, position)
        if start < 0:
            continue
        position = end = start + len(claim.text)
        if claim.text.lower() == "one" and _ONE.search(sentence[max(0, start - 6) : end + 9]):
            continue
        before, after = sentence[:start], sentence[end:]
        bound = _BOUND.search(before[-40:]) or _AFTER.match(after)
        yield Figure(
            claim.text,
            float(claim.value),
            (bound.lastgroup or "") if bound else "",
            _kind(before, after),
            _units(after),
            frozenset([*content_terms(before)[-_REACH:], *content_terms(after)[:_REACH]]),
        )


def _problem(figure: Figure, meant: Iterable[Figure]) -> str:
    equal = [other for other in meant if other.value == figure.value]
    if not equal and figure.text.lower() == "one" and not _is_counted(figure, meant):
        return ""
    if not equal:
        return f"“{figure.text}”: no cited quote gives this number"
    if not any(_is_same_kind(figure.kind, figure.units, other) for other in equal):
        return f"“{figure.text}”: the quotes do not give it as {figure.kind or 'a plain number'}"
    if not any(figure.bound == other.bound for other in equal):
        meant_bound = equal[0].bound
        than = {"more": "at least", "less": "at most", "": "exactly"}
        return (
            f"“{figure.text}”: the quotes say {than[meant_bound]} that many, and the statement "
            f"says {than[figure.bound]}"
        )
    if figure.units and not any(_counts_same(figure, other) for other in equal):
        return f"“{figure.text} {figure.units[0]}…”: the quotes count something else"
    return ""


def _is_counted(figure: Figure, meant: Iterable[Figure]) -> bool:
    """Whether the quotes count the same things otherwise: "one tank" where they have 40."""
    return any(set(figure.units[:1]) & set(other.units) for other in meant)


def _is_same_kind(kind: str, units: Collection[str], other: Figure) -> bool:
    """Whether both are percentages, or both sums in one currency, whichever way it is written."""
    here, there = frozenset(analyze(kind)), frozenset(analyze(other.kind))
    return here == there or bool(
        (here and here <= other.around) or (there and there <= frozenset(units))
    )


def _counts_same(figure: Figure, other: Figure) -> bool:
    """Whether something right after a number stands near the equal one in a quote."""
    terms = {*other.around, *other.units, *analyze(other.kind)}
    near = {form for term in terms for form in _unit_forms(term)}
    return not near.isdisjoint(_unit_forms(figure.units[0]))


def _kind(before: str, after: str) -> str:
    if _PERCENT.match(after):
        return "percent"
    money = _MONEY.search(before)
    return _UNIT_WORDS[money[0].strip()] if money else ""


def _units(after: str) -> tuple[str, ...]:
    """The terms of the first content words after a number, up to a comma or a small word."""
    match = _UNIT.match(_PERCENT.sub("", after, count=1) if _PERCENT.match(after) else after)
    units: list[str] = []
    for word in (match[1].split() if match and not _PERCENT.match(after) else [])[:_UNIT_SPAN]:
        terms = [term for term in analyze(word) if term not in weak_terms()]
        if not terms or word[0].isupper() or word.endswith("ly"):
            if terms:
                continue  # a name is checked as a name
            break
        units += terms
    return tuple(units)


def _unborne_amounts(text: str, premises: str, figures: Iterable[Figure]) -> list[str]:
    """Halves, dozens, ordinals, Roman numbers and codes with digits that no quote has."""
    known = set(re.findall(r"[\w'-]+", premises.casefold()))
    found = [
        word
        for word in re.findall(r"[\w'-]+", _blanked(text))
        if word.casefold() in _amounts() and known.isdisjoint(_amounts()[word.casefold()])
    ]
    roman = set(re.findall(r"\b[IVXLC]+\b", premises))
    found += [match[0] for match in _ROMAN.finditer(text) if match[0] not in roman]
    values = {part for figure in figures for part in (figure.text, figure.text.split()[0])}
    for match in _WITH_DIGIT.finditer(_blanked(text)):
        word = match[0].strip("$€£.,:/%-")
        pieces = set(re.split(r"[-/:,]", word)) | {word}
        is_number = bool(pieces & values) or word.casefold() in _amounts()
        if not is_number and word.casefold() not in premises.casefold():
            found.append(word)
    return [f"{named([word])}: no cited quote gives it" for word in dict.fromkeys(found)]


def _blanked(text: str) -> str:
    """The text with its dates blanked out, character for character."""
    for _, start, end in find_dates(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _unit_forms(term: str) -> frozenset[str]:
    return _short_units().get(term, frozenset([term]))


@lru_cache(maxsize=1)
def _short_units() -> dict[str, frozenset[str]]:
    families = [
        frozenset(term for word in family.split("/") for term in analyze(word))
        for family in _SHORT_UNITS.split()
    ]
    return {term: family for family in families for term in family}


@lru_cache(maxsize=1)
def _amounts() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for family in _AMOUNTS.split():
        for word in family.split("/"):
            found.setdefault(word, set()).update(family.split("/"))
    return {word: frozenset(family) for word, family in found.items()}
