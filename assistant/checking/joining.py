"""Whether a statement joins what stands apart in its quotes: one's name, and another's deed."""

import re
from collections.abc import Sequence

from assistant.checking.texts import content_terms, plain, sentences
from assistant.details import Check

_LEANING = re.compile(
    r"^(?:(?!The|This|That)[A-Z]?\w+\s(?:[\w'-]+\s){0,6}?[\w'-]+,\s)?(?:\w+ly,?\s|However,\s|But\s|And\s)?"
    r"(?:he|she|it|they|his|her|its|their|this|that|these|those|such|both|one|another|some|many"
    r"|the(?=\s[a-z]))\b",
    re.I,
)
"""A sentence whose subject may be that of the sentence before it."""
_SEAM = re.compile(r"[,;:()]|\s(?:and|but|while|whereas|or|which|who|that|as|when|where)\s", re.I)
_ENOUGH = 0.75
"""Share of a half's terms that one sentence of the quotes must hold, for it to be its source."""


def check_joining(text: str, premises: str) -> Check:
    """Whether no sentence begins as one sentence of the quotes and goes on as another.

    Its beginning is one's, the rest another's, and nothing stands between them that would join two
    clauses: then who does it is not who the quotes say does it. Where the second sentence leans on
    the one before it, by a pronoun or an article, it may speak of the same.
    """
    meant = sentences(plain(premises))
    for sentence in sentences(plain(text)) if len(meant) > 1 else ():
        seam = _seam(sentence, meant)
        if seam:
            reason = f"“{seam}”: the quotes say the rest of the sentence of somebody else"
            return Check("joining", False, reason)
    return Check("joining", True, "what it joins belongs together in the quotes")


def _seam(sentence: str, meant: Sequence[str]) -> str:
    """The beginning that another sentence has than the rest; empty where there is none."""
    words = sentence.split()
    sources = [frozenset(content_terms(other)) for other in meant]
    whole = frozenset(content_terms(sentence))
    if any(len(whole & source) >= _ENOUGH * len(whole) for source in sources):
        return _seam_of_subject(words, meant, sources)
    return ""


def _seam_of_subject(
    words: Sequence[str], meant: Sequence[str], sources: Sequence[frozenset[str]]
) -> str:
    whole = frozenset(content_terms(" ".join(words)))
    best = max(range(len(sources)), key=lambda i: len(sources[i] & whole))
    if _LEANING.match(meant[best]):
        return ""
    subject: list[str] = []
    for word in words:
        terms = frozenset(content_terms(word))
        if terms & sources[best] or (subject and _SEAM.search(f" {word} ")):
            break
        subject.append(word)
    beginning = " ".join(subject)
    terms = frozenset(content_terms(beginning))
    is_elsewhere = any(terms and terms <= other for i, other in enumerate(sources) if i != best)
    return beginning if is_elsewhere else ""
