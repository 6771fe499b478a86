"""The values an answer is made of. Frozen; an inconsistent one cannot be made."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

from assistant.details import Details
from index.types import DocumentInfo, Filter, Hit

__all__ = [
    "Answer",
    "Citation",
    "DocumentInfo",
    "Event",
    "Filter",
    "Hit",
    "Quote",
    "Retrieved",
    "Stated",
    "Statement",
    "Token",
    "Withdrawn",
]

Status = Literal["answered", "abstained"]


class Event:
    """Something that happened while answering; the last event of a stream is the `Answer`.

    Adding two events gives the later one, so that LangChain's own aggregation of a stream (`invoke`
    on a generator, tracing) ends in the `Answer`.
    """

    __slots__ = ()

    def __add__(self, later: "Event") -> "Event":
        return later


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim text with its span; a W3C TextQuoteSelector and TextPositionSelector in one."""

    text: str
    start: int
    end: int
    """Half-open range of code points in the document's canonical text."""
    prefix: str
    suffix: str
    """The text right before and right after, up to 64 code points each."""

    def __post_init__(self) -> None:
        if not self.text or self.end - self.start != len(self.text) or self.start < 0:
            raise ValueError(
                f"A quote of {len(self.text)} code points cannot span {self.start}-{self.end}."
            )

    @classmethod
    def slice(cls, canonical: str, start: int, end: int, context: int = 64) -> Self:
        """The quote at `[start, end)` of a canonical text: the only way quotes are made."""
        return cls(
            text=canonical[start:end],
            start=start,
            end=end,
            prefix=canonical[max(0, start - context) : start],
            suffix=canonical[end : end + context],
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """Numbered link from a statement to a quote."""

    number: int
    """From 1, in order of first use in the answer's text."""
    quote: Quote
    document: DocumentInfo
    passage_id: str
    place: str | None = None
    """`page 3`, `pages 3–4`, `sheet Costs`; None where the file has no such parts."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, markers removed."""

    text: str
    citations: tuple[int, ...]
    support: float
    """How well the cited quotes bear the statement out, 0 to 1."""

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.citations:
            raise ValueError(f"Expected a statement that cites a quote, found {self!r}.")
        if not 0 <= self.support <= 1:
            raise ValueError(f"Expected a support from 0 to 1, found {self.support}.")


@dataclass(frozen=True, slots=True)
class Retrieved(Event):
    """The search is done. `question` is what was searched: with a history, made to stand alone."""

    question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Token(Event):
    """More of the text being written (Markdown): provisional until `Stated` or `Withdrawn` comes.

    Of the extractive reader's answers all tokens together are the `Answer.text`. What a chat model
    writes is shown while it is written, and replaced by the statement that passed the checks.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Stated(Event):
    """A statement passed the checks; its citations may now be shown as links.

    It takes the place of the tokens since the last `Stated` or `Withdrawn`.
    """

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """The tokens since the last `Stated` or `Withdrawn` did not pass the checks, and go."""

    text: str
    """The sentence as the model wrote it, also where not all of it was streamed before."""
    reason: str


@dataclass(frozen=True, slots=True)
class Answer(Event):
    """A grounded answer, or a deliberate abstention with its reason."""

    question: str
    text: str
    """Markdown with `[n]` markers."""
    status: Status
    reason: str | None = None
    """Why the assistant abstained; None when it answered."""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Hit, ...] = ()
    """The nearest passages, when abstaining."""
    retrieved: tuple[str, ...] | None = None
    """Ids of the passages that could be quoted, best first; None where they are not known."""
    searched: str | None = None
    """What was searched, where that is not the question: a follow-up made to stand alone."""
    confidence: float | None = None
    """How likely it is that the documents answer the question, 0 to 1; None where it is not known.
    Of an abstention: of the answer that was withheld."""
    dropped: int = 0
    """Statements left out because they failed a check."""
    model: str = "extractive"
    timings: Mapping[str, float] = field(default_factory=dict, compare=False, hash=False)
    """Seconds by step, and `total`."""
    usage: Mapping[str, Any] | None = field(default=None, hash=False)
    """Of a chat model: `input_tokens`, `output_tokens`, `calls`, `cached_calls` and, where the
    provider tells, `cost` in US dollars."""
    details: Details | None = None
    """What became of what a chat model wrote; None where none was asked."""
    notes: tuple[str, ...] = ()
    """What the user should know of how the answer was made, a sentence each."""

    def __post_init__(self) -> None:
        numbers = [citation.number for citation in self.citations]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"Citations must be numbered 1 to {len(numbers)}, not {numbers}.")
        cited = {number for statement in self.statements for number in statement.citations}
        if cited != set(numbers):
            raise ValueError(f"The statements cite {sorted(cited)}, and the quotes are {numbers}.")
        if self.status not in ("answered", "abstained"):
            raise ValueError(f"A status is 'answered' or 'abstained', not {self.status!r}.")
        if (self.status == "answered") != bool(self.statements):
            raise ValueError("An answer has statements, an abstention has none.")
        if (self.status == "abstained") != bool(self.reason):
            raise ValueError("An abstention gives its reason, an answer has none.")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"Expected a confidence from 0 to 1, found {self.confidence}.")
        if self.dropped < 0:
            raise ValueError(f"A count cannot be {self.dropped}.")

    def with_timings(self, timings: Mapping[str, float]) -> Self:
        """The same answer with these timings."""
        return replace(self, timings=dict(timings))

    def to_dict(self) -> dict[str, Any]:
        """The form `assistant ask --json` prints (see docs/formats.md)."""
        return {
            "question": self.question,
            "text": self.text,
            "status": self.status,
            "reason": self.reason,
            "dropped": self.dropped,
            "statements": [
                {"text": s.text, "citations": list(s.citations), "support": round(s.support, 4)}
                for s in self.statements
            ],
            "citations": list(map(citation_to_dict, self.citations)),
            "nearest": [hit_to_dict(hit) for hit in self.nearest],
            "retrieved": None if self.retrieved is None else list(self.retrieved),
            "searched": self.searched,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "model": self.model,
            "timings": {name: round(seconds, 4) for name, seconds in self.timings.items()},
            "usage": dict(self.usage) if self.usage is not None else None,
            "details": self.details.to_dict() if self.details is not None else None,
            "notes": list(self.notes),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_markdown(self) -> str:
        """The question, the text and numbered references, ready to be pasted."""
        from assistant.markdown import to_markdown  # it needs these types

        return to_markdown(self)


def document_to_dict(document: DocumentInfo) -> dict[str, Any]:
    """A document's metadata in the JSON form of an answer."""
    return {
        "id": document.id,
        "title": document.title,
        "authors": list(document.authors),
        "publisher": document.publisher,
        "published": document.published,
        "source": document.source,
        "url": document.url,
        "sha256": document.sha256,
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """A citation in the JSON form of an answer."""
    return {
        "number": citation.number,
        "passage_id": citation.passage_id,
        "place": citation.place,
        "quote": asdict(citation.quote),
        "document": document_to_dict(citation.document),
    }


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """A hit in the JSON form of an answer: the passage's whole text with its span."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "passage_id": hit.passage.id,
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "document": document_to_dict(hit.document),
    }
