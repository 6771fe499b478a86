"""From what a reader picked to an `Answer`: statements, citations, the final check."""

from collections.abc import Iterable, Sequence

from assistant.about import NAMES, AboutDocument, Field
from assistant.extractive import Reading
from assistant.grounding import checked, cite, marked, support
from assistant.listing import AboutDocuments, Listed
from assistant.missing import Lack
from assistant.telling import later, lead_statements, ordered
from assistant.types import Answer, Citation, DocumentInfo, Filter, Hit, Statement
from assistant.voices import asked_source
from assistant.wording import date_of, enumerated, quoted_terms, shown, statement_text, voice_of
from index import Document, Index
from prompts import load

MOST_LISTED = 30
"""Documents that an answer quotes at most, where it is to list them."""


def answer_from(question: str, reading: Reading, index: Index, asked: str = "") -> Answer:
    """An answer with one statement a quote, and first what the quotes differ in, if they do.

    Args:
        question: as the user wrote it.
        reading: at least one selection.
        index: where they were found.
        asked: the question made whole, if it was a follow-up.

    Raises:
        GroundingError: a quote is not the slice of its source it claims to be.
    """
    asked = asked or question
    source = asked_source(asked)
    documents: dict[str, Document] = {}
    statements: list[Statement] = []
    citations: list[Citation] = []
    for number, selection in enumerate(ordered(reading.selections, asked), start=1):
        hit = selection.candidate.hit
        document = documents.setdefault(hit.document.id, index.document(hit.document.id))
        citation = cite(number, document, selection.start, selection.end, hit.passage.id)
        previous = citations[-1] if citations else None
        text = statement_text(citation, previous, document.text, source)
        text = later(text, citation, previous)
        citations.append(citation)
        statements.append(Statement(text, (number,), support(text, [citation])))
    leads = [
        Statement(text, numbers, support(text, [citations[number - 1] for number in numbers]))
        for text, numbers in lead_statements(asked, citations)
    ]
    return _answered(question, [*leads, *statements], citations, documents)


def answer_about(question: str, about: AboutDocument | AboutDocuments, index: Index) -> Answer:
    """An answer about a document itself, or several, quoted from where the text states it."""
    if isinstance(about, AboutDocuments):
        return _answer_listed(question, about, index)
    document = index.document(about.document.id)
    info, title = document.info, shown(document.info.name)
    value = _value(about.field, info)
    citation = _stated(1, about.field, document, index)
    if not value or citation is None:
        nearest = index.search(info.name, k=1, where=Filter(documents=(info.id,)))
        known = {"title": title, "field": NAMES[about.field]}
        if value:
            return abstain(question, "abstain_beside", nearest, value=value, **known)
        return abstain(question, "abstain_unstated", nearest, **known)
    statement = _statement(value, title, citation)
    return _answered(question, [statement], [citation], {info.id: document})


def _answer_listed(question: str, about: AboutDocuments, index: Index) -> Answer:
    """One statement for each document, or for each author where these are asked for.

    A document whose text does not state what is asked is left out: there is nothing to quote.
    """
    if len(about.documents) > MOST_LISTED:
        return abstain(question, "abstain_many", (), count=str(len(about.documents)))
    documents: dict[str, Document] = {}
    citations: list[Citation] = []
    statements: list[Statement] = []
    for info in about.documents:
        document = index.document(info.id)
        field: Listed = about.field
        citation = _stated(len(citations) + 1, field, document, index)
        if citation is None and field == "title":
            field = "authors"  # a text without a title may still have a byline
            citation = _stated(len(citations) + 1, field, document, index)
        if citation is None or (about.are_authors and _is_named(info, documents.values())):
            continue
        documents[info.id] = document
        citations.append(citation)
        value = "" if field == "title" else _value(field, info)
        statements.append(_statement(value, shown(info.name), citation))
    if about.is_count and len(statements) < len(about.documents):
        return abstain(question, "abstain_count", (), count=str(len(about.documents)))
    if not statements:
        return abstain(question, "abstain_listed", ())
    return _answered(question, statements, citations, documents)


def _is_named(info: DocumentInfo, documents: Iterable[Document]) -> bool:
    """Whether all authors of a document wrote one of these, too."""
    named = {author for document in documents for author in document.info.authors}
    return named.issuperset(info.authors)


def _stated(number: int, field: str, document: Document, index: Index) -> Citation | None:
    """A citation of the line in which a text states a field; None where it does not."""
    span = next((span for name, span in document.byline if name == field), None)
    if span is None:
        return None
    info = document.info
    passage = next(p for p in index.passages(info.id) if p.start <= span[0] < p.end)
    return cite(number, document, *span, passage.id)


def _statement(value: str, title: str, citation: Citation) -> Statement:
    quote = shown(citation.quote.text)
    if value:
        text = load("quote_byline").render(value=value, title=title, quote=quote)
    else:
        text = load("quote_titled").render(title=title, quote=quote)
    return Statement(text, (citation.number,), support(text, [citation]))


def _value(field: Field, document: DocumentInfo) -> str:
    """What is known of a document, in words; nothing where it is unknown."""
    if not getattr(document, field):
        return ""
    words = {"authors": voice_of, "published": date_of}.get(field)
    return shown(words(document) if words else document.publisher or "")


def lacking(question: str, lack: Lack, voices: Sequence[str] = ()) -> Answer:
    """An abstention that says what is missing.

    Args:
        question: as the user wrote it.
        lack: what is missing.
        voices: the authors whose words were asked for, if there are any.
    """
    if voices and lack.wording in ("abstain_weak", "abstain_absent"):
        return abstain(question, "abstain_voice", lack.hits, voice=shown(enumerated(voices)))
    values = {"terms": quoted_terms(lack.terms) if lack.terms else "", "kind": lack.kind}
    return abstain(question, lack.wording, lack.hits, **{k: v for k, v in values.items() if v})


def abstain(question: str, wording: str, nearest: Sequence[Hit], **values: str) -> Answer:
    """An abstention with its reason and the nearest passages."""
    reason = load(wording).render(**values)
    return Answer(question, reason, "abstained", reason=reason, nearest=tuple(nearest))


def _answered(
    question: str,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    documents: dict[str, Document],
) -> Answer:
    answer = Answer(
        question=question,
        text="\n\n".join(map(marked, statements)),
        status="answered",
        statements=tuple(statements),
        citations=tuple(citations),
    )
    return checked(answer, {name: document.text for name, document in documents.items()})
