"""Spans of a text, and how far a finding reaches."""

import re
from collections.abc import Iterable

Region = tuple[int, int]
"""A half-open span."""

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(
    r"[.!?։。…][\"'”’»)\]*]{0,3}\s|\n[ \t]*\n|\n(?=[ \t]{0,8}(?:[-*#>•]|\d+[.)]) )"
)

_LEAD = re.compile(r"[\s.!?:;,\])\"'>*-]{1,20}")
"""What a finding may begin with that belongs to the sentence before it."""


def region_of(text: str, start: int, end: int) -> Region:
    """From the sentence of a finding to the end of its paragraph.

    Where the paragraph ends in a colon, or holds nothing but the finding, what it announces is the
    next one, which is taken in too.
    """
    lead = _LEAD.match(text, start, end)
    first = sentence_start(text, lead.end() if lead else start)
    last = paragraph_end(text, end)
    while first < start and text[first].isspace():
        first += 1
    rest = text[first:last].rstrip()
    if rest.endswith(":") or not text[end:last].strip(" \t\n.:!*#=-_>\"'"):
        following = len(text) - len(text[last:].lstrip())
        last = paragraph_end(text, following)
    return first, last


def sentence_start(text: str, position: int) -> int:
    """Where the sentence that holds a position begins, as far as punctuation tells."""
    floor = max(0, position - 2000)
    start = floor
    for match in _SENTENCE_END.finditer(text, floor, position):
        start = match.end()
    return start


def paragraph_end(text: str, position: int) -> int:
    """Where the block of lines that holds a position ends."""
    blank = _BLANK_LINE.search(text, max(0, position - 1))
    return blank.start() if blank else len(text)


def paragraph_start(text: str, position: int) -> int:
    """Where the block of lines that holds a position begins."""
    start = text.rfind("\n\n", 0, position)
    return start + 2 if start >= 0 else 0


def sentence_ends(text: str) -> list[int]:
    """Where each sentence of a text ends, as far as punctuation tells."""
    return [match.start() for match in _SENTENCE_END.finditer(text)]


def merged(regions: Iterable[Region]) -> list[Region]:
    """Regions in order, those that touch or overlap joined; empty ones go."""
    joined: list[Region] = []
    for start, end in sorted(regions):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif end > start:
            joined.append((start, end))
    return joined
