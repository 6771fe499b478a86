"""Whose words a quoted sentence reports: "Doe said that ...", "according to the ministry".

Plain rules that would rather find nobody than the wrong one. They find a named person or
institution who is the subject of a verb of speech, or whom the sentence follows ("according to"),
and only where the whole sentence is reported, not a part of it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from assistant.question import STOP_WORDS
from index.segmentation import find_sentences
from index.types import Span

_NO_POSSESSIVE = r"(?!\w+['’]s\b)"
_WORD = rf"(?:[^\W\d_a-z]\.|{_NO_POSSESSIVE}[^\W\d_a-z][\w’'-]*\w)"
"""A word with a capital, or an initial."""
_ROLE = (
    r"(?:minister|president|chairman|secretary|director|general|spokes(?:man|woman|person)|analyst"
    r"|professor|economist|historian|scientist|speaker|adviser|ambassador|officer)"
)
_LINK = (
    r"(?:of|the|for|and|de|du|la|van|von|der|den|al|bin|deputy|vice|prime|foreign|defense|chief"
    rf"|{_ROLE})"
)
_NAME = rf"(?:[Tt]he\s+)?{_WORD}(?:\s+(?:{_LINK}\s+){{0,3}}{_WORD})*"
_INSTITUTION = (
    r"[Tt]he\s+(?:[\w-]+\s+){0,2}?(?:ministry|government|parliament|senate|court|commission"
    r"|council|committee|embassy|church|company|party|agency|bank|police|army|navy|institute"
    r"|university|treasury|union|foundation)"
)
_NAMED = rf"(?:[Tt]he\s+[a-z]+\s+)?(?P<who>{_NAME}|{_INSTITUTION})"
_PRONOUN = r"(?P<who>[Hh]e|[Ss]he)"
_SAY = r"(?:says?|said)"
_NO_CLAIM = r"(?:no|yes|so|nothing|little|goodbye|farewell|hello|mass|grace)"
_CLAIM = (
    r"(?:argue[sd]?|claim(?:s|ed)|state[sd]|note[sd]?|writes?|wrote|add(?:s|ed)|insist(?:s|ed)"
    r"|explain(?:s|ed)|warn(?:s|ed)|declare[sd]|announce[sd]|report(?:s|ed)|repl(?:ies|ied)"
    r"|admit(?:s|ted)|acknowledge[sd]|stress(?:es|ed)|emphasi[sz]e[sd]|suggest(?:s|ed)"
    r"|conclude[sd]|contend(?:s|ed)|maintain(?:s|ed)|assert(?:s|ed)|allege[sd]|predict(?:s|ed)"
    r"|observe[sd]|recall(?:s|ed)|remark(?:s|ed)|complain(?:s|ed))"
)
_TELL = r"(?:tells?|told|assure[sd]|inform(?:s|ed)|remind(?:s|ed)|warn(?:s|ed))"
_CALL = r"(?:call(?:s|ed)|describe[sd]|sp(?:oke|eaks) of|refer(?:s|red) to)"
_SPEECH = rf"(?:{_SAY}|{_CLAIM})"
_ADVERB = r"(?:(?:\w+ly|also|has|had|once|later|then|further|himself|herself)\s+){0,2}"
_ASIDE = r"(?:\s*\([^()]{1,80}\))?(?:,\s[^,;:.“”\"]{1,90},)?"
"""What may follow a name: an explanation in brackets or between commas."""
_WHEN = r"(?:\s+(?:in|on|at|to|during|before|after|from)\s[^.;:“”\"]{1,40}?)?"
_THAT = r"(?:,\s[^,.;:“”\"]{1,30},)?\s*[,:]?\s*(?:\bthat\b|[“\"])"
_LEAD = (
    r"(?:(?:But|And|Yet|So|Still|Later|Then|However|Today|Also)\b,?\s+)?"
    r"(?:(?!Although|Though|While|If|Because|As)\w+(?:\s\w+)?,\s+){0,2}"
    r"(?:(?:In|On|At|By|After|Before|During|Since|Until|Speaking|Talking|Writing)\s"
    r"(?:[^,;:.“”\"]{1,60},|(?:\w+\s){0,2}(?:1\d|20)\d\d)\s+)?"
)
_OFFICE = rf"(?:[Tt]he\s+(?:[\w-]+\s+){{0,2}}{_ROLE}\s+(?:of\s+(?:the\s+)?(?:[\w-]+\s+){{1,2}}?)?)?"
"""An office before a name: `the speaker of the Norwegian parliament`."""
_END = r"(?=\s*[,.;)]|\s*$)"
_ANYONE = re.compile(rf"{_NAMED}\s+{_ADVERB}{_SPEECH}\b")
_ANY_SPEECH = re.compile(
    rf"\b(?:{_SPEECH}|{_TELL}|{_CALL}|according\sto|believe[sd]?|thinks?|thought|view(?:s|ed)|denie[sd]"
    r"|(?:recommend|expect|fear|suspect|mention)(?:s|ed)|(?:propose|criticize|advise|urge|cite|quote|judge|blame)[sd])\b"
    r"|\bin\s(?:\w+\s){0,3}?(?:view|opinion|words|eyes|judgment|account)\b",
    re.I,
)
_BEGINNING = re.compile(rf"[“\"(]?{_LEAD}{_OFFICE}(?P<who>{_NAME}|[Hh]e\b|[Ss]he\b)")
_PARTLY = re.compile(r";|,\s(?:but|while|whereas|although|though|yet)\b", re.I)
"""Where a sentence goes on to something that need not be reported."""
_QUOTATION = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")
_BEGINNINGS = """
    although because since while whether whereas though even once before much few two three four
    several another every nobody everyone everybody someone none legend tradition research evidence
    critics scientists historians experts scholars officials police god he she we
"""
_NO_NAMES = STOP_WORDS | frozenset(_BEGINNINGS.split())
"""Words that may begin a sentence with a capital and are no part of a name."""
_THINGS = """
    model theory act treaty constitution bible law laws agreement report book charter code article
    declaration convention pact study survey poll census theorem principle rule gospel quran
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
"""
_NO_SPEAKERS = frozenset(_THINGS.split())
"""Last words of names that are not of a person or an institution."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Someone whose words a quote reports."""

    name: str
    """As the quote writes it."""
    start: int
    end: int
    """Span of `name` in the quote."""
    is_quoted: bool
    """Whether words of this speaker stand in quotation marks."""


def reported(quote: str, text: str, authors: Collection[str]) -> Reported | None:
    """Who is reported in the last sentence of a quote; None where that is not plain.

    A pronoun stands for the one whom the sentence before it reports or begins with.

    Args:
        quote: a slice of `text`.
        text: the whole document, which shows what words are names.
        authors: of the document, who are not reported in it.
    """
    *before, last = find_sentences(quote, 0, len(quote)) or [(0, 0)]
    found = _speakers(quote, last, text)
    if not found and before and has_unnamed_speaker(quote[slice(*last)]):
        found = _speakers(quote, before[-1], text) or _subject(quote, before.pop(), text)
    names = {quote[start:end] for start, end in found}
    if len(names) != 1 or any(_is_own(name, authors) for name in names):
        return None
    if not all(_is_of(quote, sentence, text, names) for sentence in before):
        return None
    (start, end), *_ = found
    return Reported(quote[start:end], start, end, _holds_words(quote[slice(*last)]))


def has_unnamed_speaker(sentence: str) -> bool:
    """Whether a sentence reports someone named by a pronoun alone: "..., he argues, ..."."""
    return any(_matches(sentence, _PRONOUN))


def may_report(quote: str, text: str) -> bool:
    """Whether a quote may give someone else's words, in however loose a form.

    Then it is not certain that its author says what it says.
    """
    if _ANY_SPEECH.search(quote):
        return True
    for start, end in find_sentences(quote, 0, len(quote)):
        first = _BEGINNING.match(quote[start:end])
        if first and (
            first["who"].lower() in ("he", "she") or _is_name(first["who"], text, is_first=True)
        ):
            return True
    return False


def _is_of(quote: str, span: Span, text: str, names: set[str]) -> bool:
    """Whether a sentence reports one of these, so that the words around it are theirs too."""
    speakers = {quote[start:end] for start, end in _speakers(quote, span, text)}
    return speakers == names or (not speakers and has_unnamed_speaker(quote[slice(*span)]))


def _speakers(quote: str, span: Span, text: str) -> list[Span]:
    """Spans of those whom a sentence reports as a whole; none where it says so of a part only."""
    offset = span[0]
    sentence = quote[slice(*span)]
    found, told = [], []
    for match in _matches(sentence, _NAMED):
        start, end = match.span("who")
        is_first = not sentence[:start].strip(" “\"'‘(")
        if _is_name(match["who"], text, is_first=is_first):
            found.append((offset + start, offset + end))
            told.append((match.start(), match.end() + len(" the ")))
    for other in _ANYONE.finditer(_QUOTATION.sub(_blank, sentence)):
        if not _shares(other.span("who"), told):
            return []  # one sentence, several voices
    return found


def _matches(sentence: str, who: str) -> Iterator[re.Match[str]]:
    """Where a sentence reports someone, of those that `who` describes."""
    plain = _QUOTATION.sub(_blank, sentence)
    for pattern in _leading(who):
        match = pattern.match(sentence)
        if match and not _PARTLY.search(plain, match.end("who")):
            yield match
    for pattern in () if ";" in plain else _inserted(who):
        yield from (match for match in pattern.finditer(plain) if _is_outside(plain, match.start()))


@cache
def _leading(who: str) -> tuple[re.Pattern[str], ...]:
    """Forms in which the speaker begins the sentence."""
    subject = rf"[“\"(]?{_LEAD}{_OFFICE}{who}{_ASIDE}\s+{_ADVERB}"
    return (
        re.compile(rf"{subject}{_SAY}\b(?:{_WHEN}{_THAT}|\s(?!{_NO_CLAIM}\b)[^.;]{{12}})"),
        re.compile(rf"{subject}{_CLAIM}\b{_WHEN}{_THAT}"),
        re.compile(rf"{subject}{_TELL}\s(?:[\w’'-]+\s?){{1,5}}?{_WHEN}{_THAT}"),
        re.compile(rf"{subject}{_CALL}\b[^.;“\"]{{0,60}}[“\"]"),
    )


@cache
def _inserted(who: str) -> tuple[re.Pattern[str], ...]:
    """Forms in which the speaker stands between commas, or after the words."""
    owner = who.replace(_NO_POSSESSIVE, "")
    return (
        re.compile(rf"[,”\"]\s+{who}{_ASIDE}\s+{_ADVERB}{_SPEECH}{_WHEN}{_END}"),
        re.compile(rf"[,”\"]\s+{who}{_ASIDE}\s+{_ADVERB}{_TELL}\s(?:[\w’'-]+\s?){{1,5}}{_END}"),
        re.compile(rf"[,”\"]\s+(?:{_SAY}|{_CLAIM})\s+{who}{_END}"),
        re.compile(rf"(?:^|,\s|[“\"])[Aa]ccording\sto\s{who}(?:\s\([^()]{{1,80}}\))?{_END}"),
        re.compile(rf"(?:^|,\s)[Ii]n\sthe\s(?:words|view|opinion|eyes|judgment)\sof\s{who}{_END}"),
        re.compile(
            rf"(?:^|,\s)[Ii]n\s{owner}['’]s?\s(?:own\s)?(?:words|view|opinion|judgment|account){_END}"
        ),
    )


def _subject(quote: str, span: Span, text: str) -> list[Span]:
    """The name that a sentence begins with: two words or more, and no other name beside it."""
    sentence = quote[slice(*span)]
    names = [match for match in re.finditer(_NAME, sentence) if len(match[0]) > 1]
    first = names[0] if names else None
    if first is None or first.start() or len(names) > 1 or len(first[0].split()) < 2:
        return []
    return [(span[0], span[0] + first.end())] if _is_name(first[0], text, is_first=True) else []


def _is_name(name: str, text: str, *, is_first: bool) -> bool:
    """Whether words with a capital name somebody; any sentence begins with a capital."""
    words = name.split()
    if words[-1].casefold() in _NO_SPEAKERS or words[-1].endswith("ism"):
        return False
    if words[0].casefold() == "the":
        return len(words) > 1
    if words[0].casefold() in _NO_NAMES:
        return False
    if not is_first or len(words) > 1:
        return True
    word = re.escape(name)
    is_inside = re.search(rf"[a-z,]\s{word}\b", text) is not None
    return is_inside and not re.search(rf"\b{re.escape(name.lower())}\b", text)


def _is_own(name: str, authors: Collection[str]) -> bool:
    """Whether a name is, or may be, that of an author of the document."""
    *given, surname = name.casefold().split()
    for author in authors:
        *others, last = author.casefold().split()
        if surname == last and (not given or not others or given[-1][0] in {o[0] for o in others}):
            return True
    return False


def _holds_words(sentence: str) -> bool:
    """Whether quotation marks hold words said, and not a title or a single expression."""
    for match in _QUOTATION.finditer(sentence):
        words = (match[1] or match[2]).split()
        capitals = sum(word[:1].isupper() for word in words)
        if len(words) >= 3 and 2 * capitals < len(words):
            return True
    return False


def _shares(span: Span, others: Collection[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _is_outside(plain: str, position: int) -> bool:
    """Whether a position is outside of brackets, which may hold all that is reported."""
    return plain.count("(", 0, position) == plain.count(")", 0, position)


def _blank(match: re.Match[str]) -> str:
    """As many characters that mean nothing, between the same quotation marks."""
    return match[0][0] + "_" * (len(match[0]) - 2) + match[0][-1]
