"""What a sentence claims that its sources must bear out: numbers, dates, names, negation.

Plain rules on the words: no model, the same result every time. They find what must not be changed
when a text is retold; they do not understand it.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from index.canonical import matching_text
from index.dates import find_dates
from index.terms import analyze

_ONE_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_ONE_WORDS.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_WORD = "|".join([*_TENS, *sorted(_ONES, key=len, reverse=True)])
_SCALE = "|".join(_SCALES)
_NUMBER = re.compile(
    rf"(?<![\w.])(?:(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?P<words>(?:{_WORD})(?:-(?:{_WORD}))?))"
    rf"(?:[ -](?P<scale>{_SCALE})s?)?(?![\w])(?!\.\d)",
    re.I,
)
_NAME = re.compile(r"(?<![\w’'-])[^\W\d_a-z][\w’'-]*")
_IN_A_WORD = re.compile(r"[\w’'-]")
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]['\"”’)]*\s+|^\W+|[\"“‘(\[]\s*)$")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without|hardly|denie[sd]|deny"
    r"|refuse[sd]?|rejects?|rejected|fail(?:s|ed)? to)\b|n['’]t\b",
    re.I,
)
_UNSTATED = re.compile(r"\s*\((?:date|author) not stated(?:, [^()]{1,60})?\)")
"""How a quote is introduced whose document has no author or date: it claims nothing."""
_CLAUSE_END = re.compile(r"[.!?;:,]\s|\s[-–—]\s|[()“”\"]")
_SCOPE = 3
"""How many terms after a negation are taken to be denied."""
_WEAK = "a an the to be been is are was were has have had do does did it its that of in on"
"""Words that carry nothing that could be denied."""
_CAPITALIZED = """
    a after all although an and another any as at because before both but by during each even every
    few for from he her his how however i if in it its many most my neither no nobody none nor not
    on one only or other our she since so some such that the their then there these they this those
    though to under until we what when where which while who whose why with yet you your according
    also two three four five six seven eight nine ten mr mrs ms dr monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september
    october november december
"""
_NO_NAMES = frozenset(_CAPITALIZED.split())
"""Words that may stand with a capital and name nobody; dates are found on their own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that must be borne out."""

    text: str
    """As written."""
    value: str | float
    """What is compared: a number, an ISO date (see `index.dates.find_dates`), a folded name."""


def numbers_in(text: str) -> list[Claim]:
    """The numbers of a text by value, in digits or in words; dates and years left out.

    `3,000` and `three thousand` have one value, and so have `12.4 billion` and `12,400 million`.
    """
    plain = _without_dates(matching_text(text))
    return [Claim(match[0], _value(match)) for match in _NUMBER.finditer(plain)]


def dates_in(text: str) -> list[Claim]:
    """The dates of a text, however precise."""
    plain = matching_text(text)
    return [Claim(plain[start:end], iso) for iso, start, end in find_dates(plain)]


def names_in(text: str, known: Container[str] = frozenset()) -> list[Claim]:
    """The proper names of a text, word by word: a capital inside a sentence.

    The first word of a sentence counts where the next one has a capital too, where it is a
    possessive, or where it is known for a name: otherwise the capital says nothing.

    Args:
        text: any text.
        known: names, in lower case, that are to be found at the beginning of a sentence as well.
    """
    plain = _without_dates(matching_text(text), within_words=False)
    found = []
    matches = list(_NAME.finditer(plain))
    follows = {match.start() for match in matches}
    for match in matches:
        folded = _POSSESSIVE.sub("", match[0]).casefold()
        if folded in _NO_NAMES or len(folded) < 2:
            continue
        is_first = _SENTENCE_START.search(plain[max(0, match.start() - 8) : match.start()])
        is_possessive = folded != match[0].casefold()
        if not is_first or is_possessive or match.end() + 1 in follows or folded in known:
            found.append(Claim(match[0], folded))
    return found


def negations_in(text: str) -> list[frozenset[str]]:
    """What a text denies: for each word that does, the terms that follow it in its sentence."""
    plain = without_unstated(matching_text(text))
    scopes = []
    for match in _NEGATION.finditer(plain):
        rest = _CLAUSE_END.split(plain[match.end() : match.end() + 120])[0]
        weak = set(analyze(_WEAK))
        terms = [term for term in analyze(rest) if term not in weak]
        scopes.append(frozenset(terms[:_SCOPE]))
    return scopes


def unborne_negations(text: str, premises: str) -> tuple[list[Claim], list[Claim]]:
    """What a text and its premises deny of what both speak of.

    Returns:
        (denied, unborne): what either denies and the text speaks of; of that, what only one of the
        two denies.
    """
    said, meant = negations_in(text), negations_in(premises)
    spoken = set(analyze(matching_text(text)))
    retold = [scope for scope in meant if scope and 2 * len(scope & spoken) > len(scope)]
    pairs = [*((s, meant) for s in said), *((s, said) for s in retold)]
    denied = [(Claim(" ".join(sorted(scope)), ""), scope, others) for scope, others in pairs]
    unborne = [
        claim
        for claim, scope, others in denied
        if not any(scope & other or not scope for other in others)
    ]
    return [claim for claim, _, _ in denied], unborne


def without_unstated(text: str) -> str:
    """The text without remarks that author or date of a document are not stated."""
    return _UNSTATED.sub("", text)


def unborne_numbers(text: str, premises: str) -> list[Claim]:
    """The numbers of a text that no number of the premises equals."""
    known = {claim.value for claim in numbers_in(premises)}
    return [claim for claim in numbers_in(text) if claim.value not in known]


def unborne_dates(text: str, premises: str) -> list[Claim]:
    """The dates of a text that the premises do not state at least as precisely.

    Month and day without a year may be completed by a year that the premises name elsewhere.
    """
    known = {str(claim.value) for claim in dates_in(premises)}
    return [claim for claim in dates_in(text) if not _is_dated(str(claim.value), known)]


def unborne_names(text: str, premises: str, known: Container[str] = frozenset()) -> list[Claim]:
    """The names of a text of which the premises do not hold the word; see `names_in`."""
    words = set(_folded_words(premises))
    return [claim for claim in names_in(text, known) if not _is_among(str(claim.value), words)]


def _is_dated(wanted: str, known: Iterable[str]) -> bool:
    if any(date == wanted or date.startswith(f"{wanted}-") for date in known):
        return True
    if wanted.startswith("--"):
        return any(date.endswith(wanted[1:]) for date in known)
    year, day = wanted[:4], f"-{wanted[4:]}"
    return f"{day}" in known and any(date.startswith(year) for date in known)


def _is_among(name: str, words: Container[str]) -> bool:
    return name in words or ("-" in name and all(part in words for part in name.split("-")))


def _folded_words(text: str) -> list[str]:
    words = re.findall(r"[\w][\w'’-]*", matching_text(text).casefold())
    parts = (part for word in words for part in (word, *word.split("-")))
    return [_POSSESSIVE.sub("", part) for part in parts if part]


def _without_dates(text: str, *, within_words: bool = True) -> str:
    """The text with its dates blanked out, character for character.

    Args:
        text: any text.
        within_words: whether also those that a word ends with, such as `A-2014`.
    """
    for _, start, end in find_dates(text):
        if within_words or not _IN_A_WORD.fullmatch(text[max(0, start - 1) : start]):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _value(match: re.Match[str]) -> float:
    if match["digits"]:
        value = float(match["digits"].replace(",", ""))
    else:
        parts = match["words"].lower().split("-")
        value = float(sum(_TENS.get(part, _ONES.get(part, 0)) for part in parts))
    return round(value * _SCALES[match["scale"].lower()] if match["scale"] else value, 6)
