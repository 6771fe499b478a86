"""The answers that are being given: counted, logged, and ended with a word when the server ends."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from assistant.answer_log import Outcome, Report, log_answer
from assistant.errors import StoppingError
from assistant.logs import REQUEST
from assistant.types import Answer, Event

if TYPE_CHECKING:
    from assistant.web.metrics import Metrics

STOPPING = (
    "The server is about to end, and takes no more questions. Please ask again in a minute or so."
)
CUT = "The server has ended before the answer was whole. Please ask again in a minute or so."

Events = AsyncGenerator[Event, None]
Watch = Callable[[Events], Events]


def unwatched(events: Events) -> Events:
    """The events as they are: for whoever asks outside of a server."""
    return events


class Answers:
    """The answers of one server; all in one event loop."""

    def __init__(self, metrics: "Metrics") -> None:
        """None is given yet."""
        self._metrics = metrics
        self._tasks: set[asyncio.Task[object]] = set()
        self._is_cut = False
        self.is_stopping = False
        """Whether no more are begun."""

    @property
    def running(self) -> int:
        """How many are being given."""
        return len(self._tasks)

    def cut(self) -> None:
        """End all of them: who waits for one is told why."""
        self.is_stopping = self._is_cut = True
        for task in list(self._tasks):
            task.cancel()

    def watch(self, reader: str, request: str | None = None) -> Watch:
        """What passes an answer's events on, and keeps the books.

        Args:
            reader: the model that answers, or `extractive`.
            request: id of the request it is for, if that is another than the running one.
        """
        return lambda events: self._watched(events, reader, request)

    async def _watched(self, events: Events, reader: str, request: str | None) -> Events:
        if request is not None:
            REQUEST.set(request)  # of this task, which ends with the answer
        if self.is_stopping:
            await events.aclose()
            self._metrics.refused.labels("stopping").inc()
            raise StoppingError(STOPPING)
        task = asyncio.current_task()
        assert task is not None
        started = time.perf_counter()
        outcome: Outcome = "stopped"
        answer, failed = None, None
        self._tasks.add(task)
        self._metrics.running.inc()
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Answer):
                        outcome, answer = event.status, event
                    yield event
        except asyncio.CancelledError:
            if not self._is_cut:
                raise
            outcome = "cut"
            task.uncancel()
            raise StoppingError(CUT) from None
        except Exception as error:
            outcome, failed = "failed", error
            raise
        finally:
            self._tasks.discard(task)
            self._metrics.running.dec()
            seconds = time.perf_counter() - started
            report = Report(reader, outcome, seconds, answer, failed)
            self._metrics.answered(report)
            log_answer(report)
