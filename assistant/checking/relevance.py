"""Whether a statement speaks of what was asked.

One that is borne out can still be no answer: a small model repeats whatever it was shown, and one
that obeys a document says what that wanted. See docs/checks.md for how the limit was chosen.
"""

from assistant.checking.types import Relevance
from assistant.details import Check
from assistant.question import content_words
from index.terms import analyze

ENOUGH_RELEVANCE = 0.2
"""Cosine with the question from which on a statement needs no word of it."""
LEAST_RELEVANCE = 0.1
"""Cosine below which a word of the question is there by chance."""


def check_relevance(text: str, question: str, relevance: Relevance) -> Check:
    """Whether a statement has a content word of the question, or is near it in meaning.

    Args:
        text: the statement.
        question: one that stands alone.
        relevance: gives the cosine of a statement's embedding with the question's.
    """
    shared = _terms(text) & _terms(question)
    cosine = relevance(text)
    if cosine >= (LEAST_RELEVANCE if shared else ENOUGH_RELEVANCE):
        return Check("relevance", True, f"it speaks of what was asked ({cosine:.2f})")
    words = "hardly a word" if shared else "no word"
    reason = f"it has {words} of the question, and is not near it in meaning ({cosine:.2f})"
    return Check("relevance", False, reason)


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for word in content_words(text) for term in analyze(word))
