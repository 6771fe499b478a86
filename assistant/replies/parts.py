"""Where a part of a reply ends, and how much of one can be shown while it is written."""

import re

from assistant.replies.lines import FENCE, leads_with_ids, may_be_none, unprefixed
from assistant.replies.markers import (
    LABEL,
    MARKER,
    MARKER_PATTERN,
    SAYING,
    capitalized,
    take_marks,
    without_emphasis,
)
from index.segmentation import find_sentences

PART_CHARACTERS = 2_000
"""A longer stretch without a line's end or a marker is cut: memory and time stay bounded."""
PREVIEW_CHARACTERS = 600
"""A longer part is not shown further before it is complete."""

_UPPER = r"[A-ZÀ-ÖØ-Þ\"“«]"
_CUT = re.compile(
    rf"[.!?…。！？][\"'”’)*]{{0,3}}[ \t]{{0,3}}(?P<marks>(?:{MARKER_PATTERN}[ \t]{{0,3}}){{1,8}})"
    rf"(?={_UPPER})"
    rf"|{MARKER_PATTERN}[.!?][\"”]?[ \t]{{1,3}}(?={_UPPER})"
)
_BEGINS = re.compile(_UPPER)
_UNCLOSED = re.compile(r"(?:[\[【{][^\]】}]{0,80}|\([^)]{0,80}|\^[\d.,{ ]{0,20})\Z")
_QUOTATION_MARK = re.compile(r"[\"“”„«»‘]|(?<!\w)['’]|['’](?!\w)")
_UNDECIDED_END = re.compile(r"[\s*_`\\\[【(]+\Z|(?<=[.!?])\s+\S{1,3}\Z")
_IS_TEXT = re.compile(r"[^\W\d_]{3}|[^\W\d_]{2}\W|[^\W\d_][ \t]\w")
_NUMBER_FIRST = re.compile(r"[\d.,]+[%\w]*[ \t]+\w\w")


def part_end(text: str, searched: int = 0) -> int | None:
    """Where the first part of a text within a line ends; None while that is open.

    A part ends behind a sentence's markers, or before them in a line whose ids come first, as soon
    as the next sentence has begun.

    Args:
        text: from the beginning of the part on, without a line's end.
        searched: so many characters of it were searched before: its end is not within them.
    """
    head = text[:PART_CHARACTERS]
    match = _CUT.search(head) if _BEGINS.search(head, searched) else None
    if match:
        return match.start("marks") if match["marks"] and leads_with_ids(head) else match.end()
    if len(text) < PART_CHARACTERS:
        return None
    space = max(head.rfind(" "), head.rfind("\t"))
    return space if space > PART_CHARACTERS // 2 else PART_CHARACTERS


def opening(text: str) -> str | None:
    """A part without what stands in front of its first sentence; None while that is undecided."""
    if FENCE.fullmatch(text.strip()):
        return None
    body, is_heading = unprefixed(text.lstrip())
    while match := MARKER.match(body):
        rest = body[match.end() :]
        body = rest.lstrip(" \t:,;-–—.)*")
        body = capitalized(body) if rest.startswith(",") else body
    if label := LABEL.match(body):
        body = body[label.end() :]
    body = without_emphasis(body).lstrip()
    words = _QUOTATION_MARK.sub("", body[:60])
    begun = _IS_TEXT.match(words) or _NUMBER_FIRST.match(words)
    return None if is_heading or not begun else body


def preview(body: str, language: str = "en") -> str:
    """As much of a part's first sentence, in display form, as can be shown before it is complete.

    Args:
        body: the part from its `opening` on.
        language: ISO 639-1 code, for the ends of sentences.

    Returns:
        The sentence up to what may become a marker, and without quotation marks, as nobody has
        looked yet whether the words between them are a quotation. Nothing of a sentence as long as
        it may turn out to be no statement.
    """
    if may_be_none(body) or SAYING.match(body):
        return ""
    text = body
    if unclosed := _UNCLOSED.search(text, max(0, len(text) - 100)):
        text = text[: unclosed.start()]
    plain, _ = take_marks(_UNDECIDED_END.sub("", text))
    spans = find_sentences(plain, 0, len(plain), language)
    return _QUOTATION_MARK.sub("", plain[: spans[0][1]]) if spans else ""
