"""Records in JSON: lines of JSON Lines, and the elements of an array, never all in memory."""

import codecs
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.bounded import BLOCK
from index.errors import UnreadableFileError
from index.members import LINES, Member, named, suffix_of

if TYPE_CHECKING:
    from typing_extensions import Buffer

LARGEST_RECORD = 64_000_000
"""Bytes of one; more is no document."""
_SPACE = " \t\n\r"
_DEEPEST = "nested too deep"


def begins_array(stream: io.BufferedReader) -> bool:
    """Whether JSON is an array, by its first character; nothing is taken from the stream."""
    beginning = stream.peek(BLOCK)
    text = beginning.decode(json.detect_encoding(beginning), "replace")
    return text.lstrip("\ufeff").lstrip(_SPACE).startswith("[")


def record_members(
    stream: io.BufferedReader, source: str, text_field: str | None
) -> Iterator[Member]:
    """The records of a file.

    Args:
        stream: at its beginning.
        source: what it is a stream of.
        text_field: where their text is, if not in one of the usual fields.

    Raises:
        UnreadableFileError: it is no JSON from here on, or not in UTF-8.
    """
    if suffix_of(source) in LINES:
        for number, data, size in _lines(stream, source):
            trouble = "" if data is not None else _too_large()
            yield Member(named(f"{source}#line={number}", text_field), data or b"", size, trouble)
        return
    for number, data in _elements(stream, source):
        yield Member(named(f"{source}#/{number}", text_field), data, len(data))


def read_record(
    stream: io.BufferedReader, source: str, line: int | None, element: int | None
) -> bytes:
    """One record of a file.

    Args:
        stream: at its beginning.
        source: of the record, for messages.
        line: its number from 1, for JSON Lines.
        element: its number from 0, for an array.

    Raises:
        UnreadableFileError: there is none, or it cannot be read.
    """
    if line is not None:
        for number, data, _ in _lines(stream, source):
            if number == line and data is not None:
                return data
            if number >= line:
                break
    else:
        for number, data in _elements(stream, source):
            if number == element:
                return data
    raise UnreadableFileError(
        f"{source}: expected a record there, found none. Index the file again."
    )


def _lines(stream: io.BufferedReader, source: str) -> Iterator[tuple[int, bytes | None, int]]:
    """Number, bytes and size of each line that is not blank; no bytes of one that is too large."""
    encoding = json.detect_encoding(stream.peek(BLOCK)[:4])
    if encoding.startswith(("utf-16", "utf-32")):
        stream = io.BufferedReader(_InUtf8(stream, encoding, source), BLOCK)
    number = 0
    while line := stream.readline(LARGEST_RECORD):
        number += 1
        size = len(line)
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if size == LARGEST_RECORD and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(BLOCK)
                size += len(line)
            yield number, None, size
        elif data := line.strip():
            yield number, data, size


class _InUtf8(io.RawIOBase):
    """Text in another encoding, as UTF-8."""

    def __init__(self, stream: io.BufferedReader, encoding: str, source: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._source = source
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        is_at_end = False
        while not self._waiting and not is_at_end:
            data = self._stream.read1(BLOCK)
            is_at_end = not data
            try:
                self._waiting = self._decoder.decode(data, is_at_end).encode()
            except UnicodeError as error:
                raise UnreadableFileError(
                    f"{self._source}: expected JSON Lines in one encoding, found bytes that are "
                    f"not ({error.reason if isinstance(error, UnicodeDecodeError) else error}). "
                    "Save it as UTF-8."
                ) from error
        part, self._waiting = self._waiting[: len(view)], self._waiting[len(view) :]
        view[: len(part)] = part
        return len(part)


def _elements(stream: io.BufferedReader, source: str) -> Iterator[tuple[int, bytes]]:
    """Number and bytes, in UTF-8, of each element of an array."""
    text = _Text(stream, source)
    if text.next_character() != "[":
        raise text.error("a JSON array")
    if text.next_character(is_taken=False) == "]":
        return
    number = 0
    while True:
        yield number, text.value(number).encode("utf-8", "surrogatepass")
        number += 1
        mark = text.next_character()
        if mark == "]":
            return
        if mark != ",":
            raise text.error(f"a comma or ] after element {number - 1}")


class _Text:
    """JSON that is read as far as it is needed."""

    def __init__(self, stream: io.BufferedReader, source: str) -> None:
        encoding = json.detect_encoding(stream.peek(BLOCK))
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._stream = stream
        self._source = source
        self._text = ""
        self._at = 0
        self._is_at_end = False
        self._json = json.JSONDecoder()

    def next_character(self, *, is_taken: bool = True) -> str:
        """The next one that is no white space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or self._is_at_end:
                break
            self._read_on()
        found = self._text[self._at : self._at + 1]
        self._at += len(found) if is_taken else 0
        return found

    def value(self, number: int) -> str:
        """The JSON of the value that comes next."""
        self.next_character(is_taken=False)
        while True:
            try:
                _, end = self._json.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise self.error(f"element {number} to be a record", _DEEPEST) from error
            except ValueError as error:
                if self._is_at_end:
                    raise self.error(f"JSON in element {number}") from error
            else:
                # A number that ends with what was read may go on.
                if end < len(self._text) or self._is_at_end:
                    value = self._text[self._at : end]
                    self._at = end
                    return value
            if len(self._text) - self._at > LARGEST_RECORD:
                raise self.error(f"JSON in element {number}", "no end of it")
            self._read_on()

    def error(self, expected: str, found: str | None = None) -> UnreadableFileError:
        """What was expected here, and what stands here."""
        rest = self._text[self._at : self._at + 30]
        found = found or (f"{rest!r}" if rest else "the end of the file")
        return UnreadableFileError(f"{self._source}: expected {expected}, found {found}. Mend it.")

    def _read_on(self) -> None:
        """Read as much again as waits, so that a large value is not begun too often."""
        waiting = self._text[self._at :]
        data = self._stream.read(max(BLOCK, len(waiting)))
        try:
            more = self._decoder.decode(data, not data)
        except UnicodeDecodeError as error:
            raise UnreadableFileError(
                f"{self._source}: expected JSON in UTF-8, found another byte ({error.reason}). "
                "Save it as UTF-8."
            ) from error
        self._text, self._at, self._is_at_end = waiting + more, 0, not data


def _too_large() -> str:
    return f"expected a record of at most {LARGEST_RECORD:,} bytes, found a larger one. Divide it."
