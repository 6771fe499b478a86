"""Sentences as running text, and whether a question made from one reads well."""

import re
from functools import lru_cache

from index.canonical import FOOTNOTE_MARK

_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,300}\)")
_EMPHASIS = re.compile(r"(?<![\w*])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*])")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


CONTEXT_WORDS = word_set(
    """he him she her it they them this these those here there former latter above below
    following such same another other others different similar also too again instead thus
    therefore however moreover besides we us our you your i my me himself herself itself
    themselves so meanwhile otherwise one ones then today now currently recently yesterday
    tomorrow ago entire"""
)
"""Words that point out of a sentence: a question with one cannot be understood alone."""
OWNERS = word_set("his her hers its their theirs")
"""These point too, unless what they stand for is named before them."""

_BROKEN = re.compile(
    r" {2}|[(\[{|<>\\*_#^~=]|[)\]}]|https?:|www\.|\s[,.;:?]|[,;:]\?|\.\?|\?.*\?|!|…|\.\.|;"
    r"|\b(?:the|a|an|of|in|on|at|with|by|and|or|from|that)\?$"
    r"|\b(\w+) \1\b"
)


def plain_text(text: str) -> str:
    """A sentence as running text: no footnote marks, links, emphasis or line breaks."""
    without = FOOTNOTE_MARK.sub("", _LINK.sub(r"\1", text)).translate(_INVISIBLE)
    plain = " ".join(_EMPHASIS.sub("", without).split())
    return re.sub(r"\s+([,.;:])", r"\1", plain)


def without_asides(plain: str) -> str:
    """A sentence without what stands in brackets."""
    return " ".join(_ASIDE.sub("", plain).split())


def is_whole(plain: str) -> bool:
    """Whether a text is a whole sentence that can be asked about.

    It begins with a capital or a figure and ends as sentences do; its quotation marks and brackets
    have their other halves; it is no line of a table and holds no address.
    """
    return (
        4 <= len(plain.split()) <= 60
        and (plain[0].isupper() or plain[0].isdigit() or plain[0] in "\"“'‘")
        and re.search(r"[.!][\"”’']?$", plain) is not None
        and is_paired(plain)
        and not re.search(r"[|\t<>{}\\#=]|https?:|www\.|@", plain)
    )


def is_paired(text: str) -> bool:
    """Whether quotation marks and brackets have their other halves."""
    return (
        text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
    )


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without possessive endings."""
    return [re.sub(r"['’]s?$", "", word) for word in re.findall(r"[^\W_][\w’'-]*", text.casefold())]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without the endings of plurals and verbs, so that its forms agree."""
    folded = word.casefold()
    return re.sub(r"(?:ies|es|s|ing|ed|e|y)$", "", folded) if len(word) > 3 else folded


def points_outside(text: str, owner: str = "") -> bool:
    """Whether a text has words that only its context explains.

    Args:
        text: a question, or a part of one.
        owner: what "its" and "their" stand for in it; with none they point outside.
    """
    words = set(words_of(text))
    return bool(words & CONTEXT_WORDS) or (not owner and bool(words & OWNERS))


def reads_well(question: str) -> bool:
    """Whether a question has the form of one: whole, not too long, with no trace of markup."""
    return (
        bool(question)
        and question.endswith("?")
        and question[0].isupper()
        and 4 <= len(question.split()) <= 26
        and is_paired(question)
        and not _BROKEN.search(question)
        and len(question) <= 200
    )


_BARE_DEFINITE = re.compile(
    r"\bthe (?:[a-z-]+ )?[a-z-]+"
    r"(?=[?,]| (?:and|to|in|on|at|with|back|by|from|for|as|after|before|was|is)\b)"
)


def vagueness(question: str) -> int:
    """How many things a question names as if they were known: "the treaty", "the new building"."""
    return len(_BARE_DEFINITE.findall(question))


def joined(*parts: str | None) -> str:
    """Parts of a question put together: one space between them, a question mark at the end.

    Empty, which reads well to nobody, if one of the parts is None.
    """
    if None in parts:
        return ""
    text = " ".join(" ".join(part for part in parts if part).split())
    text = re.sub(r"\s+([,;:])", r"\1", text).rstrip(" ,;:.–—-")
    if text[-1:] in '"”' and text[-2:-1] in ".,":
        text = text[:-2] + text[-1]
    return f"{text[:1].upper()}{text[1:]}?"
