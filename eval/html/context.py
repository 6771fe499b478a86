"""A span of a document with the text around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from eval.html.wording import shortened

CONTEXT = 160
"""Code points shown on either side of a quote, less where the paragraph ends."""
REACH = 240
"""How far from a quote gold evidence is still shown beside it."""
LONGEST_QUOTE = 2_000

Span = tuple[int, int]
"""Half-open range of code points."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is shown in one way."""

    text: str
    is_quote: bool = False
    is_gold: bool = False


def characters(start: int, end: int) -> str:
    """A span in words."""
    return f"characters {start:,}–{end:,}"


def in_context(text: str, quote: Span | None, gold: Iterable[Span]) -> tuple[Piece, ...]:
    """A quote, and gold evidence that overlaps it or stands close to it, with the text around.

    Args:
        text: the document.
        quote: its span; None to show gold evidence alone. What lies outside the text is left out.
        gold: spans of gold evidence in this document.
    """
    quotes = [_clipped(quote, len(text))] if quote else []
    spans = [span for span in gold if not quotes or _is_near(span, quotes[0])]
    low = min((start for start, _ in (*quotes, *spans)), default=0)
    high = max((end for _, end in (*quotes, *spans)), default=0)
    begin, finish = _before(text, low), _after(text, high)
    edges = {begin, finish, *(edge for span in (*quotes, *spans) for edge in span)}
    cuts = sorted(edge for edge in edges if begin <= edge <= finish)
    pieces = [
        Piece(
            shortened(text[start:end], LONGEST_QUOTE),
            is_quote=any(a <= start and end <= b for a, b in quotes),
            is_gold=any(a <= start and end <= b for a, b in spans),
        )
        for start, end in pairwise(cuts)
    ]
    before = [Piece("… ")] if begin and not _begins_paragraph(text, begin) else []
    after = [Piece(" …")] if finish < len(text) and not _ends_paragraph(text, finish) else []
    return (*before, *pieces, *after)


def _is_near(span: Span, quote: Span) -> bool:
    return span[0] < quote[1] + REACH and quote[0] - REACH < span[1]


def _clipped(span: Span, length: int) -> Span:
    start = min(max(0, span[0]), length)
    return start, min(max(start, span[1]), length)


def _before(text: str, start: int) -> int:
    """Where context begins: at the paragraph, or at a word not too far away."""
    low = max(0, start - CONTEXT)
    paragraph = text.rfind("\n\n", low, start)
    if paragraph >= 0:
        return paragraph + 2
    word = text.find(" ", low, start) if low else -1
    return word + 1 if word >= 0 else low


def _after(text: str, end: int) -> int:
    high = min(len(text), end + CONTEXT)
    paragraph = text.find("\n\n", end, high)
    if paragraph >= 0:
        return paragraph
    word = text.rfind(" ", end, high) if high < len(text) else -1
    return word if word >= 0 else high


def _begins_paragraph(text: str, place: int) -> bool:
    return text[:place][-2:] == "\n\n"


def _ends_paragraph(text: str, place: int) -> bool:
    return text.startswith("\n\n", place)
