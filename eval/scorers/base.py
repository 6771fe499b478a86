"""What every scorer takes and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from eval.documents import DatasetDocuments
from eval.types import Case, GoldSpan


@dataclass(frozen=True, slots=True)
class Score:
    """One case's score by one scorer."""

    value: float | None
    """From 0 to 1. None: the case is outside the definition, which is not zero."""
    explanation: str
    """What was found, so that a person can check the value."""
    weight: int = 1
    """How much the case counts in the summary: its number of quotes where these are pooled."""

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
    """Its place among the answer's citations, from 1."""
    text: str
    start: int
    end: int
    source: str
    """Path or URI of the cited document."""
    doc: str | None
    """The dataset's document that `source` means; None where it has no such document."""

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

    def overlaps(self, quote: CitedQuote, span: GoldSpan) -> bool:
        """Whether a quote and a gold span share at least one code point of one document."""
        return (
            quote.doc is not None
            and quote.start < span.end
            and span.start < quote.end
            and self.documents.are_same(quote.doc, span.doc)
        )


Scorer = Callable[[Outcome], Score]
"""Its `__name__` is the score's name, its docstring the definition."""


def answer_missing(outcome: Outcome) -> Score | None:
    """The score of an answerable case without an answer: 0, with the reason. None if answered."""
    if outcome.status == "answered":
        return None
    how = "abstained" if outcome.status == "abstained" else "failed"
    return Score(0.0, f"the system {how} on an answerable case")
