"""Quotes in context, cut from the dataset's own documents: what an answer says is not believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.documents import DatasetDocuments
from eval.html.context import CONTEXT, LONGEST_QUOTE, Piece, characters, in_context
from eval.html.wording import date_text, file_name, list_of, mapping_of, shortened, text_of
from eval.types import Dataset, GoldSpan
from index.errors import SourceError


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A span of a document in its context."""

    title: str
    byline: str
    """Author, date and publisher as the answer gives them; may be empty."""
    place: str
    """File and characters."""
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote of an answer, checked."""

    number: int
    state: str
    """`exact`, `wrong` or `unchecked`."""
    excerpt: Excerpt
    """Of a wrong quote: what the source says at the place that the answer names."""
    claimed: str
    """Of a wrong quote: what the answer says."""
    note: str
    """What is to be said of a quote that is not exact."""
    gold: tuple[int, ...]
    """Groups of gold evidence that it overlaps, from 1."""


class Sources:
    """The dataset's documents, or none: then quotes are shown as answers give them."""

    def __init__(self, dataset: Dataset | None) -> None:
        self._documents = DatasetDocuments(dataset.documents) if dataset else None

    def find(self, source: str) -> tuple[str, str] | None:
        """Name and text of the document that a citation means; None where it cannot be read."""
        if self._documents is None or (name := self._documents.locate(source)) is None:
            return None
        try:
            return name, self._documents.text(name)
        except SourceError:
            return None

    @property
    def are_known(self) -> bool:
        """Whether there are documents to check against."""
        return self._documents is not None

    def are_same(self, one: str, other: str) -> bool:
        """Whether two names mean one document."""
        return self._documents is not None and self._documents.are_same(one, other)

    def quote(
        self, citation: Mapping[str, Any], place: int, evidence: Sequence[Sequence[GoldSpan]]
    ) -> QuoteView:
        """One citation, checked and in context.

        Args:
            citation: in the form of an answer's `citations`.
            place: its place in the answer, from 1: its number where it states none.
            evidence: the case's groups of gold evidence.
        """
        quote, document = mapping_of(citation.get("quote")), mapping_of(citation.get("document"))
        number = citation.get("number")
        number = number if type(number) is int else place
        found = self.find(text_of(document.get("source")))
        if found is None:
            return _unchecked(number, quote, document, are_known=self.are_known)
        name, text = found
        start, end, words = _span(quote)
        near = [
            (group, span)
            for group, spans in enumerate(evidence, start=1)
            for span in spans
            if self.are_same(name, span.doc)
        ]
        met = tuple(
            sorted({group for group, span in near if start < span.end and span.start < end})
        )
        fault = _fault(text, start, end, words)
        gold = [(span.start, span.end) for _, span in near]
        pieces = in_context(text, (start, end), gold)
        about = _about(document, name, f"{name} · {characters(start, end)}", pieces)
        state, claimed = ("wrong", shortened(words, LONGEST_QUOTE)) if fault else ("exact", "")
        return QuoteView(number, state, about, claimed, fault, met)

    def gold(self, span: GoldSpan) -> Excerpt | None:
        """A span of gold evidence in its context."""
        found = self.find(span.doc)
        if found is None:
            return None
        pieces = in_context(found[1], None, [(span.start, span.end)])
        return Excerpt(span.doc, "", characters(span.start, span.end), pieces)


def _span(quote: Mapping[str, Any]) -> tuple[int, int, str]:
    start, end = quote.get("start"), quote.get("end")
    whole = (start, end) if type(start) is int and type(end) is int else (0, 0)
    return *whole, text_of(quote.get("text"))


def _fault(text: str, start: int, end: int, words: str) -> str:
    """Why a quote is not the slice that it claims to be; empty if it is."""
    if words and start >= 0 and end - start == len(words) and text[start:end] == words:
        return ""
    place = text.find(words) if words else -1
    if place >= 0:
        return f"These words stand at {characters(place, place + len(words))} of the source."
    if start < 0 or end > len(text) or end <= start:
        return f"The source has {len(text):,} characters, and the span is {start:,}–{end:,}."
    return "The source does not have these words."


def _unchecked(
    number: int, quote: Mapping[str, Any], document: Mapping[str, Any], *, are_known: bool
) -> QuoteView:
    start, end, words = _span(quote)
    source = text_of(document.get("source"))
    pieces = (
        Piece(shortened(text_of(quote.get("prefix")), CONTEXT)),
        Piece(shortened(words, LONGEST_QUOTE), is_quote=True),
        Piece(shortened(text_of(quote.get("suffix")), CONTEXT)),
    )
    place = f"{file_name(source)} · {characters(start, end)}"
    note = "The dataset has no such document: shown as the answer gives it." if are_known else ""
    about = _about(document, source, place, tuple(piece for piece in pieces if piece.text))
    return QuoteView(number, "unchecked", about, "", note, ())


def _about(
    document: Mapping[str, Any], name: str, place: str, pieces: tuple[Piece, ...]
) -> Excerpt:
    return Excerpt(
        title=text_of(document.get("title")) or file_name(name),
        byline=byline(document),
        place=place,
        pieces=pieces,
    )


def byline(document: Mapping[str, Any]) -> str:
    """Authors, date and publisher, as far as they are given."""
    authors = ", ".join(text_of(author) for author in list_of(document.get("authors")))
    published = date_text(text_of(document.get("published")))
    return " · ".join(filter(None, (authors, published, text_of(document.get("publisher")))))
