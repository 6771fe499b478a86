"""An answer's text as statements: what a reader sees, not what the answer says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.segmentation import find_sentences
from index.types import Span

_MARKER = re.compile(r"[^\S\n]*\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\](?!\()")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\n(?=[^\S\n]*(?:[-*+•>#]|\d{1,3}[.)])\s)")
_LEAD = re.compile(
    r"^(?:[-*+•>#]|\d{1,3}[.)])+\s+|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)", re.M
)
"""List and quote marks at the beginning of a line, and the marks of emphasis."""
_MARKS = re.compile(r"[“”«»\"]")
_CLOSING = {"“": "”", "«": "»", '"': '"'}


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """One sentence of an answer, markers removed."""

    text: str
    citations: tuple[int, ...]
    """The numbers it is marked with, each once."""


def statements_of(text: str) -> tuple[CitedStatement, ...]:
    """Divide an answer's text (Markdown with `[n]` markers) into statements.

    A marker belongs to the sentence it stands in or follows. A quotation is not divided: what
    stands between quotation marks is one statement with the words that introduce it. A line that
    ends in a colon introduces what follows, and states nothing.
    """
    return tuple(
        statement
        for paragraph in _PARAGRAPH.split(text)
        for statement in _in_paragraph(_LEAD.sub("", paragraph))
    )


def quotations(text: str) -> list[Span]:
    """Spans of what stands between quotation marks, these included; the outermost of nested ones.

    A mark without its other half encloses nothing.
    """
    found: list[Span] = []
    open_marks: list[re.Match[str]] = []
    for mark in _MARKS.finditer(text):
        halves = [i for i, other in enumerate(open_marks) if mark[0] == _CLOSING[other[0]]]
        if halves:
            found.append((open_marks[halves[-1]].start(), mark.end()))
            del open_marks[halves[-1] :]
        elif mark[0] in _CLOSING:
            open_marks.append(mark)
    return [
        (start, end)
        for start, end in sorted(found)
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in found)
    ]


def without_quotations(text: str) -> str:
    """The text with each quotation blanked out."""
    for start, end in reversed(quotations(text)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _in_paragraph(paragraph: str) -> Iterator[CitedStatement]:
    plain, markers = _without_markers(paragraph)
    spans = _whole_quotations(plain, find_sentences(plain, 0, len(plain)))
    for place, (start, end) in enumerate(spans):
        next_start = spans[place + 1][0] if place + 1 < len(spans) else len(plain) + 1
        first = 0 if place == 0 else start
        numbers = [n for at, cited in markers if first <= at - (at > 0) < next_start for n in cited]
        words = " ".join(plain[start:end].split())
        if not words.endswith(":"):
            yield CitedStatement(words, tuple(dict.fromkeys(numbers)))


def _without_markers(paragraph: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The paragraph without its markers, and where in it each stood."""
    parts: list[str] = []
    markers: list[tuple[int, list[int]]] = []
    position = length = 0
    for match in _MARKER.finditer(paragraph):
        parts.append(paragraph[position : match.start()])
        length += len(parts[-1])
        markers.append((length, [int(number) for number in match[1].split(",")]))
        position = match.end()
    parts.append(paragraph[position:])
    return "".join(parts), markers


def _whole_quotations(text: str, sentences: list[Span]) -> list[Span]:
    """Sentences put together again where one ends inside a quotation."""
    quoted = quotations(text)
    whole: list[Span] = []
    for start, end in sentences:
        is_inside = whole and any(begin < start < stop for begin, stop in quoted)
        if is_inside:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole
