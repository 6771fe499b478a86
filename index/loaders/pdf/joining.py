"""Lines become one text: hyphens at line ends are told apart from those of the words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.loaders.pdf.flow import words_of
from index.loaders.pdf.values import Column, Marked

_CUT = re.compile(r"(?<![^\W\d_])(?P<head>[^\W\d_]{2,}+)[-\u2010]$")
_NEXT = re.compile(r"(?P<tail>[^\W\d_]+)")
_COMPOUND = {"all", "cross", "ex", "half", "high", "long", "low", "non", "self", "short", "well"}
"""First parts of English words that are mostly written with a hyphen."""
_HYPHENS = ("-", "\u2010", "\u2011")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
"""Scripts that put no space between words, and their punctuation."""


@dataclass(slots=True)
class Joiner:
    """Puts lines together by what the document's own words tell."""

    words: Counter[str]
    divides: bool
    """Whether the file divides words at line ends, as far as its words tell."""

    @classmethod
    def of(cls, columns: Sequence[Column]) -> "Joiner":
        """Look at all words of a document."""
        joiner = cls(Counter(words_of(columns)), True)
        divided = whole = cut = lines = 0
        for column in columns:
            for above, line in zip(column.lines, column.lines[1:], strict=False):
                lines += 1
                head, tail = _CUT.search(above.text), _NEXT.match(line.text)
                if head is None or tail is None:
                    continue
                cut += 1
                is_known, is_compound = joiner._known(head["head"], tail["tail"])
                divided += is_known and not is_compound
                whole += is_compound and not is_known
        joiner.divides = divided > whole or (divided == whole and cut > max(1, 0.06 * lines))
        return joiner

    def add(self, text: Marked, line: Marked) -> None:
        """Append a line to those before it."""
        line = line.stripped()
        if not text.text or not line.text:
            text.add(line)
            return
        head, tail = _CUT.search(text.text), _NEXT.match(line.text)
        if head and tail and tail["tail"][0].islower() and self._is_divided(head, tail):
            kept = text.cut(0, len(text.text) - 1)
            text.text, text.boxes = kept.text, kept.boxes
        elif not self._is_tight(text.text, line.text):
            text.say(" ")
        text.add(line)

    def _is_tight(self, text: str, following: str) -> bool:
        """Whether nothing comes between the two."""
        last, first = text[-1], following[0]
        if last in _HYPHENS and len(text) > 1 and text[-2].isalnum():
            return first.isalnum()
        return bool(_WIDE.match(last) and _WIDE.match(first))

    def _is_divided(self, head: re.Match[str], tail: re.Match[str]) -> bool:
        is_known, is_compound = self._known(head["head"], tail["tail"])
        if is_known != is_compound:
            return is_known
        if head["head"].casefold() in _COMPOUND and tail["tail"].casefold() in self.words:
            return False
        return self.divides

    def _known(self, head: str, tail: str) -> tuple[bool, bool]:
        """Whether the document has the two as one word, and as one with a hyphen."""
        head, tail = head.casefold(), tail.casefold()
        return head + tail in self.words, f"{head}-{tail}" in self.words
