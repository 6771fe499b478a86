"""A whole question from a part of one and the question before it."""

import re
from collections.abc import Collection, Sequence

from assistant.contextualize.fragments import (
    ELSE,
    END,
    NOW,
    PHRASE,
    QUANTITY,
    TIME,
    WH_ALONE,
    YEAR_EARLIER,
    YEAR_LATER,
    without_lead,
)
from assistant.contextualize.mentions import Mention, mentions
from assistant.contextualize.words import AUXILIARY, SUBORDINATOR, YEAR

_OWNER_ENDING = re.compile(r"(?:['’]s|(?<=s)['’])\Z")
_OWNER_INSIDE = re.compile(r"['’]s? ")
_ADJUNCT = re.compile(r"(?:when|where|why|how|(?:since|until|till) when|how long)\Z", re.I)
"""Question words that ask for no part of the sentence."""
_QUANTITY_ASKED = re.compile(rf"how (?:many|much)\b.*?(?=\b(?:{AUXILIARY})\b)", re.I)
_AUXILIARY_FIRST = re.compile(rf"(?:{AUXILIARY})\b", re.I)
_CLAUSE = re.compile(rf"(?P<subordinator>{SUBORDINATOR})\s+\S+\s+\S+", re.I)


def complete(question: str, bases: Sequence[str], people: Collection[str] = ()) -> str | None:
    """The question that a fragment stands for, after others.

    Args:
        question: the fragment.
        bases: the questions before it, whole, the newest first.
        people: words known to be names of persons.

    Returns:
        A whole question, or None where no rule is sure of one.
    """
    rest = without_lead(question)
    stems = [stem for base in bases if (stem := END.sub("", base, count=1).strip())]
    if not rest or not stems:
        return None
    changed = (
        _with_year_shifted(rest, stems[0])
        or _asking_otherwise(rest, stems[0])
        or _at_another_time(rest, stems[0])
        or _in_another_case(rest, stems)
        or _of_another(rest, stems[0], people)
        or _with_another_phrase(rest, stems[0], people)
    )
    return f"{changed}?" if changed else None


def _with_year_shifted(rest: str, stem: str) -> str | None:
    step = -1 if YEAR_EARLIER.match(rest) else 1 if YEAR_LATER.match(rest) else 0
    years = list(YEAR.finditer(stem))
    if not step or not years:
        return None
    year = years[-1] if step > 0 else years[0]
    return f"{stem[: year.start()]}{int(year[0]) + step}{stem[year.end() :]}"


def _asking_otherwise(rest: str, stem: str) -> str | None:
    """Another question word: "Why?" after "Did he leave?", "How many tanks?" after "How many ...".

    Where it cannot take the place of the old one it is asked besides: "What was it, and why?".
    """
    if QUANTITY.match(rest):
        old = _QUANTITY_ASKED.match(stem)
        return f"{_capital(rest)} {stem[old.end() :]}" if old else None
    if ELSE.match(rest):
        first, _, others = stem.partition(" ")
        return f"{_capital(rest)} {others}" if rest.lower().startswith(first.lower()) else None
    if not WH_ALONE.match(rest):
        return None
    if _ADJUNCT.match(rest):
        if _AUXILIARY_FIRST.match(stem):
            return f"{_capital(rest)} {_small(stem)}"
        first, _, others = stem.partition(" ")
        if _ADJUNCT.match(first) and _AUXILIARY_FIRST.match(others):
            return f"{_capital(rest)} {others}"
    return f"{stem}, and {_small(rest)}"


def _at_another_time(rest: str, stem: str) -> str | None:
    """Another time, in the place of the last one there was."""
    old = list(TIME.finditer(stem))
    if NOW.match(rest):
        return f"{stem[: old[-1].start()]}{_small(rest)}{stem[old[-1].end() :]}" if old else None
    if not TIME.fullmatch(rest):
        return None
    time = f"in {rest}" if YEAR.match(rest) else _small(rest) if PHRASE.match(rest) else rest
    if not old:
        return f"{stem} {time}"
    last = old[-1]
    year = YEAR.search(time)
    if year and YEAR.match(last[0]):  # with another word before it: "the population of 1901"
        time = year[0]
    shown = time if last.start() else _capital(time)
    return f"{stem[: last.start()]}{shown}{stem[last.end() :]}"


def _in_another_case(rest: str, stems: Sequence[str]) -> str | None:
    """Another clause of the same kind: "And if Yerevan gets its way?"."""
    clause = _CLAUSE.match(rest)
    if clause is None:
        return None
    pattern = re.compile(rf",?\s+{clause['subordinator']}\s+.*\Z", re.I | re.S)
    old = [(stem, match.start()) for stem in stems if (match := pattern.search(stem))]
    stem, end = old[0] if old else (stems[0], len(stems[0]))
    return f"{stem[:end]} {_small(rest)}"


def _of_another(rest: str, stem: str, people: Collection[str]) -> str | None:
    """Another name, in the place of one of its kind: "And Poghosyan?", "And Petrosyan's?"."""
    # A word before it, so that the name does not open a sentence.
    found = [mention for mention in mentions(f"of {rest}", people) if mention.is_name]
    if not found or len(found[0].text) < len(_OWNER_ENDING.sub("", rest)):
        return None
    found_there = [mention for mention in mentions(stem, people) if mention.is_name]
    names = [name for name in found_there if not _OWNER_INSIDE.search(name.text)]
    if found[0].kind != "person" and len(names) > 1:  # Not an author: it takes no author's place.
        known = {word.casefold() for word in people}
        names = [name for name in names if known.isdisjoint(name.core.split())] or names
    old = _counterpart(found[0], _OWNER_ENDING.search(rest) is not None, names, stem)
    if old is None:
        return None
    ending = _OWNER_ENDING.search(stem[old.start : old.end])
    text = found[0].text if old.start else _capital(found[0].text)
    return f"{stem[: old.start]}{text}{ending[0] if ending else ''}{stem[old.end :]}"


def _counterpart(new: Mention, owns: bool, names: list[Mention], stem: str) -> Mention | None:
    """The name in a question that another one takes the place of."""
    owners = [name for name in names if _OWNER_ENDING.search(stem[name.start : name.end])]
    if owns and owners:
        return owners[0]
    alike = [name for name in names if name.kind == new.kind != "open"]
    if alike:
        return alike[0] if new.kind == "person" else alike[-1]
    people = [name for name in names if name.kind == "person"]
    if people and new.kind in ("open", "person"):
        return people[0]
    subjects = [name for name in names if name.is_subject]
    return next(iter([*subjects, *owners, *names]), None)


def _with_another_phrase(rest: str, stem: str, people: Collection[str]) -> str | None:
    """Another phrase, in the place of one with its preposition: "And in Iran?"."""
    phrase = PHRASE.match(rest)
    if phrase is None:
        return None
    word = phrase["preposition"].lower()
    alike = "in|at" if word in ("in", "at") else re.escape(word)
    ends = {mention.start: mention.end for mention in reversed(mentions(stem, people))}
    old = [
        (match.start(), ends[match.end()])
        for match in re.finditer(rf"(?<!\w)(?:{alike})\s+", stem, re.I)
        if match.end() in ends
    ]
    start, end = old[-1] if old else (len(stem), len(stem))
    if not old:
        return f"{stem} {_small(rest)}"
    return f"{stem[:start]}{_small(rest) if start else _capital(rest)}{stem[end:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
