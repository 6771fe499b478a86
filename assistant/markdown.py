"""An answer as Markdown that can be pasted anywhere: text, then numbered references."""

import re
from typing import TYPE_CHECKING

from assistant.wording import date_of, shown, voice_of

if TYPE_CHECKING:
    from assistant.types import Answer, Citation

_ACTIVE = re.compile(r"[\\`*_\[\]<>|~$&]|(?<=^)[#+-]")


def to_markdown(answer: "Answer") -> str:
    """The question, the answer with `[n]` markers, notes, and each quote with its reference.

    Of what comes from documents nothing is left that Markdown or HTML would act upon.
    """
    text = [
        " ".join([escaped(statement.text), *(f"[{number}]" for number in statement.citations)])
        for statement in answer.statements
    ]
    searched = [f"*Searched: {escaped(answer.searched)}*"] if answer.searched else []
    parts = [f"**{escaped(answer.question)}**", *searched, *(text or [escaped(answer.text)])]
    parts += [f"*{escaped(note)}*" for note in answer.notes]
    if answer.citations:
        parts += ["---", *map(_reference, answer.citations)]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """A text in one line, with a backslash before what Markdown would act upon."""
    return _ACTIVE.sub(r"\\\g<0>", " ".join(text.split()))


def _reference(citation: "Citation") -> str:
    document, quote = citation.document, citation.quote
    voice = f"{shown(voice_of(document))}, " if document.authors else ""
    publisher = f", {shown(document.publisher)}" if document.publisher else ""
    characters = f"characters {quote.start}–{quote.end}"
    place = ", ".join(filter(None, (document.source, citation.place, characters)))
    reference = (
        f"{voice}“{shown(document.name)}”{publisher}, {date_of(document)}: "
        f"“{shown(quote.text)}” ({place})"
    )
    return f"[{citation.number}] {escaped(reference)}"
