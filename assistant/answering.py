"""From what a reader picked to an `Answer`: statements, citations, the final check."""

from collections.abc import Sequence

from assistant.about import NAMES, AboutDocument, Field
from assistant.extractive import Reading
from assistant.grounding import checked, cite, marked, support
from assistant.missing import Lack
from assistant.types import Answer, Citation, DocumentInfo, Filter, Hit, Statement
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
    info, title = document.info, shown(document.info.name)
    span = next((span for name, span in document.byline if name == about.field), None)
    value = _value(about.field, info)
    if not value or span is None:
        nearest = index.search(info.name, k=1, where=Filter(documents=(info.id,)))
        known = {"title": title, "field": NAMES[about.field]}
        if value:
            return abstain(question, "abstain_beside", nearest, value=value, **known)
        return abstain(question, "abstain_unstated", nearest, **known)
    passage = next(p for p in index.passages(info.id) if p.start <= span[0] < p.end)
    citation = cite(1, info, document.text, *span, passage.id)
    quote = shown(citation.quote.text)
    text = load("quote_byline").render(value=value, title=title, quote=quote)
    statement = Statement(text, (1,), support(text, [citation]))
    return _answered(question, [statement], [citation], {info.id: document})


def _value(field: Field, document: DocumentInfo) -> str:
    """What is known of a document, in words; nothing where it is unknown."""
    if not getattr(document, field):
        return ""
    words = {"authors": voice_of, "published": date_of}.get(field)
    return shown(words(document) if words else document.publisher or "")


def lacking(question: str, lack: Lack, voice: str = "") -> Answer:
    """An abstention that says what is missing.

    Args:
        question: as the user wrote it.
        lack: what is missing.
        voice: the author whose words were asked for, if there is one.
    """
    if voice and lack.wording in ("abstain_weak", "abstain_absent"):
        return abstain(question, "abstain_voice", lack.hits, voice=shown(voice))
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
