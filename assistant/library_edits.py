"""Metadata as somebody edits them: checked, and compared with what is known."""

import unicodedata
from collections.abc import Mapping

from assistant.types import DocumentInfo
from index.dates import normalize_date
from index.errors import InputError
from index.metadata import Metadata, from_mapping
from index.web_address import LONGEST as LONGEST_ADDRESS
from index.web_address import web_address

FIELDS = ("title", "authors", "published", "publisher", "url")
LONGEST = 500
"""Characters of a title, a name or a publisher."""
MOST_AUTHORS = 200

Value = str | list[str] | None


def changes(given: Mapping[str, object], info: DocumentInfo, url: str | None) -> dict[str, Value]:
    """What an edit changes.

    Args:
        given: texts by field, authors separated by semicolons; fields left out stay as they are,
            and an empty text means that a field is not known.
        info: what is known so far.
        url: the address known so far.

    Returns:
        The new value of each field that is given and has another one.

    Raises:
        InputError: a value cannot be used.
    """
    odd = sorted(set(given) - set(FIELDS))
    if odd:
        raise InputError(f"Expected the fields {', '.join(FIELDS)}, found {odd[0]!r}.")
    known: dict[str, Value] = {
        "title": info.title,
        "authors": list(info.authors) or None,
        "published": info.published,
        "publisher": info.publisher,
        "url": url,
    }
    new = {name: _value(name, _text(name, text)) for name, text in given.items()}
    changed = {name: value for name, value in new.items() if value != known[name]}
    _check_kept(changed)
    return changed


def known_url(stated: Mapping[str, object]) -> str | None:
    """The address that a sidecar states, if it is one that may be followed."""
    value = stated.get("url")
    try:
        return _url(value) if isinstance(value, str) and value else None
    except InputError:
        return None


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"The {_LABELS[name]}: expected a text, found something else.")
    # Nothing that cannot be seen, but for the marks that scripts need within their words.
    seen = (c for c in value if unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\n")
    text = " ".join("".join(seen).translate(_TURNS).split())
    longest = LONGEST * (MOST_AUTHORS if name == "authors" else 1)
    if len(text) > max(longest, LONGEST_ADDRESS):
        raise InputError(f"The {_LABELS[name]}: expected at most {longest:,} characters. Cut it.")
    return text


def _value(name: str, text: str) -> Value:
    if not text:
        return None
    if name == "authors":
        return _authors(text)
    if name == "published":
        return _date(text)
    if name == "url":
        return _url(text)
    return _short(name, text)


def _short(name: str, text: str) -> str:
    if len(text) > LONGEST:
        raise InputError(
            f"The {_LABELS[name]}: expected at most {LONGEST} characters, found {len(text)}. "
            "Cut it."
        )
    return text


def _authors(text: str) -> list[str] | None:
    names = [name for part in text.split(";") if (name := part.strip())]
    if len(names) > MOST_AUTHORS:
        raise InputError(
            f"The authors: expected at most {MOST_AUTHORS} names, found {len(names)}. "
            "Leave some out."
        )
    return [_short("authors", name) for name in dict.fromkeys(names)] or None


def _date(text: str) -> str:
    date = normalize_date(text)
    if date is None:
        raise InputError(
            "The date: expected a day, a month or a year such as 2024-05-31, May 2024 or 2024, "
            f"found “{text[:60]}”. Correct it."
        )
    return date


def _url(text: str) -> str:
    address = web_address(text)
    if address is None:
        raise InputError(
            f"The address: expected one such as https://example.org/text, found “{text[:60]}”. "
            "Correct it."
        )
    return address


def _check_kept(changed: Mapping[str, Value]) -> None:
    """Refuse what a sidecar would not give back as it was written, such as a title `null`."""
    metadata = Metadata()
    from_mapping(metadata, changed, "user")
    for name, value in changed.items():
        found = metadata.values.get(name)
        found = list(found) if isinstance(found, tuple) else found
        if name != "url" and value is not None and found != value:
            raise InputError(
                f"The {_LABELS[name]}: {value!r} stands for an unknown value. Leave it empty, or "
                "write another one."
            )


_TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""They turn the direction of writing, also of what stands behind."""
_LABELS = {
    "title": "title",
    "authors": "authors",
    "published": "date",
    "publisher": "publisher",
    "url": "address",
}
