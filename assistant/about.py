"""Questions about the documents themselves: who wrote one, when it was published.

Metadata is evidence where the text itself states it: the byline, the dateline, the front matter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index import DocumentInfo
from index.canonical import matching_text
from index.terms import analyze

Field = Literal["authors", "published", "publisher"]

_FIELDS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "published",
        re.compile(
            r"\b(?:when|what (?:date|day|year))\b.*\b(?:published|written|appear|date of)\b"
            r"|\bpublication date\b|\bdate of (?:publication|the article)\b",
            re.I,
        ),
    ),
    (
        "publisher",
        re.compile(r"\b(?:who|which \w+|where)\b.*\bpublish(?:ed|er|es)\b|\bpublisher of\b", re.I),
    ),
    (
        "authors",
        re.compile(
            r"\bwho (?:wrote|is the author|are the authors|authored)\b"
            r"|\b(?:author|writer) of\b|\bwho was .*\bwritten by\b",
            re.I,
        ),
    ),
)
NAMES: dict[Field, str] = {
    "authors": "who wrote it",
    "published": "when it was published",
    "publisher": "who published it",
}
_KIND = re.compile(
    r"\b(?:article|text|document|brief|commentary|report|essay|piece|paper|post)\b", re.I
)
_QUOTED = re.compile(r"[\"“](.+?)[\"”]")
_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class AboutDocument:
    """A question about one document's metadata."""

    field: Field
    document: DocumentInfo


def about_document(question: str, documents: Iterable[DocumentInfo]) -> AboutDocument | None:
    """Recognize a question about a document's author, publisher or date.

    Only where the question names the document: a title in quotation marks, or most of its words.
    """
    name = next((name for name, pattern in _FIELDS if pattern.search(question)), None)
    if name is None:
        return None
    quoted = _QUOTED.search(question)
    words = frozenset(analyze(matching_text(quoted[1] if quoted else question)))
    best, share = None, 0.0
    for document in documents:
        title = frozenset(analyze(matching_text(document.title or "")))
        common = len(words & title)
        mine = common / max(len(words if quoted else title), 1)
        if common >= 2 and mine > share:
            best, share = document, mine
    if best is None or share < _ENOUGH or not (quoted or _KIND.search(question)):
        return None
    return AboutDocument(name, best)
