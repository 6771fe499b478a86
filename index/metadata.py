"""Title, authors, publisher, date, language and address of a document, and how each was found.

Front matter and a sidecar state them; without those, the text's own lines do (`bylines`). What
nothing states stays unknown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from index.dates import normalize_date
from index.names import stated_names
from index.types import Span
from index.web_address import web_address

EDITED = "edited"
"""Key of a sidecar: the fields that a user stated there."""


@dataclass(slots=True)
class Metadata:
    """What was found: values by field, how, and where in the text.

    A field that `found` has and `values` has not is known to be unknown.
    """

    values: dict[str, Any] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    spans: list[tuple[str, Span]] = field(default_factory=list)
    byline_lines: list[Span] = field(default_factory=list)
    """The lines that carry the metadata, and those between them at the top of the text."""

    def state(self, name: str, value: object, how: str, span: Span | None = None) -> None:
        """Record a field unless a better source stated it already."""
        if value and name not in self.values:
            self.values[name] = value
            self.found[name] = how
        if value and span and self.values.get(name) == value:
            self.spans.append((name, span))


def from_mapping(
    metadata: Metadata, mapping: Mapping[str, Any], how: str, block: str | None = None
) -> None:
    """Take the fields a front matter or sidecar states.

    Args:
        metadata: what is known so far; a field it has stays.
        mapping: the YAML mapping.
        how: `front_matter`, `sidecar` or `embedded`.
        block: the text's own beginning that holds the mapping, if it does: the lines can be quoted.
    """
    keys = {re.sub(r"[\s-]", "_", str(key).casefold()): str(key) for key in mapping}
    for name, (spellings, read) in _FIELDS.items():
        for spelling in spellings:
            key = keys.get(spelling)
            value = read(mapping[key]) if key is not None and key in mapping else None
            if key is not None and value:
                span = None if name in _NO_ANSWER else _line_of(key, block or "")
                metadata.state(name, value, how, span)
                break


def overrule(metadata: Metadata, sidecar: Mapping[str, Any]) -> None:
    """Let a user's words replace what was found; one of them without a value makes it unknown.

    Which lines of the text carry metadata stays as it was found: an edit divides no text anew.

    Args:
        metadata: what the sidecar's other fields, front matter and text state.
        sidecar: its mapping.
    """
    edited = [name for name in edited_fields(sidecar) if name in _FIELDS]
    user = Metadata()
    from_mapping(user, {name: sidecar.get(name) for name in edited}, "user")
    for name in edited:
        before, value = metadata.values.pop(name, None), user.values.get(name)
        if value is not None:
            metadata.values[name] = value
        if value != before:
            metadata.spans = [span for span in metadata.spans if span[0] != name]
        metadata.found[name] = "user"


def edited_fields(mapping: Mapping[str, Any]) -> list[str]:
    """The fields that a user stated in a sidecar, by its own word."""
    listed = mapping.get(EDITED)
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []


def _line_of(key: str, block: str) -> Span | None:
    pattern = rf"^{re.escape(key)}[ \t]*:.*(?:\n[ \t]+.*|\n-[ \t].*)*$"
    match = re.search(pattern, block, re.MULTILINE)
    return match.span() if match else None


def _text(value: object) -> str | None:
    """A scalar as text. YAML's null comes as it is written, since no scalar is converted."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return None if text.casefold() in ("", "null", "~") else text


def _name(value: object) -> str | None:
    return _text(value.get("name") if isinstance(value, Mapping) else value)


_FIELDS: Mapping[str, tuple[tuple[str, ...], Callable[[object], object]]] = {
    "title": (("title",), _text),
    "authors": (("authors", "author", "creator"), stated_names),
    "publisher": (("publisher", "site", "site_name"), _name),
    "published": (
        ("published", "date", "date_published", "publication_date", "published_at", "pubdate"),
        normalize_date,
    ),
    "language": (("language", "lang"), _text),
    "url": (("url", "link", "source_url", "canonical_url", "permalink"), web_address),
}
_NO_ANSWER = ("url",)
"""No question asks for these, so that their lines need not be found."""
