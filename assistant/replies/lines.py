"""What a line of a reply is: statements, a refusal, or something that a reader need not see."""

import re

from assistant.replies.markers import LABEL, attribute, read_ids, without_emphasis
from assistant.replies.pieces import Statement

_LEAD = re.compile(
    r"^\s*(?:#{1,6}\s+|>\s*|[-*+•–—]\s+|\(?\d{1,2}[.)]\s+(?!\d)|[a-z]\)\s+)*"
    r"(?:\**(?:the\s)?(?:final\s)?(?:answer|response|reply|output)\**\s*:\s*\**)?",
    re.I,
)
_OPENING = re.compile(
    r"^(?:based (?:up)?on|according to|from|given|as per)\s(?:the\s|these\s|your\s)?"
    r"(?:(?:numbered|provided|given|above|available|nearest)\s)*"
    r"(?:evidence|sentences?|documents?|passages?|texts?|information|context|sources?)"
    r"(?:\s(?:above|provided|given|you gave me))?\s?,\s*",
    re.I,
)
_NO_ANSWER = re.compile(r"^\W*no[\s_-]?answer\b", re.I)
_WHAT = (
    r"(?:documents?|sentences?|evidence|texts?|passages?|sources?|context|information|articles?)"
)
_REFUSAL = re.compile(
    rf"\b{_WHAT}(?:\s(?:above|provided|given|shown))?\s(?:do|does|did)(?:\snot|n['’]t)\s(?:\w+ly\s)?"
    r"(?:answer|contain|provide|mention|state|say|specify|include|give|address|support|tell|have)"
    rf"|\b(?:not|n['’]t|never)\s(?:\w+\s)?(?:answered|mentioned|stated|specified|found|given"
    rf"|provided|addressed)\s(?:in|by)\s(?:the|these|any)\s(?:\w+\s){{0,2}}{_WHAT}"
    rf"|\b(?:there is|i (?:could )?(?:find|found|see|have)) no (?:\w+\s)?(?:{_WHAT}|answer|mention)"
    r"|^\W*(?:sorry|i['’]?m sorry|unfortunately)\b.{0,40}\b(?:cannot|can['’]t|can not|unable)"
    r"|^\W*(?:i|we) (?:cannot|can['’]t|am unable to|do(?: not|n['’]t)) (?:answer|know|find)",
    re.I,
)
_CHATTER = re.compile(
    r"^\W*(?:sure|certainly|of course|okay|ok|great question|happy to help|here (?:is|are)\b"
    r"|let me know|i hope (?:this|that)|feel free|if you (?:have|need|want)|thank you"
    r"|you['’]re welcome"
    r"|please (?:let me|note that i)|is there anything|do you want|would you like|as an ai)",
    re.I,
)
_RULE = re.compile(r"^[\W_]*(?:[0-9a-f]{8,})?[\W_]*$", re.I)
_LONGEST_HEADING = 160


def is_refusal(text: str) -> bool:
    """Whether a line says, in the agreed words, that the evidence does not answer."""
    return _NO_ANSWER.match(without_emphasis(text)) is not None


def refuses(statement: Statement) -> bool:
    """Whether a sentence without evidence says so in words of its own."""
    return not statement.ids and _REFUSAL.search(statement.text) is not None


def without_lead(line: str) -> str:
    """A line without its bullet, number, heading marks or label."""
    return _LEAD.sub("", line, count=1)


def statements_in(line: str) -> list[Statement]:
    """The sentences of a line with their ids; none for a line that states nothing.

    A line of ids alone gives one statement with an empty text.
    """
    body = without_lead(line).strip()
    if not body or _RULE.match(body):
        return []
    label = LABEL.match(body)
    before = tuple(read_ids(label[0])) if label else ()
    found = [
        Statement(_opened(text), ids or before, line)
        for text, ids in attribute(body[label.end() :] if label else body)
    ]
    if len(found) == 1 and not found[0].ids and _is_heading(found[0].text):
        return []
    return [each for each in found if each.ids or not _is_aside(each.text)]


def _opened(text: str) -> str:
    """A sentence without an opening that only speaks of the evidence."""
    rest = _OPENING.sub("", text, count=1)
    return rest[:1].upper() + rest[1:] if rest != text else text


def _is_heading(text: str) -> bool:
    return text.rstrip().endswith(":") and len(text) <= _LONGEST_HEADING


def _is_aside(text: str) -> bool:
    """Whether a sentence without evidence is addressed to the user, or asks something."""
    return _CHATTER.match(text) is not None or text.rstrip().endswith("?")
