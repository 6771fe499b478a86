"""Figures in a text: numbers with what they count, and where two of them can both be right.

Years and dates are no figures. Plain rules on the words; a number whose unit is in doubt is left
out, so that two figures are never compared that count different things.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.claims import names_in, numbers_in
from index.canonical import matching_text
from index.dates import find_dates
from index.segmentation import find_sentences
from index.terms import analyze
from index.types import Span

Bound = Literal["exact", "about", "least", "most"]
"""How a figure is meant: as it stands, roughly, or as the least or the most there can be."""

_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("least", r"more than|over|above|at least|no less than|no fewer than|upwards of|exceeding"),
    ("most", r"less than|fewer than|under|below|at most|no more than|up to|nearly|almost|close to"),
    ("about", r"about|around|some|roughly|approximately|circa|ca?\.|an estimated|estimated"),
)
_BEFORE = re.compile(
    rf"(?:\b(?:{'|'.join(f'(?P<{bound}>{words})' for bound, words in _BOUNDS)})\s)?"
    r"(?P<sign>[A-Z]{0,2}[$€£]\s?)?$",
    re.I,
)
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound"}
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b)", re.I)
_LINK = re.compile(r"\s?(?:to|and|or|-)\s?(?:[A-Z]{0,2}[$€£])?$", re.I)
_WORD = re.compile(r" ([^\W\d_][\w'-]*)(?![\w'/²³-])")
_LABEL = re.compile(
    r"(?:\b(?i:article|point|chapter|section|page|paragraph|number|no\.?|figure|table|act|volume|line"
    r"|route|grade|class|level|stage|part|phase|type|room|resolution|decree|law|protocol|appendix"
    r")|(?<=[\w,;] )[A-Z][\w'-]*)[ -]$"
)
"""What makes a number a name: "article 9", "Apollo 11"."""
_FUNCTION_WORDS = """
    a an the of in on at by to for from with and or but as than that which who whom whose when where
    while per is are was were be been being has have had do does did can could will would shall
    should may might must not no it its he she they them his her their this these those there here
    if so yet also too more less later earlier ago old long high wide deep about around between
    into over under after before since until during through against among within without each every
    all both other such only just even still then now once one two three four five six seven eight
    nine ten hundred thousand million billion trillion dozen
"""
_ENUMERATED = """
    reasons ways things others parts kinds types groups sides sets examples cases factors aspects
    main times points steps levels forms areas issues questions categories elements
"""
"""What texts count when they list, not when they measure."""
_DURATIONS = "seconds minutes hours days weeks months years decades centuries"
_CLAUSE_END = re.compile(r";|,? (?:but|while|whereas)\b")
_NEXT_CLAUSE = re.compile(rf"{_CLAUSE_END.pattern}|, and\b")
_PLURALS = frozenset(["people", "men", "women", "children", "police", "troops", "feet"])
_MODIFIERS = 3
_ROUNDED = 1.06
"""How far rounding may put a number off."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that counts something."""

    text: str
    """As the text has it: with its unit, and with what bounds it ("more than 40 barges")."""
    value: float
    unit: str
    """What is counted, as `index.terms.analyze` gives it; "percent" or "dollar" for their signs."""
    qualifiers: frozenset[str]
    """Names between number and unit, folded: "dutch" in "40 Dutch barges"."""
    bound: Bound
    sentence: str
    """The sentence it stands in."""
    dates: tuple[str, ...]
    """The dates nearest to it in this sentence, as written."""

    @property
    def is_duration(self) -> bool:
        """Whether it counts time."""
        return self.unit in set(analyze(_DURATIONS))


def figures_in(text: str) -> list[Figure]:
    """The figures of a text whose unit is plain, sentence by sentence.

    Args:
        text: as `assistant.wording.shown` gives it; the figures' texts are slices of it.
    """
    plain = matching_text(text)
    if len(plain) != len(text):  # something invisible is left: slices would be off
        plain = text
    return [
        figure
        for start, end in find_sentences(plain, 0, len(plain))
        for figure in _in_sentence(plain[start:end], text[start:end])
    ]


def are_compatible(one: Figure, other: Figure) -> bool:
    """Whether two figures of one thing can both be right: equal, rounded, or within a bound."""
    low, high = sorted((one, other), key=lambda figure: figure.value)
    if low.value == high.value:
        return True
    if low.bound != high.bound and (low.bound == "least" or high.bound == "most"):
        return True
    if "about" in (low.bound, high.bound) and high.value <= 1.1 * low.value:
        return True
    return high.value <= _ROUNDED * low.value and (
        _is_rounding(low.value, high.value) or _is_rounding(high.value, low.value)
    )


def _in_sentence(plain: str, written: str) -> Iterator[Figure]:
    """The figures of a sentence; `plain` is it for matching, character for character."""
    rest, dates = plain, _periods(plain)
    for start, end in dates:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    spans = list(_numbers(rest))
    for place, (value, start, end) in enumerate(spans):
        unit = _unit(rest, start, end)
        if (
            unit is None
            and place + 1 < len(spans)
            and _LINK.fullmatch(rest[end : spans[place + 1][1]])
        ):
            unit = _unit(rest, *spans[place + 1][1:])  # "20 to 30 percent"
        before = _BEFORE.search(rest, max(0, start - 24), start)
        if unit is None or before is None or _LABEL.search(rest[max(0, start - 24) : start]):
            continue
        name, stop = unit
        bound: Bound = next((bound for bound, _ in _BOUNDS if before[bound]), "exact")
        qualifiers = frozenset(str(claim.value) for claim in names_in(f"the {rest[end:stop]}"))
        near = _nearest(dates, (start, stop), [(begin, end) for _, begin, end in spans], plain)
        periods = tuple(written[begin:end] for begin, end in near)
        yield Figure(
            written[before.start() : stop], value, name, qualifiers, bound, written, periods
        )


def _periods(text: str) -> list[Span]:
    """The dates of a text, those that a range joins as one."""
    spans: list[Span] = []
    for _, start, end in find_dates(text):
        if spans and _LINK.fullmatch(text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _nearest(dates: list[Span], figure: Span, numbers: list[Span], text: str) -> list[Span]:
    """The dates of a figure's clause, with no other number between them and it."""

    def is_near(start: int, end: int, clause_end: re.Pattern[str]) -> bool:
        is_apart = any(start <= begin < end for begin, _ in numbers if begin != figure[0])
        return not (is_apart and len(dates) > 1) and clause_end.search(text, start, end) is None

    before = [d for d in dates if d[1] <= figure[0] and is_near(d[1], figure[0], _CLAUSE_END)]
    after = [d for d in dates if figure[1] <= d[0] and is_near(figure[1], d[0], _NEXT_CLAUSE)]
    return [*before[-1:], *after[:1]]


def _numbers(text: str) -> Iterator[tuple[float, int, int]]:
    """The numbers of a text without dates: value, start, end. "One" is rarely a figure."""
    position = 0
    for claim in numbers_in(text):
        match = re.compile(rf"(?<![\w.]){re.escape(claim.text)}(?!\w)(?!\.\d)").search(
            text, position
        )
        if match is None:
            continue
        position = match.end()
        if claim.text.lower() not in ("one", "zero"):
            yield float(claim.value), *match.span()


def _unit(text: str, start: int, end: int) -> tuple[str, int] | None:
    """What a number counts, and where that ends."""
    if match := _PERCENT.match(text, end):
        return "percent", match.end()
    if (sign := text[:start].rstrip()[-1:]) in _SIGNS:
        return _SIGNS[sign], end
    words = list(_words_after(text, end))
    for word, stop in words:
        if word in _PLURALS or re.search(r"[^siu]s$", word):
            return None if word in _ENUMERATED.split() else (_analyzed(word), stop)
    if len(words) == 1 and words[0][0].islower():
        return _analyzed(words[0][0]), words[0][1]
    return None


def _analyzed(word: str) -> str:
    """A word as the index has it; as it is where the index leaves it out for its length."""
    return (analyze(word) or [word])[0]


def _words_after(text: str, position: int) -> Iterator[tuple[str, int]]:
    """Up to three words that follow, as far as they can belong to what is counted."""
    for _ in range(_MODIFIERS):
        match = _WORD.match(text, position)
        if match is None or match[1].lower() in _FUNCTION_WORDS.split():
            return
        position = match.end()
        yield match[1], position


def _is_rounding(fine: float, coarse: float) -> bool:
    """Whether a number is another one rounded: 12.4 to 12, 2,950 to 3,000."""
    digits = f"{coarse:.6f}".rstrip("0").rstrip(".")
    decimals = len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals else 0
    return (zeros > 0 or decimals > 0 or fine != int(fine)) and round(
        fine, decimals or -zeros
    ) == coarse
