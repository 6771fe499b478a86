"""An answer as Markdown that can be pasted anywhere: text, then numbered references."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.types import Answer, Citation


def to_markdown(answer: "Answer") -> str:
    """The question, the answer with `[n]` markers, and each quote with its reference."""
    lines = [f"**{answer.question}**", "", answer.text]
    if answer.citations:
        lines += ["", "---", ""]
        lines += [_reference(citation) for citation in answer.citations]
    return "\n".join(lines).rstrip() + "\n"


def _reference(citation: "Citation") -> str:
    from assistant.wording import date_of, shown, voice_of

    document, quote = citation.document, citation.quote
    voice = f"{voice_of(document)}, " if document.authors else ""
    publisher = f", {document.publisher}" if document.publisher else ""
    return (
        f"[{citation.number}] {voice}“{document.name}”{publisher}, {date_of(document)}: "
        f"“{shown(quote.text)}” ({document.source}, characters {quote.start}–{quote.end})\n"
    )
