"""From canonical text to labeled blocks: paragraphs, headings, bylines, notes, boilerplate.

Blocks are spans in reading order; what lies between them is white space. A paragraph that a page
break cut in two is one block whose span holds the break. Each row of a table is a block.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.canonical import FOOTNOTE_MARK
from index.comments import find_comments, without_comments
from index.markup import (
    ENDED,
    LIST_ITEM,
    MARKDOWN_HEADING,
    NUMBERED,
    front_matter_end,
    heading_level,
    unmarked,
)
from index.paragraphs import WRAP_WIDTH, find_paragraphs, overlaps
from index.tables import Row, find_rows
from index.types import Label, Span

Kind = Literal["paragraph", "heading", "row"]

_NOTES_HEADING = re.compile(
    r"(?:foot|end)?(?:notes|references|bibliography|works cited|sources)\s*:?$", re.I
)
_TAIL_HEADING = re.compile(
    r"(?:related (?:articles|posts|stories|content|reading|briefs)|you (?:may|might) also like"
    r"|more (?:from|on) .{0,40}|recommended(?: reading)?|read more|see also)\s?:?$",
    re.I,
)
_BOILERPLATE = re.compile(
    r"(?:read also|see also|related articles?|advertisement|share this|share on .{0,60}"
    r"|(?:subscribe|sign up|follow us)\b[^.]{0,80}|(?:image|photo)(?: source| credit)?\s?:.*"
    r"|to cite this.*|cite (?:this )?as\s?:.*|about the authors?\s?:?|all rights reserved.*|©.*"
    r"|\(c\) \d{4}.*|copyright\s?(?:©|\(c\)|\d{4}|by\b).*|e-?mail\s?:.*"
    r"|(?:tel|phone|fax)\b[.\s]?:.*|@\w+|<?https?://\S+>?|\[[^\]\s]+\]\(https?://[^)\s]+\)+"
    r"|table of contents|skip to .*|print|menu)$",
    re.I,
)
_LINE = 400
"""Boilerplate and headings are looked for in lines up to this length."""


@dataclass(frozen=True, slots=True)
class Block:
    """A labeled span without surrounding white space."""

    start: int
    end: int
    kind: Kind
    label: Label
    row: Row | None = None
    """Of a row, what it is in its table."""


def find_blocks(
    text: str, byline: Sequence[Span] = (), asides: Sequence[tuple[Span, Label]] = ()
) -> list[Block]:
    """Divide a canonical text into labeled blocks. Comments between paragraphs are boilerplate.

    Args:
        text: canonical text.
        byline: spans of the lines that carry title, author and date (from `metadata`).
        asides: spans of paragraphs that the loader labels, as those of an earlier mail.
    """
    start, comments = front_matter_end(text), find_comments(text)
    text = without_comments(text)
    blocks: list[Block] = []
    if start:
        blocks.append(Block(0, len(text[:start].rstrip()), "paragraph", "front_matter"))
    labeler = _Labeler(text, byline)
    rows = find_rows(text, start)
    apart = [*byline, *(span for span, _ in asides)]
    for span in find_paragraphs(text, start, apart, rows):
        row = rows.get(span[0])
        aside = next((label for other, label in asides if overlaps(span, [other])), None)
        if aside is not None:
            blocks.append(Block(*span, "paragraph", aside))
        elif row is not None:
            blocks.append(labeler.label_row(span, row))
        else:
            blocks.append(labeler.label(span, blocks[-1] if blocks else None))
    return _with_comments(blocks, comments)


def _with_comments(blocks: list[Block], comments: Sequence[Span]) -> list[Block]:
    """The blocks, and the comments that stand between them."""
    if not comments:
        return blocks
    starts = [block.start for block in blocks]
    alone = []
    for start, end in comments:
        before = bisect_right(starts, start) - 1
        if before < 0 or blocks[before].end <= start:
            alone.append(Block(start, end, "paragraph", "boilerplate"))
    return sorted([*blocks, *alone], key=lambda block: block.start)


class _Labeler:
    """Labels blocks in order, and remembers the section they are in."""

    def __init__(self, text: str, byline: Sequence[Span]) -> None:
        self.text = text
        self.byline = byline
        self.section: Label = "body"
        self.level = 0
        self.has_body = False
        self.cited = _cited_notes(text)

    def label(self, span: Span, previous: Block | None) -> Block:
        begin, end = span
        block = self.text[begin:end]
        if self._continues_note(span, previous):
            return Block(begin, end, "paragraph", "notes")
        if _is_section(block, _TAIL_HEADING) and begin > len(self.text) // 2:
            self._enter("boilerplate", block)
            is_marked = MARKDOWN_HEADING.match(block) is not None
            return Block(begin, end, "heading" if is_marked else "paragraph", "boilerplate")
        kind, label = self._classify(block, begin, overlaps(span, self.byline))
        if kind == "heading" and label == "body":
            if self._leaves_section(block, begin):
                is_notes = self.has_body and _is_section(block, _NOTES_HEADING)
                self._enter("notes" if is_notes else "body", block)
            label = self.section
        self.has_body = self.has_body or (kind == "paragraph" and label == "body")
        return Block(begin, end, kind, label)

    def label_row(self, span: Span, row: Row) -> Block:
        """A row of a table: it begins no section, and belongs to the one it stands in."""
        self.has_body = self.has_body or self.section == "body"
        return Block(*span, "row", self.section, row)

    def _classify(self, block: str, begin: int, in_byline: bool) -> tuple[Kind, Label]:
        plain = unmarked(block.partition("\n")[0][: _LINE + 1])
        if self._is_note(block, begin):
            return "paragraph", "notes"
        is_short = len(plain) <= _LINE
        if (is_short and _BOILERPLATE.match(plain)) or not any(map(str.isalnum, block)):
            return "paragraph", "boilerplate"
        is_marked = is_short and MARKDOWN_HEADING.match(block) is not None
        if in_byline and not is_marked:
            return "paragraph", "byline"
        if is_marked and self._stands_over_byline(begin, begin + len(block)):
            return "heading", "byline"
        if is_marked or _looks_like_heading(block, plain):
            return "heading", "body"
        return "paragraph", self.section

    def _stands_over_byline(self, begin: int, end: int) -> bool:
        return any(first <= begin and end < stop for first, stop in self.byline)

    def _is_note(self, block: str, begin: int) -> bool:
        """A footnote's text: a mark that the text above has. Numbered paragraphs have none."""
        match = NUMBERED.match(block)
        if match is None:
            return False
        return ":" in match[0] or self.cited.get(match["number"], begin) < begin

    def _continues_note(self, span: Span, previous: Block | None) -> bool:
        begin, end = span
        if previous is None or previous.label != "notes" or previous.kind == "heading":
            return False
        if "\n" in self.text[previous.end : begin].replace("\n", "", 1):
            return False
        block = self.text[begin : min(end, begin + WRAP_WIDTH + 1)]
        if MARKDOWN_HEADING.match(block):
            return False
        has_ended = ENDED.search(self.text, max(previous.end - 20, previous.start), previous.end)
        return not has_ended or len(block) <= WRAP_WIDTH or self.text[begin - 1] in " \t"

    def _enter(self, section: Label, block: str) -> None:
        self.section = section
        self.level = heading_level(block)

    def _leaves_section(self, block: str, begin: int) -> bool:
        """Whether a heading ends a section of notes or boilerplate; their entries look like one."""
        if self.section == "body":
            return True
        if MARKDOWN_HEADING.match(block):
            return self.level == 0 or heading_level(block) <= self.level
        return self.section == "notes" and not self.level and begin <= len(self.text) // 2


def _cited_notes(text: str) -> dict[str, int]:
    """Where running text first has each footnote mark."""
    cited: dict[str, int] = {}
    for match in FOOTNOTE_MARK.finditer(text):
        number = re.search(r"\d+", match[0])
        if number and match.start() and text[match.start() - 1] != "\n":
            cited.setdefault(number[0], match.start())
    return cited


def _is_section(block: str, pattern: re.Pattern[str]) -> bool:
    if len(block) > _LINE or "\n" in block:
        return False
    return pattern.match(" ".join(block.strip("#* ").split())) is not None


def _looks_like_heading(block: str, plain: str) -> bool:
    if "\n" in block or len(plain) > 80 or ENDED.search(plain) or LIST_ITEM.match(block):
        return bool(len(plain) <= 80 and _NOTES_HEADING.match(plain))
    words = [word for word in plain.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and plain[0].isupper() and (len(words) <= 3 or capitals >= 0.6 * len(words))
