"""Who did it to whom: two things that change places around a word that both texts have."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.texts import content_terms, plain, sentences
from assistant.details import Check
from index.terms import analyze

_DOER = re.compile(r"\bby\s(?!\d|then\b|the\s(?:end|time|\d))", re.I)
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\s", re.I)
_PARTICIPLE = re.compile(r"\b\w+(?:ed|en|wn|lt|pt|ft|ught|ung|de|old|ound)$")
_BREAK = re.compile(r"[;:()]\s?|,\s(?=(?:and|but|while|whereas|which|who|although)\s)|\s-+\s")
_EITHER_WAY = """
    marry married wed meet met ally allied border bordering neighbor resemble differ equal equals
    and or together merge join meets with fight fought versus against compete negotiate talk
    between both friend colleague brother sister is become became called known
"""
_REACH = 5
"""How many terms away from a word its two sides are looked for."""
_WAY = re.compile(
    r"\b(?P<way>from|to|into|toward|towards)\s(?:the\s|a\s|an\s)?(?P<what>[A-Z][\w'-]*(?:\s[A-Z][\w'-]*)*|\d[\d.,]*\d|\d)"
)


@dataclass(frozen=True, slots=True)
class _Side:
    before: frozenset[str]
    after: frozenset[str]
    is_passive: bool


def check_roles(text: str, premises: str) -> Check:
    """Whether no two things of a statement have changed places as against the quotes."""
    text, premises = plain(text), plain(premises)
    turned = _turned_around(text, premises) or _turned_ways(text, premises)
    if turned:
        one, word, other = turned
        reason = f"“{one}” and “{other}” stand the other way round about “{word}” in the quotes"
        return Check("roles", False, reason)
    return Check("roles", True, "who does what to whom is as in the quotes")


def _turned_around(text: str, premises: str) -> tuple[str, str, str] | None:
    meant = [part for sentence in sentences(premises) for part in _parts(sentence)]
    known: dict[str, list[_Side]] = {}  # a word that is said over and over is looked for once
    for part in (part for sentence in sentences(text) for part in _parts(sentence)):
        terms = _terms(part)
        passives = _passives(part)
        for place in range(1, len(terms) - 1):
            triple = terms[place - 1 : place + 2]
            if triple[1] in _neutral() or len(set(triple)) < 3:
                continue
            one, word, other = triple
            if word not in known:
                known[word] = [side for part_meant in meant for side in _sides(word, part_meant)]
            if _is_turned(one, other, word in passives, known[word]):
                return one, word, other
    return None


def _is_turned(one: str, other: str, is_passive: bool, sides: Iterable[_Side]) -> bool:
    """Whether the quotes have both, and never in this order with this voice."""
    found = False
    for side in sides:
        same = one in side.before and other in side.after
        turned = one in side.after and other in side.before
        if same or (turned and is_passive != side.is_passive):
            if turned or is_passive == side.is_passive:
                return False
            found = True
        elif turned:
            found = True
    return found


def _sides(word: str, part: str) -> list[_Side]:
    terms = _terms(part)
    is_passive = word in _passives(part)
    return [
        _Side(
            frozenset(terms[max(0, place - _REACH) : place]),
            frozenset(terms[place + 1 : place + 1 + _REACH]),
            is_passive,
        )
        for place, term in enumerate(terms)
        if term == word
    ]


def _turned_ways(text: str, premises: str) -> tuple[str, str, str] | None:
    """`from A to B` where the quotes have `from B to A`."""
    said, meant = _ways(text), _ways(premises)
    for way, what in said:
        opposite = "to" if way == "from" else "from"
        if (opposite, what) in meant and (way, what) not in meant:
            return way, what, opposite
    return None


def _ways(text: str) -> set[tuple[str, str]]:
    return {
        ("from" if match["way"].lower() == "from" else "to", match["what"].casefold())
        for match in _WAY.finditer(text)
    }


@lru_cache(maxsize=1024)
def _passives(part: str) -> frozenset[str]:
    """The terms of what may be participles whose doer follows "by"."""
    found: set[str] = set()
    for match in _DOER.finditer(part):
        before = " ".join(part[: match.start()].split()[-5:])
        *_, after_be = _BE.split(before)
        participle = _PARTICIPLE.search(before)
        found.update(content_terms(after_be) if after_be != before else ())
        found.update(content_terms(participle[0]) if participle else ())
    return frozenset(found)


@lru_cache(maxsize=1024)
def _parts(sentence: str) -> tuple[str, ...]:
    return tuple(part for part in _BREAK.split(sentence) if part and part.strip())


@lru_cache(maxsize=2048)
def _terms(part: str) -> tuple[str, ...]:
    return tuple(term for term in content_terms(part) if not term.isdigit())


@lru_cache(maxsize=1)
def _neutral() -> frozenset[str]:
    """Terms whose two sides may change places and say the same."""
    return frozenset([*analyze(_EITHER_WAY), *content_terms(_EITHER_WAY)])
