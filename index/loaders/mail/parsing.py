"""From bytes to a message, and from its parts to text. The one module that parses mails."""

import codecs
import re
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from index.canonical import decode
from index.errors import UnreadableFileError

MAIL_BYTES = 64_000_000
"""Servers refuse mails of 25 to 50 MB."""
_PARTS = 2_000
_ASCII = ("us-ascii", "ascii")
_LATIN = ("iso-8859-1", *_ASCII)
"""Names under which programs send what is really Windows' Latin."""
_HEADER = re.compile(rb"^(?:From |[!-9;-~]{1,70}:)", re.M)
_LOOKED_AT = 2_000


def parse_message(data: bytes, name: str) -> EmailMessage:
    """Parse a mail, or another file in its form.

    Raises:
        UnreadableFileError: it is too large, has no header, or is nested too deep.
    """
    if len(data) > MAIL_BYTES:
        raise UnreadableFileError(
            f"{name}: expected a mail of at most {MAIL_BYTES // 1_000_000} MB, found "
            f"{len(data) / 1e6:.0f} MB. Leave it out, or save its text."
        )
    if not data.strip():
        raise UnreadableFileError(f"{name}: expected a mail, found an empty file. Leave it out.")
    if not _HEADER.match(data.lstrip()[:_LOOKED_AT]):
        raise UnreadableFileError(
            f"{name}: expected a mail that begins with its header (From: ..., Subject: ...), found "
            "something else. Save the mail anew, or give the file the suffix of its format."
        )
    try:
        message = message_from_bytes(data.lstrip(), policy=policy.default)
        parts = sum(1 for _ in message.walk())
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise UnreadableFileError(
            f"{name}: expected a mail, found one that cannot be parsed ({type(error).__name__}). "
            "Save it anew, or save its text."
        ) from error
    if parts > _PARTS:
        raise UnreadableFileError(
            f"{name}: expected at most {_PARTS} parts, found {parts}. Save its text instead."
        )
    return message


def header(message: Message, name: str) -> str:
    """A header on one line, encoded words decoded; empty where it is missing or damaged."""
    try:
        value = str(message.get(name, ""))
    except Exception:  # the parser of headers raises many kinds for damaged ones
        value = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    text = str(value).encode("utf-8", "replace").decode()
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone as far as it goes."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # damaged base64 and the like
        payload = None
    return payload if isinstance(payload, bytes) else b""


def part_text(part: Message, name: str) -> str:
    """The text of a part by its charset, else by detection; empty where it is none."""
    data = content(part)
    charset = str(part.get_param("charset", "") or "").strip("'\" ").lower()
    try:
        text = data.decode(codecs.lookup("cp1252" if charset in _LATIN else charset).name)
    except (LookupError, UnicodeDecodeError, ValueError, TypeError):
        text = ""
    is_decoded = text and (data.isascii() or charset not in _ASCII)
    try:
        return decode(text.encode("utf-8", "replace") if is_decoded else data, name)
    except UnreadableFileError:
        return ""
