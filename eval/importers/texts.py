"""Texts of other projects as documents: canonical, with their title where an index finds it."""

import json
import unicodedata

from index.canonical import decode
from index.errors import UnreadableFileError

_NO_TITLE = ("Cc", "Cs", "Cn")
"""Categories of characters that YAML cannot hold."""


def cleaned(text: str) -> str:
    """The text as its file will be read: one kind of line end, no byte order mark in front."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def compose(title: str | None, body: str) -> tuple[str, int]:
    """A document with its title as front matter.

    Returns:
        The text, and where in it the body starts.
    """
    plain = " ".join((title or "").split())
    plain = "".join(c for c in plain if unicodedata.category(c) not in _NO_TITLE)
    if plain:
        head = f"---\ntitle: {json.dumps(plain, ensure_ascii=False)}\n---\n\n"
    else:
        head = "\n" if body.startswith("---") else ""  # so that it is not read as front matter
    return head + body, len(head)


def is_document(text: str) -> bool:
    """Whether a file with this text is read again as this text: it is not empty, nor binary."""
    try:
        return decode(text.encode("utf-8")) == text
    except UnreadableFileError:
        return False


def trimmed(text: str) -> tuple[int, int]:
    """Where a text begins and ends without the white space around it."""
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))
