"""The marks that converters and Markdown leave in a text, and text without them."""

import re

from index.canonical import FOOTNOTE_MARK

MARKDOWN_HEADING = re.compile(r"#{1,6}\s+\S")
LIST_ITEM = re.compile(r"(?:[-*+•]|\(?\d{1,3}[.)]|\(?[ivx]{1,4}[.)])\s+\S")
NUMBERED = re.compile(r"\[\^?(?P<number>\d{1,3})\]:?\s|\[\^(?P<name>[\w-]{1,20})\]:\s")
"""How a footnote's text begins, and a numbered paragraph."""
ENDED = re.compile(r"[.!?…:;。！？।։؟]['\"”’»)\]*_]*$")
"""The end of a line that ends a sentence."""
_FRONT_MATTER_KEY = re.compile(r"[\"']?[\w][\w .-]{0,60}[\"']?:(?:\s|$)|\{")
_FRONT_MATTER_LIMIT = 16_384
_EMPHASIS = re.compile(r"\*\*|__")
_EMPHASIZED = re.compile(r"([*_]{1,3})(?P<text>[^*_].*[^*_])\1", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,300}\)")
_HEADING_MARKS = re.compile(r"^#{1,6}\s+|(?<=\s)#+$")


def front_matter_end(text: str) -> int:
    """Where YAML front matter ends, or 0 where there is none.

    Rules between paragraphs look like its fences; what is between these has `key: value` lines.
    """
    if not text.startswith("---"):
        return 0
    lines = text[:_FRONT_MATTER_LIMIT].split("\n")
    end = len(lines[0]) + 1
    if lines[0].rstrip(" \t") != "---" or len(lines) < 2 or not lines[1].strip():
        return 0
    has_keys = False
    for line in lines[1:]:
        end += len(line) + 1
        if line.rstrip(" \t") in ("---", "..."):
            return min(end, len(text)) if has_keys else 0
        has_keys = has_keys or _FRONT_MATTER_KEY.match(line) is not None
    return 0


def unmarked(line: str) -> str:
    """A line without footnote marks and the emphasis around it."""
    if "[" in line:
        line = FOOTNOTE_MARK.sub("", line)
    return line.strip().strip("*_").strip()


def plain_line(line: str) -> str:
    """A line as a reader sees it: no marks of emphasis, links, footnotes or headings."""
    plain = _LINK.sub(r"\1", FOOTNOTE_MARK.sub("", line))
    return unmarked(_EMPHASIS.sub("", _HEADING_MARKS.sub("", plain.strip())))


def heading_text(block: str) -> str:
    """What a heading says, without its marks."""
    plain = _HEADING_MARKS.sub("", block).strip()
    emphasized = _EMPHASIZED.fullmatch(plain)
    return emphasized["text"] if emphasized else plain


def heading_level(block: str) -> int:
    """The number of `#` a block begins with: 0 for what is no Markdown heading."""
    return len(block) - len(block.lstrip("#"))
