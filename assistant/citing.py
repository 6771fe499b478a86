"""The statements and citations of an answer while a chat model writes it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from assistant.attribution import attributed, sources_of
from assistant.checking import Checked
from assistant.evidence import Candidate
from assistant.grounding import cite
from assistant.types import Citation, Statement
from index import Document, Hit, Index


class Span(Protocol):
    """A quote to make."""

    @property
    def candidate(self) -> Candidate:
        """A sentence of the passage it lies in."""

    @property
    def start(self) -> int:
        """Where it begins in the document's canonical text."""

    @property
    def end(self) -> int:
        """Where it ends."""


class Cited:
    """Grows by one statement at a time; the same span is the same citation."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sources = ""
        self.documents: dict[str, Document] = {}
        self.statements: list[Statement] = []
        self.citations: list[Citation] = []

    def state(self, checked: Checked, spans: Sequence[Span]) -> Statement:
        """Add a statement that passed its checks, with the author and date of what it cites.

        These are left out where they are those of the statement before.
        """
        numbers = tuple(dict.fromkeys(self.number_of(span) for span in spans))
        texts = {name: document.text for name, document in self.documents.items()}
        sources = sources_of((self.citations[number - 1] for number in numbers), texts)
        text = checked.text if sources == self._sources else attributed(checked.text, sources)
        self._sources = sources
        self.statements.append(Statement(text, numbers, checked.support))
        return self.statements[-1]

    @property
    def latest(self) -> tuple[Citation, ...]:
        """The citations of the statement added last."""
        numbers = self.statements[-1].citations if self.statements else ()
        return tuple(self.citations[number - 1] for number in numbers)

    def number_of(self, span: Span) -> int:
        """The number of the citation of a span, which is made where there is none yet.

        Raises:
            GroundingError: the span does not lie in its document.
        """
        hit: Hit = span.candidate.hit
        for citation in self.citations:
            quote = citation.quote
            if (citation.document.id, quote.start, quote.end) == (
                hit.document.id,
                span.start,
                span.end,
            ):
                return citation.number
        document = self.documents.get(hit.document.id) or self._index.document(hit.document.id)
        self.documents[hit.document.id] = document
        number = len(self.citations) + 1
        citation = cite(number, document, span.start, span.end, hit.passage.id)
        self.citations.append(citation)
        return number


def renumbered(
    statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The same with citations numbered in order of first use; those not used are left out."""
    order = dict.fromkeys(number for statement in statements for number in statement.citations)
    new = {old: position for position, old in enumerate(order, start=1)}
    return (
        tuple(
            replace(each, citations=tuple(new[number] for number in each.citations))
            for each in statements
        ),
        tuple(replace(citations[old - 1], number=number) for old, number in new.items()),
    )
