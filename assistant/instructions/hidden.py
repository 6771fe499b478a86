"""What readers do not see: comments, hidden elements, tag characters, chat tokens, encoded text."""

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache

from assistant.instructions.folding import Folded, fold
from assistant.instructions.regions import Region, paragraph_end, paragraph_start

_COMMENT = re.compile(r"<!--")
_COMMENT_END = re.compile(r"-->")
_HIDDEN = re.compile(
    r"<(?P<name>[a-z][a-z0-9]{0,10})\b[^<>]{0,300}?(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])|\s(?:hidden)\b(?!\s*=\s*[\"']?false))[^<>]{0,300}>",
    re.IGNORECASE,
)
_PALE = re.compile(
    r"<(?P<name>[a-z][a-z0-9]{0,10})\b(?![^<>]{0,300}(?:background|bgcolor))[^<>]{0,300}?(?<![-\w])color"
    r"\s{0,9}[:=]\s{0,9}[\"']?(?:white|#f{3}(?:f{3})?|transparent)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
"""Letters in the color of most pages."""
_LINK_TO_NOTHING = re.compile(
    r"^ {0,3}\[[^\[\]\n]{1,60}\]:[ \t]{0,9}(?:#|<#?>)[ \t]{1,9}[(\"'][^\n]*$", re.MULTILINE
)
"""How comments are written in Markdown: `[//]: # (of this nothing is shown)`."""
_CHAT_TOKEN = re.compile(
    r"<\|?(?:im_start|start_header_id|begin_of_text|system|user|assistant|end_of_turn"
    r"|im_sep)\|>|<start_of_turn>|\[/?INST\]|<</?SYS>>|<｜[^<>\n]{1,40}｜>"
    r"|\[(?:AVAILABLE_TOOLS|TOOL_CALLS|SYSTEM_PROMPT)\]"
    r"|</(?:context|documents?|evidence|passages?|data|system|instructions|prompt|untrusted)>"
    r"\s{0,4}<(?:system|user|instructions?|prompt)>"
    r"|^[ \t]*#{2,4} ?(?:system|instructions?|human|user) ?:[ \t]*$(?=[^#]{0,2000}^[ \t]*#{2,4} ?"
    r"(?:response|assistant|output|input) ?:)",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"<\|(?:im_end|eot_id|end|eot|endoftext)\|>|<end_of_turn>|\[/INST\]|<</SYS>>|</system>|</s>"
)
_FLAG = "\U0001f3f4"
_TAGS = re.compile("[\U000e0000-\U000e007f]{4,}")
_BLOB = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,8000}={0,2}(?![A-Za-z0-9+/=])")
_SHORTEST_BLOB = 24
_DECODED = 60
"""Blobs decoded in one text, at most."""
_REVERSED = re.compile(r"snoitcurtsni|tnatsissa\b|tpmorp m|resu eht llet")
_ROT13 = re.compile(r"vafgehpgvba|\bnffvfgnag\b|\bvtaber\b|gryy gur hfre")


def markup(text: str) -> Iterator[Region]:
    """Comments and elements that hide to their end, chat tokens to the end of their turn."""
    if "<" in text:
        yield from _to_their_end(text, _COMMENT, lambda match: _COMMENT_END)
        for hidden in (_HIDDEN, _PALE):
            yield from _to_their_end(
                text, hidden, lambda match: _closing_tag(match["name"].lower())
            )
    if "]:" in text:
        yield from (match.span() for match in _LINK_TO_NOTHING.finditer(text))
    if "<" in text or "[" in text or "##" in text:
        for start, end in _to_their_end(text, _CHAT_TOKEN, lambda match: _CLOSING):
            yield start, paragraph_end(text, end)


def _to_their_end(
    text: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], re.Pattern[str]]
) -> Iterator[Region]:
    """From what opens a part to what closes it, or to the end of the paragraph without that."""
    unclosed: set[re.Pattern[str]] = set()
    position = 0
    while match := opening.search(text, position):
        ends_with = closing(match)
        end = None if ends_with in unclosed else ends_with.search(text, match.end())
        if end is None:
            unclosed.add(ends_with)
        position = end.end() if end else paragraph_end(text, match.end())
        yield match.start(), position


@cache
def _closing_tag(name: str) -> re.Pattern[str]:
    return re.compile(f"</{name}>", re.IGNORECASE)


def tag_runs(text: str) -> Iterator[Region]:
    """Runs of tag characters, which nothing shows; those that spell out a flag are none."""
    if not text.isascii():
        for match in _TAGS.finditer(text):
            if text[match.start() - 1 : match.start()] != _FLAG or len(match[0]) > 7:
                yield match.start(), match.end()


def encoded(lower: str, text: str, folded: Folded) -> Iterator[tuple[int, str]]:
    """Parts in base 64, backwards or in ROT13: where in the folded text, and what they say."""
    if folded.offsets is None and max(map(len, text.split()), default=0) >= _SHORTEST_BLOB:
        for number, match in enumerate(_BLOB.finditer(text)):
            if number >= _DECODED:
                break
            said = _decoded(match[0])
            if said:
                yield match.start(), said
    for pattern, words, read in _DISGUISES:
        hit = pattern.search(lower) if any(word in lower for word in words) else None
        if hit:
            start, end = paragraph_start(lower, hit.start()), paragraph_end(lower, hit.end())
            yield start, read(lower[start:end])


def _decoded(blob: str) -> str:
    try:
        said = base64.b64decode(blob + "=" * (-len(blob) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    return fold(said).text if said.isprintable() and " " in said else ""


def _backwards(text: str) -> str:
    return "\n".join(line[::-1] for line in text.splitlines())


def _rotated(text: str) -> str:
    return codecs.decode(text, "rot13")


_DISGUISES = (
    (_REVERSED, ("snoitcurtsni", "tnatsissa", "tpmorp", "resu eht"), _backwards),
    (_ROT13, ("vafgehpgvba", "nffvfgnag", "vtaber", "hfre"), _rotated),
)
