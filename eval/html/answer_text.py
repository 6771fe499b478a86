"""An answer's text as paragraphs, in which the markers of its quotes are links."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

NO_BREAK_SPACE = "\u00a0"

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """Plain text, or a marker."""

    text: str
    place: int | None = None
    """Of the quote that the marker means, from 1; None for plain text."""
    is_first: bool = False
    """Whether it is the first marker of this quote in the answer."""


def paragraphs(text: str, quotes: Collection[str], places: Mapping[int, int]) -> list[list[Run]]:
    """Cut a text at blank lines and at markers. Nothing else of Markdown is read.

    Args:
        text: the answer's text.
        quotes: the texts of its quotes: where they stand in quotation marks, a `[2]` inside is the
            source's own.
        places: of its quotes, by their numbers; any other `[n]` is plain text.
    """
    seen: set[int] = set()
    pattern = _pattern(quotes)
    return [
        list(_runs(block, pattern, places, seen))
        for block in _BLANK_LINE.split(text.strip())
        if block
    ]


def _runs(
    block: str, pattern: re.Pattern[str], places: Mapping[int, int], seen: set[int]
) -> Iterator[Run]:
    position = 0
    for match in pattern.finditer(block):
        place = places.get(int(match["number"] or -1))
        if place is None:
            continue
        if match.start() > position:
            yield Run(_before_marker(block[position : match.start()]))
        yield Run(match[0], place, is_first=place not in seen)
        seen.add(place)
        position = match.end()
    if position < len(block):
        yield Run(block[position:])


def _before_marker(text: str) -> str:
    """A marker stays on the line of the words that it belongs to."""
    return text[:-1] + NO_BREAK_SPACE if text.endswith(" ") else text


def _pattern(quotes: Collection[str]) -> re.Pattern[str]:
    """Quoted quotes first, so that they are passed over whole."""
    said = sorted(
        {re.escape(" ".join(quote.split())) for quote in quotes if quote.strip()}, key=len
    )
    marker = r"\[(?P<number>[0-9]{1,4})\]"
    return re.compile(f"“(?:{'|'.join(reversed(said))})”|{marker}" if said else marker)
