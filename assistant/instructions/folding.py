"""One spelling for what looks the same, with the way back to the text as it stands.

Marks above letters, letters of other alphabets that look Latin, fancy letters and characters that
cannot be seen are how planted instructions get past a comparison of words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from assistant.instructions.regions import Region

_UNSEEN = frozenset(("Cf", "Mn", "Me"))
_SPECIAL = {"’": "'", "‘": "'", "“": '"', "”": '"', "ı": "i", "ł": "l", "ø": "o", "ß": "s"}
_LOOKALIKES = str.maketrans(
    "абвеікмнорстухјѕԁӏɡαβεηικνορτυχγɑοсһԛԝ",
    "abbeikmhopctyxjsdlgabenikvoptuxyaochqw",
)
_MIXED = re.compile(
    r"[a-z][\u0370-\u03ff\u0430-\u052f\u0250-\u02af]|[\u0370-\u03ff\u0430-\u052f\u0250-\u02af][a-z]"
)
_SPACED = re.compile(r"(?<!\w)(?:[a-z0-9@$][ .\-_*]{1,2}){8,400}[a-z0-9](?!\w)")
_SINGLE = re.compile(r" \w {1,2}\w {1,2}\w ")
_DIGIT_WITHIN = re.compile(r"(?<=[a-z])[013@$](?=[a-z])")
_DIGITS = str.maketrans("013457@$", "oieastas")
_DISGUISED = re.compile(r"\b[a-z]{0,12}[0134@$][a-z]{1,12}[0134@$]?[a-z]{0,12}\b")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one spelling."""

    text: str
    """Lower case, without accents."""
    offsets: tuple[int, ...] | None
    """For each character of `text` and its end, the place in the original; None: the same."""

    def original(self, regions: Iterable[Region]) -> Iterator[Region]:
        """Regions of the folded text as regions of the original."""
        for start, end in regions:
            if self.offsets is None:
                yield start, end
            else:
                yield self.offsets[start], self.offsets[end]


def fold(text: str) -> Folded:
    """Lower case, no accents, no fancy letters, nothing that cannot be seen."""
    if text.isascii():
        return Folded(text.lower(), None)
    table = {ord(character): _folded(character) for character in set(text)}
    folded = text.translate(table)
    if len(folded) == len(text):
        return Folded(folded, None)
    offsets = [place for place, character in enumerate(text) if table[ord(character)]]
    return Folded(folded, (*offsets, len(text)))


@cache
def _folded(character: str) -> str:
    """One character in place of one, or none where it cannot be seen."""
    if character in _SPECIAL:
        return _SPECIAL[character]
    if unicodedata.category(character) in _UNSEEN:
        return ""
    first, *rest = list(unicodedata.normalize("NFKD", character))
    if any(not unicodedata.combining(mark) for mark in rest):
        first = character
    lower = first.lower()
    return lower if len(lower) == 1 else first


def without_lookalikes(folded: str) -> str:
    """Letters that look Latin made Latin, if the text mixes alphabets within words."""
    return folded.translate(_LOOKALIKES) if _MIXED.search(folded) else folded


def without_spacing(folded: str) -> Iterator[tuple[int, str]]:
    """Words written s p a c e d or with d1g1ts for letters: where, and how they would read."""
    for match in _SPACED.finditer(folded) if _SINGLE.search(folded) else ():
        words = re.split(r"[ .\-_*]{2}", match[0])
        joined = [re.sub(r"[ .\-_*]", "", word) for word in words]
        yield match.start(), " ".join(joined)
    if _DIGIT_WITHIN.search(folded) and len(_DISGUISED.findall(folded)) > 1:
        first = _DISGUISED.search(folded)
        if first:
            line_end = folded.find("\n", first.end())
            end = line_end if line_end >= 0 else len(folded)
            yield first.start(), folded[first.start() : end].translate(_DIGITS)
