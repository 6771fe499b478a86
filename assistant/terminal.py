"""Answers in readable terminal form. Text from documents cannot move the cursor or set colors."""

import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.types import Answer, Citation, DocumentInfo, Event, Hit, Stated, Statement
from assistant.wording import date_of, shown, voice_of

_WIDEST = 96
_NARROWEST = 24
_PASSAGE = 1_000
"""How much of a nearest passage is shown, in code points: all of most, since what an abstention
says of it must be there to be checked."""
_INDENT = "    "
_JOINERS = "\u200c\u200d"


def render_answer(answer: Answer, *, color: bool = False) -> str:
    """An answer with its sources, wrapped to the terminal's width."""
    style = _Style(color)
    text = "\n\n".join(_wrapped(paragraph) for paragraph in answer.text.split("\n\n"))
    text = style.bold(text) if answer.citations else text
    return "\n\n".join([text, *_beside(answer, style)]) + "\n"


def render_stream(events: Iterable[Event], *, color: bool = False) -> Iterator[str]:
    """An answer part by part, each to be printed as it comes.

    Only statements that passed the checks are shown: what is printed cannot be withdrawn.

    Yields:
        Paragraphs, a blank line before each but the first. Together they are `render_answer`.
    """
    style, told = _Style(color), list[Statement]()
    for event in events:
        if isinstance(event, Stated):
            markers = (f"[{number}]" for number in event.statement.citations)
            paragraph = _wrapped(" ".join([event.statement.text, *markers]))
            yield "\n" * bool(told) + style.bold(paragraph)
            told.append(event.statement)
        elif isinstance(event, Answer) and tuple(told) == event.statements and told:
            yield "\n" + "\n\n".join(_beside(event, style))
        elif isinstance(event, Answer):
            replaced = style.dim("\nThis answer replaces the text above:\n\n") if told else ""
            yield replaced + render_answer(event, color=color)


def _beside(answer: Answer, style: "_Style") -> list[str]:
    """All that follows the text of an answer."""
    blocks = []
    notes = list(answer.notes)
    if answer.dropped and not notes:
        notes.append(f"Left out because they failed a check: {answer.dropped}")
    blocks += [style.dim(_wrapped(note)) for note in notes]
    if answer.citations:
        blocks.append(style.dim("Sources"))
        blocks += [_source(citation, style) for citation in answer.citations]
    elif answer.nearest:
        blocks.append(style.dim("Nearest passages"))
        blocks += [_nearest(hit, style) for hit in answer.nearest]
    if answer.usage:
        asked = answer.details.model if answer.details else answer.model
        blocks.append(style.dim(_wrapped(f"{asked}: {usage_line(answer.usage)}")))
    return blocks


def usage_line(usage: Mapping[str, Any]) -> str:
    """What an answer used of a chat model, such as "1,204 tokens in, 87 out, $0.0021"."""
    read, written = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
    parts = [f"{read:,} tokens in", f"{written:,} out"]
    if usage.get("cost") is not None:
        parts.append(f"${usage['cost']:.6f}".rstrip("0").rstrip("."))
    if usage.get("cached_calls"):
        parts.append(f"{usage['cached_calls']} of {usage['calls']} replies from the cache")
    return ", ".join(parts)


def render_documents(documents: Iterable[DocumentInfo]) -> str:
    """One line a document: id, date, authors, title."""
    rows = [
        [
            document.id,
            document.published or "undated",
            _line(", ".join(document.authors)) or "author not stated",
            _line(document.name),
        ]
        for document in documents
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return "".join(
        "  ".join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() + "\n" for row in rows
    )


def inert(text: str) -> str:
    """A text without control and direction-changing characters, which a terminal would obey."""
    return "".join(
        character
        for character in text
        if character in "\n\t"
        or unicodedata.category(character) not in ("Cc", "Cf")
        or character in _JOINERS
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
    quote = citation.quote
    before = f"…{shown(quote.prefix)} " if quote.prefix else ""
    after = f" {shown(quote.suffix)}…" if quote.suffix else ""
    return _entry(
        f"[{citation.number}] {_reference(citation.document)}",
        f"{before}»{shown(quote.text)}«{after}",
        _place(citation.document, quote.start, quote.end, citation.place),
        style,
    )


def _nearest(hit: Hit, style: _Style) -> str:
    return _entry(
        f"- {_reference(hit.document)}",
        textwrap.shorten(shown(hit.passage.text), _PASSAGE, placeholder=" …"),
        _place(hit.document, hit.passage.start, hit.passage.end),
        style,
    )


def _entry(head: str, text: str, place: str, style: _Style) -> str:
    return "\n".join([_wrapped(head), _wrapped(text, _INDENT), style.dim(f"{_INDENT}{place}")])


def _reference(document: DocumentInfo) -> str:
    voice = f"{voice_of(document)}: " if document.authors else ""
    return f"{voice}{document.name} ({date_of(document)})"


def _place(document: DocumentInfo, start: int, end: int, place: str | None = None) -> str:
    parts = (document.source, place, f"characters {start}-{end}")
    return _line(", ".join(filter(None, parts)))


def _line(text: str) -> str:
    return " ".join(inert(text).split())


def _wrapped(text: str, indent: str = "") -> str:
    width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
    return textwrap.fill(
        inert(text),
        max(width, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
