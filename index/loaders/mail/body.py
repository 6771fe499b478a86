"""Which part of a mail is its text, and what else is in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from index.errors import UnreadableFileError
from index.loaders.html.notes import Notes
from index.loaders.html.pieces import joined
from index.loaders.html.tree import Element, parse_page, read_page, tokens
from index.loaders.html.unseen import told, without_hidden
from index.loaders.html.writing import write_pieces
from index.loaders.mail.parsing import (
    breaks_off,
    content,
    decoded,
    is_damaged,
    part_text,
    parts_in,
)
from index.loaders.mail.quoting import Part, parts_of, unflowed

_STUB = 400
"""A plain text shorter than this may only say that the mail has to be read as HTML."""
_STUB_SHARE = 0.2
_ATTACHMENTS = 200
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_QUOTED = re.compile(
    r"(?:^|\s)(?:gmail_quote|gmail_quote_container|gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote"
    r"|tutanota_quote|zmail_extra|divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference"
    r"|reply-intro)",
    re.I,
)
_REST = re.compile(r"(?:^|\s)(?:divRplyFwdMsg|x_divRplyFwdMsg)(?:\s|$)")
"""What Outlook puts before an earlier mail: it and all that follows is not the sender's."""
_SIGNATURE = re.compile(
    r"(?:^|\s)(?:gmail_signature\w*|moz-signature|ms-outlook-mobile-signature|signature)(?:\s|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail holds."""

    parts: tuple[Part, ...]
    attachments: tuple[str, ...]
    """Names of the files that come with it."""
    messages: tuple[Message, ...]
    """Mails that are attached or forwarded as such."""
    notes: tuple[str, ...] = ()
    """What of it is damaged, and what is not read, in words."""


def content_of(message: Message, name: str) -> Content:
    """The text of a mail by who wrote it, plain text preferred.

    Raises:
        UnreadableFileError: it is encrypted, or its HTML too large or nested too deep.
    """
    plain, page, others, messages = _sorted(message)
    if not plain and not page and any(each.get_content_type() in _ENCRYPTED for each in others):
        raise UnreadableFileError(
            f"{name}: expected a mail that can be read, found one that is encrypted or sealed. "
            "Decrypt it in the mail program and save it anew, or leave it out."
        )
    text = "\n\n".join(filter(None, (_plain(part, name) for part in plain)))
    parts = tuple(parts_of(text))
    hidden: tuple[str, ...] = ()
    if page and len(text.strip()) < _STUB:
        roots = [root for each in page if (root := _page(each, name)) is not None]
        letters = sum(map(without_hidden, roots))
        shown = tuple(part for root in roots for part in _page_parts(root))
        if len(text.strip()) <= _STUB_SHARE * sum(len(part.text) for part in shown):
            parts, hidden = shown, told(letters)
    attached = {_named(part): part for part in others if _is_attached(part)}
    notes = [
        f"{each}: an attachment, {'damaged' if is_damaged(part) else 'not read'}"
        for each, part in list(attached.items())[:_ATTACHMENTS]
    ]
    if any(map(is_damaged, (*plain, *page))):
        notes.append("its text is damaged (base64), and read as far as it goes")
    if breaks_off(message):
        notes.append("it breaks off before its end, and is read as far as it goes")
    return Content(parts, tuple(attached)[:_ATTACHMENTS], tuple(messages), (*notes, *hidden))


def _sorted(
    message: Message,
) -> tuple[list[Message], list[Message], list[Message], list[Message]]:
    """Parts of plain text, of HTML, and others, without looking into attached mails."""
    plain: list[Message] = []
    page: list[Message] = []
    others: list[Message] = []
    messages: list[Message] = []
    for part in _walk(message):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            messages += parts_in(part)
        elif part.get_content_disposition() == "attachment" or part.get_filename():
            others.append(part)
        elif kind == "text/plain" or (kind.startswith("multipart/") and _is_undivided(part)):
            plain.append(part)
        elif kind == "text/html":
            page.append(part)
        elif kind in _ENCRYPTED or not part.is_multipart():
            others.append(part)
    return plain, page, others, messages


def _is_undivided(part: Message) -> bool:
    """Whether a part that should have others is one text: its boundary is missing."""
    return not part.is_multipart() and part.get_content_type() not in _ENCRYPTED


def _walk(message: Message) -> Iterator[Message]:
    yield message
    if message.get_content_type() != "message/rfc822":
        for part in parts_in(message):
            yield from _walk(part)


def _plain(part: Message, name: str) -> str:
    text = part_text(part, name)
    if str(part.get_param("format", "")).lower() == "flowed":
        return unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _page(part: Message, name: str) -> Element | None:
    """HTML as a tree; None where there is no text in it."""
    data = content(part)
    if not data.strip():
        return None
    try:
        source = read_page(part_text(part, name).encode() or data, name)
    except UnreadableFileError:
        return None
    return parse_page(source, name)


def _page_parts(root: Element) -> Iterator[Part]:
    """HTML as parts: what the mail program marked as quoted, and what its lines show."""
    group: list[str] = []
    rest = False
    for piece in write_pieces(root, Notes()):
        rest = rest or _has(piece.element, _REST)
        if rest or _has(piece.element, _QUOTED) or piece.kind == "quote":
            label = "notes"
        else:
            label = "boilerplate" if _has(piece.element, _SIGNATURE) else "body"
        if label == "body":
            group.append(joined([piece]).rstrip("\n"))
            continue
        yield from parts_of("\n\n".join(group))
        group = []
        yield Part(piece.text, "notes" if label == "notes" else "boilerplate")
    yield from parts_of("\n\n".join(group))


def _has(element: Element, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(tokens(each)) for each in (element, *element.iterancestors()))


def _is_attached(part: Message) -> bool:
    """Whether a part is a file to open, and no picture within the text or signature of a mail."""
    kind = part.get_content_type()
    if kind in ("application/pgp-signature", "application/pkcs7-signature"):
        return False
    is_within = bool(part.get("Content-ID")) and part.get_content_disposition() != "attachment"
    return not is_within and (
        bool(part.get_filename()) or part.get_content_maintype() != "multipart"
    )


def _named(part: Message) -> str:
    try:
        name = str(part.get_filename() or "")
    except Exception:  # the parser of headers raises many kinds for damaged ones
        name = ""
    name = "".join(filter(str.isprintable, decoded(name)))
    kind = "".join(filter(str.isprintable, part.get_content_type()))
    return name[:200] or f"unnamed ({kind[:100]})"
