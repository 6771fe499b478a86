"""From canonical text to paragraphs: soft line breaks kept inside, page breaks mended.

Each row of a table is a paragraph of its own.
"""

import re
from collections.abc import Mapping, Sequence

from index.markup import ENDED, LIST_ITEM, MARKDOWN_HEADING, NUMBERED, unmarked
from index.tables import Row, is_rule
from index.types import Span

WRAP_WIDTH = 130
"""A longer line is a paragraph of its own."""
_LONG_PARAGRAPH = 200
_PAGE_LINE = 60
"""What breaks off before a lower-case paragraph and is this long was broken by a page's end."""
_TAIL = 1_000


def find_paragraphs(
    text: str, start: int, byline: Sequence[Span], rows: Mapping[int, Row]
) -> list[Span]:
    """Spans of the paragraphs from `start`, without surrounding white space.

    Args:
        text: canonical text.
        start: where front matter ends.
        byline: spans that no paragraph may share with other text.
        rows: the rows of its tables (from `index.tables.find_rows`).
    """
    return _join_broken(text, _paragraphs(text, start, byline, rows), byline, rows)


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span has a character in common with any of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)


def _paragraphs(
    text: str, start: int, byline: Sequence[Span], rows: Mapping[int, Row]
) -> list[Span]:
    """Spans of paragraphs from `start`, a soft line break kept inside its paragraph."""
    width = _wrap_width(text[start:])
    spans: list[Span] = []
    position = start
    previous = ""
    for line in text[start:].split("\n"):
        stripped = line.strip()
        begin = position + (len(line) - len(line.lstrip()))
        span = begin, begin + len(stripped)
        position += len(line) + 1
        if stripped and spans and begin < spans[-1][1]:
            continue  # the rule below a table's header, which is part of it
        if begin in rows:
            spans.append((begin, rows[begin].end))
            stripped = ""
        elif previous and stripped and _is_soft_break(previous, stripped, width):
            if overlaps(spans[-1], byline) == overlaps(span, byline):
                spans[-1] = (spans[-1][0], span[1])
            else:
                spans.append(span)
        elif stripped:
            spans.append(span)
        previous = stripped
    return spans


def _wrap_width(text: str) -> int:
    """The width a text was wrapped at, or 0 where its lines are whole paragraphs."""
    width = 0
    for run in re.split(r"\n[ \t]*\n", text):
        lines = run.strip("\n").split("\n")
        lengths = [len(line) for line in lines]
        if "|" in run and any(map(is_rule, lines)):
            continue
        if len(lengths) > 1 and max(lengths) <= WRAP_WIDTH:
            width = max(width, *lengths)
    return width


def _is_soft_break(previous: str, line: str, width: int) -> bool:
    if max(len(previous), len(line)) > WRAP_WIDTH:
        return False
    if MARKDOWN_HEADING.match(previous) or MARKDOWN_HEADING.match(line):
        return False
    if LIST_ITEM.match(line) or NUMBERED.match(line):
        return False
    if not any(map(str.isalnum, line)) or not any(map(str.isalnum, previous)):
        return False
    if line[0].islower() and not ENDED.search(previous):
        return True
    # Greedy wrapping: the line was broken because its next word did not fit.
    return len(previous) + 1 + len(line.split(None, 1)[0]) > width > 0


def _join_broken(
    text: str, spans: list[Span], byline: Sequence[Span], rows: Mapping[int, Row]
) -> list[Span]:
    """Join a paragraph that does not end with the next one that goes on with it."""
    joined: list[Span] = []
    for span in spans:
        if (
            joined
            and joined[-1][0] not in rows
            and span[0] not in rows
            and _goes_on(text, joined[-1], span)
            and overlaps(joined[-1], byline) == overlaps(span, byline)
        ):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _goes_on(text: str, paragraph: Span, following: Span) -> bool:
    begin, end = paragraph
    tail = unmarked(text[max(begin, end - _TAIL) : end])
    if len(tail) < _PAGE_LINE or ENDED.search(tail):
        return False
    head = text[begin : begin + 20], text[following[0] : min(following[1], following[0] + _TAIL)]
    if any(map(NUMBERED.match, head)) or any(map(MARKDOWN_HEADING.match, head)):
        return False
    if LIST_ITEM.match(head[1]):
        return False
    # What breaks off goes on in lower case, or with a name ("the South / Caucasus").
    if head[1][0].islower():
        return True
    is_long = len(tail) >= _LONG_PARAGRAPH
    return is_long and "." in tail and "." in head[1] and tail[-1].isalnum()
