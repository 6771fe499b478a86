"""What several documents say of one thing: figures and verdicts side by side, in order of time.

Nothing here says that sources agree or disagree. Where two quotes give different figures for the
same thing, or one denies what the other says, both are shown with their dates, and the reader
judges. The rules look at words alone and prefer silence to a wrong pair.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

from assistant.evidence import Candidate
from assistant.figures import Figure, are_compatible, figures_in
from assistant.question import names_in, wants_voices
from assistant.verdicts import asks_verdict, clauses_in, content_terms, is_opposite
from assistant.wording import shown
from index import DocumentInfo
from index.terms import analyze


@dataclass(frozen=True, slots=True)
class Voice:
    """What one quote says."""

    text: str
    """As it is shown, see `assistant.wording.shown`."""
    document: DocumentInfo


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference."""

    voice: int
    """Position of the quote among those compared."""
    text: str
    """Verbatim words of the quote as it is shown."""
    periods: tuple[str, ...] = ()
    """Dates that its sentence names with them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Quotes of different documents that say different things of the same."""

    kind: Literal["figures", "verdicts"]
    sides: tuple[Side, ...]
    """Two at least, in the order of the quotes."""


def difference(question: str, voices: Sequence[Voice]) -> Difference | None:
    """What is to be put side by side: figures or, where there are none, verdicts.

    The same one, whatever the order of the quotes.
    """
    found = compare_figures(question, voices) or opposite_verdicts(question, voices)
    return found[0] if found else None


def compare_figures(question: str, voices: Sequence[Voice]) -> tuple[Difference, ...]:
    """Quotes of different documents that give different figures for what a question asks.

    Args:
        question: one that stands alone.
        voices: the quotes.

    Returns:
        One for each thing that is counted, those with the most sides first.
    """
    figures = [figures_in(voice.text) for voice in voices]
    found: dict[tuple[str, int], dict[int, Side]] = {}
    for one, other in _pairs(voices):
        for place, mine, theirs in _comparable(figures[one], figures[other]):
            if _is_same_thing(question, mine, theirs):
                sides = found.setdefault((mine.unit, place), {})
                sides[one] = Side(one, mine.text, mine.dates)
                sides[other] = Side(other, theirs.text, theirs.dates)
    return tuple(
        Difference("figures", tuple(sides[voice] for voice in sorted(sides)))
        for _, sides in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def other_side(question: str, best: Candidate, others: Iterable[Candidate]) -> Candidate | None:
    """The first candidate with another figure for what the best one answers by a figure.

    Args:
        question: one that stands alone.
        best: the most direct candidate.
        others: further ones, best first.
    """
    mine = Voice(shown(best.sentence.text), best.hit.document)
    if not figures_in(mine.text):
        return None
    for other in others:
        theirs = Voice(shown(other.sentence.text), other.hit.document)
        if compare_figures(question, [mine, theirs]):
            return other
    return None


def opposite_verdicts(question: str, voices: Sequence[Voice]) -> tuple[Difference, ...]:
    """Quotes of different documents of which one denies what the other says, or says the opposite.

    Args:
        question: one that stands alone; where it asks for no verdict, none is found.
        voices: the quotes.
    """
    for one, other in _pairs(voices) if asks_verdict(question) else ():
        for mine in clauses_in(voices[one].text):
            for theirs in clauses_in(voices[other].text):
                if is_opposite(content_terms(question), mine, theirs):
                    sides = (Side(one, mine.text), Side(other, theirs.text))
                    return (Difference("verdicts", sides),)
    return ()


def _pairs(voices: Sequence[Voice]) -> Iterator[tuple[int, int]]:
    """Positions of quotes that come from different documents."""
    for one, other in combinations(range(len(voices)), 2):
        if voices[one].document.id != voices[other].document.id:
            yield one, other


def _comparable(
    mine: Sequence[Figure], theirs: Sequence[Figure]
) -> Iterator[tuple[int, Figure, Figure]]:
    """Pairs of figures with one unit that cannot both be right, and their place among those.

    Where texts have several with this unit, which belong together is known of copies alone.
    """
    for unit in dict.fromkeys(figure.unit for figure in mine):
        one = [figure for figure in mine if figure.unit == unit]
        other = [figure for figure in theirs if figure.unit == unit]
        is_plain = len(one) == len(other) and (
            len(one) == 1 or _alike(one[0].sentence, other[0].sentence) >= _COPIED
        )
        for place, (figure, match) in enumerate(zip(one, other, strict=True) if is_plain else ()):
            if figure.qualifiers == match.qualifiers and not are_compatible(figure, match):
                yield place, figure, match


def _is_same_thing(question: str, one: Figure, other: Figure) -> bool:
    """Whether two figures of one unit count what the question asks for, or the same otherwise."""
    asked = content_terms(question) - {one.unit} - set(analyze(_MEASURES))
    both = content_terms(one.sentence) & content_terms(other.sentence)
    shared = asked & both
    alike = _alike(one.sentence, other.sentence)
    needed = 1 if alike >= _COPIED else min(2, len(asked))
    if alike >= _ALIKE and len(shared) >= needed and one.unit != "percent":
        return _asks_for(question, one.unit) or wants_voices(question)
    if 2 * len(shared) < max(1, len(asked)) or not _asks_for(question, one.unit):
        return False
    if one.unit == "percent":  # of what, is seldom in its sentence
        return alike >= _PARTLY_ALIKE
    is_long = max(len(one.sentence), len(other.sentence)) > _LONG
    return not is_long and _names(question) <= both and len(shared) >= min(2, len(asked))


_ALIKE = 0.5
"""Share of terms in common from which two sentences speak of the same thing."""
_PARTLY_ALIKE, _COPIED = 0.35, 0.75
_MEASURES = "far close near long wide deep high tall heavy big large old fast much many"
_LONG = 300
"""A longer sentence speaks of many things."""
_ASKS_MONEY = re.compile(
    r"\bhow (?:much|big|large|high|expensive|costly)\b|\b(?:cost|price|sum|budget|worth|value"
    r"|amount|loans?|debt|credits?|turnover|money|paid|spend|spent|income|revenue)\b",
    re.I,
)
_ASKS_SHARE = re.compile(
    r"\bhow (?:much|high)\b|\b(?:percent|percentage|share|proportion|part|rate"
    r"|fraction|turnout)\b",
    re.I,
)
_ASKS_MEASURE = re.compile(
    r"\bhow (?:far|close|near|long|wide|deep|high|tall|heavy|big|large|old|fast)\b", re.I
)
_COUNTED = re.compile(
    r"\bhow (?:many|much) ((?:(?!(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would"
    r"|should|of|in|each|per)\b)[\w’'-]+\s+){1,4})",
    re.I,
)
_MONEY = frozenset({"dollar", "euro", "pound"})


def _asks_for(question: str, unit: str) -> bool:
    if unit == "percent":
        return _ASKS_SHARE.search(question) is not None
    if unit in _MONEY:
        return _ASKS_MONEY.search(question) is not None
    counted = _COUNTED.search(question)
    if counted and unit in analyze(counted[1]):
        return True
    return _measures(question, unit)


def _measures(question: str, unit: str) -> bool:
    """Whether a question asks for a measure ("how far") that the unit is one of ("mile")."""
    return _ASKS_MEASURE.search(question) is not None and unit in _measure_terms()


@cache
def _measure_terms() -> frozenset[str]:
    return frozenset(
        analyze(
            "miles kilometers kilometres km meters metres feet inches acres hectares tons tonnes"
            " kilograms pounds years months weeks days hours minutes"
        )
    )


def _names(question: str) -> frozenset[str]:
    return frozenset(term for name in names_in(question) for term in analyze(name)[:1])


def _alike(one: str, other: str) -> float:
    """Share of the content terms of two sentences that both have, numbers left out; 0 to 1."""
    mine, theirs = (
        {term for term in content_terms(text) if not term[0].isdigit()} for text in (one, other)
    )
    return len(mine & theirs) / max(1, len(mine | theirs))
