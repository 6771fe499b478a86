"""Questions with their answers as Markdown: readable as text, inert wherever it is rendered."""

import re
from collections.abc import Iterator, Sequence

from assistant.exporting.items import Item, about, around, left_out_note, place_of
from assistant.markdown import escaped
from assistant.terminal import inert
from assistant.types import Answer, Citation

_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_ADDRESS = re.compile(r"(?<=[A-Za-z])://|(?<=\bwww)\.|(?<=\w)@(?=\w)", re.I)

TITLE = "Answers with their quotes"
NOTHING = "Nothing of this answer is shown: the documents, as they are now, do not bear it out."


def to_markdown(items: Sequence[Item]) -> str:
    """Each question as a heading; then the answer, its notes, and its quotes in context."""
    title = [f"# {TITLE}"] if len(items) > 1 else []
    return "\n\n".join([*title, *(block for item in items for block in _blocks(item))]) + "\n"


def plain(text: str) -> str:
    """A text in one line that no renderer of Markdown makes a link, a list or anything else of."""
    safe = _NUMBERED.sub(r"\1\\\2", escaped(inert(text)))
    return _ADDRESS.sub(lambda match: f"\\{match[0]}", safe)


def _blocks(item: Item) -> Iterator[str]:
    yield f"## {plain(item.question)}"
    if item.answer is None:
        yield NOTHING
    else:
        yield from _answer(item.answer)
    if note := left_out_note(item):
        yield f"*{plain(note)}*"
    if item.answer is not None:
        for citation in item.answer.citations:
            yield _quote(citation, item.addresses.get(citation.document.id))


def _answer(answer: Answer) -> Iterator[str]:
    if answer.searched:
        yield f"*Searched for: {plain(answer.searched)}*"
    for statement in answer.statements:
        yield " ".join([plain(statement.text), *(f"\\[{n}\\]" for n in statement.citations)])
    if answer.status == "abstained":
        yield f"**No answer found in the documents.** {plain(answer.reason or '')}"
    yield from (f"*{plain(note)}*" for note in answer.notes)


def _quote(citation: Citation, address: str | None) -> str:
    before, after = around(citation.quote)
    left = plain(before) + " " * before[-1:].isspace()
    right = " " * after[:1].isspace() + plain(after)
    words = f"{left}**{plain(citation.quote.text)}**{right}".strip()
    document = citation.document
    return (
        f"> \\[{citation.number}\\] {words}\n>\n"
        f"> — {plain(about(document))}: *{plain(document.name)}* "
        f"({plain(place_of(citation))})" + (f" <{address}>" if address else "")
    )
