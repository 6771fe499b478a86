"""Whether a question leans on the conversation, and by which of its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from assistant.contextualize.fragments import is_fragment
from assistant.contextualize.mentions import Kind, mentions
from assistant.contextualize.words import AUXILIARY, PREPOSITION, WH

Asks = Literal["person", "thing", "several", "place"]
"""What a pronoun stands for: "he", "it", "they", "there"."""

LONGEST_FOLLOW_UP = 1_000
"""A longer text, in code points, brings what it speaks of along."""

_MOST_PRONOUNS = 12
_PRONOUNS: dict[str, Asks] = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers"), "person"),
    **dict.fromkeys(("it", "its"), "thing"),
    **dict.fromkeys(("they", "them", "their", "theirs"), "several"),
    "there": "place",
}
_PRONOUN = re.compile(rf"\b(?:{'|'.join(_PRONOUNS)})\b", re.I)
_POSSESSIVE = frozenset(("his", "her", "its", "their"))
_OBJECT_HER = re.compile(r"\bher(?=\W*$|\s+(?:and|or|to|in|at|on|for|about|with|from|by)\b)", re.I)
_OPENING = re.compile(r"^\W*(?:and|but|so|then|also|what about|how about|or|how so)\b", re.I)
_POINTING = re.compile(
    r"\b(?:those(?! (?:that|who|which|\w+ing)\b)|these|the other(?! than))\b"
    r"|\bthe (?:former|latter)\b|\b(?:this|that)(?=\W*$)"
    r"|^\W*(?:do|does|did|would) .*\b(?:agree|disagree)\W*$"
    r"|\bthe same(?! [\w -]+? (?:as|time)\b)|\b(?:before|after|earlier|later|then|since)(?=\W*$)"
    r"|(?<!no )(?<!any )\b(?:one|ones)"
    rf"(?=\W*$|\s+(?:there|nearby|{PREPOSITION.replace('of|', '')})\b)"
    r"|^\W*(?:is|was|does|did|has|will|would|can|could) (?:this|that)\b"
    r"|\b(?:of|from|about|with|after|by|like|for|on) (?:that|this)\b"
    r"|\b(?:that|this) (?:year|country|city|war|battle|agreement|treaty|statement|deal|time)\b",
    re.I,
)
_NAMED_SO = re.compile(r"\bcall(?:s|ed)? (?:\S+ ){1,8}that(?=\W*$)", re.I)
"""Here "that" is a name given to what is spoken of, which is enough to search for."""
_JUDGED = (
    "possible|impossible|necessary|clear|hard|difficult|easy|important|likely|unlikely|common|true"
    "|better|best|assumed|believed|thought|said|known|claimed|argued|estimated|expected"
)
_EXPLETIVE = re.compile(
    r"(?<!\bwho )\b(?:is|are|was|were|be|been)(?:n['’]t)? there\b|\bthere (?:is|are|was|were|re)\b"
    r"|\bthere (?:\w+ )?be\b|\bits own\b|^\W*it (?:is|was)\b|\b(?:is|was) it to\b"
    r"|\b(?:is|was) it called (?:when|if)\b|\b(?:is|was) it(?:, [^,]+,)? that\b"
    rf"|\b(?:(?:is|was) it|it (?:is|was)) (?:\w+ly |not |so )?(?:{_JUDGED})\b(?!\W*$)",
    re.I,
)
"""Where "it" and "there" stand for nothing."""
_CLAUSE_BOUNDARY = re.compile(
    r"^\W*(?:when|if|while|because|since|as|after|before|although|once)\b[^,]+,"
    r"|\b(?:think|believe|say|claim)s? (?=(?:should|would|is|was|are|were|has|can|could|will)\b)"
    r"|\b(?:stated|said|says|thinks|thought|believed|claimed|argued) (?=(?:he|she|it|they)\b)"
    r"|\b(?:that|when|while|where|if|because|since|as|before|after|until|unless|which|who|so)\b"
    rf"|\band (?=(?:{WH}|{AUXILIARY}|he|she|it|they)\b)"
    r"|\bto (?=\w+ (?:\w+ )?(?:him|her|it|them)\b)|\b(?:with|by|of) (?=\w+ing\b)",
    re.I,
)
_OWN_HEAD = re.compile(
    rf"(?:^|(?<=, ))(?:{WH})\b[^,]*\b(?:{AUXILIARY})\s+$|\bthe (?:\w+ ){{1,2}}of\s+$", re.I
)
"""What cannot own what a possessive belongs to: "What arches does their", "the name of its"."""
_PLURAL = re.compile(r"\b(?!(?:does|was|is|has|this|its|his)\b)\w{2,}[^su\W]s\b|\bpeople\b", re.I)
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.I)
_DEFINITE = re.compile(r"\bthe (?!\w+est\b)\w+", re.I)
_RELATIONAL = re.compile(
    r"\bthe (?:reason|result|cause|outcome|consequence|purpose|effect|answer|cost|price"
    r"|difference)\b",
    re.I,
)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[^\W\d_a-z]\w+")
_GOES_ON = re.compile(
    r"^\W*(?:who|what|where|when|how) else\b(?!.*\b(?:than|besides|but|apart)\b)|\bso(?=\W*$)", re.I
)
"""More of what was asked is asked for: "Who else says so?"."""
_ASKED_FOR = re.compile(r"\W*(?:what|which)\b", re.I)
_FEW_WORDS = 7
_AGREES: dict[Asks, tuple[Kind, ...]] = {
    "person": ("person", "open"),
    "thing": ("thing", "place", "open"),
    "several": ("several", "open"),
    "place": ("place", "open"),
}


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun of a question, and where it stands."""

    asks: Asks
    is_possessive: bool
    """Whether a noun follows that belongs to what it stands for."""
    start: int
    end: int


def leans_on_history(question: str) -> bool:
    """Whether a question cannot be understood without what was said before it."""
    if len(question) > LONGEST_FOLLOW_UP:
        return False
    return bool(
        _OPENING.match(question)
        or is_fragment(question)
        or points_back(question)
        or _GOES_ON.search(question)
        or dangling(question)
        or _takes_its_subject(question)
    )


def points_back(question: str) -> bool:
    """Whether a question points to something said before by other words than pronouns."""
    plain = _NAMED_SO.sub(" ", _EXPLETIVE.sub(" ", question))
    return _POINTING.search(plain) is not None


def dangling(question: str) -> list[Pronoun]:
    """The pronouns of a question that it does not explain itself, in its order."""
    empty = [match.span() for match in _EXPLETIVE.finditer(question)]
    boundaries = list(_CLAUSE_BOUNDARY.finditer(question))
    found = [
        _pronoun(match)
        for match in islice(_PRONOUN.finditer(question), _MOST_PRONOUNS)
        if not any(start <= match.start() < end for start, end in empty)
    ]
    return [pronoun for pronoun in found if not _is_explained(question, pronoun, boundaries)]


def _pronoun(match: re.Match[str]) -> Pronoun:
    word = match[0].lower()
    is_possessive = word in _POSSESSIVE and not _OBJECT_HER.match(match.string, match.start())
    return Pronoun(_PRONOUNS[word], is_possessive, match.start(), match.end())


def _is_explained(question: str, pronoun: Pronoun, boundaries: Sequence[re.Match[str]]) -> bool:
    """Whether the antecedent stands in the question: before the pronoun, in another clause.

    "its" may belong to the subject of its own clause; "it" cannot mean it.
    """
    before = question[: pronoun.start]
    if pronoun.is_possessive:
        return _agrees(_OWN_HEAD.sub("", before), pronoun.asks)
    last = next((m for m in reversed(boundaries) if m.end() <= pronoun.start), None)
    if last is None:
        return False
    if pronoun.asks == "thing" and last[0] == "and " and _ASKED_FOR.match(before):
        return True  # "What did he predict, and did it come true?"
    return _agrees(before[: last.end() if last[0].endswith(",") else last.start()], pronoun.asks)


def _agrees(text: str, asks: Asks) -> bool:
    """Whether a text holds something that a pronoun can stand for."""
    if asks in ("person", "several") and _WHO.search(text):
        return True
    if asks == "several" and _PLURAL.search(text):
        return True
    return any(mention.kind in _AGREES[asks] for mention in mentions(text))


def _takes_its_subject(question: str) -> bool:
    """Whether a short question without a name speaks of "the" something that was spoken of.

    "Who invented the loom?" stands alone; "What were the reasons?" does not.
    """
    if _NAME.search(question) or len(question.split()) > _FEW_WORDS:
        return False
    definite = _DEFINITE.search(question)
    return definite is not None and bool(
        _RELATIONAL.search(question) or _PLURAL.search(definite[0])
    )
