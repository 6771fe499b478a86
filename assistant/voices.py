"""Whose words a question asks for."""

import re
from collections.abc import Iterable

from index import DocumentInfo

_SPEECH = (
    r"(?:say|said|says|think|thinks|thought|argue[sd]?|write|writes|wrote|written|claim(?:s|ed)?"
    r"|believe[sd]?|recommend(?:s|ed)?|suggest(?:s|ed)?|expect(?:s|ed)?|predict(?:s|ed)?"
    r"|describe[sd]?|explain(?:s|ed)?|see|sees|view|views|mention(?:s|ed)?|report(?:s|ed)?"
    r"|criticize[sd]?|conclude[sd]?|quote[sd]?|cite[sd]?|propose[sd]?|warn(?:s|ed)?|judge[sd]?)"
)


def asked_author(question: str, documents: Iterable[DocumentInfo]) -> str | None:
    """The one author whose words a question asks for.

    "What does Doe say about ...", "according to Jane Doe", "Doe's article", "the article by Doe"
    ask for Doe's; a question that only mentions a Doe does not.

    Returns:
        The author's full name as the documents give it, or None.
    """
    authors = dict.fromkeys(author for document in documents for author in document.authors)
    asked = [author for author in authors if _asks_for(question, author)]
    return asked[0] if len(asked) == 1 else None


def _asks_for(question: str, author: str) -> bool:
    surname = author.split()[-1]
    if surname.casefold() not in question.casefold():
        return False
    name = rf"(?:[\w.’'-]+ ){{0,3}}?{re.escape(surname)}"
    if re.search(rf"\b(?:and|or) {name}\b|\b{re.escape(surname)} (?:and|or) \w", question, re.I):
        return False  # one of several voices
    return any(
        re.search(pattern, question, re.I)
        for pattern in (
            rf"\b(?:according to|by|in the (?:view|opinion|eyes) of|article of) {name}\b",
            rf"\b(?:do|does|did|has|had|would) {name} (?:\w+ )?{_SPEECH}\b",
            rf"\b{re.escape(surname)} {_SPEECH}\b",
            rf"\b{re.escape(surname)}(?:['’]s?) (?:\w+ )?(?:article|text|view|opinion|verdict|brief"
            r"|forecast|conclusion|argument|position|advice|commentary)s?\b",
        )
    )
