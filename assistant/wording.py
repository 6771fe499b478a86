"""How quotes are introduced: who says it, and when."""

import re

from assistant.types import Citation
from index import DocumentInfo
from index.canonical import FOOTNOTE_MARK, INVISIBLE
from prompts import load

_MONTHS = "January February March April May June July August September October November December"


def statement_text(citation: Citation, previous: Citation | None) -> str:
    """A quote introduced by its author and date; a second one of the same text more briefly.

    For display the quote loses footnote marks and line breaks; the citation keeps it verbatim.
    """
    quote = shown(citation.quote.text)
    document = citation.document
    if previous and previous.document.id == document.id:
        return load("quote_again").render(quote=quote)
    when = date_of(document)
    if document.authors:
        return load("quote").render(voice=voice_of(document), when=when, quote=quote)
    return load("quote_anonymous").render(title=document.name, when=when, quote=quote)


def shown(quote: str) -> str:
    """A quote as running text: no footnote marks, invisible characters or line breaks.

    A bracketed number that is left would read as a citation of the answer's own; it gets round
    brackets.
    """
    plain = " ".join(FOOTNOTE_MARK.sub("", quote).translate(INVISIBLE).split())
    return re.sub(r"\[(\d+)\]", r"(\1)", plain)


def voice_of(document: DocumentInfo) -> str:
    """The authors as a sentence names them."""
    *others, last = document.authors or (document.name,)
    return f"{', '.join(others)} and {last}" if others else last


def date_of(document: DocumentInfo) -> str:
    """The publication date in words, as precise as it is known."""
    if document.published is None:
        return "date not stated"
    year, *rest = document.published.split("-")
    month = _MONTHS.split()[int(rest[0]) - 1] if rest else ""
    if len(rest) == 2:
        return f"{month} {int(rest[1])}, {year}"
    return f"{month} {year}".strip()


def quoted_terms(words: tuple[str, ...]) -> str:
    """Words in quotation marks, as an enumeration."""
    *others, last = (f"“{word}”" for word in words)
    return f"{', '.join(others)} or {last}" if others else last
