"""What a text's own lines state about it: title, authors, date and publisher.

They are read from the top (masthead, title, byline, dateline), from a citation that a page
recommends for itself, and from a copyright line. A wrong title, author or date is worse than none:
a line counts only where its form or a neighboring line shows what it is. The date a page was
accessed or updated, and the years of a copyright, are not a publication date.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.canonical import FOOTNOTE_MARK
from index.dates import find_date, find_month_day
from index.lines import Line, is_role, lines_of
from index.metadata import Metadata
from index.names import ORGANIZATION, is_name
from index.titles import find_title, is_masthead, is_running
from index.types import Span

_PUBLISHER = re.compile(r"(?:publisher|published by)\s*:\s*(?P<name>\S.*)", re.I)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s?(?:©\s?)?(?:\d{4}(?:\s?[-–]\s?\d{4})?)?,?\s?(?:by\s)?"
    r"(?P<owner>[^\W\d_][^.|]{2,80}?)\s?(?:[.|]|all rights reserved|$)",
    re.I,
)
_CITATION = re.compile(
    r"(?:to cite this[^:]{0,40}|(?:please )?cite (?:this )?as|(?:suggested|recommended) citation)"
    r"\s?:",
    re.I,
)
_ACCESSED = re.compile(r"(?:accessed|retrieved|last (?:visited|viewed|updated))\b[^<]*", re.I)
_SERIES_YEAR = re.compile(r"\bno\.?\s?((?:19|20)\d{2})\s?/\s?\d+", re.I)
_QUOTED_TITLE = re.compile(r"[\"“][^\"”]{3,}[\"”]\.?\s?(?P<publisher>[^,.]{4,80}),")
_ACRONYM = re.compile(r"^[A-Z]{2,8}\s*[-–—|:]\s*")
_TOP_LINES = 14
_BYLINE_LINES = 20
"""A byline may follow the lead paragraph, so it is looked for in more lines than a title."""
_CLOSING_LINES = 40


def from_text(metadata: Metadata, text: str) -> None:
    """Take the fields the text's own lines state."""
    lines = lines_of(text)
    top = _top(lines)
    cited = [line for line in lines if "cit" in line.text.lower() and _CITATION.match(line.plain)]
    author = _author(metadata, text, lines, top, cited)
    title = find_title(top, lines[len(top) : len(top) + 1], author)
    if title is not None:
        metadata.state("title", title.title, "byline", title.span)
    _date(metadata, top, author)
    for line in cited[:1]:
        _citation(metadata, line)
    _publisher(metadata, lines, top, title)
    metadata.byline_lines = [*_top_span(metadata, top), *(span for _, span in metadata.spans)]


def _top(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines before the first one that reads as running text."""
    following: list[Line | None] = [*lines[1 : _TOP_LINES + 1], None]
    for position, (line, after) in enumerate(zip(lines[:_TOP_LINES], following, strict=False)):
        if is_running(line, after):
            return lines[:position]
    return lines[:_TOP_LINES]


def _author(
    metadata: Metadata,
    text: str,
    lines: Sequence[Line],
    top: Sequence[Line],
    cited: Sequence[Line],
) -> Line | None:
    """Take the authors from the first byline, or from a name that other lines confirm."""
    head = lines[:_BYLINE_LINES]
    stated = [line for line in head if line.authors]
    if stated:
        first = head.index(stated[0])
        adjacent = [line for line in head[first:] if line.authors]
        together = [stated[0]]
        for before, after in pairwise(adjacent):
            if head.index(after) != head.index(before) + 1:
                break
            together.append(after)
        names = [name for line in together for name in line.authors]
        authors = tuple(dict.fromkeys(_as_written(name, text) for name in names))
        for line in together:
            metadata.state("authors", authors, "byline", line.span)
        return stated[0]
    confirmed = [line for line in top if _is_confirmed(line, top, cited)]
    if not confirmed:
        return None
    surname = _surname(confirmed[0])
    same = [line for line in confirmed if _surname(line) == surname]
    fullest = max(same, key=lambda line: len(line.bare))
    metadata.state("authors", (_as_written(fullest.bare, text),), "byline", fullest.span)
    return confirmed[0]


def _surname(line: Line) -> str:
    return line.bare.rpartition(" ")[2].casefold()


def _is_confirmed(line: Line, top: Sequence[Line], cited: Sequence[Line]) -> bool:
    """Whether another line shows that a bare name is the author's."""
    if not is_name(line.bare):
        return False
    after = top[top.index(line) + 1 :][:2]
    return any(is_role(other.plain) for other in after) or any(
        _surname(line) in other.plain.casefold() for other in cited
    )


def _as_written(name: str, text: str) -> str:
    """`Jane DOE` as `Jane Doe`, where the text itself writes it so."""
    if any(len(word) > 2 and word.isupper() for word in name.split()):
        for match in re.finditer(re.escape(name), text, re.I):
            if not any(len(word) > 2 and word.isupper() for word in match[0].split()):
                return match[0]
    return name


def _date(metadata: Metadata, top: Sequence[Line], author: Line | None) -> None:
    lines = [*top, author] if author is not None and author not in top else top
    for line in lines:
        if line.date is None:
            continue
        found = find_date(line.text)
        exact = found is not None and found[0] == line.date
        span = (line.start + found[1], line.start + found[2]) if found and exact else line.span
        metadata.state("published", line.date, "byline", span)
        return


def _citation(metadata: Metadata, line: Line) -> None:
    """Date and publisher from the citation a page recommends for itself."""
    stated = _ACCESSED.sub("", FOOTNOTE_MARK.sub("", line.plain))
    quoted = _QUOTED_TITLE.search(stated)
    dated = stated[quoted.end() :] if quoted else stated
    found = find_date(dated)
    series = _SERIES_YEAR.search(dated)
    iso = found[0] if found else find_month_day(dated, series[1]) if series else None
    metadata.state("published", iso, "byline", line.span)
    if quoted:
        metadata.state("publisher", quoted["publisher"].strip(), "byline", line.span)


def _publisher(
    metadata: Metadata, lines: Sequence[Line], top: Sequence[Line], title: Line | None
) -> None:
    """Take the publisher from its label, a copyright line, or a masthead above the title."""
    for line in top:
        if match := _PUBLISHER.fullmatch(line.plain):
            metadata.state("publisher", match["name"], "byline", line.span)
    owners = [
        (match["owner"].strip(), line.span)
        for line in lines[-_CLOSING_LINES:]
        if (match := _COPYRIGHT.match(line.plain)) and ORGANIZATION.search(match["owner"])
    ]
    for owner, span in owners[-1:]:
        metadata.state("publisher", owner, "byline", span)
    for line in top:
        if title is None or line.start >= title.start:
            return
        if is_masthead(line.plain):
            metadata.state("publisher", _ACRONYM.sub("", line.plain), "byline", line.span)
            return


def _top_span(metadata: Metadata, top: Sequence[Line]) -> list[Span]:
    """From the first line to the last of the top ones that states something."""
    starts = [span[0] for _, span in metadata.spans]
    stated = [
        position
        for position, line in enumerate(top)
        if line.text.startswith("# ")
        or any(line.start <= start <= line.span[1] for start in starts)
    ]
    if not stated:
        return []
    last = stated[-1]
    # The line after an author's name may say who the author is.
    if last + 1 < len(top) and is_role(top[last + 1].plain):
        last += 1
    return [(top[0].start, top[last].span[1])]
