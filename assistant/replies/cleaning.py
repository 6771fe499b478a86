"""What a reply holds besides its text: thinking, fences, leftovers of a chat template."""

import re

_THINK = re.compile(r"<(/?)(?:think|thinking|thought|reasoning|reflection)>", re.I)
_TEMPLATE = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<(?:bos|eos|pad)>",
    re.I,
)
_FENCE = re.compile(r"^[ \t]*```[\w+-]*[ \t]*$", re.M)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\u2060]")
_OPEN = re.compile(r"(?:<[^<>\n]{0,42}|\[/?I?N?S?T?|\r)$")
"""What may become a tag when more comes."""


class Cleaner:
    """Takes a reply piece by piece, and gives its text without what is not part of it."""

    def __init__(self) -> None:
        self._held = ""
        self._is_thinking = False

    def feed(self, text: str) -> str:
        """The text of a piece, and of what was held back before it."""
        text = self._held + text
        open_end = _OPEN.search(text)
        cut = open_end.start() if open_end else len(text)
        self._held = text[cut:]
        return self._cleaned(text[:cut])

    def close(self) -> str:
        """The text that was held back."""
        text, self._held = self._held, ""
        return self._cleaned(text)

    def _cleaned(self, text: str) -> str:
        kept, position = "", 0
        for match in _THINK.finditer(text):
            if not self._is_thinking:
                kept += text[position : match.start()]
            self._is_thinking = not match[1]
            position = match.end()
        if not self._is_thinking:
            kept += text[position:]
        plain = _UNSEEN.sub("", kept.replace("\r\n", "\n").replace("\r", "\n"))
        return _TEMPLATE.sub("", plain)


def without_fences(text: str) -> str:
    """A text without lines that open or close a block of code."""
    return _FENCE.sub("", text)
