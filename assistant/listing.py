"""Questions about all documents: which there are, who wrote them, which is the newest."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.voices import asked_authors
from index import DocumentInfo
from index.dates import find_date
from index.filters import date_range

Listed = Literal["title", "authors", "published"]
"""What is quoted of each document."""

_KINDS = (
    r"(?:articles?|documents?|texts?|briefs?|essays?|commentar(?:y|ies)|pieces?|papers?|posts?"
    r"|reports?|sources?|files?)"
)
_WRITINGS = r"(?:articles?|documents?|texts?|briefs?|essays?|commentar(?:y|ies)|pieces?)"
"""The kinds that a text seldom has others of, which a question could mean instead."""
_HERE = (
    r"(?:\s(?:in|of)\s(?:the|this|your)\s(?:collection|index|corpus|library|set|folder|archive)"
    r"|\shere)?"
)
_HOLD = (
    r"(?:are\s(?:there|here|available|indexed|included)|is\sthere|do\syou\s(?:have|know|hold)|do\swe\shave"
    r"|exist|have\sbeen\sindexed|(?:does|do)\s(?:the|this)\s(?:collection|index|corpus|library)\s"
    r"(?:have|hold|contain|include))"
)
_COUNT = re.compile(
    rf"how\smany\s(?:different\s)?{_KINDS}\s(?:{_HOLD}{_HERE}"
    r"|are\sin\s(?:the|this|your)\s(?:collection|index|corpus|library))",
    re.I,
)
_ALL = re.compile(
    rf"(?:(?:please\s)?(?:list|show|name|enumerate)(?:\sme)?\s(?:all\s)?(?:of\s)?(?:the|your)?\s?{_KINDS}{_HERE}"
    rf"|(?:what|which)\s{_KINDS}\s{_HOLD}{_HERE}"
    r"|(?:what|which)\s(?:documents|articles)\sare\sin\s(?:the|this|your)\s(?:collection|index|corpus|library)"
    rf"|what\sare\sthe\s(?:titles\sof\sthe\s{_KINDS}|titles|documents|articles|sources)(?:\scalled)?{_HERE})",
    re.I,
)
_AUTHORS = re.compile(
    rf"(?:who\s(?:are|were)\s(?:all\s)?(?:the|your)\sauthors(?:\sof\s(?:the|these|those)\s{_KINDS})?{_HERE}"
    rf"|(?:list|name|show)(?:\sme)?\s(?:all\s)?(?:the\s)?authors{_HERE}"
    rf"|(?:what|which)\sauthors\s{_HOLD}{_HERE}"
    rf"|who\s(?:wrote|authored)\s(?:all\s)?(?:the|these|those)\s(?:articles|documents|texts|briefs|essays|pieces){_HERE})",
    re.I,
)
_EXTREME = re.compile(
    rf"(?:what|which)\s(?:is|was)\sthe\s(?P<a>newest|latest|most\srecent|oldest|earliest)\s{_WRITINGS}{_HERE}"
    rf"|(?:what|which)(?:\sone)?(?:\sof\sthe)?\s{_WRITINGS}\s(?:is|was)\s(?:the\s)?(?:published\s)?"
    rf"(?P<b>newest|latest|most\srecent(?:ly)?|oldest|earliest|first|last)(?:\sone)?(?:\spublished)?{_HERE}",
    re.I,
)
_OLDEST = re.compile(r"oldest|earliest|first", re.I)
_DATED = re.compile(
    rf"(?:(?:what|which)(?:\sof\sthe)?\s{_WRITINGS}\s"
    r"(?:(?:are|is|were|was|date|dates|have\sbeen|appeared)\s)?(?:(?:published|written|dated)\s)?"
    rf"|(?:list|show|name)(?:\sme)?\s(?:all\s)?(?:the\s)?{_WRITINGS}\s(?:(?:published|written)\s)?)"
    r"(?P<how>from|in|of|on|before|after|since|until|dated)\s"
    rf"(?P<when>(?:\w+\s)?(?:\d{{1,2}},?\s)?(?:\w+\s)?(?:1\d|20)\d\d){_HERE}",
    re.I,
)
_WERE_WRITTEN = re.compile(r"\b(?:published|written|appeared)\b", re.I)
_BY = (
    rf"(?:what|which)\s{_KINDS}\s(?:(?:did|does|has|have|do)\s(?P<a>NAME)\s(?:write|wrote|written|publish(?:ed)?"
    r"|author(?:ed)?)|(?:are|is|were|was)\s(?:written\s|published\s)?(?:by|from)\s(?P<b>NAME))"
    r"|what\s(?:has|have)\s(?P<c>NAME)\s(?:written|published)"
    rf"|(?:list|show|name)(?:\sme)?\s(?:all\s)?(?:the\s)?{_KINDS}\s(?:written\s)?(?:by|from|of)\s(?P<d>NAME)"
)


@dataclass(frozen=True, slots=True)
class AboutDocuments:
    """A question about the metadata of several documents."""

    field: Listed
    documents: tuple[DocumentInfo, ...]
    """Those that the answer names, in its order."""
    is_count: bool = False
    """Whether their number is asked for, so that none may be left out."""
    are_authors: bool = False
    """Whether it is their authors that are asked for, each once."""


def about_documents(question: str, documents: Iterable[DocumentInfo]) -> AboutDocuments | None:
    """Recognize a question about the documents as such.

    Only where the whole question is of such a form: "Which articles did Doe write?", but not
    "Which articles did Doe write for the Times?".
    """
    asked = " ".join(question.split()).rstrip(" ?.!")
    listed = list(documents)
    if _COUNT.fullmatch(asked):
        return AboutDocuments("title", tuple(listed), is_count=True)
    if _ALL.fullmatch(asked):
        return AboutDocuments("title", tuple(listed))
    if _AUTHORS.fullmatch(asked):
        return AboutDocuments("authors", tuple(d for d in listed if d.authors), are_authors=True)
    if match := _EXTREME.fullmatch(asked):
        is_oldest = _OLDEST.match(match["a"] or match["b"]) is not None
        dated = _extreme(listed, is_oldest=is_oldest)
        return AboutDocuments("published", tuple(dated)) if dated else None
    if match := _DATED.fullmatch(asked):
        return _dated(asked, listed, match["how"].lower(), match["when"])
    return _by_author(asked, listed)


def _dated(
    asked: str, documents: Iterable[DocumentInfo], how: str, when: str
) -> AboutDocuments | None:
    """Those of a time; where there are none, "published in 1905" may ask for what a text tells."""
    found = find_date(when)
    wanted = date_range(found[0] if found else when)  # a year alone is no date in running text
    if wanted is None:
        return None
    own = [d for d in documents if d.published and _is_dated(d.published, how, wanted)]
    if not own and _WERE_WRITTEN.search(asked):
        return None
    return AboutDocuments("published", tuple(sorted(own, key=lambda d: d.published or "")))


def _by_author(asked: str, documents: Sequence[DocumentInfo]) -> AboutDocuments | None:
    surnames = {author.split()[-1]: author for d in documents for author in d.authors}
    if not surnames:
        return None
    name = rf"(?:[\w.’'-]+\s){{0,3}}?(?:{'|'.join(map(re.escape, surnames))})"
    match = re.fullmatch(re.sub("NAME", lambda _: name, _BY), asked, re.I)
    if match is None:
        return None
    named = next(filter(None, match.groups()))
    voices = asked_authors(f"What does {named} say?", documents)
    own = tuple(d for d in documents if set(voices) & set(d.authors))
    return AboutDocuments("authors", own) if own else None


def _extreme(documents: Iterable[DocumentInfo], *, is_oldest: bool) -> list[DocumentInfo]:
    """The newest or oldest documents: all that may be, where dates are not precise enough."""
    ranges = [(r, d) for d in documents if d.published and (r := date_range(d.published))]
    if not ranges:
        return []
    if is_oldest:
        bound = min(latest for (_, latest), _ in ranges)
        return [d for (earliest, _), d in ranges if earliest <= bound]
    bound = max(earliest for (earliest, _), _ in ranges)
    return [d for (_, latest), d in ranges if latest >= bound]


def _is_dated(published: str, how: str, wanted: tuple[str, str]) -> bool:
    """Whether a date lies wholly in, before or after a time."""
    own = date_range(published)
    if own is None:
        return False
    (earliest, latest), (first, last) = own, wanted
    if how == "before":
        return latest < first
    if how == "after":
        return earliest > last
    return (how == "until" or earliest >= first) and (how == "since" or latest <= last)
