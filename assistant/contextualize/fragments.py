"""A whole question from a part of one: "And the year before?", "And Poghosyan?", "Why?"."""

import re
from collections.abc import Collection, Sequence

from assistant.contextualize.mentions import Mention, mentions
from assistant.contextualize.words import AUXILIARY, MONTHS, PREPOSITION, SUBORDINATOR, WH, YEAR

_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|or|now|well|ok|okay)\b[\s,]*)*(?:(?:what|how) about\s+)?", re.I
)
_END = re.compile(r"[\s?.!…]*\Z")
_OWNER_ENDING = re.compile(r"(?:['’]s|(?<=s)['’])\Z")
_WH_ALONE = re.compile(
    r"(?:(?:since|until|till) when|(?:by|to|with|for|from|of|against) (?:whom|what|which)"
    r"|how (?:many|much|long|often|far)|who|whom|when|where|why|how)\Z",
    re.I,
)
_ELSE = re.compile(r"(?:who|what|where|which|when|how) else\Z", re.I)
_MORE = re.compile(
    r"(?:(?:please )?(?:(?:can|could|would) you )?(?:please )?"
    r"(?:(?:(?:tell|give) me )?more(?: details?)?|go on|explain|elaborate|continue)(?:,? please)?"
    r"|anything else|any(?:one|body) else|why not|how (?:so|come)|what|which|for example)\Z",
    re.I,
)
"""What asks on without a word of its own; no rule makes a question of it."""
_ADJUNCT = re.compile(r"(?:when|where|why|how|(?:since|until|till) when|how long)\Z", re.I)
_QUANTITY = re.compile(r"how (?:many|much) [\w’'-]+(?: [\w’'-]+)?\Z", re.I)
_QUANTITY_ASKED = re.compile(rf"how (?:many|much)\b.*?(?=\b(?:{AUXILIARY})\b)", re.I)
_AUXILIARY_FIRST = re.compile(rf"(?:{AUXILIARY})\b", re.I)
_VERBAL = re.compile(rf"\b(?:{AUXILIARY.replace('may|', '')}|(?-i:may))\b", re.I)
_WH_START = re.compile(rf"(?:(?:{PREPOSITION}) )?(?:{WH})\b", re.I)
_YEAR_EARLIER = re.compile(
    r"(?:in )?(?:the (?:year before(?: that)?|previous year|preceding year|year earlier)"
    r"|(?:a|one) year (?:before|earlier))\Z",
    re.I,
)
_YEAR_LATER = re.compile(
    r"(?:in )?(?:the (?:year after(?: that)?|following year|next year|year later)"
    r"|(?:a|one) year (?:after|later))\Z",
    re.I,
)
_TIME = re.compile(
    r"\b(?:(?:in|by|since|before|after|until|during|from|for|around|at the (?:end|start) of)\s+)?"
    rf"(?:(?:early|late|mid)[ -])?(?:(?:{MONTHS})(?: \d{{1,2}},?)?(?: of)? )?(?:the )?"
    r"(?:1\d|20)\d\ds?(?:\s*(?:to|and|until|through|-|–)\s*(?:1\d|20)\d\d)?\b",
    re.I,
)
_NOW = re.compile(r"(?:today|now|nowadays|currently|at present|recently)\Z", re.I)
_PHRASE = re.compile(rf"(?P<preposition>{PREPOSITION})\s+\S", re.I)
_CLAUSE = re.compile(rf"(?P<subordinator>{SUBORDINATOR})\s+\S+\s+\S+", re.I)
_SHORT = 6
_NAME_ALONE = 3


def without_lead(question: str) -> str:
    """A question without the words that join it to the one before, and without its mark."""
    return _END.sub("", _LEAD.sub("", question, count=1), count=1).strip()


def is_fragment(question: str) -> bool:
    """Whether a text is a part of a question that only another makes whole."""
    rest = without_lead(question)
    words = rest.split()
    if not words or any(p.match(rest) for p in (_WH_ALONE, _ELSE, _MORE)):
        return True
    if len(words) > _SHORT or _VERBAL.search(rest):
        return False
    if _WH_START.match(rest):
        return _QUANTITY.match(rest) is not None
    if _YEAR_EARLIER.match(rest) or _YEAR_LATER.match(rest) or _NOW.match(rest):
        return True
    is_led = len(rest) < len(_END.sub("", question, count=1).strip())
    is_name_alone = len(words) <= _NAME_ALONE and rest[0].isupper()
    is_part = is_led or is_name_alone or _TIME.fullmatch(rest) or _PHRASE.match(rest)
    return bool(is_part) and question.rstrip().endswith("?")


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
    stems = [stem for base in bases if (stem := _END.sub("", base, count=1).strip())]
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
    step = -1 if _YEAR_EARLIER.match(rest) else 1 if _YEAR_LATER.match(rest) else 0
    years = list(YEAR.finditer(stem))
    if not step or not years:
        return None
    year = years[-1] if step > 0 else years[0]
    return f"{stem[: year.start()]}{int(year[0]) + step}{stem[year.end() :]}"


def _asking_otherwise(rest: str, stem: str) -> str | None:
    """Another question word: "Why?" after "Did he leave?", "How many tanks?" after "How many ...".

    Where it cannot take the place of the old one it is asked besides: "What was it, and why?".
    """
    if _QUANTITY.match(rest):
        old = _QUANTITY_ASKED.match(stem)
        return f"{_capital(rest)} {stem[old.end() :]}" if old else None
    if _ELSE.match(rest):
        first, _, others = stem.partition(" ")
        return f"{_capital(rest)} {others}" if rest.lower().startswith(first.lower()) else None
    if not _WH_ALONE.match(rest):
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
    old = list(_TIME.finditer(stem))
    if _NOW.match(rest):
        return f"{stem[: old[-1].start()]}{_small(rest)}{stem[old[-1].end() :]}" if old else None
    if not _TIME.fullmatch(rest):
        return None
    time = f"in {rest}" if YEAR.match(rest) else _small(rest) if _PHRASE.match(rest) else rest
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
    names = [mention for mention in mentions(stem, people) if mention.is_name]
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
    phrase = _PHRASE.match(rest)
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
