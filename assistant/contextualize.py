"""Making a follow-up question stand alone, without a model.

A question that leans on the conversation (it opens with "And", says "he" or "that", or names
nothing) is searched together with the question before it, and with the one before that if that one
leans too. Any other question is searched as it is, so that the history cannot leak into a change of
subject.
"""

import re
from collections.abc import Sequence

History = Sequence[tuple[str, str]]
"""Earlier (question, answer text) pairs, oldest first."""

_OPENING = re.compile(r"^\W*(?:and|but|so|then|also|what about|how about|or|how so)\b", re.I)
_PERSONAL = re.compile(r"\b(?:he|him|she|it|they|them|one|ones|there)\b", re.I)
_POSSESSIVE = re.compile(r"\b(?:his|hers?|its|theirs?)\b", re.I)
_POINTING = re.compile(
    r"\b(?:those|these|the (?:other|same|former|latter))\b|\b(?:this|that)(?=\W*$)"
    r"|\b(?:before|after|earlier|later|then|since)(?=\W*$)",
    re.I,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were|be) there\b|\bthere (?:is|are|was|were)\b|\bits own\b"
    r"|\b(?:is|was) it to\b|\bit (?:is|was) \w+ (?:that|to)\b|\bone of\b|\bno one\b",
    re.I,
)
_OWN_CLAUSE = re.compile(
    r"\b(?:before|after|when|while|where|if|because|since|as|and|on) (?:\w+ )?"
    r"(?:he|she|it|they|one)\b",
    re.I,
)
_DEFINITE = re.compile(r"\bthe (?!\w+est\b)\w+", re.I)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[^\W\d_a-z]\w+")
_FEW_WORDS = 7
_FURTHEST = 3
"""How many questions back a follow-up may lead."""
_LONGEST = 1_000
"""How much of an earlier question is searched with a follow-up, in code points."""


def contextualize(question: str, history: History) -> tuple[str, str]:
    """Find what a question takes over from the conversation.

    Returns:
        (earlier, standalone): the earlier questions it builds on, or an empty string; and the text
        to search, which is the question itself where it stands alone.
    """
    questions = [question]
    for earlier, _ in history[: -_FURTHEST - 1 : -1]:
        if not leans_on_history(questions[0]):
            break
        questions.insert(0, earlier[:_LONGEST].strip())
    return " ".join(questions[:-1]), " ".join(questions)


def leans_on_history(question: str) -> bool:
    """Whether a question cannot be understood without what was said before it."""
    plain = _EXPLETIVE.sub(" ", question)
    name = _NAME.search(plain)
    possessive = _POSSESSIVE.search(plain)
    # "Armenia and its army" and "Pashinyan, when he ..." explain their own pronouns.
    personal = _PERSONAL.search(_OWN_CLAUSE.sub(" ", plain) if name else plain)
    return bool(
        _OPENING.match(question)
        or personal
        or _POINTING.search(plain)
        or (possessive and not (name and name.start() < possessive.start()))
        or (name is None and len(question.split()) <= _FEW_WORDS and _DEFINITE.search(question))
    )
