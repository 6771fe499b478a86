"""From a part of a reply to the sentences in it."""

import re
from dataclasses import dataclass

import regex

from assistant.replies.asides import (
    is_announcement,
    is_no_answer,
    is_small_talk,
    may_be_aside,
    without_preamble,
)
from assistant.replies.markers import (
    ALONE,
    LABEL,
    MARKER,
    attribute,
    capitalized,
    read_ids,
    without_emphasis,
)
from assistant.replies.pieces import Statement

_PREFIX = regex.compile(
    r"[-*+•–—·▪◦>|]{1,3}[ \t]+|\(?\d{1,3}[.)](?=[ \t]|$)[ \t]*|[a-hA-H]\)[ \t]+"
    r"|(?i:(?:final answer|answer|response|output|reply|statement|sentence|fact|claim|result|"
    r"summary|conclusion|a)(?:[ \t]\d{1,2})?[ \t]?:)[ \t]*"
)
_HEADING = re.compile(r"#{1,6}[ \t]+")
_QUESTION = regex.compile(r"(?:question|q|user query|query)\s?:", regex.IGNORECASE)
FENCE = re.compile(r"(?:```+|~~~+)[ \t]*[\w-]{0,20}[ \t]*")


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a reply holds."""

    statements: tuple[Statement, ...] = ()
    ids: tuple[str, ...] = ()
    """Ids that stand alone, without a sentence."""


def read_part(raw: str, language: str = "en") -> Part:
    """The sentences of a part, without bullets, headings, preambles and small talk.

    Args:
        raw: a line of the reply, or a part of one that ends with a sentence's ids.
        language: ISO 639-1 code, for the ends of sentences.
    """
    text = raw.strip()
    if FENCE.fullmatch(text) or not any(map(str.isalnum, text)):
        return Part()
    body, is_heading = unprefixed(without_emphasis(text))
    if is_no_answer(body) or is_no_answer(text):
        return Part((Statement(text, (), text),))
    if label := LABEL.match(body):
        body = f"[{read_ids(label[0])[0]}] {body[label.end() :]}"
    pairs = attribute(body, language)
    if not pairs or not pairs[0][0]:
        return Part(ids=pairs[0][1] if pairs else ())
    if is_heading and not (pairs[-1][1] or pairs[-1][0].endswith((".", "!", "?"))):
        return Part()
    found = [Statement(sentence, ids, text) for sentence, ids in pairs]
    return Part(tuple(said for statement in found if (said := _said(statement))))


def unprefixed(text: str) -> tuple[str, bool]:
    """A line without bullet, number, label and preamble; and whether it was a heading."""
    is_heading = False
    for _ in range(6):
        text = text.lstrip()
        heading = _HEADING.match(text)
        is_heading = is_heading or heading is not None
        match = heading or _PREFIX.match(text)
        rest = text[match.end() :] if match else _without_preamble(text)
        if rest == text:
            break
        text = rest
    return text, is_heading


def leads_with_ids(text: str) -> bool:
    """Whether a line begins with ids: each of its markers then belongs to what follows it."""
    body, _ = unprefixed(without_emphasis(text[:200]))
    return bool(MARKER.match(body) or LABEL.match(body))


def may_be_none(beginning: str) -> bool:
    """Whether a text may go on so that it is no statement, or so that its beginning is none."""
    patterns = (_PREFIX, _QUESTION, LABEL)
    matches = (pattern.match(beginning, partial=True) for pattern in patterns)
    return (
        _QUESTION.match(beginning) is not None
        or ALONE.fullmatch(beginning, partial=True) is not None
        or any(match is not None and match.partial for match in matches)
        or may_be_aside(beginning)
    )


def _said(statement: Statement) -> Statement | None:
    """A sentence without its preamble; None if nothing else is in it."""
    text = _without_preamble(statement.text)
    nothing = not any(map(str.isalnum, text)) or is_small_talk(text) or _QUESTION.match(text)
    if nothing or (is_announcement(text) and not statement.ids):
        return None
    return Statement(text, statement.ids, statement.raw)


def _without_preamble(text: str) -> str:
    rest = without_preamble(text)
    return text if rest == text else capitalized(rest)
