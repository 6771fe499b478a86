"""A turn of the conversation: a question and how far its answer has come. Values only."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from assistant.addresses import addresses_of
from assistant.exporting.items import common_folder
from assistant.grounding import marked
from assistant.logs import request_note
from assistant.types import Answer, Citation, Event, Filter, Retrieved, Stated, Token, Withdrawn
from assistant.web.answers import Watch, unwatched
from assistant.web.listening import Ended, Listening
from index.errors import InputError, VerbatimError

if TYPE_CHECKING:
    from assistant.desk import Assistant

logger = logging.getLogger(__name__)

FRAME = 0.05
"""Seconds between two updates of a growing text: faster is not seen, and costs."""
BEAT = 1.0
"""Seconds after which the page hears that nothing has come, so that it shows how long it takes."""

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
    phase: Literal["searching", "reading", "writing", "done", "stopped", "failed"] = "searching"
    model: str | None = None
    """The chat model that is asked; None where quotes are picked without one."""
    standalone: str | None = None
    """What was searched, where it differs from the question."""
    found: int = 0
    """Passages found."""
    pieces: tuple[Stated | Withdrawn, ...] = ()
    """What became of the text so far, sentence by sentence."""
    provisional: str = ""
    """Text that has come since: nothing of it is checked."""
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str | None = None
    lapsed: tuple[Withdrawn, ...] = ()
    """Of a restored turn: sentences that the documents, as they are now, do not bear out."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Where documents that are cited can be found on the web, by their ids."""
    folder: str | None = None
    """That all documents of the collection have in common: no page shows what is above it."""
    where: Filter | None = None
    """Which documents were asked; None for all."""
    scope: str = ""
    """The same in words, for people."""
    silent: float = 0.0
    """Seconds since anything came."""

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.phase in ("searching", "reading", "writing")

    @property
    def begun(self) -> bool:
        """Whether there is anything of an answer."""
        return self.phase in ("writing", "done") or bool(self.pieces)

    @property
    def text(self) -> str:
        """What stands of the answer so far; what a model wrote does once it is stated."""
        if self.answer is not None:
            return self.answer.text
        stated = (marked(piece.statement) for piece in self.pieces if isinstance(piece, Stated))
        return "\n\n".join(stated) + ("" if self.model else self.provisional)

    def after(self, event: Event) -> "Turn":
        """The turn once `event` has happened."""
        turn = replace(self, silent=0.0)
        match event:
            case Retrieved(question, hits):
                other = question if question.strip() != self.question.strip() else None
                return replace(turn, phase="reading", standalone=other, found=len(hits))
            case Token(text):
                return replace(turn, phase="writing", provisional=self.provisional + text)
            case Withdrawn():
                return replace(turn, pieces=(*self.pieces, event), provisional="")
            case Stated(_, citations):
                known = {citation.number: citation for citation in (*self.citations, *citations)}
                ordered = tuple(known[number] for number in sorted(known))
                pieces = (*self.pieces, event)
                return replace(turn, pieces=pieces, provisional="", citations=ordered)
            case Answer():
                done = turn._cleared()
                return replace(done, phase="done", citations=event.citations, answer=event)
        return turn

    def placed(self, sources: Sequence[str]) -> "Turn":
        """The turn with where its documents are, on the web and among the others.

        Args:
            sources: of all documents of the collection.
        """
        addresses = addresses_of(each.document for each in self.citations)
        return replace(self, addresses=addresses, folder=common_folder(sources))

    def waited(self, seconds: float) -> "Turn":
        """The turn after so many seconds in which nothing came."""
        return replace(self, silent=self.silent + seconds)

    def failed(self, message: str) -> "Turn":
        """The turn after an error. What was shown before it is no answer, and goes."""
        return replace(self._cleared(), phase="failed", error=message, citations=())

    def stopped(self) -> "Turn":
        """The turn after the user stopped it; one that had ended stays as it is.

        What a model wrote and nobody checked goes.
        """
        if not self.running:
            return self
        if self.model is None:
            return replace(self, phase="stopped")
        stated = tuple(piece for piece in self.pieces if isinstance(piece, Stated))
        return replace(self._cleared(), phase="stopped", pieces=stated)

    def _cleared(self) -> "Turn":
        return replace(self, pieces=(), provisional="", silent=0.0)


def history_of(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """What was asked and answered, or asked in vain; errors and stopped answers tell nothing.

    An abstention stays: "And the year before?" after one means what was asked there.
    """
    return [(turn.question, turn.answer.text) for turn in turns if turn.answer is not None]


async def follow(
    desk: "Assistant",
    turn: Turn,
    history: Sequence[tuple[str, str]],
    watch: Watch = unwatched,
) -> AsyncGenerator[Turn, None]:
    """The turn each time it has changed enough to be shown; an error is a turn that failed.

    Cancelling or closing it ends the search and the model's reply at once. While nothing comes,
    the turn comes again each second: whoever shows it notices by that when nobody looks anymore.
    """
    shown, due = time.monotonic(), BEAT
    try:
        stream = desk.astream(turn.question, history=history, where=turn.where)
        async with Listening(watch(stream)) as events:
            while turn.running:
                event = await events.next(due)
                now = time.monotonic()
                turn = turn.after(event) if event else turn.waited(now - shown)
                if isinstance(event, Answer):
                    turn = await asyncio.to_thread(_placed, desk, turn)
                if isinstance(event, Token) and now - shown < FRAME:
                    due = FRAME
                else:
                    shown, due = now, BEAT
                    yield turn
    except Ended:
        logger.error("the stream ended without an answer")
        yield turn.failed(UNEXPECTED + request_note())
    except InputError as error:  # which who asked can mend
        yield turn.failed(str(error))
    except VerbatimError as error:
        yield turn.failed(str(error) + request_note())
    except Exception:
        logger.exception("answering failed")
        yield turn.failed(UNEXPECTED + request_note())


def _placed(desk: "Assistant", turn: Turn) -> Turn:
    return turn.placed([document.source for document in desk.documents()])
