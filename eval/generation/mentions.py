"""Names in running text: where they stand."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from eval.generation.lexicon import CALENDAR, PARTICLES, STARTERS, TITLES

BODY_NOUN = re.compile(
    r"\b(?:Union|Organi[sz]ation|Part(?:y|ies)|Parliament|Universit(?:y|ies)|Institute|Court"
    r"|Council"
    r"|Commission|Company|Ministry|Bank|Congress|Committee|Agency|Association|Assembly|Senate"
    r"|College|School|Corporation|Society|Federation|Academy|Museum|Fund|Foundation|Department"
    r"|Alliance|Army|Navy|Brigade|Cent(?:er|re)|Laborator(?:y|ies)|Inc|Ltd)\b"
)
"""What organizations are called."""
_OPENING = "\"“‘'([—–"
_BEGINNING = '.:?!"“'
"""After these, and in these, a sentence begins."""
_CLOSING = "\"“”‘’'()[],;:!?—–"
_ABBREVIATED = re.compile(r"(?:[^\W\d_]|St|Dr|Mr|Mrs|Ms|Jr|Sr|(?:[A-Z]\.)+[A-Z])\.")
_HALF_CAPITAL = re.compile(r"[a-z]+[-–][^\W\d_a-z]")
_NUMBERED = re.compile(r" \d{1,3}\b(?![.,]\d)")

Words = list[re.Match[str]]


class Mention(NamedTuple):
    """A name in a sentence."""

    name: str
    start: int
    title: str
    """What stands before a person's name: "Prime Minister", or an empty string."""


class Casing:
    """How often a collection writes each word small, and how often with a capital inside sentences.

    The first word of a sentence has a capital anyway: this tells whether it begins a name.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        for text in texts:
            self._small.update(re.findall(r"(?<![\w.’'-])[a-z][\w’-]+", text))
            self._capital.update(re.findall(r"(?<=[\w,;)] )[^\W\d_a-z][\w’-]*", text))

    def opens_name(self, word: str, following: str) -> bool:
        """Whether a word at the beginning of a sentence begins a name.

        Args:
            word: with its capital.
            following: the word after it.
        """
        small, capital = self._small[word.lower()], self._capital[word]
        is_plain = not word.endswith(("ly", "ing", "ed"))  # "Interestingly", "Leaving"
        return capital > small or (not small and is_plain and following[:1].isupper())

    def has_small(self, word: str) -> bool:
        """Whether the collection has a word small anywhere."""
        return self._small[word.lower()] > 0

    def is_small(self, word: str) -> bool:
        """Whether the collection writes a word small inside sentences, more often than not."""
        return self._small[word.lower()] > self._capital[word]


def find_names(plain: str, casing: Casing) -> list[Mention]:
    """The names in a sentence (as running text), in order."""
    found: list[Mention] = []
    words: Words = []
    for match in re.finditer(r"\S+", plain):
        if words and match[0][0] in _OPENING:
            found.extend(_mention(words, plain))
            words = []
        is_part = _is_part(match, plain, casing)
        if is_part or (words and _links(match[0], words)):
            words.append(match)
        if words and (words[-1] is not match or (is_part and _ends_name(match[0]))):
            found.extend(_mention(words, plain))
            words = []
    return [*found, *_mention(words, plain)]


def _is_part(match: re.Match[str], plain: str, casing: Casing) -> bool:
    """Whether a word is part of a name."""
    word = _bare(match[0])
    if _HALF_CAPITAL.match(word):
        return True  # "post-World War II" is one name, if an odd one
    if not word or not word[0].isupper() or word in CALENDAR or word == "I":
        return False
    before = plain[: match.start()].rstrip()
    if before and before[-1] not in _BEGINNING and match[0][0] not in _BEGINNING:
        return True
    following = plain[match.end() :].split(None, 1)
    is_name = casing.opens_name(word, following[0] if following else "")
    return is_name and word.lower() not in STARTERS


def _links(word: str, words: Words) -> bool:
    """Whether a small word can stand inside a name: "Bank of England", "Center for Studies"."""
    after_body = BODY_NOUN.fullmatch(words[-1][0]) is not None
    return word in PARTICLES or (word in ("for", "on") and after_body)


def _ends_name(word: str) -> bool:
    """Whether a name ends with this word: punctuation or a possessive follows."""
    return not word.endswith(_bare(word))


def _mention(words: Words, plain: str) -> list[Mention]:
    """The name that some words in a row are, without the title before it; or nothing."""
    while words and _bare(words[-1][0])[0].islower():
        words = words[:-1]
    titles = [place for place, word in enumerate(words) if _bare(word[0]).rstrip(".") in TITLES]
    # "European Commission President Jane Doe", and all of "Prime Minister Jane Doe"
    cut = titles[-1] + 1 if titles and (titles[0] == 0 or titles[-1] < len(words) - 2) else 0
    title, words = [_bare(word[0]) for word in words[:cut]], words[cut:]
    if words and _bare(words[0][0]) in PARTICLES:  # "the Duke of Normandy"
        title, words = [], words[1:]
    if not words:
        return []
    first, last = words[0][0], words[-1][0]
    start = words[0].start() + len(first) - len(first.lstrip(_OPENING))
    end = words[-1].start() + last.find(_bare(last)) + len(_bare(last))
    name = plain[start:end]
    numbered = _NUMBERED.match(plain, end)
    if numbered and " " not in name:  # "Article 9", "Track 2"
        name += numbered[0]
    if len(name) < 2 or name in CALENDAR:
        return []
    return [Mention(name, start, " ".join(title))]


def _bare(word: str) -> str:
    """A word without punctuation and possessive ending; the point of an abbreviation stays."""
    word = word.strip(_CLOSING)
    if _ABBREVIATED.fullmatch(word):
        return word
    return re.sub(r"['’]s?$", "", word.rstrip("."))
