"""HTML comments in Markdown: part of the text, and nothing that its readers see."""

import re

from index.types import Span

_OPENING = "<!--"
_CLOSING = "-->"
_SHOWN = re.compile(r"[^\n]")


def find_comments(text: str) -> list[Span]:
    """Spans of the comments, in order. One that is never closed is none."""
    spans: list[Span] = []
    start = text.find(_OPENING)
    while start >= 0:
        end = text.find(_CLOSING, start + len(_OPENING) - 2)  # "<!-->" is a whole one
        if end < 0:
            break
        end += len(_CLOSING)
        spans.append((start, end))
        start = text.find(_OPENING, end)
    return spans


def without_comments(text: str) -> str:
    """The text with spaces for its comments: every other character stays in its place."""
    spans = find_comments(text)
    if not spans:
        return text
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], _SHOWN.sub(" ", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])
