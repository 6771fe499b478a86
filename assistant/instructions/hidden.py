"""What readers do not see: comments, hidden elements, tag characters, chat tokens, encoded text."""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator

from assistant.instructions.folding import Folded, fold
from assistant.instructions.regions import Region, paragraph_end, paragraph_start

_COMMENT = re.compile(r"<!--")
_HIDDEN = re.compile(
    r"<(?P<name>[a-z][a-z0-9]{0,10})\b[^<>]{0,300}?(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])|\bhidden\b(?!\s*=\s*[\"']?false))[^<>]{0,300}>",
    re.IGNORECASE,
)
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
_DECODED = 60
"""Blobs decoded in one text, at most."""
_REVERSED = re.compile(r"snoitcurtsni|tnatsissa\b|tpmorp m|resu eht llet")
_ROT13 = re.compile(r"vafgehpgvba|\bnffvfgnag\b|\bvtaber\b|gryy gur hfre")


def markup(text: str) -> Iterator[Region]:
    """Comments and hidden elements to their end, chat tokens to the end of their turn."""
    if "<" in text:
        for match in _COMMENT.finditer(text):
            end = text.find("-->", match.end())
            yield match.start(), end + 3 if end >= 0 else paragraph_end(text, match.end())
        for match in _HIDDEN.finditer(text):
            close = f"</{match['name']}>"
            end = text.find(close, match.end())
            yield match.start(), end + len(close) if end >= 0 else paragraph_end(text, match.end())
    if "<" in text or "[" in text or "##" in text:
        for match in _CHAT_TOKEN.finditer(text):
            closing = _CLOSING.search(text, match.end())
            end = paragraph_end(text, closing.end() if closing else match.end())
            yield match.start(), end


def tag_runs(text: str) -> Iterator[Region]:
    """Runs of tag characters, which nothing shows; those that spell out a flag are none."""
    if not text.isascii():
        for match in _TAGS.finditer(text):
            if text[match.start() - 1 : match.start()] != _FLAG or len(match[0]) > 7:
                yield match.start(), match.end()


def encoded(lower: str, text: str, folded: Folded) -> Iterator[tuple[int, int, str]]:
    """Parts in base 64, backwards or in ROT13: where in the folded text, and what they say."""
    if folded.offsets is None:
        for number, match in enumerate(_BLOB.finditer(text)):
            if number >= _DECODED:
                break
            said = _decoded(match[0])
            if said:
                yield match.start(), match.end(), said
    for pattern, read in ((_REVERSED, _backwards), (_ROT13, _rotated)):
        match = pattern.search(lower)
        if match:
            start, end = paragraph_start(lower, match.start()), paragraph_end(lower, match.end())
            yield start, end, read(lower[start:end])


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
