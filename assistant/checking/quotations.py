"""What a statement puts in quotation marks: letter by letter in a quote, or no quotation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.texts import named
from assistant.details import Check
from assistant.wording import shown
from index.canonical import FOOTNOTE_MARK, matching_text

_PAIRS = (("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("``", "''"), ('"', '"'))
_PATTERNS = "|".join(
    rf"{re.escape(left)}(?P<m{i}>[^“”„«»\"]*){re.escape(right)}"
    for i, (left, right) in enumerate(_PAIRS)
)
_SINGLE = r"(?<!\w)[‘‚'](?P<single>[^‘“”\"\n]+?)[’‘'](?!\w)"
_OPEN = r"[“„«\"](?P<open>[^“”„«»\"]*)$|(?:^|(?<=\s))[‘](?P<open_single>[^’\n]*)$"
_MARKED = re.compile(rf"{_PATTERNS}|{_SINGLE}|{_OPEN}")
_LEFT_OUT = re.compile(r"\s*(?:\[\s*)?(?:…|\.\s?\.\s?\.)(?:\s*\])?\s*|\s*\[\s*\]\s*")
_EDGES = " .,;:!?"
_TERM = 3
"""Up to so many words in quotation marks may be a term or a name, and quote nobody."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks."""

    start: int
    end: int
    """Span in the statement, marks included."""
    words: str
    """What stands between the marks."""
    slices: tuple[tuple[int, str], ...]
    """(number of the quote, slice of it) for each part that is verbatim; empty where one is not."""


def quotations_in(text: str, quotes: Sequence[str]) -> list[Quotation]:
    """What stands in quotation marks, with where it is found in the quotes."""
    found = []
    for match in _MARKED.finditer(text):
        words = next((group for group in match.groups() if group is not None), "")
        if words.strip(_EDGES).strip():  # some white space is no edge
            slices = tuple(_verbatim(words, quotes))
            found.append(Quotation(match.start(), match.end(), words.strip(), slices))
    return found


def check_quotations(text: str, quotes: Sequence[str]) -> tuple[str, Check]:
    """Whether all that is longer than a term and in quotation marks is verbatim.

    Returns:
        (the statement with each quotation replaced by the slice of its quote, or without marks
        where a term is not verbatim; the check).
    """
    found = quotations_in(text, quotes)
    false = [item.words for item in found if not item.slices and len(item.words.split()) > _TERM]
    for item in reversed(found):
        text = text[: item.start] + _replaced(item) + text[item.end :]
    if false:
        return text, Check("quotations", False, f"{named(false)}: not verbatim in a cited quote")
    many = f"{len(found)} in quotation marks, each verbatim or a term" if found else "none"
    return text, Check("quotations", True, many)


def _replaced(item: Quotation) -> str:
    if not item.slices:
        return item.words
    stop = item.words[-1] if item.words[-1] in ".,;!?" else ""
    words = " … ".join(shown(part) for _, part in item.slices)
    return f"“{words}”{'' if words.endswith(stop or ' ') else stop}"


def _verbatim(words: str, quotes: Sequence[str]) -> list[tuple[int, str]]:
    """Each part of a quotation as the same quote has it, in order; empty if one is not there."""
    parts = [part.strip(_EDGES) for part in _LEFT_OUT.split(words)]
    parts = [part for part in parts if part]
    for number, quote in enumerate(quotes):
        found, position = [], 0
        for part in parts:
            span = _find(part, quote, position)
            if span is None:
                break
            found.append((number, quote[span[0] : span[1]]))
            position = span[1]
        if found and len(found) == len(parts):
            return found
    return []


def _find(part: str, quote: str, position: int) -> tuple[int, int] | None:
    """The span of a quote that reads as `part` does, whole words alone, case left aside."""
    wanted, _ = _folded(part)
    if not wanted:  # nothing in it can be seen
        return None
    folded, offsets = _folded(quote)
    start = -1
    while (start := folded.find(wanted, start + 1)) >= 0:
        end = start + len(wanted)
        is_whole = not (
            (start and folded[start - 1].isalnum() and wanted[0].isalnum())
            or (folded[end : end + 1].isalnum() and wanted[-1].isalnum())
        )
        if is_whole and offsets[start] >= position:
            return offsets[start], offsets[end - 1] + 1
    return None


@lru_cache(maxsize=1024)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """A text for comparing, with the position in `text` of each of its characters."""
    marks = {i for match in FOOTNOTE_MARK.finditer(text) for i in range(*match.span())}
    folded: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        if position in marks:
            continue
        if character.isspace():
            piece = " " if folded and folded[-1] != " " else ""
        else:
            piece = matching_text(character).casefold().replace("'", '"')
        folded += piece
        offsets += [position] * len(piece)
    while folded and folded[-1] == " ":
        folded.pop(), offsets.pop()
    return "".join(folded), tuple(offsets)
