"""Questions about the documents themselves: who wrote one, when it was published.

Metadata is evidence where the text itself states it: the byline, the dateline, the front matter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.question import content_words
from assistant.voices import asked_author
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
_ASKING = frozenset(
    (
        *("who", "when", "where", "what", "which", "date", "day", "year"),
        *("published", "publication", "publisher", "appear", "appeared", "titled", "called"),
        *("written", "wrote", "author", "authored", "writer", "entitled"),
        *("article", "text", "document", "brief", "commentary", "report", "essay", "piece"),
        *("paper", "post"),
    )
)
"""Words that ask for metadata, and so name no document."""
_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class AboutDocument:
    """A question about one document's metadata."""

    field: Field
    document: DocumentInfo


def about_document(question: str, documents: Iterable[DocumentInfo]) -> AboutDocument | None:
    """Recognize a question about a document's author, publisher or date.

    Only where the question names the document: by a title in quotation marks, by most of its
    title's words, or by an author who wrote no other.
    """
    field = next((field for field, pattern in _FIELDS if pattern.search(question)), None)
    quoted = _QUOTED.search(question)
    if field is None or not (quoted or _KIND.search(question)):
        return None
    words = content_words(quoted[1] if quoted else question)
    named = frozenset(t for w in words if w.lower() not in _ASKING for t in analyze(w))
    candidates = list(documents)
    best = max(candidates, key=lambda document: _likeness(named, document), default=None)
    if best is not None and _likeness(named, best) >= _ENOUGH:
        return AboutDocument(field, best)
    voice = asked_author(question, candidates)
    own = [d for d in candidates if voice and voice in d.authors]
    return AboutDocument(field, own[0]) if len(own) == 1 else None


def _likeness(named: frozenset[str], document: DocumentInfo) -> float:
    """How much of a title a question names, or of what it names is in the title; 0 to 1."""
    words = content_words(matching_text(document.title or ""))
    title = frozenset(term for word in words for term in analyze(word))
    common = len(named & title)
    if common < 2:
        return 0.0
    return max(common / len(title), common / len(named))
