"""From canonical text to labeled blocks: paragraphs, headings, bylines, notes, boilerplate.

Blocks are spans in reading order; what lies between them is white space. A paragraph that a page
break cut in two is one block whose span holds the break.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.canonical import FOOTNOTE_MARK
from index.types import Label, Span

Kind = Literal["paragraph", "heading"]

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+\S")
_LIST_ITEM = re.compile(r"(?:[-*+•]|\(?\d{1,3}[.)]|\(?[ivx]{1,4}[.)])\s+\S")
_NOTE = re.compile(r"\[\^?\d{1,3}\]:?\s|\[\^[\w-]+\]:\s")
_NOTES_HEADING = re.compile(
    r"(?:foot|end)?(?:notes|references|bibliography|works cited|sources)\s*:?$", re.I
)
_TAIL_HEADING = re.compile(
    r"(?:related (?:articles|posts|stories|content|reading|briefs)|you (?:may|might) also like"
    r"|more (?:from|on) .{0,40}|recommended(?: reading)?|read more|see also)\s*:?$",
    re.I,
)
_BOILERPLATE = re.compile(
    r"(?:read also|see also|related articles?|advertisement|share this|share on|subscribe\b.*"
    r"|sign up\b.*|follow us\b.*|(?:image|photo)(?: source| credit)?\s*:.*|to cite this.*|cite as.*"
    r"|about the authors?\s*:?|all rights reserved.*|©.*|\(c\) \d{4}.*|copyright\b.*|e-?mail\s*:.*"
    r"|(?:tel|phone|fax)\b[.\s]*:.*|@\w+|<?https?://\S+>?|\[?\S+\]\(https?://\S+\)+|table of contents|skip to .*|print|menu)$",
    re.I,
)
_ENDED = re.compile(r"[.!?…:;]['\"”’»)\]*_]*$")
_WRAP_WIDTH = 130
_LONG_PARAGRAPH = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A labeled span without surrounding white space."""

    start: int
    end: int
    kind: Kind
    label: Label


def find_blocks(text: str, byline: Sequence[Span] = ()) -> list[Block]:
    """Divide a canonical text into labeled blocks.

    Args:
        text: canonical text.
        byline: spans of the lines that carry title, author and date (from `metadata`).
    """
    start = front_matter_end(text)
    blocks: list[Block] = []
    if start:
        blocks.append(Block(0, len(text[:start].rstrip()), "paragraph", "front_matter"))
    section: Label = "body"
    for begin, end in _join_broken(text, _paragraphs(text, start)):
        block = text[begin:end]
        in_byline = any(begin < stop and first < end for first, stop in byline)
        kind, label = _classify(block, in_byline, section)
        if blocks and blocks[-1].label == "notes" and text[begin - 1] == "\n" != text[begin - 2]:
            kind, label = "paragraph", "notes"  # a note that goes on in its next line
        elif _starts_tail(block) and begin > len(text) // 2:
            section = label = "boilerplate"
        elif kind == "heading" and (section != "boilerplate" or block.startswith("#")):
            section = label = "notes" if _NOTES_HEADING.match(block.strip("#* ")) else "body"
        elif kind == "heading":
            label = section
        blocks.append(Block(begin, end, kind, label))
    return blocks


def front_matter_end(text: str) -> int:
    """Where YAML front matter ends, or 0 where there is none."""
    match = _FRONT_MATTER.match(text)
    return match.end() if match else 0


def unmarked(line: str) -> str:
    """A line without footnote marks and the emphasis around it."""
    return FOOTNOTE_MARK.sub("", line).strip().strip("*_").strip()


def _starts_tail(block: str) -> bool:
    return "\n" not in block and _TAIL_HEADING.match(block.strip("#* ")) is not None


def _classify(block: str, in_byline: bool, section: Label) -> tuple[Kind, Label]:
    first = block.partition("\n")[0]
    plain = unmarked(first)
    if _NOTE.match(block):
        return "paragraph", "notes"
    if _BOILERPLATE.match(plain) or not any(map(str.isalnum, block)):
        return "paragraph", "boilerplate"
    if in_byline:
        return ("heading" if _MARKDOWN_HEADING.match(block) else "paragraph"), "byline"
    if _MARKDOWN_HEADING.match(block) or _looks_like_heading(block, plain):
        return "heading", "body"
    return "paragraph", section


def _looks_like_heading(block: str, plain: str) -> bool:
    if "\n" in block or len(plain) > 80 or _ENDED.search(plain) or _LIST_ITEM.match(block):
        return bool(_NOTES_HEADING.match(plain))
    words = [word for word in plain.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and plain[0].isupper() and (len(words) <= 3 or capitals >= 0.6 * len(words))


def _paragraphs(text: str, start: int) -> list[tuple[int, int]]:
    """Spans of paragraphs from `start`, a soft line break kept inside its paragraph."""
    width = _wrap_width(text[start:])
    spans: list[tuple[int, int]] = []
    position = start
    open_paragraph = False
    previous = ""
    for line in text[start:].split("\n"):
        stripped = line.strip()
        begin = position + (len(line) - len(line.lstrip()))
        position += len(line) + 1
        if not stripped:
            open_paragraph = False
            continue
        end = begin + len(stripped)
        if open_paragraph and _is_soft_break(previous, stripped, width):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
        open_paragraph = True
        previous = stripped
    return spans


def _wrap_width(text: str) -> int:
    """The width a text was wrapped at, or 0 where its lines are whole paragraphs."""
    width = 0
    for run in re.split(r"\n[ \t]*\n", text):
        lengths = [len(line) for line in run.strip("\n").split("\n")]
        if len(lengths) > 1 and max(lengths) <= _WRAP_WIDTH:
            width = max(width, *lengths)
    return width


def _is_soft_break(previous: str, line: str, width: int) -> bool:
    if _MARKDOWN_HEADING.match(previous) or _MARKDOWN_HEADING.match(line):
        return False
    if _LIST_ITEM.match(line) or _NOTE.match(line) or max(len(previous), len(line)) > _WRAP_WIDTH:
        return False
    if line[0].islower() and not _ENDED.search(previous):
        return True
    # Greedy wrapping: the line was broken because its next word did not fit.
    return len(previous) + 1 + len(line.split(None, 1)[0]) > width > 0


def _join_broken(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a paragraph that does not end with the next one that goes on with it."""
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and _goes_on(text[slice(*joined[-1])], text[begin:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def _goes_on(paragraph: str, following: str) -> bool:
    tail = unmarked(paragraph)
    if _ENDED.search(tail) or not tail or len(tail) < _LONG_PARAGRAPH:
        return False
    if _NOTE.match(following) or _NOTE.match(paragraph) or _LIST_ITEM.match(following):
        return False
    # A long paragraph that breaks off goes on in lower case, or with a name ("the South / Caucasus").
    return following[0].islower() or ("." in tail and "." in following and tail[-1].isalnum())
