"""Taking out of a stream what is not the reply: thoughts, control characters, template tokens."""

import re
import unicodedata

THOUGHTS_ENDED = "\x1e"
"""Put into the text where thoughts end that were not seen to begin: what stood before was none of
the reply. Control characters of the model's own never come through."""

_THOUGHT = r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratchpad|analysis)"
_THINK = re.compile(
    rf"<{_THOUGHT}>|\[THINK\]|<\|channel\|>\s?(?:analysis|commentary)", re.IGNORECASE
)
_THOUGHT_ENDS = re.compile(
    rf"</{_THOUGHT}>|\[/THINK\]|<\|channel\|>\s?final\s?<\|message\|>", re.IGNORECASE
)
_TURN_START = r"(?:<\|(?:im_start|start|start_header_id)\|>|<start_of_turn>)"
_END = re.compile(
    r"<[|｜](?:im_end|eot_id|eom_id|end|return|endoftext|end_of_text|end▁of▁sentence)[|｜]>"
    r"|</s>|<eos>|<end_of_turn>|<[|｜][Uu]ser[|｜]>"
    rf"|{_TURN_START}\s?(?:user|system)\b"
)
_TURN = re.compile(rf"{_TURN_START}\s?(?:assistant|model)?")
_REFERENCE = re.compile(r"<(/?)(?:cite|ref|id|source|citation)>", re.IGNORECASE)
_RAISED = re.compile(r"<sup>(?=\s?[\d\[])", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|p|li|ul|ol|div|h[1-6]|tr)\s?/?>", re.IGNORECASE)
_TAG = re.compile(
    r"<[|｜][^<>\n]{0,40}>|</?[A-Za-z][\w-]{0,20}\s?/?>|<</?SYS>>|\[/?(?:INST|THINK)\]"
)
_OPENING = re.compile(r"[<\[]")
_PARTIAL = re.compile(
    r"<[|｜]?[^<>\n]{0,40}\Z"
    r"|<</?[SY]{0,3}>?\Z"
    r"|\[/?[A-Z]{0,5}\Z"
    rf"|{_TURN_START}\s?\w{{0,12}}\Z"
    r"|<\|channel\|>\s?[A-Za-z]{0,12}\s?(?:<\|?\w{0,12}\|?)?\Z"
    r"|<sup>\s?\Z",
    re.IGNORECASE,
)
_LONGEST_TAG = 64
_INVISIBLE = "\ufeff\u200b\u2060\u00ad"


class Cleaner:
    """Cleans a reply piece by piece. The result does not depend on where it is cut."""

    def __init__(self) -> None:
        self._tail = ""
        self._is_thinking = False
        self._has_text = False
        self._has_ended = False
        self._after_return = False

    def feed(self, text: str, *, final: bool = False) -> str:
        """The clean text that the next part of a reply adds, as far as it is certain."""
        buffer = self._tail + self._plain(text)
        self._tail = ""
        parts: list[str] = []
        position = 0
        while position < len(buffer) and not self._has_ended:
            if self._is_thinking:
                position = self._thoughts_end(buffer, position)
                continue
            opening = _OPENING.search(buffer, position)
            start = opening.start() if opening else len(buffer)
            self._add(buffer[position:start], parts)
            if not final and _PARTIAL.match(buffer, start):
                self._tail, position = buffer[start:], len(buffer)
            elif start < len(buffer):
                position = self._tag(buffer, start, parts)
            else:
                position = start
        return "".join(parts)

    def _plain(self, text: str) -> str:
        """A text with line feeds only, and without invisible and control characters."""
        if not text:
            return text
        ends_in_return = text.endswith("\r")
        if self._after_return and text.startswith("\n"):
            text = text[1:]
        self._after_return = ends_in_return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if text.isascii() and text.isprintable():
            return text
        return "".join(c for c in text if c in "\n\t" or not _is_invisible(c))

    def _add(self, text: str, parts: list[str]) -> None:
        parts.append(text)
        self._has_text = self._has_text or bool(text.strip())

    def _thoughts_end(self, buffer: str, position: int) -> int:
        """Where the thoughts end that go on at `position`; a part of their end is kept."""
        ends = _THOUGHT_ENDS.search(buffer, position)
        if ends is None:
            self._tail = buffer[max(position, len(buffer) - _LONGEST_TAG) :]
            return len(buffer)
        self._is_thinking = False
        return ends.end()

    def _tag(self, buffer: str, start: int, parts: list[str]) -> int:
        """Deal with what may be a tag at `start`; where to go on."""
        if match := _THINK.match(buffer, start):
            self._is_thinking = True
        elif match := _THOUGHT_ENDS.match(buffer, start):
            parts.append(THOUGHTS_ENDED)
            self._has_text = False
        elif match := _END.match(buffer, start):
            self._has_ended = self._has_text
        elif match := _REFERENCE.match(buffer, start):
            self._add("]" if match[1] else "[", parts)
        elif match := _RAISED.match(buffer, start):
            self._add("^", parts)
        elif match := _BREAK.match(buffer, start):
            parts.append("\n")
        elif not (match := _TURN.match(buffer, start) or _TAG.match(buffer, start)):
            self._add(buffer[start], parts)
            return start + 1
        return match.end()


def _is_invisible(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in ("Cc", "Cs", "Co")
