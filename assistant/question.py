"""What a question asks for, read off its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "date", "person", "place", "reason", "other"]
"""The kind of answer a question expects."""

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "reason",
        re.compile(
            r"\bwhy\b|\bfor what reason\b|\bwhat (?:is|was|were|are) the (?:reason|cause)s?\b"
            r"|\bwhat (?:caused|led)\b",
            re.I,
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|long|far|old|often|large|big|high|deep)\b"
            r"|\b(?:what|which) (?:percentage|percent|share|proportion|number|sum|amount|rate)\b"
            r"|\b(?:what (?:is|was|were) the|the) (?:\w+ ){0,2}(?:budget|population|turnover|"
            r"percentage|cost|price|exchange rate|interest rate|number)\b",
            re.I,
        ),
    ),
    (
        "date",
        re.compile(r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|century)\b", re.I),
    ),
    (
        "person",
        re.compile(r"\b(?:who|whom|whose)\b|\bwhich (?:author|politician|official)s?\b", re.I),
    ),
    ("place", re.compile(r"\bwhere\b|\b(?:what|which) (?:country|city|town|state|region)\b", re.I)),
)
_VOICES = re.compile(
    r"\b(?:sources?|authors|articles|documents|writers|each|both|views?|opinions?|agree|disagree"
    r"|differ\w*|compare\w*|conflict\w*|sides?)\b",
    re.I,
)
_SPEECH = re.compile(
    r"\b(?:who|whose|which (?:of the )?(?:author|article|source|writer|document|brief)s?)\b.{0,40}?"
    r"\b(?:sa(?:y|ys|id)|argue[sd]?|think|thinks|thought|believe[sd]?|claim(?:s|ed)?|recommend(?:s|ed)?"
    r"|writes?|wrote|cite[sd]?|quote[sd]?|describe[sd]?|suggest(?:s|ed)?|predict(?:s|ed)?|expect(?:s|ed)?"
    r"|warn(?:s|ed)?|call(?:s|ed)?|brings? up|view|verdict|opinion|article)\b",
    re.I,
)
NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter|several"
)
_NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{NUMBER_WORDS}|percent|most|majority)\b", re.I)
_DATE = re.compile(
    r"\b(?:1\d|20)\d\ds?\b|\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b|\b(?:century|decades?|years?|months?|weeks?|days?)\b"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|so that|in order to|as a result|therefore|thus"
    r"|hence|reasons?|caused?|causes|led to|leads? to|fear(?:s|ed|ing)?|in response|given"
    r"|to (?:avoid|prevent|protect|ensure|keep|help|allow|show|make)|for this|which is why"
    r"|explains?|blam(?:e|es|ed))\b",
    re.I,
)
_NAME = re.compile(r"[^\W\d_a-z][\w’'-]+")
_INNER_NAME = re.compile(r"(?<!^)\b[^\W\d_a-z][\w’'-]+")
_DIGITS = re.compile(r"\b\d+\b")
_FOCUS = re.compile(
    r"\b(?:how many|how much|which|what|whose)\s+((?:[\w’'-]+\s+){1,3}?)"
    r"(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|may|might)\b",
    re.I,
)
_ASKED_FOR = re.compile(
    r"\b(?:what|which) (?:is|was|are|were) (?:the |an? |its |their |his |her )?"
    r"((?:[\w’'-]+ ){0,2}?[\w’'-]+) (?:of|for|in|at|on|from|between|that|to)\b"
    r"|\b(?:what|which|whose|how many|how much)\s+((?:[\w’'-]+\s+){1,3}?)"
    r"(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|may|might|\w+ed|\w+s)\b",
    re.I,
)
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_POSSESSIVE = re.compile(r"['’]s?$")

_STOP_WORDS = """
    a an and are as at be been being but by can could did do does for from had has have he her
    his how i if in into is it its may might more most of on or our she should so such than that
    the their them then there these they this those to was we were what when where which who
    whom whose why will with would you your about after all also any between during no not only
    other over same some through under until up very according say says said tell told happen
    happened many much explain describe s t author authors article articles document documents
    source sources write writes wrote state states stated mention mentions give gives
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that carry no content, nor do those by which questions speak of documents."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready for scoring sentences against it."""

    text: str
    weights: Mapping[str, float]
    """Weight of each content term (analyzed form): its inverse document frequency, lowered for
    terms that only the conversation before contributes."""
    unknown: tuple[str, ...] = ()
    """Words of the question that occur nowhere in the index, as the user wrote them."""
    kind: Kind = "other"
    wants_voices: bool = False
    """Whether the question asks for several authors or documents."""
    names: frozenset[str] = frozenset()
    """Analyzed proper names in the question."""
    focus: frozenset[str] = frozenset()
    """Analyzed words for the thing asked for: "observers" in "how many observers are there"."""

    @property
    def total(self) -> float:
        """Sum of all weights, at least a small positive number."""
        return sum(self.weights.values()) or 1e-9

    def coverage(self, terms: frozenset[str]) -> float:
        """Weighted share of the question's terms that are among `terms`, 0 to 1."""
        return sum(weight for term, weight in self.weights.items() if term in terms) / self.total

    def offers_answer(self, text: str) -> bool | None:
        """Whether a text holds something of the expected kind that the question does not.

        None where no kind is expected; a reason may be given without a word that says so.
        """
        if self.kind == "other":
            return None
        if self.kind == "reason":
            return True if _REASON.search(text) else None
        asked = self.text.lower()
        pattern = {"number": _NUMBER, "date": _DATE}.get(self.kind, _NAME)
        for match in pattern.finditer(text):
            found = _POSSESSIVE.sub("", match[0].rstrip(".,")).lower()
            is_year = self.kind == "number" and _YEAR.fullmatch(found) is not None
            if found and not is_year and found not in asked:
                return True
        return False

    def missing_years(self, text: str) -> int:
        """How many years the question names that a text does not."""
        return sum(year not in text for year in set(_YEAR.findall(self.text)))


def kind_of(question: str) -> Kind:
    """The kind of answer a question expects.

    "Who says that ..." asks for a voice, which every quote comes with, and not for a name in it.
    """
    if _SPEECH.search(question):
        return "other"
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), "other")


def wants_voices(question: str) -> bool:
    """Whether a question asks for several authors or documents."""
    return _VOICES.search(question) is not None


def names_in(question: str) -> list[str]:
    """What a question names: words with a capital, and numbers that are no years."""
    found = (_POSSESSIVE.sub("", name) for name in _INNER_NAME.findall(question))
    numbers = (n for n in _DIGITS.findall(question) if not _YEAR.fullmatch(n))
    return [name for name in (*found, *numbers) if name.lower() not in STOP_WORDS]


def focus_of(question: str) -> list[str]:
    """The words for the thing asked for, where a question names it."""
    match = _FOCUS.search(question)
    return content_words(match[1]) if match else []


def asked_for(question: str) -> list[str]:
    """The words for what a question wants to know: "budget" in "what is the budget of the city"."""
    match = _ASKED_FOR.search(question)
    return content_words(match[1] or match[2]) if match else []


def content_words(question: str) -> list[str]:
    """The words of a question that carry its content, as written, each once."""
    words = re.findall(r"[\w][\w’'-]*", question)
    kept = (_POSSESSIVE.sub("", word) for word in words)
    return list(dict.fromkeys(word for word in kept if word.lower() not in STOP_WORDS))
