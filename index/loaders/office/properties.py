"""What an Office file states about itself: the properties that Dublin Core names."""

import re
from typing import Any, Protocol

_NO_TITLE = re.compile(
    r"untitled.*|(?:document|dokument|presentation|workbook|book|mappe|slide)\s?\d*|title"
    r"|(?:word|excel|powerpoint|microsoft)\b.*|\S+\.(?:docx?|pptx?|xlsx?|od[tsp]|rtf|html?|txt|csv)",
    re.I,
)
_NOBODY = re.compile(
    r"python-(?:docx|pptx)|openpyxl|apache poi|steve canny|admin(?:istrator)?|user|owner|author"
    r"|unknown|anonymous|default|root|microsoft.*|windows.*|pandoc|libreoffice.*|-",
    re.I,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class Properties(Protocol):
    """The core properties of a file, as each library has them."""

    @property
    def title(self) -> str | None:
        """dc:title."""

    @property
    def language(self) -> str | None:
        """dc:language."""


def read_fields(properties: Properties, creator: str | None) -> dict[str, Any]:
    """Title, authors and language; what programs put there by themselves is left out.

    The dates say when a file was made and saved, which is not when it was published, and templates
    keep their own: none is taken.

    Args:
        properties: the core properties.
        creator: dc:creator; several are separated by semicolons.
    """
    fields: dict[str, Any] = {}
    title = _plain(properties.title)
    if title and not _NO_TITLE.fullmatch(title):
        fields["title"] = title
    names = [_plain(name) for name in (creator or "").split(";")]
    names = [name for name in names if name and not _NOBODY.fullmatch(name)]
    if names:
        fields["authors"] = names
    language = _plain(properties.language)
    if _LANGUAGE.fullmatch(language):
        fields["language"] = language
    return fields


def _plain(value: str | None) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
