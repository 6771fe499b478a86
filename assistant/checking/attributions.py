"""Who a statement says is speaking: "Doe writes (March 2020) that ...".

Author, title, publisher and date of a document stand for nothing but that. What a statement gives
to an author is compared with the quotes of this author alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.types import Quoted
from index import DocumentInfo
from index.dates import find_dates

_VERB = (
    r"(?:writes?|wrote|says?|said|argues?|argued|notes?|noted|states?|stated|reports?|reported"
    r"|explains?|explained|claims?|claimed|points? out|pointed out|adds?|added|observes?|observed"
    r"|describes?|described|thinks?|believes?|concludes?|concluded|suggests?|suggested|warns?"
    r"|warned|predicts?|predicted|mentions?|mentioned|recommends?|recommended|puts it|tells us)"
)
_WHO = r"(?P<who>[^.;:“”\"()]{2,90}?(?:\b[A-Z]\.\s[^.;:“”\"()]{2,60}?)?)"
_IN = r"(?:[Ii]n\s(?P<early>[^,.;:]{4,20}),\s)?"
_ASIDE = r"(?:\s*\((?P<aside>[^()]{2,90})\))?"
_ON = r"(?:\s(?:in|on)\s(?P<late>[A-Z]?[\w ]{3,12}\d{1,4}(?:,\s\d{4})?))?"
_LINK = r"(?:^|(?<=[;.]\s)|,?\s(?:while|whereas|but|and|though)\s)"
_BEFORE = tuple(
    re.compile(f"{_LINK}{pattern}")
    for pattern in (
        rf"{_IN}{_WHO}{_ASIDE},?\s{_VERB}(?:\s\((?P<more>[^()]{{2,90}})\))?{_ON}(?:[:,]\s|\s(?:that\s)?)",
        rf"{_WHO}\s*\((?P<aside>[^()]{{2,90}})\):\s",
        rf"[Aa]ccording\sto\s{_WHO}{_ASIDE}{_ON},\s",
    )
)
_AFTER = re.compile(
    rf",?\s(?:according\sto\s(?P<a>[^.;:“”\"()]{{2,80}})|{_VERB}\s(?P<b>[^,.;:“”\"()]{{2,80}})"
    rf"|(?P<c>[^,;:“”\"()]{{2,80}})\s{_VERB})(?:\s*\((?P<d>[^()]{{2,90}})\))?\s*\.?$"
)
_GENERIC_WORDS = """
    the a an author authors writer writers article articles text document documents source sources
    brief briefs passage quote in of and his her their its study paper report both by with
    evidence analyst dr mr mrs ms professor for on
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_VOICES = frozenset(_GENERIC_WORDS.split()[3:17])


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a statement, and the quotes that must bear it out."""

    text: str
    quoted: tuple[Quoted, ...]


def segments(text: str, quoted: Sequence[Quoted]) -> list[Segment]:
    """A statement in parts by who speaks, without the words that say so.

    Where the one named is no author of the quotes, or the date another, nothing is taken away:
    then the name must stand in a quote like any other.
    """
    found: list[tuple[int, int, tuple[Quoted, ...]]] = []
    for match in (match for pattern in _BEFORE for match in pattern.finditer(text)):
        dates = [value for name, value in match.groupdict().items() if value and name != "who"]
        spoken = _spoken_by(match["who"], dates, quoted)
        if spoken and not any(
            start < match.end() and match.start() < end for start, end, _ in found
        ):
            found.append((*match.span(), spoken))
    found.sort(key=lambda item: item[:2])
    if not found:
        return [_without_end(text, quoted)]
    parts = [Segment(text[: found[0][0]], tuple(quoted))] if found[0][0] else []
    starts = [start for start, _, _ in found[1:]] + [len(text)]
    parts += [
        Segment(text[end:stop], spoken)
        for (_, end, spoken), stop in zip(found, starts, strict=True)
    ]
    return [part for part in parts if part.text.strip(" .,;:")]


def _without_end(text: str, quoted: Sequence[Quoted]) -> Segment:
    """A statement without its ", Doe writes" or ", according to Doe"."""
    match = _AFTER.search(text)
    if match:
        who = match["a"] or match["b"] or match["c"]
        spoken = _spoken_by(who, [match["d"]] if match["d"] else [], quoted)
        if spoken:
            return Segment(text[: match.start()] + ".", spoken)
    return Segment(text, tuple(quoted))


def _spoken_by(who: str, dates: Sequence[str], quoted: Sequence[Quoted]) -> tuple[Quoted, ...]:
    """The quotes whose documents have this author and date; none where words are left over."""
    return tuple(
        quote
        for quote in quoted
        if _is_voice(who, quote.document) and all(_is_about(date, quote.document) for date in dates)
    )


def _is_voice(who: str, document: DocumentInfo) -> bool:
    words = _words(who)
    own = _metadata_words(document)
    others = words - _GENERIC
    return bool(words) and others <= own and bool(others or words & _VOICES)


def _is_about(aside: str, document: DocumentInfo) -> bool:
    """Whether an aside says nothing but when a document was published, and where."""
    rest = aside
    for iso, start, end in find_dates(aside):
        if not (document.published or "").startswith(iso):
            return False
        rest = rest.replace(aside[start:end], " ")
    return _words(rest) <= _metadata_words(document) | _GENERIC


def _metadata_words(document: DocumentInfo) -> frozenset[str]:
    fields = (*document.authors, document.title or "", document.publisher or "")
    return _words(" ".join(fields))


def _words(text: str) -> frozenset[str]:
    words = re.findall(r"[\w-]+(?:['’][a-rt-z]\w*)?", text.casefold())
    return frozenset(word for word in words if word != "s")
