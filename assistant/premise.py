"""Whether a sentence bears against what a question takes for granted.

"Why did they leave the union?" takes for granted that they left. A sentence by which they refused
to leave, or stayed, does not answer it, however near its words are. The rules look at words alone:
at what is denied, at opposites, and at whether a number stands by the thing that is counted. The
first two are among the ways by which people turn a question into one that a text does not answer
(P. Rajpurkar, R. Jia and P. Liang, Know What You Don't Know, 2018, table 1).
"""

import re
from collections.abc import Container, Iterable, Sequence
from functools import cache

from assistant.opposites import opposites
from assistant.question import NUMBER_WORDS, content_words
from index.terms import analyze

_DENIAL = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without|hardly|unable"
    r"|den(?:y|ies|ied|ial)|refus(?:es?|ed|al|ing)|reject(?:s|ed|ion)?|fail(?:s|ed|ure)?"
    r"|declin(?:es?|ed)|cancel(?:s|ed|led)?|skip(?:s|ped)?|prevent(?:s|ed)?|avoid(?:s|ed)?"
    r"|oppos(?:es?|ed)|unlike|instead of|rather than|lack(?:s|ed)?|stop(?:s|ped)?"
    r"|ceas(?:es?|ed))\b|n['’]t\b",
    re.I,
)
_CLAUSE_END = re.compile(r"[.!?;:]\s|\s[-–—]\s|[()“”\"]|, (?:but|and|while|although)\b")
_ASIDE = re.compile(r"[,(]\s?$")
_CONTRASTS = ("unlike", "instead of", "rather than")
_WEAK_WORDS = """
    a an the to be been is are was were has have had do does did it its that of in on at by for with
    from as and or but any more than very so also only just being this these those there their his
    her he she they who which
"""
_SCOPE = 3
"""How many terms after a denial are taken to be denied."""
_REACH = 140
"""How far a denial reaches at most, in code points."""
_YES_OR_NO = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b",
    re.I,
)
_COUNTED = re.compile(
    r"\bhow (?:many|much) ((?:(?!(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would"
    r"|should|of|in)\b)[\w’'-]+\s+){1,4})",
    re.I,
)
_NUMBER = re.compile(rf"\d[\d.,]*|{NUMBER_WORDS}|single|once|twice|no", re.I)
_NEAR = 4
"""How many words a number may stand from what it counts."""


def denied(question: str, terms: Container[str], sentence: str) -> float:
    """How much of what a question takes for granted a sentence denies, 0 to 1.

    A question that is answered by yes or no takes nothing for granted. Of one that denies something
    itself, what the sentence states without a denial counts.

    Args:
        question: as asked.
        terms: what counts, analyzed: the question's content terms that are no names.
        sentence: normalized for matching.
    """
    if _YES_OR_NO.match(question):
        return 0.0
    asked, said = _scopes(question), _scopes(sentence)
    if not asked:
        shares = (sum(term in terms for term in scope) / 2 for scope in said)
    elif said:
        return 0.0
    else:
        stated = frozenset(analyze(sentence))
        shares = (sum(term in stated for term in scope) / 2 for scope in asked)
    return min(1.0, max(shares, default=0.0))


def opposed(question: str, sentence: str) -> bool:
    """Whether a sentence has the opposite of a word of the question, and not the word."""
    said = frozenset(analyze(sentence))
    known = opposites()
    return any(
        term not in said and not said.isdisjoint(known[term])
        for term in analyze(question)
        if term in known
    )


def uncounted(question: str, sentence: str) -> float:
    """How sure it is that a sentence does not count what "how many ..." asks for, 0 to 1.

    1 where it has no number but the question's own, less where one stands far from the thing
    counted, and 0 where it stands near or nothing is counted.
    """
    match = _COUNTED.search(question)
    counted = [term for word in content_words(match[1]) for term in analyze(word)] if match else []
    if not counted:
        return 0.0
    words = [word.rstrip(".,") for word in re.findall(r"[\w’'.,-]+", sentence)]
    numbers = [i for i, word in enumerate(words) if _is_new_number(word, question)]
    places = [i for i, word in enumerate(words) if counted[-1] in analyze(word)[:1]]
    return _distance(numbers, places)


def _is_new_number(word: str, question: str) -> bool:
    return _NUMBER.fullmatch(word) is not None and word not in question.lower()


def _distance(numbers: Sequence[int], places: Iterable[int]) -> float:
    if not numbers:
        return 1.0
    gaps = [abs(number - place) for place in places for number in numbers]
    if not gaps:
        return 0.6
    return 0.0 if min(gaps) <= _NEAR else 0.4


def _scopes(text: str) -> list[list[str]]:
    """For each denial in a text, the first terms of what it denies."""
    scopes = []
    for match in _DENIAL.finditer(text):
        rest = _CLAUSE_END.split(text[match.end() : match.end() + _REACH])[0]
        if _ASIDE.search(text[: match.start()][-2:]) or match[0].lower() in _CONTRASTS:
            rest = rest.partition(",")[0]  # "Varna, not Burgas, hosted it" denies Burgas alone
        scopes.append([term for term in analyze(rest) if term not in _weak_terms()][:_SCOPE])
    return scopes


@cache
def _weak_terms() -> frozenset[str]:
    return frozenset(analyze(_WEAK_WORDS))
