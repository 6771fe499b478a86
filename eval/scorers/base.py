"""What every scorer takes and gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from assistant.details import Details
from assistant.wording import date_of
from eval.documents import DatasetDocuments
from eval.passages import RetrievedSpan
from eval.statements import CitedStatement
from eval.types import Case, GoldSpan
from index.types import DocumentInfo


@dataclass(frozen=True, slots=True)
class Score:
    """One case's score by one scorer."""

    value: float | None
    """From 0 to 1. None: the case is outside the definition, which is not zero."""
    explanation: str
    """What was found, so that a person can check the value."""
    weight: int = 1
    """How much the case counts in the summary: its number of quotes where these are pooled."""

    def to_dict(self) -> dict[str, Any]:
        """The form of a report's `scores`."""
        return {"value": self.value, "explanation": self.explanation, "weight": self.weight}

    @classmethod
    def unscored(cls, reason: str) -> Self:
        """Not scored, and why."""
        return cls(None, reason)

    @classmethod
    def share(cls, met: int, wanted: int, explanation: str) -> Self:
        """The share `met / wanted`."""
        return cls(met / wanted, f"{met} of {wanted} {explanation}")


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A citation as an answer gives it: none of it is trusted before it is checked."""

    number: int
    """As the answer numbers it; its place among the citations where the answer does not."""
    text: str
    start: int
    end: int
    source: str
    """Path or URI of the cited document."""
    doc: str | None
    """The dataset's document that `source` means; None where it has no such document."""
    passage_id: str | None = None
    authors: tuple[str, ...] | None = None
    """Who is said to have written the document; None where the answer does not say."""
    published: str | None = None

    def __str__(self) -> str:
        return f"[{self.number}] {self.doc or self.source} {self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system made of a case. All that a scorer sees."""

    case: Case
    status: Literal["answered", "abstained", "failed"]
    """A failure is neither an answer nor an abstention."""
    text: str
    quotes: tuple[CitedQuote, ...]
    documents: DatasetDocuments
    statements: tuple[CitedStatement, ...] = ()
    """The answer's text, sentence by sentence."""
    retrieved: tuple[RetrievedSpan, ...] | None = None
    """Best first; None where the answer does not say what was found."""
    claims: tuple[str, ...] = ()
    """The texts of the statements that the answer says it is made of."""
    details: Details | None = None
    """What became of a chat model's sentences, as the answer tells; None where none was asked."""

    def overlaps(self, quote: CitedQuote | RetrievedSpan, span: GoldSpan) -> bool:
        """Whether two spans share at least one code point of one document."""
        return (
            quote.doc is not None
            and quote.start < span.end
            and span.start < quote.end
            and self.documents.are_same(quote.doc, span.doc)
        )

    def cited_by(self, statement: CitedStatement) -> list[CitedQuote]:
        """The quotes a statement is marked with."""
        return [quote for quote in self.quotes if quote.number in statement.citations]

    def premise(self, quotes: Sequence[CitedQuote]) -> str:
        """What the sources really say where these quotes claim to stand, one a line."""
        return "\n".join(self.documents.slice(q.doc, q.start, q.end) for q in quotes)

    def about(self, quotes: Sequence[CitedQuote]) -> str:
        """What the cited documents state about themselves: title, authors, publisher, date."""
        infos = [info for q in quotes if q.doc and (info := self.documents.info(q.doc))]
        parts = (
            part
            for info in dict.fromkeys(infos)
            for part in (info.name, *info.authors, info.publisher, info.published, _date(info))
        )
        return "\n".join(filter(None, parts))


def _date(document: DocumentInfo) -> str | None:
    """The publication date in words as well: an answer may write it so."""
    return date_of(document) if document.published else None


Scorer = Callable[[Outcome], Score]
"""Its `__name__` is the score's name, its docstring the definition."""


def answer_missing(outcome: Outcome) -> Score | None:
    """The score of an answerable case without an answer: 0, with the reason. None if answered."""
    if outcome.status == "answered":
        return None
    how = "abstained" if outcome.status == "abstained" else "failed"
    return Score(0.0, f"the system {how} on an answerable case")


def not_answered(outcome: Outcome) -> Score | None:
    """Unscored, with the reason, where there is no answer to look at. None if answered."""
    if outcome.status == "answered":
        return None
    return Score.unscored(f"the case was not answered ({outcome.status})")
