"""Answers in readable terminal form. Text from documents cannot move the cursor or set colors."""

import shutil
import textwrap
import unicodedata
from collections.abc import Iterable

from assistant.types import Answer, Citation, DocumentInfo, Hit
from assistant.wording import date_of, shown, voice_of

_WIDEST = 96
_CONTEXT = 64


def render_answer(answer: Answer, *, color: bool = False) -> str:
    """An answer with its sources, wrapped to the terminal's width."""
    style = _Style(color)
    paragraphs = [_wrapped(paragraph) for paragraph in answer.text.split("\n\n")]
    blocks = [style.bold("\n\n".join(paragraphs)) if answer.citations else "\n\n".join(paragraphs)]
    if answer.citations:
        blocks.append(style.dim("Sources"))
        blocks += [_source(citation, style) for citation in answer.citations]
    elif answer.nearest:
        blocks.append(style.dim("Nearest passages"))
        blocks += [_nearest(hit, style) for hit in answer.nearest]
    if answer.dropped:
        blocks.append(style.dim(f"{answer.dropped} statements were dropped: they failed a check."))
    return "\n\n".join(blocks) + "\n"


def render_documents(documents: Iterable[DocumentInfo]) -> str:
    """One line a document: id, date, authors, title."""
    rows = [
        (
            document.id,
            document.published or "undated",
            ", ".join(document.authors) or "author not stated",
            document.name,
        )
        for document in documents
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    )
    return "".join(f"{inert(line)}\n" for line in lines)


def inert(text: str) -> str:
    """A text without control and direction-changing characters, which a terminal would obey."""
    return "".join(
        character
        for character in text
        if character in "\n\t"
        or unicodedata.category(character) not in ("Cc", "Cf")
        or character in "\u200d\u200c"
    )


class _Style:
    """Bold and dim, or plain where the output is no terminal."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._color else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self._color else text


def _source(citation: Citation, style: _Style) -> str:
    quote, document = citation.quote, citation.document
    before = shown(quote.prefix)[-_CONTEXT:]
    after = shown(quote.suffix)[:_CONTEXT]
    context = f"…{before} »{shown(quote.text)}« {after}…"
    place = f"{document.source}, characters {quote.start}-{quote.end}"
    head = f"[{citation.number}] {_reference(document)}"
    return "\n".join([_wrapped(head), _wrapped(context, "    "), style.dim(f"    {inert(place)}")])


def _nearest(hit: Hit, style: _Style) -> str:
    text = textwrap.shorten(shown(hit.passage.text), 280, placeholder=" …")
    place = f"{hit.document.source}, characters {hit.passage.start}-{hit.passage.end}"
    return "\n".join(
        [
            _wrapped(f"- {_reference(hit.document)}"),
            _wrapped(text, "    "),
            style.dim(f"    {inert(place)}"),
        ]
    )


def _reference(document: DocumentInfo) -> str:
    voice = f"{voice_of(document)}: " if document.authors else ""
    return f"{voice}{document.name} ({date_of(document)})"


def _wrapped(text: str, indent: str = "") -> str:
    width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
    return textwrap.fill(
        inert(text),
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
