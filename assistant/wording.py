"""How quotes are introduced: who says it, and when."""

import re
from collections.abc import Sequence

from assistant.reported import may_report, reported
from assistant.types import Citation
from assistant.voices import Source
from index import DocumentInfo
from index.canonical import FOOTNOTE_MARK
from index.dates import MONTHS
from prompts import load

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters, white space left out
    "\u00ad\u200b\u2060\ufeff"  # soft hyphens and the like; joiners belong to scripts and emoji
    "\u202a-\u202e\u2066-\u2069]"  # changes of direction that would reach beyond the quote
)
_MARK_AT_END = re.compile(rf"(?<!\s)\s*(?:{FOOTNOTE_MARK.pattern})(?=[\s.,;:!?)’”\"]|\Z)")
"""A footnote mark with the space before it, where the sentence goes on without one."""
_SINGLE = str.maketrans("“”", "‘’")


def statement_text(
    citation: Citation, previous: Citation | None, text: str = "", asked: Source | None = None
) -> str:
    """A quote introduced by its author and date; a second one of the same text more briefly.

    Where the sentence reports someone else's words, the introduction says whose. For display the
    quote loses footnote marks and line breaks; the citation keeps it verbatim.

    Args:
        citation: of the quote.
        previous: the citation before it in the answer.
        text: the whole document; without it nobody is taken to be reported but the author.
        asked: what the question asks for, where that is an author or a document.
    """
    document = citation.document
    values = {"quote": shown(citation.quote.text)}
    speaker = reported(citation.quote.text, text, document.authors) if text else None
    template = "quote"
    if speaker:
        template = "quote_quoted" if speaker.is_quoted else "quote_reported"
        name = shown(speaker.name)
        values["speaker"] = name[0].upper() + name[1:]
    if previous and previous.document.id == document.id:
        return load(f"{template}_again").render(**values)
    values["when"] = date_of(document)
    if not document.authors:
        return load(f"{template}_anonymous").render(title=shown(document.name), **values)
    values["voice"] = shown(voice_of(document))
    if speaker is None and asked == "document" and document.title:
        return load("quote_article").render(title=shown(document.title), **values)
    if speaker is None:
        is_plain = asked and not previous and not may_report(citation.quote.text, text)
        template = "quote_author" if is_plain else "quote"
        template += "_several" if len(document.authors) > 1 else ""
    return load(template).render(**values)


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
    return enumerated(document.authors or (document.name,))


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
    return enumerated([f"“{shown(word)}”" for word in words], "or")


def enumerated(words: Sequence[str], link: str = "and") -> str:
    """At least one word, as an enumeration."""
    *others, last = words
    return f"{', '.join(others)} {link} {last}" if others else last
