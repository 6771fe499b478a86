"""One JSON object with a text: a file, a line of JSON Lines, or an element of an array."""

import json
from collections.abc import Mapping
from typing import Any

from index.canonical import decode
from index.errors import NoTextFieldError, UnreadableFileError
from index.loading import Loaded
from index.members import text_field_of

TEXT_FIELDS = (
    *("text", "content", "body", "page_content", "contents", "article", "passage", "markdown"),
)
"""Where a record's text is looked for, in this order."""
_TITLES = ("title", "headline")
_OTHERS = {
    "authors": ("authors", "author", "creator", "byline", "creators"),
    "published": (
        *("published", "date", "published_at", "publication_date", "date_published"),
        *("datePublished", "published_date", "pubDate", "pubdate", "publish_date"),
    ),
    "publisher": ("publisher", "site_name", "site"),
    "language": ("language", "lang", "inLanguage"),
    "url": ("url", "link", "source_url"),
}
_LONGEST, _MOST = 2_000, 200
"""Characters of a value, and values in a list; more is no metadata."""
_NESTED = ("metadata", "meta")
"""Where LangChain and others keep what is not the text."""


def load(data: bytes, name: str) -> Loaded:
    """Take the text of a record, as it is, and what it says of itself.

    Args:
        data: JSON in UTF-8, 16 or 32.
        name: the source; it may name the field of the text.

    Raises:
        NoTextFieldError: it has no text.
        UnreadableFileError: it is no JSON object.
    """
    record = _record(data, name)
    text = _text(record, name)
    return Loaded(text, _fields(record))


def _record(data: bytes, name: str) -> Mapping[str, Any]:
    try:
        value = json.loads(data.decode(json.detect_encoding(data)))
    except (ValueError, RecursionError) as error:  # ValueError: also what is no UTF-8
        raise UnreadableFileError(
            f"{name}: expected a JSON object, found an error ({error}). Correct it, or leave it "
            "out."
        ) from error
    if isinstance(value, list):
        raise UnreadableFileError(
            f"{name}: expected one JSON object, found an array: each element is a document. Have "
            "it indexed with the command assistant index."
        )
    if not isinstance(value, dict):
        raise UnreadableFileError(
            f"{name}: expected a JSON object, found {type(value).__name__} {str(value)[:40]!r}. "
            "Leave it out."
        )
    return value


def _text(record: Mapping[str, Any], name: str) -> str:
    wanted = text_field_of(name)
    for field in TEXT_FIELDS if wanted is None else (wanted,):
        text = _joined(record.get(field))
        if text.strip():
            return decode(_whole(text).encode(), name)
    usual = f"one of the fields {', '.join(TEXT_FIELDS)}"
    expected = usual if wanted is None else f"the field {wanted!r}"
    found = ", ".join(map(repr, list(record)[:8])) or "no field"
    raise NoTextFieldError(
        f"{name}: expected a text in {expected}, found {found}. Name the field with "
        "--text-field, or leave the record out."
    )


def _joined(value: object) -> str:
    """A text, or paragraphs that are listed."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n\n".join(value)
    return value if isinstance(value, str) else ""


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which JSON can state and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _fields(record: Mapping[str, Any]) -> dict[str, Any]:
    nested = [record[key] for key in _NESTED if isinstance(record.get(key), dict)]
    wholes = [record, *nested]
    found: dict[str, Any] = {}
    for name, spellings in {"title": _TITLES, **_OTHERS}.items():
        values = (_usable(whole.get(key)) for whole in wholes for key in spellings)
        value = next((value for value in values if value), None)
        if value:
            found[name] = value
    return found


def _usable(value: object) -> object:
    """A value that can be stored: a text, or texts in a list or an object."""
    if isinstance(value, str):
        return _whole(value)[:_LONGEST]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return {_whole(key): _whole(part) for key, part in value.items() if isinstance(part, str)}
    if isinstance(value, list):
        return [usable for each in value[:_MOST] if (usable := _usable(each))]
    return None
