"""A question on its way to its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.contextualize import History
from assistant.errors import QuestionError
from assistant.types import Filter, Hit

if TYPE_CHECKING:
    from assistant.evidence import Evidence

MOST_CHARACTERS = 4_000
"""Longest question taken; more is a pasted document, not a question."""


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """One question on its way through the chain."""

    question: str
    history: History = ()
    where: Filter | None = None
    earlier: str = ""
    standalone: str = ""
    hits: tuple[Hit, ...] = ()
    evidence: "Evidence | None" = None
    timings: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object) -> "Turn":
        """A turn from what callers pass: a question, or a mapping with `question`.

        Raises:
            QuestionError: there is no question, or it is too long.
        """
        if isinstance(value, str):
            value = {"question": value}
        if not isinstance(value, Mapping) or not isinstance(value.get("question"), str):
            raise QuestionError(
                "Expected a question, or a mapping with 'question' and perhaps 'history' and "
                f"'where', and got {type(value).__name__}. Pass the question as text."
            )
        question = checked_question(value["question"])
        return cls(question, tuple(value.get("history") or ()), value.get("where"))


def checked_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        QuestionError: it is empty, or longer than `MOST_CHARACTERS`.
    """
    stripped = question.strip()
    if not any(map(str.isalnum, stripped)):
        raise QuestionError("Expected a question, and got none. Ask in words.")
    if len(stripped) > MOST_CHARACTERS:
        raise QuestionError(
            f"Expected a question of at most {MOST_CHARACTERS:,} characters, and got "
            f"{len(stripped):,}. Ask for one thing, and index documents instead of pasting them."
        )
    return stripped
