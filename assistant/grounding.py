"""Where answers are made, and where a misquote would be stopped.

A quote is cut out of the canonical text by its span, never typed; before an answer leaves, every
quote is compared with that text once more.
"""

from collections.abc import Iterable, Mapping

from assistant.claims import without_unstated
from assistant.errors import GroundingError
from assistant.types import Answer, Citation, Quote, Statement
from index import Document
from index.canonical import matching_text, text_sha256
from index.terms import analyze

Texts = Mapping[str, str]
"""Canonical texts by document id."""


def cite(number: int, document: Document, start: int, end: int, passage_id: str) -> Citation:
    """A citation of the slice `[start, end)`.

    Raises:
        GroundingError: the span lies outside the text.
    """
    info, canonical = document.info, document.text
    if not 0 <= start < end <= len(canonical):
        raise GroundingError(
            f"A quote of {info.source} must lie within 0-{len(canonical)}, and was to span "
            f"{start}-{end}. The index may be damaged: index the documents again."
        )
    quote = Quote.slice(canonical, start, end)
    return Citation(number, quote, info, passage_id, document.place_of(start, end))


def support(statement: str, citations: Iterable[Citation]) -> float:
    """Share of a statement's words that its quotes, or their documents' metadata, hold; 0 to 1."""
    premises: list[str] = []
    for citation in citations:
        document = citation.document
        about = (document.title, *document.authors, document.publisher, document.published)
        premises += [citation.quote.text, " ".join(filter(None, about))]
    return word_support(statement, premises)


def word_support(statement: str, premises: Iterable[str]) -> float:
    """Share of a statement's words, by their stems, that the premises hold; 0 to 1."""
    words = analyze(matching_text(without_unstated(statement)))
    known = {word for premise in premises for word in analyze(matching_text(premise))}
    return sum(word in known for word in words) / len(words) if words else 0.0


def checked(answer: Answer, texts: Texts) -> Answer:
    """The same answer, once every quote has been compared with its document's text.

    Raises:
        GroundingError: a quote differs from its source, or a text from its document's checksum.
    """
    hashes = {name: text_sha256(text) for name, text in texts.items()}
    for citation in answer.citations:
        quote, document = citation.quote, citation.document
        if hashes.get(document.id) != document.sha256:
            raise GroundingError(
                f"The text kept for {document.source} is not the one that was indexed. Index the "
                "documents again."
            )
        if not _is_slice(quote, texts[document.id]):
            raise GroundingError(
                f"Quote {citation.number} is not the slice {quote.start}-{quote.end} of "
                f"{document.source}. This is a bug: please report it."
            )
    return answer


def _is_slice(quote: Quote, text: str) -> bool:
    """Whether a quote, and the text kept around it, stand in `text` where it says."""
    return (
        text[quote.start : quote.end] == quote.text
        and text.endswith(quote.prefix, 0, quote.start)
        and text.startswith(quote.suffix, quote.end)
    )


def marked(statement: Statement) -> str:
    """A statement's text with its `[n]` markers."""
    return " ".join([statement.text, *(f"[{number}]" for number in statement.citations)])
