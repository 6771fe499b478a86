"""Whose words a question asks for."""

import re
from collections.abc import Iterable
from typing import Literal

from index import DocumentInfo

Source = Literal["author", "document"]
"""What a question asks for that no text need say of itself: who says something, or where."""

_SPEECH = (
    r"(?:say|said|says|think|thinks|thought|argue[sd]?|write|writes|wrote|written|claim(?:s|ed)?"
    r"|believe[sd]?|recommend(?:s|ed)?|suggest(?:s|ed)?|expect(?:s|ed)?|predict(?:s|ed)?"
    r"|describe[sd]?|explain(?:s|ed)?|see|sees|view|views|mention(?:s|ed)?|report(?:s|ed)?"
    r"|criticize[sd]?|conclude[sd]?|quote[sd]?|cite[sd]?|propose[sd]?|warn(?:s|ed)?|judge[sd]?)"
)
_SPEECH_NOW = (
    r"(?:say|think|argue|write|claim|believe|recommend|suggest|expect|predict|describe|explain|mention"
    r"|report|criticize|conclude|quote|cite|propose|warn|judge|call|name|advise|foresee|discuss"
    r"|stress|emphasize|note|deny|denie|goe|go|bring|blame)(?:e?s)?"
)
_AUTHOR = r"(?:authors?|writers?|commentators?|contributors?)"
_DOCUMENT = r"(?:articles?|documents?|texts?|briefs?|essays?|commentar(?:y|ies)|sources?|pieces?)"
_WHICH_AUTHOR = re.compile(
    rf"\b(?:which|what|who)\s(?:of|among|in)?\s?(?:the|these|our)?\s?(?:\w+\s)?{_AUTHOR}\s"
    rf"(?:\w+ly\s|also\s|ever\s)?(?:{_SPEECH_NOW}|{_SPEECH})\b(?!\sas\b)"
    rf"|^who\s(?:\w+ly\s|also\s|else\s)?(?!(?:goes|go|names?|calls?|report|notes?)\s)"
    rf"{_SPEECH_NOW.replace('(?:e?s)?', 's')}\s",
    re.I,
)
_WHICH_DOCUMENT = re.compile(
    rf"\b(?:which|what)\s(?:of|among)?\s?(?:the|these)?\s?{_DOCUMENT}\s(?:also\s)?"
    rf"(?:{_SPEECH_NOW}|{_SPEECH})\b"
    rf"|\bwhose\s{_DOCUMENT}\s(?:\w+ly\s|also\s)?(?:{_SPEECH_NOW}|{_SPEECH})\b"
    rf"|\b(?:which|what)\s{_DOCUMENT}\s(?:is|are)\sabout\b"
    rf"|\bin\s(?:which|what)\s{_DOCUMENT}\b",
    re.I,
)
_NAMED_KIND = (
    r"(?:article|text|view|opinion|verdict|brief|essay|piece|paper|report|forecast|conclusion"
    r"|argument|position|advice|commentar(?:y|ie)|account|criticism|assessment|judgment)s?"
)
_BETWEEN = (
    r"\b(?:compare|contrast|differ\w*|(?:dis)?agree\w*|according to|both|views?|opinions?"
    rf"|verdicts?|articles?|forecasts?|{_SPEECH})\b"
)
"""Words by which a question that names several authors asks for their words."""


def asked_source(question: str) -> Source | None:
    """Whether a question asks which author says something, or which document.

    "Which author argues ...", "Who says ..."; "Which article mentions ...". Not "Which author is
    described as ...", which asks for something that a text says.
    """
    if _WHICH_DOCUMENT.search(question):
        return "document"
    return "author" if _WHICH_AUTHOR.search(question) else None


def asks_which_author(question: str) -> bool:
    """Whether the answer to a question is who says something; see `asked_source`."""
    return asked_source(question) == "author"


def asked_author(question: str, documents: Iterable[DocumentInfo]) -> str | None:
    """The one author whose words a question asks for.

    "What does Doe say about ...", "according to Jane Doe", "Doe's article", "the article by Doe"
    ask for Doe's; a question that only mentions a Doe does not.

    Returns:
        The author's full name as the documents give it, or None.
    """
    asked = asked_authors(question, documents)
    return asked[0] if len(asked) == 1 else None


def asked_authors(question: str, documents: Iterable[DocumentInfo]) -> tuple[str, ...]:
    """All authors whose words a question asks for, in the order in which it names them.

    "Compare Doe and Roe", "What do Doe and Roe say about ..." ask for two, and so does a surname
    that two authors have.
    """
    authors = dict.fromkeys(author for document in documents for author in document.authors)
    places = {author: _place(question, author) for author in authors}
    named = sorted((a for a in authors if places[a] >= 0), key=lambda a: places[a])
    named = [author for author in named if not _is_another(question, author, named)]
    joined = [author for author in named if _is_joined(question, author, named)]
    if joined and re.search(_BETWEEN, question, re.I):
        return tuple(joined)
    return tuple(author for author in named if _asks_for(question, author))


def _place(question: str, author: str) -> int:
    """Where a question names an author; -1 where it does not."""
    match = re.search(rf"\b{re.escape(_surname(author))}\b", question, re.I)
    return match.start() if match else -1


def _is_another(question: str, author: str, named: Iterable[str]) -> bool:
    """Whether a name is that of a namesake, whose given name stands before it."""
    namesakes = [a for a in named if a != author and _surname(a) == _surname(author)]
    return not _given_before(question, author) and any(
        _given_before(question, namesake) for namesake in namesakes
    )


def _given_before(question: str, author: str) -> bool:
    *given, surname = author.split()
    return bool(given) and bool(
        re.search(
            rf"\b{re.escape(given[0])}\s(?:[\w.’'-]+\s){{0,2}}?{re.escape(surname)}\b",
            question,
            re.I,
        )
    )


def _is_joined(question: str, author: str, named: Iterable[str]) -> bool:
    """Whether a question names an author beside another one: "Doe and Roe"."""
    others = [a for a in named if _surname(a).casefold() != _surname(author).casefold()]
    glue = r"(?:['’]s?)?(?:\s\w+)?,?\s(?:and|or|with|to|from|versus|vs\.?|than)\s(?:to\s|from\s)?"
    name = r"(?:[\w.’'-]+\s){0,3}?"
    return any(
        re.search(rf"\b{re.escape(one)}(?:{glue}|,\s){name}{re.escape(other)}\b", question, re.I)
        for a in others
        for one, other in ((_surname(author), _surname(a)), (_surname(a), _surname(author)))
    )


def _surname(author: str) -> str:
    return author.split()[-1]


def _asks_for(question: str, author: str) -> bool:
    surname = re.escape(_surname(author))
    name = rf"(?:[\w.’'-]+ ){{0,3}}?{surname}"
    if re.search(
        rf"\b(?:and|or) (?:[A-Z][\w.’'-]* ){{0,2}}?{surname}\b|\b{surname} (?:and|or) [A-Z]",
        question,
    ):
        return False  # one of several, of whom the others wrote nothing
    return any(
        re.search(pattern, question, re.I)
        for pattern in (
            rf"\b(?:according to|in the (?:view|opinion|eyes|words|judgment) of|{_NAMED_KIND} of) "
            rf"{name}\b",
            rf"\b(?:{_NAMED_KIND}|{_SPEECH}) by {name}\b",
            rf"\b(?:do|does|did|has|had|would) {name} (?:\w+ )?{_SPEECH}\b",
            rf"\b{surname} (?:\w+ly )?{_SPEECH}\b",
            rf"\b{surname}(?:['’]s?) (?:\w+ )?{_NAMED_KIND}\b",
        )
    )
