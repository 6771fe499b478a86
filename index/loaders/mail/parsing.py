"""From bytes to a message, and from its parts to text. The one module that parses mails."""

import binascii
import codecs
import re
from email import errors, message_from_bytes, policy
from email.message import Message

from index.canonical import decode
from index.errors import UnreadableFileError

MAIL_BYTES = 64_000_000
"""Servers refuse mails of 25 to 50 MB."""
_PARTS = 2_000
_DEPTH = 50
_HEADER_CHARACTERS = 4_000
"""What is looked at of one header: a list of recipients can have thousands."""
_ASCII = ("us-ascii", "ascii")
_LATIN = ("iso-8859-1", *_ASCII)
"""Names under which programs send what is really Windows' Latin."""
_HEADER = re.compile(rb"^(?:From |[!-9;-~]{1,70}:)", re.M)
_CONTENT = re.compile(rb"^content-[\w-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.M | re.I)
_FIELD_BYTES = 10_000
"""Parsing their parameters takes a time that grows with the square of their length."""
_LOOKED_AT = 2_000
_DAMAGES = (
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64CharactersDefect,
)
_BREAKS = (errors.CloseBoundaryNotFoundDefect, errors.StartBoundaryNotFoundDefect)


def parse_message(data: bytes, name: str) -> Message:
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
    if any(len(match[0]) > _FIELD_BYTES for match in _CONTENT.finditer(data)):
        raise UnreadableFileError(
            f"{name}: expected lines of Content-Type and the like of at most {_FIELD_BYTES} bytes, "
            "found longer ones, which no mail program writes. Leave it out, or save its text."
        )
    try:
        # The older policy: the other one parses each header in a time that grows with its square.
        message = message_from_bytes(data.lstrip(), policy=policy.compat32)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise UnreadableFileError(
            f"{name}: expected a mail, found one that cannot be parsed ({type(error).__name__}). "
            "Save it anew, or save its text."
        ) from error
    _check_parts(message, name)
    return message


def parts_in(message: Message) -> list[Message]:
    """What a message or a part is divided into."""
    payload = message.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    )


def header(message: Message, name: str) -> str:
    """A header on one line, encoded words decoded; empty where it is missing."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return decoded(str(raw)[:_HEADER_CHARACTERS], name)


def decoded(raw: str, name: str = "Subject") -> str:
    """The value of a header as it is shown: without encoded words, and on one line."""
    data = raw.encode("utf-8", "surrogateescape")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    one_line = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    try:
        text = str(policy.default.header_factory(name, one_line))
    except Exception:  # the parser of headers raises many kinds for damaged ones
        text = one_line
    shown = text.encode("utf-8", "replace").decode()
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", shown).split())


def _check_parts(message: Message, name: str) -> None:
    count, level = 0, [message]
    for _ in range(_DEPTH):
        count += len(level)
        level = [each for part in level for each in parts_in(part)]
    if level or count > _PARTS:
        raise UnreadableFileError(
            f"{name}: expected at most {_PARTS} parts, nested at most {_DEPTH} deep, found more. "
            "Save its text instead."
        )


def content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone as far as it goes."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # damaged base64 and the like
        payload = None
    if any(isinstance(each, errors.InvalidBase64LengthDefect) for each in part.defects):
        return _as_far_as_it_goes(payload)
    return payload if isinstance(payload, bytes) else b""


def is_damaged(part: Message) -> bool:
    """Whether the bytes of a part are not all there, or not what its transfer encoding makes."""
    data = content(part)
    raw = part.get_payload()
    is_lost = isinstance(raw, str) and bool(raw.strip()) and not data
    return is_lost or any(isinstance(each, _DAMAGES) for each in part.defects)


def breaks_off(message: Message) -> bool:
    """Whether a mail ends before the end it announces."""
    return any(isinstance(each, _BREAKS) for part in message.walk() for each in part.defects)


def _as_far_as_it_goes(undecoded: object) -> bytes:
    """Base64 that was cut amid a character, which Python's reader gives back as it is."""
    if not isinstance(undecoded, bytes):
        return b""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", undecoded)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


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
