"""Parts of questions, made whole by another only: "And the year before?", "And Holm?", "Why?"."""

import re

from assistant.contextualize.words import AUXILIARY, MONTHS, PREPOSITION, WH

_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|or|now|well|ok|okay)\b[\s,]*)*(?:(?:what|how) about\s+)?", re.I
)
END = re.compile(r"[\s?.!…]*\Z")
WH_ALONE = re.compile(
    r"(?:(?:since|until|till) when|(?:by|to|with|for|from|of|against) (?:whom|what|which)"
    r"|how (?:many|much|long|often|far)|who|whom|when|where|why|how)\Z",
    re.I,
)
ELSE = re.compile(r"(?:who|what|where|which|when|how) else\Z", re.I)
_MORE = re.compile(
    r"(?:(?:please )?(?:(?:can|could|would) you )?(?:please )?"
    r"(?:(?:(?:tell|give) me )?more(?: details?)?|go on|explain|elaborate|continue)(?:,? please)?"
    r"|anything else|any(?:one|body) else|why not|how (?:so|come)|what|which|for example)\Z",
    re.I,
)
"""What asks on without a word of its own; no rule makes a question of it."""
QUANTITY = re.compile(r"how (?:many|much) [\w’'-]+(?: [\w’'-]+)?\Z", re.I)
_VERBAL = re.compile(rf"\b(?:{AUXILIARY.replace('may|', '')}|(?-i:may))\b", re.I)
_WH_START = re.compile(rf"(?:(?:{PREPOSITION}) )?(?:{WH})\b", re.I)
YEAR_EARLIER = re.compile(
    r"(?:in )?(?:the (?:year before(?: that)?|previous year|preceding year|year earlier)"
    r"|(?:a|one) year (?:before|earlier))\Z",
    re.I,
)
YEAR_LATER = re.compile(
    r"(?:in )?(?:the (?:year after(?: that)?|following year|next year|year later)"
    r"|(?:a|one) year (?:after|later))\Z",
    re.I,
)
TIME = re.compile(
    r"\b(?:(?:in|by|since|before|after|until|during|from|for|around|at the (?:end|start) of)\s+)?"
    rf"(?:(?:early|late|mid)[ -])?(?:(?:{MONTHS})(?: \d{{1,2}},?)?(?: of)? )?(?:the )?"
    r"(?:1\d|20)\d\ds?(?:\s*(?:to|and|until|through|-|–)\s*(?:1\d|20)\d\d)?\b",
    re.I,
)
NOW = re.compile(r"(?:today|now|nowadays|currently|at present|recently)\Z", re.I)
PHRASE = re.compile(rf"(?P<preposition>{PREPOSITION})\s+\S", re.I)
_SHORT = 6
_NAME_ALONE = 3


def without_lead(question: str) -> str:
    """A question without the words that join it to the one before, and without its mark."""
    return END.sub("", _LEAD.sub("", question, count=1), count=1).strip()


def is_fragment(question: str) -> bool:
    """Whether a text is a part of a question that only another makes whole."""
    rest = without_lead(question)
    words = rest.split()
    if not words or any(p.match(rest) for p in (WH_ALONE, ELSE, _MORE)):
        return True
    if len(words) > _SHORT or _VERBAL.search(rest):
        return False
    if _WH_START.match(rest):
        return QUANTITY.match(rest) is not None
    if YEAR_EARLIER.match(rest) or YEAR_LATER.match(rest) or NOW.match(rest):
        return True
    is_led = len(rest) < len(END.sub("", question, count=1).strip())
    is_name_alone = len(words) <= _NAME_ALONE and rest[0].isupper()
    is_part = is_led or is_name_alone or TIME.fullmatch(rest) or PHRASE.match(rest)
    return bool(is_part) and question.rstrip().endswith("?")
