"""Mails: what the sender wrote, apart from what is quoted, signed, forwarded or attached.

The earlier mail that a reply quotes stays in the text, and is labeled `notes`: its words are not
the sender's, and no answer may say so.
"""

from collections.abc import Iterable, Iterator
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from index.errors import UnreadableFileError
from index.loaders.html.fields import clean_title, upright
from index.loaders.mail.body import Content, content_of
from index.loaders.mail.parsing import header, parse_message
from index.loaders.mail.quoting import Part
from index.loading import Loaded
from index.types import Label, Span
from index.web_address import web_address

_SHOWN = ("From", "To", "Cc", "Date")
_ANY = (*_SHOWN, "Subject", "Message-ID", "Received", "Return-Path")
_LINE = 500
"""A list of recipients is cut there: it can have thousands."""
_NESTED = 4


def load(data: bytes, name: str) -> Loaded:
    """Convert a mail.

    Raises:
        UnreadableFileError: it is no mail, encrypted, damaged, too large, or without text.
    """
    message = parse_message(data, name)
    if not any(header(message, each) for each in _ANY):
        raise UnreadableFileError(
            f"{name}: expected a mail with a header (From, Date, Subject), found none of these "
            "lines. Give the file the suffix of its format."
        )
    content = content_of(message, name)
    parts = [*_parts(message, content), *_attached(content, name)]
    if not any(any(map(str.isalnum, part.text)) for part in parts):
        raise UnreadableFileError(f"{name}: expected a mail with text, found none. Leave it out.")
    text, asides = _joined(parts)
    return Loaded(text, _fields(message), notes=content.notes, asides=asides)


def _parts(message: Message, content: Content) -> Iterator[Part]:
    subject = header(message, "Subject")
    if any(map(str.isalnum, subject)):
        yield Part(f"# {subject}", "body")
    lines = [(each, header(message, each)) for each in _SHOWN]
    shown = [f"{each}: {_cut(value)}" for each, value in lines if value]
    if shown:
        yield Part("\n".join(shown), "byline")
    yield from content.parts


def _attached(content: Content, name: str, depth: int = 1) -> Iterator[Part]:
    """Mails that the mail holds: others wrote them, so that they are notes; then the names."""
    if content.attachments:
        yield Part(f"Attachments: {_cut(', '.join(content.attachments))}", "boilerplate")
    for message in content.messages if depth <= _NESTED else ():
        within = content_of(message, name)
        for part in (*_parts(message, within), *_attached(within, name, depth + 1)):
            yield Part(part.text, "notes" if part.label in ("body", "byline") else part.label)


def _joined(parts: Iterable[Part]) -> tuple[str, tuple[tuple[Span, Label], ...]]:
    """The text, and the spans of what the sender did not write."""
    text, length = [], 0
    asides: list[tuple[Span, Label]] = []
    for part in parts:
        end = length + len(part.text)
        if part.label != "body":
            if asides and asides[-1][1] == part.label and asides[-1][0][1] + 2 == length:
                asides[-1] = (asides[-1][0][0], end), part.label
            else:
                asides.append(((length, end), part.label))
        text.append(part.text)
        length = end + 2
    return "\n\n".join(text) + "\n", tuple(asides)


def _fields(message: Message) -> dict[str, Any]:
    fields = {
        "title": clean_title(header(message, "Subject")),
        "authors": _authors(message),
        "published": _day(message),
        "url": web_address(header(message, "Archived-At").strip("<> ")),
    }
    return {name: value for name, value in fields.items() if value}


def _authors(message: Message) -> list[str]:
    people = getaddresses([header(message, "From")])[:20]
    names = [upright(name.strip("'\" ")) or address for name, address in people]
    return list(dict.fromkeys(name for name in names if name))


def _day(message: Message) -> str | None:
    """The day it was sent, by the sender's clock."""
    try:
        return parsedate_to_datetime(header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _cut(text: str) -> str:
    return text if len(text) <= _LINE else text[:_LINE].rpartition(",")[0] + ", …"
