"""What the quotes leave open: it must not be stated as a fact, nor more than they say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.texts import content_terms, named, plain, sentences
from assistant.details import Check
from index.terms import analyze

_DOUBT = (
    r"may|might|could|perhaps|maybe|possibly|probably|presumably|potentially|allegedly|reportedly"
    r"|supposedly|purportedly|seemingly|apparently|likely|seem(?:s|ed)?|appear(?:s|ed)? to"
    r"|rumou?r(?:s|ed)|if|unless|whether"
    r"|(?:is|are|was|were|been) (?:said|thought|believed|alleged|considered|rumou?red|assumed"
    r"|supposed|expected|estimated|claimed|suspected) to"
)
_CLAIM = (
    r"claim(?:s|ed|ing)?|alleg(?:e|es|ed|ing)|believe[sd]?|believing|argue[sd]?|arguing|thinks?"
    r"|thought|suggest(?:s|ed|ing)?|speculate[sd]?|assume[sd]?|suspect(?:s|ed)?|accuse[sd]?"
    r"|fear(?:s|ed)|predict(?:s|ed|ing)?|theori[sz]e[sd]?|hypothesi[sz]e[sd]?|warn(?:s|ed)?"
    r"|contend(?:s|ed)?|speculation|theory that|hypothesis that|belief that|opinion"
)
_PLAN = (
    r"(?:plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|want(?:s|ed|ing)?|hop(?:e|es|ed|ing)"
    r"|aim(?:s|ed|ing)?|seek(?:s|ing)?|sought|tr(?:y|ies|ied|ying)|attempt(?:s|ed|ing)?"
    r"|expect(?:s|ed|ing)?|propos(?:e|es|ed|ing)|threaten(?:s|ed|ing)?|offer(?:s|ed|ing)?"
    r"|promis(?:e|es|ed|ing)|wish(?:es|ed)?|set|scheduled|prepar(?:e|es|ed|ing)|willing"
    r"|ready|about|ask(?:s|ed)?|urge[sd]?|call(?:s|ed)? on (?:\w+ ){1,4}?|designed|supposed)"
    r" (?:\w+ ){0,2}?to\b|plans? (?:for|of)|proposals? (?:for|to)|should|ought to|will|shall"
)
_SOME = r"(?:according to (?=[A-Z]|the [A-Z]|some|many|critics|reports|sources|legend))"
_HEDGE = re.compile(
    rf"\b(?:(?P<doubt>{_DOUBT}|{_SOME})|(?P<plan>{_PLAN})|(?P<claim>{_CLAIM}))(?!\w)"
)
_SCOPE_END = re.compile(
    r"[.!?;:]\s|\s-+\s|[()]|,?\s(?:and|but|while|although|though|which|who|if|unless|because|when)\s"
)
_FIRST_SCOPE_END = re.compile(r"[.!?;:,]\s|\s-+\s|[()]")
_SCOPE = 3
"""How many content terms after a hedge are taken to be left open."""
_STRONG = """
    all/every/everyone/everybody/everything/each/entire/entirely/whole/wholly/completely/fully/total
    always/constantly/invariably only/solely/sole/exclusively/alone/just/single/merely/unique
    must/required/requires/obliged/mandatory/compulsory/necessary/need certainly/definitely/surely
    undoubtedly/undeniably proved/proven/proves/proof confirmed/confirms/confirm
    most/majority
"""
"""Words that say much, with those that say as much."""


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word that leaves something open."""

    word: str
    is_plan: bool
    scope: tuple[str, ...]
    """The content terms that it leaves open, in order."""
    sentence: str


def check_hedges(text: str, premises: str) -> Check:
    """Whether a statement is no surer than its quotes."""
    text, premises = plain(text), plain(premises)
    dropped = [hedge.word for hedge in hedges_in(premises) if _is_dropped(hedge, text, premises)]
    if dropped:
        reason = f"{named(dropped)} in the quotes: the statement says it as a fact"
        return Check("hedges", False, reason)
    strong = _too_strong(text, premises)
    if strong:
        return Check("hedges", False, f"{named(strong)}: the quotes do not say so much")
    return Check("hedges", True, "the statement is no surer than the quotes")


@lru_cache(maxsize=1024)
def hedges_in(text: str) -> tuple[Hedge, ...]:
    """What a text that is normalized for matching leaves open."""
    found = []
    for sentence in sentences(text):
        for match in _HEDGE.finditer(sentence[:1].lower() + sentence[1:]):
            rest = sentence[match.end() :]
            is_inserted = rest.startswith(",")  # "Perhaps, ..."
            end = _FIRST_SCOPE_END if match[0] in ("if", "unless", "whether") else _SCOPE_END
            scope = content_terms(end.split(rest[1:] if is_inserted else rest)[0])[:_SCOPE]
            if scope:
                is_plan = match["plan"] is not None
                found.append(Hedge(match[0].split()[0], is_plan, scope, sentence))
    return tuple(found)


def _is_dropped(hedge: Hedge, text: str, premises: str) -> bool:
    """Whether a statement says as a fact what a quote leaves open, and no other quote states."""
    if not _covers(content_terms(text), hedge.scope):
        return False
    if any(
        _are_of_one(hedge, other) and (hedge.is_plan or not other.is_plan)
        for other in hedges_in(text)
    ):
        return False
    return not any(
        _covers(content_terms(sentence), hedge.scope)
        for sentence in sentences(premises)
        if sentence != hedge.sentence
        and not any(_are_of_one(hedge, other) for other in hedges_in(sentence))
    )


def _are_of_one(one: Hedge, other: Hedge) -> bool:
    return one.scope[0] in other.scope or other.scope[0] in one.scope


def _covers(terms: Iterable[str], scope: Iterable[str]) -> bool:
    open_terms = frozenset(scope)
    return 2 * len(open_terms.intersection(terms)) > len(open_terms)


def _too_strong(text: str, premises: str) -> list[str]:
    held = set(analyze(premises)) | set(re.findall(r"\w+", premises.casefold()))
    return [
        word
        for word in re.findall(r"\w+", text)
        if word.casefold() in _strong() and held.isdisjoint(_strong()[word.casefold()])
    ]


@lru_cache(maxsize=1)
def _strong() -> dict[str, frozenset[str]]:
    families = [frozenset(family.split("/")) for family in _STRONG.split()]
    return {word: family for family in families for word in family}
