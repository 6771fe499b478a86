"""What a model says beside its statements: preambles, small talk, refusals, `NO ANSWER`."""

import regex

_EVIDENCE = (
    r"(?:the |this |these |that |your |my |any of the |all the )?(?:given |provided |numbered |"
    r"available |supplied |retrieved |above |following |cited )*(?:evidence|documents?|sentences?|"
    r"context|passages?|sources?|statements?|text|information|excerpts?|materials?)"
    r"(?: (?:provided|given|above|below|supplied|available|I have|I provided))?"
)
_SMALL_TALK = (
    r"(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|alright|great(?: question)?|"
    r"good question|yes, (?:sure|of course)|hello|hi(?: there)?|thank you(?: for[^.!?]{0,60})?|"
    r"i'd be happy to help(?: you)?(?: with that)?|i can help(?: you)?(?: with that)?)"
)
_PREAMBLE = regex.compile(
    rf"(?:{_SMALL_TALK}[!,.]+\s*)?(?:"
    r"(?:here(?:'s| is| are)|below (?:is|are)|these are|the following)[^:.]{0,80}:"
    rf"|(?:based (?:up)?on|according to|as per|from|as stated in|given|using) {_EVIDENCE}"
    r"[^:,.]{0,30}[:,](?!\d)"
    rf"|{_EVIDENCE} (?:states?|says?|shows?|is|are|provided|tells? us|indicates?)"
    r"(?: that| as follows| the following)?:"
    r"|(?:so,? |therefore,? )?(?:the|my)? ?(?:final |correct |short )?answer"
    r"(?: to (?:the|this|your) question)?(?: is| would be)?:"
    r")\s*|"
    rf"{_EVIDENCE} (?:states?|says|shows|indicates?) that (?=\w)",
    regex.IGNORECASE,
)
_ONLY_TALK = regex.compile(rf"\W*(?:{_SMALL_TALK}\W*)+", regex.IGNORECASE)
_NO_ANSWER = regex.compile(
    r"\W{0,9}(?i:(?:(?:final |the )?answer|output|reply|response)\W{1,3})?"
    r"(?:NO[ _-]{0,2}ANSWERS?\b|(?i:no[ _-]{0,2}answers?)(?=\s?(?:[.:;,!(\[\"'”*`\n–—]|$)))"
)
_REFUSALS = (
    regex.compile(
        rf"\W*(?:(?:i'?m |i am )?(?:sorry|unfortunately)\W+(?:but )?)?"
        rf"(?:(?:in|from|based on|according to) )?{_EVIDENCE},?(?: [a-z]+ly)? "
        r"(?:do|does|did|is|are|has|have|can|could)(?:n[’']t| not|es not| no\b)(?: [a-z]+ly)? ?"
        r"(?:contain|mention|provide|answer|include|say|state|address|give|specify|discuss|"
        r"indicate|offer|cover|refer|tell|have|relevant|sufficient|enough|related|answer|any)?\b",
        regex.IGNORECASE,
    ),
    regex.compile(
        r"\W*(?:(?:i'?m |i am |i )?(?:sorry|apologize|unfortunately)\b[\s,;—–-]*(?:but )?)?"
        r"(?:(?:based on|from|given|according to) [^,.]{0,50},? )?"
        r"(?:i (?:cannot|can't|can not|could not|couldn't|am unable to|am not able to|"
        r"do not know|"
        r"don't know|do not have|don't have|did not find|was unable to|found no)|"
        r"it (?:is|'s) (?:not possible|impossible|unclear|"
        r"not (?:stated|mentioned|specified|known))|"
        r"it cannot be (?:determined|answered)|"
        r"there(?: is|'s| are) (?:no|not enough|insufficient) (?:information|evidence|mention|"
        r"statements?|sentences?|data|relevant|answer)|"
        r"(?:the|this|that|your) (?:question|answer)(?: to [^.]{0,60})? (?:cannot be|can't be|"
        r"is not|"
        r"isn't|could not be) (?:answered|determined|found|provided|given|stated|mentioned|known|"
        r"in the)|"
        r"none of (?:the|these|those) [^.]{0,40}(?:answer|mention|state|say|contain|provide)|"
        r"no (?:relevant |such )?(?:information|evidence|mention)\b|"
        r"not (?:answered|stated|mentioned|enough information|provided)\b|"
        r"insufficient (?:evidence|information)|unanswerable|unknown\W*$|n/a\W*$)",
        regex.IGNORECASE,
    ),
)
_ANNOUNCING = regex.compile(
    rf"(?:(?:{_SMALL_TALK}|so|therefore|here|below|given|using|from|note|in|based (?:up)?on"
    rf"|according to|as (?:per|stated|noted|shown|seen)|these are|{_EVIDENCE}|(?:the )?following"
    r"|(?:the |my )?(?:final |correct |short )?(?:answer|output|reply|response|result|summary))\b)",
    regex.IGNORECASE,
)
"""How a line begins that only announces the next ones."""


def without_preamble(text: str) -> str:
    """A text without what announces it: `Sure! Here is the answer:`, `Based on the evidence,`."""
    for _ in range(3):
        match = _PREAMBLE.match(text)
        if match is None or not match.end():
            break
        text = text[match.end() :].lstrip()
    return text


def is_small_talk(text: str) -> bool:
    """Whether a sentence says nothing: `Sure!`, or a greeting."""
    return _ONLY_TALK.fullmatch(text) is not None


def is_no_answer(text: str) -> bool:
    """Whether a text begins with the agreed words `NO ANSWER`, in any case and punctuation."""
    return _NO_ANSWER.match(text) is not None


def is_refusal(text: str) -> bool:
    """Whether a sentence says, in words of its own, that the evidence does not answer."""
    return any(pattern.match(text) for pattern in _REFUSALS)


def is_announcement(text: str) -> bool:
    """Whether a text only says what comes next: `The sentences that answer are:`."""
    return text.endswith(":") and _ANNOUNCING.match(text) is not None


def may_be_aside(beginning: str) -> bool:
    """Whether a text may go on so that it is an aside or a refusal, or is one already."""
    patterns = (_PREAMBLE, _NO_ANSWER, *_REFUSALS)
    matches = (pattern.match(beginning, partial=True) for pattern in patterns)
    return (
        is_no_answer(beginning)
        or is_refusal(beginning)
        or any(match is not None and match.partial for match in matches)
        or _ONLY_TALK.fullmatch(beginning, partial=True) is not None
    )
