"""Texts made comparable: sentences, clauses and content terms."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from assistant.checking.verb_forms import base_terms
from index.canonical import matching_text
from index.segmentation import find_sentences
from index.terms import analyze

_WEAK_WORDS = """
    a an the and or but nor so yet also as at be been being am is are was were by for from had has
    have having he her hers him his i if in into it its itself of off on onto or our ours out over
    per she since such than that their theirs them themselves then there these they this those to
    too under until up upon us very via we what when where which while who whom whose why with
    within would you your s t did do does doing done not no nor cannot can could will shall should
    may might must just still about after before during between through against among because
    though although however thus therefore yes himself herself both each either here how only
    own same some more most other another any all
"""
_DOTTED = re.compile(r"\b(?:[A-Z]\.){1,}[A-Z]\b(?:\.(?=\s[a-z(,;]|[,;:)\"]))?")
_CLAUSE_END = re.compile(
    r"[;:]\s|,\s|\s-+\s|[()]|\s(?=(?:and|but|while|whereas|although|though|because|which|who"
    r"|when|where|after|before|until|if|unless)\s)"
)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text normalized for matching, `U.S.` as `US`."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), matching_text(text))


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text that is normalized for matching."""
    return tuple(text[start:end] for start, end in find_sentences(text, 0, len(text)))


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[str, ...]:
    """A text that is normalized for matching cut where a clause may end, too often at that."""
    parts = (part for sentence in sentences(text) for part in _CLAUSE_END.split(sentence))
    return tuple(part.strip() for part in parts if part.strip(" .,\"'"))


@lru_cache(maxsize=4096)
def content_terms(text: str) -> tuple[str, ...]:
    """The terms of a text that carry its content, in order; irregular verbs by their base form."""
    bases = base_terms()
    return tuple(bases.get(term, term) for term in analyze(text) if term not in weak_terms())


@cache
def weak_terms() -> frozenset[str]:
    """Terms that carry no content of their own."""
    return frozenset(analyze(_WEAK_WORDS))


def terms_of(texts: Iterable[str]) -> frozenset[str]:
    """All terms of several texts, those without content too."""
    return frozenset(base_terms().get(term, term) for text in texts for term in analyze(text))


def named(words: Sequence[str]) -> str:
    """Words in quotation marks, as an enumeration."""
    marked = [f"“{word}”" for word in dict.fromkeys(words)]
    return f"{', '.join(marked[:-1])} and {marked[-1]}" if len(marked) > 1 else "".join(marked)
