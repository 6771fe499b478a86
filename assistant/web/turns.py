"""A turn of the conversation: a question and how far its answer has come. Values only."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.types import Answer, Citation, Event, Retrieved, Stated, Token
from index.errors import VerbatimError

if TYPE_CHECKING:
    from assistant.desk import Assistant

logger = logging.getLogger(__name__)

FRAME = 0.05
"""Seconds between two updates of a growing text: faster is not seen, and costs."""

UNEXPECTED = (
    "Something went wrong on the server, and the question was not answered. "
    "Its log says what; asking again may help."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and how far its answer has come."""

    id: str
    """Unique on the page, and safe in an HTML attribute."""
    question: str
    phase: Literal["searching", "reading", "done", "stopped", "failed"] = "searching"
    standalone: str | None = None
    """What was searched, where it differs from the question."""
    found: int = 0
    """Passages found."""
    text: str = ""
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str | None = None

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.phase in ("searching", "reading")

    def after(self, event: Event) -> "Turn":
        """The turn once `event` has happened."""
        match event:
            case Retrieved(question, hits):
                other = question if question.strip() != self.question.strip() else None
                return replace(self, phase="reading", standalone=other, found=len(hits))
            case Token(text):
                return replace(self, text=self.text + text)
            case Stated(_, citations):
                known = {citation.number: citation for citation in (*self.citations, *citations)}
                return replace(self, citations=tuple(known[number] for number in sorted(known)))
            case Answer():
                return replace(
                    self, phase="done", text=event.text, citations=event.citations, answer=event
                )
        return self

    def failed(self, message: str) -> "Turn":
        """The turn after an error. What was shown before it is no answer, and goes."""
        return replace(self, phase="failed", error=message, text="", citations=())

    def stopped(self) -> "Turn":
        """The turn after the user stopped it; one that had ended stays as it is."""
        return replace(self, phase="stopped") if self.running else self


def history_of(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """What was asked and answered, or asked in vain; errors and stopped answers tell nothing.

    An abstention stays: "And the year before?" after one means what was asked there.
    """
    return [(turn.question, turn.answer.text) for turn in turns if turn.answer is not None]


def follow(desk: "Assistant", turn: Turn, history: Sequence[tuple[str, str]]) -> Iterator[Turn]:
    """The turn each time it has changed enough to be shown; an error is a turn that failed."""
    shown = 0.0
    try:
        for event in desk.stream(turn.question, history=history):
            turn = turn.after(event)
            if not isinstance(event, Token) or time.monotonic() - shown >= FRAME:
                shown = time.monotonic()
                yield turn
    except VerbatimError as error:
        yield turn.failed(str(error))
    except Exception:
        logger.exception("answering failed")
        yield turn.failed(UNEXPECTED)
    else:
        if turn.running:
            logger.error("the stream ended without an answer")
            yield turn.failed(UNEXPECTED)
