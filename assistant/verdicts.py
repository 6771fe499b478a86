"""Clauses that say opposite things of the same: one denies the other, or has the opposite word."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from assistant.claims import names_in, negations_in
from assistant.question import content_words, wants_voices
from index.canonical import matching_text
from index.segmentation import find_sentences
from index.terms import analyze

_PAIRS = """
    rise/fall rose/fell rise/fell rose/fall grow/shrink grew/shrank grow/shrank grew/shrink
    increase/decrease increase/decline increase/reduce growth/decline strong/weak cheap/expensive
    improve/worsen improved/deteriorated strengthen/weaken cheaper/dearer win/lose won/lost win/lost
    won/lose success/failure succeed/fail possible/impossible likely/unlikely able/unable
    legal/illegal allow/forbid allowed/banned support/oppose accept/reject accept/refuse
    approve/reject help/harm help/hurt helped/hurt benefit/harm profit/loss victory/defeat
    safe/dangerous true/false innocent/guilty friendly/hostile approach/retreat closer/away
    join/leave joined/left effective/ineffective useful/useless
"""
"""Words that give one verdict or the other. `assistant.opposites` has more, and looser, pairs."""
_ASKS_VERDICT = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b"
    r"|\b(?:whether|success\w*|fail\w*|possible|likely|good|bad|better|worse)\b",
    re.I,
)
_PARTLY = re.compile(r"\bnot (?:all|every|only|just|always|necessarily|fully|yet)\b", re.I)
_CUT = re.compile(r"[;:]\s|\s[-–—]\s|,\s(?:but|and|while|although|though|whereas|yet)\s")
_LONGEST = 200
"""A longer clause is not shown side by side."""
_ALIKE = 0.3
"""Share of terms in common from which two clauses speak of the same thing."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that can be quoted alone."""

    text: str
    terms: frozenset[str]
    """Its content terms, analyzed."""
    denied: tuple[frozenset[str], ...]
    """What it denies; see `assistant.claims.negations_in`."""
    names: frozenset[str]
    """The names in it, folded; see `assistant.claims.names_in`."""


def asks_verdict(question: str) -> bool:
    """Whether a question can be answered by yes or no, or asks what is to be thought of a thing."""
    return _ASKS_VERDICT.search(question) is not None or wants_voices(question)


def clauses_in(text: str) -> Iterator[Clause]:
    """The clauses of a text that are short enough to be quoted, as slices of it.

    Args:
        text: as `assistant.wording.shown` gives it.
    """
    for begin, end in find_sentences(text, 0, len(text)):
        start = begin
        for cut in (*_CUT.finditer(text, begin, end), None):
            clause = text[start : cut.start() if cut else end].rstrip(" .,")
            start = cut.end() if cut else end
            if clause and len(clause) <= _LONGEST:
                names = frozenset(str(claim.value) for claim in names_in(clause))
                yield Clause(clause, content_terms(clause), tuple(negations_in(clause)), names)


def content_terms(text: str) -> frozenset[str]:
    """The content terms of a text, analyzed."""
    return frozenset(term for word in content_words(matching_text(text)) for term in analyze(word))


def is_opposite(asked: frozenset[str], one: Clause, other: Clause) -> bool:
    """Whether two clauses say opposite things of what is asked.

    Args:
        asked: the question's content terms.
        one: a clause.
        other: a clause of another text.
    """
    both = one.terms & other.terms
    wanted = asked - _verdict_terms().keys()
    if len(both & wanted) < 2 or 2 * len(both & wanted) < len(wanted):
        return False
    if one.names - other.names and other.names - one.names:
        return False  # each is about someone else
    opposed = _opposed(one.terms, other.terms)
    if len(both | opposed) < _ALIKE * len(one.terms | other.terms):
        return False
    if one.denied or other.denied:
        return not opposed and (_denies(one, other, asked) or _denies(other, one, asked))
    pairs = _verdict_terms()
    return any(not asked.isdisjoint({term, *pairs[term]}) for term in opposed)


def _denies(one: Clause, other: Clause, asked: frozenset[str]) -> bool:
    """Whether a clause denies, of what is asked, just what the other one states."""
    if other.denied or len(one.denied) != 1 or _PARTLY.search(one.text):
        return False
    (scope,) = one.denied
    return len(scope & other.terms) >= min(2, len(scope)) and bool(scope & asked & other.terms)


def _opposed(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The terms that are opposites of each other, each in one of two clauses alone."""
    pairs = _verdict_terms()
    return frozenset(
        term
        for mine in one - other
        for theirs in pairs.get(mine, frozenset()) & (other - one)
        for term in (mine, theirs)
    )


@cache
def _verdict_terms() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split():
        one, other = (analyze(word)[0] for word in pair.split("/"))
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {term: frozenset(others) for term, others in found.items()}
