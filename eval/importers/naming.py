"""File names for documents whose ids may hold anything."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection

LENGTH = 50
"""Code points kept of an id: with four bytes each and what is added, within 255 bytes."""
_DIGITS = 16
_UNSAFE = re.compile(r"[^\w.-]+")
_MARKED = re.compile(rf"-[0-9a-f]{{{_DIGITS}}}$")
"""Ids of this form get digits of their own, so that none can take another's name."""


def file_names(ids: Collection[str], suffix: str = ".md") -> dict[str, str]:
    """A file name for each id, whatever the order of the ids.

    An id that is a safe name is kept. Of others, what is safe is kept (slashes, colons and the like
    become `-`), and 16 digits of the id's SHA-256 follow; so too for ids that differ only in case,
    as some file systems do not tell these apart.

    Args:
        ids: all ids of a dataset, each once.
        suffix: of the files.
    """
    plain = {key: _plain(key) for key in ids}
    counts = Counter(name.casefold() for name in plain.values())
    return {
        key: (name if _is_kept(key, name, counts) else f"{name}-{_digits(key)}") + suffix
        for key, name in plain.items()
    }


def _plain(key: str) -> str:
    name = _UNSAFE.sub("-", unicodedata.normalize("NFC", key)).strip(".-")
    return name[:LENGTH].rstrip(".-") or "document"


def _is_kept(key: str, name: str, counts: Counter[str]) -> bool:
    return name == key and counts[name.casefold()] == 1 and not _MARKED.search(key)


def _digits(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:_DIGITS]
