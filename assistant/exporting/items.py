"""What is exported: questions with their answers, and how a quote stands in its document."""

import os.path
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from assistant.types import Answer, Citation, DocumentInfo, Quote
from assistant.wording import date_of
from index.members import file_of
from index.types import source_name

CONTEXT = 64
"""How much text a `Quote` keeps on either side; less means that the document begins or ends."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class Item:
    """A question with what was answered."""

    question: str
    answer: Answer | None
    """None where nothing of it is borne out by the documents any more."""
    left_out: tuple[str, ...] = ()
    """Why sentences of the answer were left out, one reason each."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Where documents that are cited can be found on the web, by their ids."""


def around(quote: Quote) -> tuple[str, str]:
    """The text before and after a quote within its paragraph, without words that are cut.

    What stands above or below a blank line may be a heading, and is no context.
    """
    before = _BLANK_LINE.split(quote.prefix)[-1]
    after = _BLANK_LINE.split(quote.suffix)[0]
    if len(before) >= CONTEXT:
        before = "… " + (before.partition(" ")[2] or before)
    if len(after) >= CONTEXT:
        after = (after.rpartition(" ")[0] or after) + " …"
    return before, after


def about(document: DocumentInfo) -> str:
    """Who wrote a document, when, and who published it."""
    authors = ", ".join(document.authors) or "author not stated"
    return ", ".join(filter(None, (authors, document.publisher, date_of(document))))


def place_of(citation: Citation) -> str:
    """Where a quote stands."""
    quote = citation.quote
    characters = f"characters {quote.start:,}–{quote.end:,}"
    return ", ".join(filter(None, (citation.document.source, citation.place, characters)))


def left_out_note(item: Item) -> str:
    """That sentences were left out, and why; empty where none were."""
    if not item.left_out:
        return ""
    reasons = "; ".join(dict.fromkeys(item.left_out))
    many = len(item.left_out)
    return f"{many} {'sentence was' if many == 1 else 'sentences were'} left out: {reasons}."


def without_folders(items: Iterable[Item], sources: Sequence[str]) -> list[Item]:
    """The same items, their sources named below the folder that all documents have in common.

    Where a server keeps its files is nobody else's concern, and says nothing elsewhere.

    Args:
        items: whose documents are among those with these sources.
        sources: of all documents of the collection.
    """
    base = common_folder(sources)
    return [
        item if item.answer is None else replace(item, answer=below(item.answer, base))
        for item in items
    ]


def common_folder(sources: Sequence[str]) -> str | None:
    """The deepest folder that holds all files; None where they have none in common."""
    try:
        folder = os.path.commonpath([file_of(source).parent for source in sources])
    except ValueError:  # none, or on different drives
        return None
    return folder if PurePath(folder).name else None


def below(answer: Answer, base: str | None) -> Answer:
    """The answer, its sources named below a folder; those elsewhere by their names alone."""

    def named(document: DocumentInfo) -> DocumentInfo:
        return replace(document, source=name_below(document.source, base))

    return replace(
        answer,
        citations=tuple(replace(c, document=named(c.document)) for c in answer.citations),
        nearest=tuple(replace(hit, document=named(hit.document)) for hit in answer.nearest),
    )


def name_below(source: str, base: str | None) -> str:
    """A file's path below a folder; its name alone where it is elsewhere."""
    path = PurePath(source)
    is_below = base is not None and path.is_relative_to(base)
    return path.relative_to(base).as_posix() if base and is_below else source_name(source)
