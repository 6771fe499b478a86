"""Answers read back from JSON: what `Answer.to_dict` makes, from whosever hands it comes.

Only the form is checked here. Whether a quote stands in its document is for those who have the
document: `assistant.verify` for files, `assistant.web.saved_turns` for an index.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.details import Check, Details, Drafted, Fate
from assistant.types import Answer, Citation, Hit, Quote, Statement
from index.errors import InputError
from index.types import DocumentInfo, Passage

_SHOWN = 80
"""Characters of a wrong value that an error shows."""


class _Form(BaseModel):
    # A key of a newer release is passed over; a value of another type is an error.
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class _Document(_Form):
    id: str
    title: str | None = None
    authors: list[str] = Field(default_factory=list)
    publisher: str | None = None
    published: str | None = None
    source: str
    url: str | None = None
    sha256: str

    def made(self) -> DocumentInfo:
        fields = self.model_dump(exclude={"authors"})
        return DocumentInfo(authors=tuple(self.authors), **fields)


class _Quote(_Form):
    text: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


class _Citation(_Form):
    number: int
    passage_id: str
    quote: _Quote
    document: _Document
    place: str | None = None

    def made(self) -> Citation:
        quote = Quote(**self.quote.model_dump())
        return Citation(self.number, quote, self.document.made(), self.passage_id, self.place)


class _Statement(_Form):
    text: str
    citations: list[int]
    support: float

    def made(self) -> Statement:
        return Statement(self.text, tuple(self.citations), self.support)


class _Hit(_Form):
    rank: int
    score: float
    text: str
    start: int
    end: int
    document: _Document

    def made(self) -> Hit:
        document = self.document.made()
        passage = Passage(document.id, self.start, self.end, self.text, "body", None, ())
        return Hit(passage, document, self.score, self.rank)


class _Check(_Form):
    name: str
    passed: bool
    reason: str


class _Drafted(_Form):
    text: str
    ids: list[str]
    outcome: Fate
    checks: list[_Check] = Field(default_factory=list)

    def made(self) -> Drafted:
        checks = tuple(Check(each.name, each.passed, each.reason) for each in self.checks)
        return Drafted(self.text, tuple(self.ids), self.outcome, checks)


class _Details(_Form):
    model: str
    drafts: list[_Drafted] = Field(default_factory=list)
    fallback: str | None = None
    declined: bool = False
    calls: int = 0
    is_cut_off: bool = False
    condensed_by: Literal["model", "rules"] | None = None
    withheld: int = 0
    evidence: int = 0
    prompts: dict[str, int] = Field(default_factory=dict)

    def made(self) -> Details:
        fields = self.model_dump(exclude={"drafts"})
        return Details(drafts=tuple(each.made() for each in self.drafts), **fields)


class _Answer(_Form):
    question: str
    text: str
    status: Literal["answered", "abstained"]
    reason: str | None = None
    dropped: int = 0
    statements: list[_Statement]
    citations: list[_Citation]
    nearest: list[_Hit] = Field(default_factory=list)
    retrieved: list[str] | None = None
    searched: str | None = None
    confidence: float | None = None
    model: str = "extractive"
    timings: dict[str, float] = Field(default_factory=dict)
    usage: dict[str, int | float] | None = None
    details: _Details | None = None
    notes: list[str] = Field(default_factory=list)

    def made(self) -> Answer:
        return Answer(
            self.question,
            self.text,
            self.status,
            self.reason,
            statements=tuple(each.made() for each in self.statements),
            citations=tuple(each.made() for each in self.citations),
            nearest=tuple(each.made() for each in self.nearest),
            retrieved=None if self.retrieved is None else tuple(self.retrieved),
            searched=self.searched,
            confidence=self.confidence,
            dropped=self.dropped,
            model=self.model,
            timings=self.timings,
            usage=self.usage,
            details=None if self.details is None else self.details.made(),
            notes=tuple(self.notes),
        )


def answer_from_dict(data: Mapping[str, Any]) -> Answer:
    """An answer from its form in JSON (see docs/formats.md); of its quotes nothing is known yet.

    What an answer does not tell of itself there (the sentences and headings of its nearest
    passages) is missing. Keys that no release has written are passed over.

    Args:
        data: what `Answer.to_dict` made.

    Raises:
        InputError: something in it is missing, of another type, or does not fit the rest; the
            message names the place, such as `citations.0.quote.start`.
    """
    try:
        return _Answer.model_validate(data).made()
    except ValidationError as error:
        raise InputError(_told(error)) from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"Expected an answer as 'assistant ask --json' prints it, and its parts do not fit: "
            f"{str(error)[: 4 * _SHOWN]} Save the answer again."
        ) from None


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part)[:_SHOWN] for part in first["loc"]) or "the answer"
    return (
        f"Expected an answer as 'assistant ask --json' prints it, and at {place}: "
        f"{first['msg'].lower()}, found {repr(first['input'])[:_SHOWN]}. Save the answer again."
    )
