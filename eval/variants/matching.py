"""Whether a text states something: word by word, with numbers kept whole."""

import re
import unicodedata
from collections.abc import Iterable

from index.canonical import matching_text

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|%")
_GONE = " | "
"""Stands where a quote was taken out, so that the words around it do not come together."""


def padded_words(text: str) -> str:
    """The words of a text, in lower case, with a space around each.

    Letter case, white space, punctuation, Markdown and citation markers make no difference;
    `12.4`, `3,000` and `%` are words, so `12` is not in `12.4`.
    """
    plain = unicodedata.normalize("NFC", matching_text(text)).casefold()
    return f" {' '.join(_WORD.findall(plain))} "


def states(words: str, spelling: str) -> bool:
    """Whether a spelling occurs, word by word, in `padded_words` of a text."""
    wanted = padded_words(spelling)
    return bool(wanted.strip()) and wanted in words


def states_any(words: str, spellings: Iterable[str]) -> bool:
    """Whether one of several spellings occurs in `padded_words` of a text."""
    return any(states(words, spelling) for spelling in spellings)


def without_quotes(words: str, quotes: Iterable[str], *, longer_than: int) -> str:
    """The `padded_words` of an answer without the quotes that stand in it word by word.

    Args:
        words: `padded_words` of the answer's text.
        quotes: the texts of its citations.
        longer_than: quotes of so many words or fewer are left where they are.
    """
    for quote in quotes:
        wanted = padded_words(quote)
        if len(wanted.split()) > longer_than:
            words = words.replace(wanted, _GONE)
    return words
