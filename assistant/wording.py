"""How quotes are introduced: who says it, and when."""

import re

from assistant.types import Citation
from index import DocumentInfo
from index.canonical import FOOTNOTE_MARK
from index.dates import MONTHS
from prompts import load

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters, white space left out
    "\u00ad\u200b\u2060\ufeff"  # soft hyphens and the like; joiners belong to scripts and emoji
    "\u202a-\u202e\u2066-\u2069]"  # changes of direction that would reach beyond the quote
)
_MARK_AT_END = re.compile(rf"\s*(?:{FOOTNOTE_MARK.pattern})(?=[\s.,;:!?)’”\"]|\Z)")
"""A footnote mark with the space before it, where the sentence goes on without one."""
_SINGLE = str.maketrans("“”", "‘’")


def statement_text(citation: Citation, previous: Citation | None) -> str:
    """A quote introduced by its author and date; a second one of the same text more briefly.

    For display the quote loses footnote marks and line breaks; the citation keeps it verbatim.
    """
    quote = shown(citation.quote.text)
    document = citation.document
    if previous and previous.document.id == document.id:
        return load("quote_again").render(quote=quote)
    when = date_of(document)
    if not document.authors:
        return load("quote_anonymous").render(title=shown(document.name), when=when, quote=quote)
    template = "quote" if len(document.authors) == 1 else "quote_several"
    return load(template).render(voice=shown(voice_of(document)), when=when, quote=quote)


def shown(quote: str) -> str:
    """A quote as running text that nobody can take for something else.

    Footnote marks, line breaks and characters that cannot be seen go. A bracketed number that is
    left would read as a citation of the answer's own, and gets round brackets; a curly quotation
    mark without its other half would read as the end of the quote, and becomes single.
    """
    visible = _UNSEEN.sub("", quote)
    plain = " ".join(FOOTNOTE_MARK.sub("", _MARK_AT_END.sub("", visible)).split())
    return _paired(re.sub(r"\[(\d+)\]", r"(\1)", plain))


def _paired(text: str) -> str:
    """The text with each curly quotation mark that has no other half made single."""
    open_marks: list[int] = []
    alone: list[int] = []
    for position, character in enumerate(text):
        if character == "“":
            open_marks.append(position)
        elif character == "”":
            (alone if not open_marks else []).append(position)
            del open_marks[-1:]
    characters = list(text)
    for position in (*alone, *open_marks):
        characters[position] = characters[position].translate(_SINGLE)
    return "".join(characters)


def voice_of(document: DocumentInfo) -> str:
    """The authors as a sentence names them."""
    *others, last = document.authors or (document.name,)
    return f"{', '.join(others)} and {last}" if others else last


def date_of(document: DocumentInfo) -> str:
    """The publication date in words, as precise as it is known."""
    if document.published is None:
        return "date not stated"
    year, *rest = document.published.split("-")
    month = MONTHS[int(rest[0]) - 1] if rest else ""
    if len(rest) == 2:
        return f"{month} {int(rest[1])}, {year}"
    return f"{month} {year}".strip()


def quoted_terms(words: tuple[str, ...]) -> str:
    """Words in quotation marks, as an enumeration."""
    *others, last = (f"“{shown(word)}”" for word in words)
    return f"{', '.join(others)} or {last}" if others else last
