"""Who says what a statement cites, and when: put behind what a chat model wrote."""

from collections.abc import Iterable, Mapping

from assistant.reported import reported
from assistant.types import Citation
from assistant.wording import date_of, shown, voice_of
from prompts import load


def sources_of(citations: Iterable[Citation], texts: Mapping[str, str]) -> str:
    """Authors and dates of the cited documents, and whose words these report.

    Args:
        citations: of one statement.
        texts: canonical texts by document id.
    """
    return "; ".join(dict.fromkeys(_source(each, texts[each.document.id]) for each in citations))


def attributed(statement: str, sources: str) -> str:
    """A statement with its sources behind it."""
    return load("attributed").render(statement=statement, sources=sources)


def _source(citation: Citation, text: str) -> str:
    document = citation.document
    name = shown(voice_of(document)) if document.authors else f"“{shown(document.name)}”"
    source = f"{name}, {date_of(document)}"
    speaker = reported(citation.quote.text, text, document.authors)
    if speaker is None:
        return source
    said = "quoted by" if speaker.is_quoted else "as reported by"
    return f"{shown(speaker.name)}, {said} {source}"
