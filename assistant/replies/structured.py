"""Reading a reply in JSON while it comes: whole, cut off, or with other names for things."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.replies.lines import statements_in
from assistant.replies.markers import read_ids
from assistant.replies.pieces import Statement

_TEXTS = ("text", "sentence", "statement", "claim", "content", "answer")
_IDS = ("ids", "id", "citations", "citation", "sources", "source", "evidence", "references", "refs")
_GROWING = re.compile(
    rf'"(?:{"|".join(_TEXTS)})"\s*:\s*"(?P<text>(?:[^"\\]|\\.)*)(?P<end>")?', re.S | re.I
)
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?$")
_ENVELOPE = re.compile(rf'\{{\s*"(?!(?:{"|".join(_IDS)})")\w+"\s*:\s*[\[{{]', re.I)
_LONGEST = 6_000
"""Code points of one statement's object: what is longer is no statement."""


class JsonReader:
    """Finds the objects of a list as they are completed."""

    def __init__(self) -> None:
        self._text = ""
        self._position = 0
        self._decoder = json.JSONDecoder(strict=False)
        self.found = 0
        """Objects read so far."""

    def feed(self, text: str) -> list[Statement]:
        """More of the reply; gives the statements that are complete."""
        self._text += text
        return list(self._complete())

    @property
    def growing(self) -> str:
        """The text of the statement that is being written, as far as it has come."""
        match = _GROWING.search(self._text, self._position)
        return _unescaped(match["text"]) if match else ""

    def close(self) -> list[Statement]:
        """What is left: a statement that was cut off has no ids that could be relied on."""
        text = self.growing
        self._position = len(self._text)
        return [Statement(each.text, (), each.raw) for each in statements_in(text)] if text else []

    def _complete(self) -> Iterator[Statement]:
        while (start := self._text.find("{", self._position)) >= 0:
            if self._is_envelope(start):
                self._position = start + 1
                continue
            try:
                value, end = self._decoder.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                if len(self._text) - start > _LONGEST:
                    self._position = start + 1
                    continue
                return
            self._position = end
            if isinstance(value, Mapping):
                self.found += 1
                yield from _statements(value)

    def _is_envelope(self, start: int) -> bool:
        """Whether an object only holds the list of statements, by its first key and value."""
        return _ENVELOPE.match(self._text, start) is not None


def _statements(value: Mapping[str, Any]) -> Iterator[Statement]:
    by_name = {str(key).lower(): entry for key, entry in value.items()}
    text = next((by_name[name] for name in _TEXTS if isinstance(by_name.get(name), str)), "")
    given = next((by_name[name] for name in _IDS if name in by_name), ())
    ids = _ids(given)
    for statement in statements_in(text):
        own = tuple(dict.fromkeys((*statement.ids, *ids)))
        yield Statement(statement.text, own, json.dumps(value, ensure_ascii=False))


def _ids(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for entry in value for name in _ids(entry)]
    if isinstance(value, Mapping):
        return [name for key, entry in value.items() if key in _IDS for name in _ids(entry)]
    return read_ids(str(value)) if isinstance(value, str | int | float) else []


def _unescaped(text: str) -> str:
    """The value of a JSON string that may be cut off."""
    whole = _HALF_ESCAPE.sub("", text)
    try:
        value = json.loads(f'"{whole}"', strict=False)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""
