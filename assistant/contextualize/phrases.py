"""Where names and noun phrases begin and end in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.contextualize.words import (
    AUXILIARY,
    BARE_VERB_AFTER,
    DEMONYM,
    MONTHS,
    NO_NOUNS,
    PARTICIPLES,
    SAYS,
    STATE,
    TELLS_WHICH,
    YEAR,
    is_function_word,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, with its place."""

    text: str
    start: int
    end: int
    opens: bool
    """Whether a sentence begins with it."""

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_capital(self) -> bool:
        """Whether it is written as a part of a name."""
        if not self.text[0].isupper() or self.text in _MONTHS:
            return False
        is_acronym = len(self.text) > 1 and self.text.isupper()
        return is_acronym or not is_function_word(self.text)

    @property
    def owns(self) -> bool:
        """Whether it has a possessive ending."""
        return POSSESSIVE.search(self.text) is not None


POSSESSIVE = re.compile(r"[’'](?:s|S)?$")
AUXILIARIES = frozenset(AUXILIARY.split("|"))
_MONTHS = frozenset(MONTHS.split("|"))
_WORD = re.compile(r"\w+(?:[.’'-]\w+)*[’']?")
_LINKS = (("of", "the"), ("on", "the"), ("of",), ("de",), ("du",), ("von",), ("van",), ("bin",))
"""What joins two parts of a name: "Court of Justice"."""
_MOST_WORDS = 4


def tokens_of(text: str) -> list[Token]:
    """The words of a text, in order."""
    return [
        Token(match[0], match.start(), match.end(), _begins_sentence(text, match.start()))
        for match in _WORD.finditer(text)
    ]


def phrases(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Names and noun phrases as half-open ranges of tokens; the name in a phrase comes after it."""
    position = 0
    while position < len(tokens):
        first, last = _span(tokens, position)
        if last > first and not _only_opens(tokens, first, last):
            yield first, last
            yield from _inner_name(tokens, first, last)
        position = max(last, position + 1)


def _begins_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 8) : position].rstrip(" \t\n“\"'(")
    return not before or before[-1] in ".!?:"


def _span(tokens: Sequence[Token], position: int) -> tuple[int, int]:
    """The phrase that begins at a token; an empty range if none does."""
    has_article = tokens[position].low in ("the", "a", "an")
    first = position + has_article
    if first >= len(tokens) or (has_article and not _is_adjacent(tokens, first)):
        return position, position
    if tokens[first].is_capital:
        return position, _name_end(tokens, first)
    if not has_article:
        return position, position
    end = noun_end(tokens, first, _auxiliary_before(tokens, position), fewest=1)
    return position, _complement_end(tokens, end) if end > first else position


def _is_adjacent(tokens: Sequence[Token], position: int) -> bool:
    """Whether only a space is between a token and the one before it, which owns nothing."""
    if not 0 < position < len(tokens):
        return False
    before = tokens[position - 1]
    return tokens[position].start - before.end == 1 and not before.owns


def _name_end(tokens: Sequence[Token], first: int) -> int:
    end = first + 1
    while end < len(tokens):
        if _is_adjacent(tokens, end) and tokens[end].is_capital and not tokens[end].opens:
            end += 1
            continue
        link = next((link for link in _LINKS if _is_linked(tokens, end, link)), None)
        if link is None:
            break
        end += len(link) + 1
    before = first
    while before and tokens[before - 1].low in NO_NOUNS | {"the"}:
        before -= 1
    auxiliary = _auxiliary_before(tokens, before)
    is_adjective = DEMONYM.search(tokens[end - 1].text) is not None
    is_compound = before < first and auxiliary not in BARE_VERB_AFTER  # "the Meghri route"
    if tokens[end - 1].owns or not (is_adjective or is_compound):
        return end
    return noun_end(tokens, end, auxiliary)


def _is_linked(tokens: Sequence[Token], end: int, link: tuple[str, ...]) -> bool:
    reach = end + len(link)
    return (
        reach < len(tokens)
        and all(_is_adjacent(tokens, position) for position in range(end, reach + 1))
        and tuple(token.text for token in tokens[end:reach]) == link
        and tokens[reach].is_capital
    )


def _auxiliary_before(tokens: Sequence[Token], position: int) -> str:
    before = tokens[position - 1].low if position else ""
    return before if before in AUXILIARIES else ""


def noun_end(tokens: Sequence[Token], first: int, auxiliary: str, fewest: int = 0) -> int:
    """Where a run of common nouns ends: before a function word, a verb or a break."""
    end = first
    while (
        end < len(tokens)
        and end - first < _MOST_WORDS
        and is_noun(tokens[end])
        and (end == 0 or _is_adjacent(tokens, end))
    ):
        end += 1
    ends_in_verb = end < len(tokens) and tokens[end].low in ("have", "be")
    if auxiliary in BARE_VERB_AFTER and end - first > fewest and not ends_in_verb:
        end -= 1  # "did the ministers agree": the verb
    while end > first and _is_participle(tokens[end - 1].low):
        end -= 1
    return first if end == first + 1 and tokens[first].low in NO_NOUNS else end


def is_noun(token: Token) -> bool:
    """Whether a word may be a common noun: it is no name, number or function word."""
    return not (token.is_capital or is_function_word(token.text) or token.text[0].isdigit())


def _is_participle(word: str) -> bool:
    has_ending = word.endswith(("ed", "ing", "ly")) and not word.endswith("eed")
    return word in PARTICIPLES or (has_ending and len(word) > 4)


def _complement_end(tokens: Sequence[Token], end: int) -> int:
    """Where a noun phrase ends with what tells which: "the route through Syunik"."""
    if end + 1 >= len(tokens) or not _is_adjacent(tokens, end):
        return end
    if tokens[end].low == "of" and YEAR.fullmatch(tokens[end + 1].text):
        return end + 2
    if tokens[end].low in TELLS_WHICH:
        first, last = _span(tokens, end + 1)
        if last > first and tokens[last - 1].is_capital and not tokens[last - 1].owns:
            return last
    return end


def _inner_name(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The name that ends a noun phrase: "Syunik" in "the route through Syunik"."""
    if tokens[first + 1 : last] and not tokens[first + 1].is_capital:
        for position in range(first + 1, last - 1):
            if tokens[position].low in TELLS_WHICH:
                yield position + 1, last
                return


def _only_opens(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a word may have its capital only from standing at the beginning of a sentence."""
    if last - first > 1 or not tokens[first].opens or STATE.match(tokens[first].text):
        return False
    following = tokens[last].low if last < len(tokens) else ""
    acts = following in AUXILIARIES or SAYS.match(following) or following.endswith("ed")
    return not (acts or tokens[first].owns)
