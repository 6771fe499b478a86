"""From what a reader picked to an `Answer`: statements, citations, the final check."""

from collections.abc import Sequence

from assistant.about import NAMES, AboutDocument
from assistant.extractive import Reading
from assistant.grounding import checked, cite, marked, support
from assistant.types import Answer, Citation, Hit, Statement
from assistant.wording import date_of, quoted_terms, shown, statement_text, voice_of
from index import Document, Index
from prompts import load


def answer_from(question: str, reading: Reading, index: Index) -> Answer:
    """An answer with one statement a quote, most direct first.

    Raises:
        GroundingError: a quote is not the slice of its source it claims to be.
    """
    documents: dict[str, Document] = {}
    statements: list[Statement] = []
    citations: list[Citation] = []
    for number, selection in enumerate(reading.selections, start=1):
        hit = selection.candidate.hit
        document = documents.setdefault(hit.document.id, index.document(hit.document.id))
        citation = cite(
            number, document.info, document.text, selection.start, selection.end, hit.passage.id
        )
        text = statement_text(citation, citations[-1] if citations else None)
        citations.append(citation)
        statements.append(Statement(text, (number,), support(text, [citation])))
    return _answered(question, statements, citations, documents)


def answer_about(question: str, about: AboutDocument, index: Index) -> Answer:
    """An answer about a document itself, quoted from where its text states it."""
    document = index.document(about.document.id)
    spans = [span for name, span in document.byline if name == about.field]
    value = getattr(document.info, about.field)
    title = document.info.name
    if not value or not spans:
        nearest = index.search(title, k=1)
        return abstain(question, "abstain_unstated", nearest, title=title, field=NAMES[about.field])
    start, end = spans[0]
    passage = next(p for p in index.passages(document.info.id) if p.start <= start < p.end)
    citation = cite(1, document.info, document.text, start, end, passage.id)
    said = {
        "authors": voice_of(document.info),
        "published": date_of(document.info),
        "publisher": document.info.publisher or "",
    }[about.field]
    quote = shown(citation.quote.text)
    text = f"{said}. {load('quote_byline').render(title=title, quote=quote)}"
    statement = Statement(text, (1,), support(text, [citation]))
    return _answered(question, [statement], [citation], {document.info.id: document})


def abstain(
    question: str, wording: str, nearest: Sequence[Hit], terms: Sequence[str] = (), **values: str
) -> Answer:
    """An abstention with its reason and the nearest passages."""
    if terms:
        values["terms"] = quoted_terms(tuple(terms))
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
