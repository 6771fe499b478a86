"""Reading a reply in JSON while it comes, however broken: `{"statements": [{"text", "ids"}]}`."""

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.replies.markers import read_value

STATEMENT_CHARACTERS = 2_000
"""Most characters of one statement that are read; the rest of it is left out."""

_IDS = re.compile(
    r"(?:evidence|sentence|source|citation|ref)?_?(?:ids?|numbers?)|refs?|"
    r"(?:sources?|citations?|cited|references?|evidence|supports?|supported_by)"
)
_TEXTS = re.compile(
    r"(?:text|sentence|statement|claim|fact|content|answer|response|reply|output|"
    r"result|point|summary|assertion|finding|message)s?"
)
_START = re.compile(r"\{\s*[\"'“}]|\[\s*(?:[{\"'“]|\])")
_ESCAPES = {"n": "\n", "t": " ", "r": " ", "b": "", "f": " "}
_QUOTES = {'"': '"', "'": "'", "“": "”"}


@dataclass(frozen=True, slots=True)
class Value:
    """A statement of a structured reply."""

    text: str
    ids: tuple[str, ...]
    raw: str


@dataclass(slots=True)
class _Frame:
    """An object or a list that is open."""

    kind: Literal["object", "list"]
    role: "_Role"
    key: str | None = None
    text: str = ""
    ids: list[str] = field(default_factory=list)
    start: int = 0


_Role: TypeAlias = Literal["text", "ids", "other"]


def begins_json(text: str, *, final: bool = False) -> bool | None:
    """Whether a line begins a structured reply; None if that depends on what follows."""
    text = text.lstrip()
    if not final and (not text or (text[0] in "{[" and not text[1:].strip())):
        return None
    return _START.match(text) is not None


class JsonReader:
    """Reads one JSON value. Quotes of any kind, trailing commas, other key names are taken."""

    def __init__(self) -> None:
        self.is_over = False
        """Whether the value has ended. What was fed after that is in `rest`."""
        self.rest = ""
        self._found = 0
        self._has_values = False
        self._frames: list[_Frame] = []
        self._raw: list[str] = []
        self._string: list[str] | None = None
        self._closing = ""
        self._pending = ""
        self._escape = ""
        self._scalar = ""

    @property
    def is_empty(self) -> bool:
        """Whether the value has ended and holds nothing: the agreed way to decline."""
        return self.is_over and not self._found and not self._has_values

    @property
    def text(self) -> str:
        """The text of the statement that is being written, as far as it has come."""
        if self._string is not None and self._role() == "text":
            return self._so_far() + "".join(self._string)
        return self._so_far()

    def feed(self, text: str) -> list[Value]:
        """The statements that the next characters complete."""
        values: list[Value] = []
        for position, character in enumerate(text):
            self._step(character, values)
            if self.is_over:
                self.rest = text[position + 1 :]
                break
        return values

    def close(self) -> list[Value]:
        """What a reply that broke off leaves: a sentence cut off in its middle has no ids."""
        values: list[Value] = []
        if self.is_over:
            return values
        cut = self._string is not None and not self._pending and self._role() == "text"
        if self._string is not None:
            if cut:
                for frame in self._frames:
                    frame.ids.clear()
            self._end_string(values)
        self._end_scalar(values)
        while self._frames:
            self._pop(values)
        return values

    def _step(self, character: str, values: list[Value]) -> None:
        if len(self._raw) < 2 * STATEMENT_CHARACTERS:
            self._raw.append(character)
        if self._string is not None:
            self._in_string(character, values)
        else:
            self._structure(character, values)

    def _structure(self, character: str, values: list[Value]) -> None:
        if character in _QUOTES:
            self._end_scalar(values)
            self._string, self._closing = [], _QUOTES[character]
        elif character in "{[":
            self._end_scalar(values)
            self._push("object" if character == "{" else "list")
        elif character in "}]":
            self._end_scalar(values)
            self._pop(values)
        elif character == ":" and self._frames and self._frames[-1].kind == "object":
            self._frames[-1].key = self._frames[-1].key or self._scalar
            self._scalar = ""
        elif character in ",\n\t ":
            self._end_scalar(values)
            if character == "," and self._frames and self._frames[-1].kind == "object":
                self._frames[-1].key = None
        elif len(self._scalar) < 80:
            self._scalar += character

    def _in_string(self, character: str, values: list[Value]) -> None:
        """A quotation mark ends a string only where what follows fits: some are not escaped."""
        assert self._string is not None
        if self._escape:
            self._escape += character
            if self._escape[1] == "u" and len(self._escape) < 6:
                return
            self._extend(_unescaped(self._escape))
            self._escape = ""
        elif self._pending and character.isspace():
            self._pending += character
        elif self._pending and character in ",:}]":
            self._pending = ""
            self._end_string(values)
            self._structure(character, values)
        else:
            self._extend(self._pending)
            self._pending = ""
            if character == "\\":
                self._escape = character
            elif character == self._closing:
                self._pending = character
            else:
                self._extend(character)

    def _extend(self, text: str) -> None:
        assert self._string is not None
        if len(self._string) < STATEMENT_CHARACTERS:
            self._string.extend(text)

    def _end_string(self, values: list[Value]) -> None:
        text, self._string = "".join(self._string or ()), None
        if not self._frames:
            return
        frame = self._frames[-1]
        if frame.kind == "object" and frame.key is None:
            frame.key = text
            return
        self._has_values = self._has_values or bool(text)
        if self._role() == "ids":
            self._add_ids(text)
        elif self._role() == "text":
            if frame.kind == "object" and frame.text and frame.ids:
                self._emit(frame, values)  # one object for several statements
            frame.text = f"{frame.text} {text}".strip()[:STATEMENT_CHARACTERS]

    def _end_scalar(self, values: list[Value]) -> None:
        """A number, a bare word or the end of a list's element."""
        if self._scalar and self._frames and self._role() == "ids":
            self._add_ids(self._scalar)
        self._scalar = ""
        if self._frames and self._frames[-1].kind == "list" and self._frames[-1].text:
            self._emit(self._frames[-1], values)

    def _role(self) -> _Role:
        if not self._frames:
            return "other"
        frame = self._frames[-1]
        if frame.kind == "list":
            return frame.role
        key = re.sub(r"[\s-]+", "_", (frame.key or "").strip().casefold())
        if frame.key is None:
            return "other"
        if _IDS.fullmatch(key):
            return "ids"
        return "text" if frame.role != "ids" and _TEXTS.fullmatch(key) else "other"

    def _push(self, kind: Literal["object", "list"]) -> None:
        role = self._role() if self._frames else "text"
        if len(self._frames) < 50:
            self._frames.append(_Frame(kind, role, start=len(self._raw) - 1))

    def _pop(self, values: list[Value]) -> None:
        if not self._frames:
            return
        frame = self._frames.pop()
        if frame.text:
            self._emit(frame, values)
        if frame.kind == "object":
            del self._raw[frame.start :]
        if not self._frames:
            self.is_over = True

    def _add_ids(self, text: str) -> None:
        """Ids of a list or value belong to the nearest object around it."""
        if self._frames[-1].key == "id" and "." not in text:
            return  # the number of the statement
        for frame in reversed(self._frames):
            if frame.kind == "object" and frame.role != "ids" and len(frame.ids) < 200:
                frame.ids += read_value(text)
                return

    def _so_far(self) -> str:
        return self._frames[-1].text if self._frames else ""

    def _emit(self, frame: _Frame, values: list[Value]) -> None:
        raw = "".join(self._raw[frame.start :])
        ids = tuple(dict.fromkeys(frame.ids))
        values.append(Value(frame.text, ids, raw.strip()))
        self._found += 1
        frame.text = ""
        frame.ids.clear()
        if frame.kind == "list":
            del self._raw[frame.start :]


def _unescaped(escape: str) -> str:
    if escape[1] == "u":
        try:
            return chr(int(escape[2:], 16))
        except ValueError:
            return ""
    return _ESCAPES.get(escape[1], escape[1])
