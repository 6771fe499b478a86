"""A question on its way to its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assistant.contextualize import History
from assistant.errors import QuestionError
from assistant.model_types import Usage
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
    voices: tuple[str, ...] = ()
    """The authors whose words are asked for: where there are any, no other is quoted."""
    hits: tuple[Hit, ...] = ()
    evidence: "Evidence | None" = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by step."""
    condensed_by: Literal["model", "rules"] | None = None
    """What made the question stand alone, where a model was asked to."""
    calls: int = 0
    """How often a model was asked for that."""
    cached_calls: int = 0
    usage: Usage | None = None
    waited: float = 0.0
    """Seconds of waiting for the model so far."""
    is_streamed: bool = True
    """Whether statements may have been seen before the answer is whole."""

    @property
    def asked(self) -> str:
        """The question made whole, without an earlier one that it is searched together with."""
        return self.standalone.removeprefix(self.earlier).strip() or self.question

    @classmethod
    def of(cls, value: object) -> "Turn":
        """A turn from what callers pass: a question, or a mapping with `question`.

        Raises:
            QuestionError: there is no question, it is too long, or what comes with it is of the
                wrong kind.
        """
        if isinstance(value, str):
            value = {"question": value}
        question = value.get("question") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or not isinstance(question, str):
            raise QuestionError(
                "Expected a question, or a mapping with 'question' and perhaps 'history' and "
                f"'where', and got {_described(value)}. Pass the question as text."
            )
        where = value.get("where")
        if where is not None and not isinstance(where, Filter):
            raise QuestionError(
                f"Expected 'where' to be a Filter, and got {_described(where)}. "
                "Write for example Filter(authors=('Cutler',))."
            )
        return cls(
            checked_question(question),
            _history(value.get("history")),
            where or None,
            is_streamed=bool(value.get("is_streamed", True)),
        )


def checked_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        QuestionError: it is empty, longer than `MOST_CHARACTERS`, or not text throughout.
    """
    stripped = question.strip()
    if not any(map(str.isalnum, stripped)):
        raise QuestionError("Expected a question, and got none. Ask in words.")
    if len(stripped) > MOST_CHARACTERS:
        raise QuestionError(
            f"Expected a question of at most {MOST_CHARACTERS:,} characters, and got "
            f"{len(stripped):,}. Ask for one thing, and index documents instead of pasting them."
        )
    if not _is_text(stripped) or "\0" in stripped:
        raise QuestionError(
            "Expected a question in text, and got bytes in it that are no characters. "
            "Write it in UTF-8."
        )
    return stripped


def _history(value: object) -> History:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(map(_is_pair, value)):
        raise QuestionError(
            "Expected the history as (question, answer text) pairs, oldest first, and got "
            f"{_described(value)}. Leave it out to ask without one."
        )
    return tuple((question, text) for question, text in value)


def _is_pair(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(part, str) and _is_text(part) for part in value)
    )


def _is_text(text: str) -> bool:
    """Whether there are only characters in it: no halves of one, as undecodable bytes become."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _described(value: object) -> str:
    if isinstance(value, Mapping):
        return f"a mapping with {sorted(map(str, value))}"
    return f"{type(value).__name__} {value!r:.60}"
