"""Questions about the documents themselves: who wrote one, when it was published.

Metadata is evidence where the text itself states it: the byline, the dateline, the front matter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.listing import AboutDocuments, about_documents
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
            r"\b(?:who|which (?:author|writer)) (?:wrote|is the author|are the authors|authored)\b"
            r"|\b(?:author|writer) of\b|\b(?:who was .*\bwritten by|by whom was .*\bwritten)\b",
            re.I,
        ),
    ),
)
NAMES: dict[Field, str] = {
    "authors": "who wrote it",
    "published": "when it was published",
    "publisher": "who published it",
}
_A_KIND = r"(?:article|text|document|brief|commentary|report|essay|piece|paper|post)"
_KIND = re.compile(rf"\b{_A_KIND}\b", re.I)
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
_BARE = re.compile(
    r"(?:(?:and |so )?who (?:wrote|authored|published|is the (?:author|writer|publisher) of"
    r"|are the authors of|was the (?:author|writer) of)|who was|(?:and )?(?:when|in what year"
    r"|in which year|on what date|where) (?:was|is|did)|what is the (?:publication )?date of"
    r"|by whom was|which (?:author|writer) wrote|tell me who wrote|do you know who wrote)"
    rf"(?: the)?(?: {_A_KIND})?(?: called| titled| entitled| named)? TITLE"
    r"(?: written(?: by)?| published(?: by)?| appear)?",
)
"""A question with nothing in it but a title and what is asked for."""
_TOPIC = re.compile(
    r"(?:when|in what year|on what date|who) (?:was|were|wrote|published|is the author of)"
    r" (?:the|that|this) (?:article|text|brief|commentary|essay|piece) (?:on|about|concerning)"
    r" (?P<topic>.+?)(?: (?:published|written)(?: by)?)?\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class AboutDocument:
    """A question about one document's metadata."""

    field: Field
    document: DocumentInfo


def about_document(
    question: str, documents: Iterable[DocumentInfo]
) -> AboutDocument | AboutDocuments | None:
    """Recognize a question about a document's author, publisher or date, or about all documents.

    About one document only where the question names it: by its title, by most of its title's
    words, by a word that only its title has, or by an author who wrote no other. For questions
    about several see `assistant.listing`.
    """
    candidates = list(documents)
    if several := about_documents(question, candidates):
        return several
    field = next((field for field, pattern in _FIELDS if pattern.search(question)), None)
    if field is None:
        return None
    titled = [document for document in candidates if _is_titled(question, document)]
    if titled:
        return AboutDocument(field, max(titled, key=lambda document: len(document.title or "")))
    quoted = _QUOTED.search(question)
    if not (quoted or _KIND.search(question)):
        return None
    words = content_words(quoted[1] if quoted else question)
    named = frozenset(t for w in words if w.lower() not in _ASKING for t in analyze(w))
    topic = _TOPIC.fullmatch(" ".join(question.split()))
    if topic and (only := _only(topic["topic"], candidates)):
        return AboutDocument(field, only)
    best = max(candidates, key=lambda document: _likeness(named, document), default=None)
    if best is not None and _likeness(named, best) >= _ENOUGH:
        return AboutDocument(field, best)
    voice = asked_author(question, candidates)
    own = [d for d in candidates if voice and voice in d.authors]
    return AboutDocument(field, own[0]) if len(own) == 1 else None


def _is_titled(question: str, document: DocumentInfo) -> bool:
    """Whether a question asks for nothing but the author or date of a text, by its whole title."""
    title = _plain(document.title or "")
    if len(content_words(title)) < 2:
        return False
    return _BARE.fullmatch(_plain(question).replace(title, "TITLE", 1)) is not None


def _only(topic: str, documents: Iterable[DocumentInfo]) -> DocumentInfo | None:
    """The one document whose title has all words of a topic."""
    wanted = frozenset(term for word in content_words(topic) for term in analyze(word))
    having = [d for d in documents if wanted and wanted <= frozenset(analyze(d.title or ""))]
    return having[0] if len(having) == 1 else None


def _plain(text: str) -> str:
    """Words in lower case, without what marks them off."""
    return " ".join(re.findall(r"\w+(?:'\w+)*", matching_text(text).lower()))


def _likeness(named: frozenset[str], document: DocumentInfo) -> float:
    """How much of a title a question names, or of what it names is in the title; 0 to 1."""
    words = content_words(matching_text(document.title or ""))
    title = frozenset(term for word in words for term in analyze(word))
    common = len(named & title)
    if common < 2:
        return 0.0
    return max(common / len(title), common / len(named))
