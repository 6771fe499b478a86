"""Running a reader that asks a chat model, in a thread or in an event loop.

The reader is a generator that never waits itself. It yields what it wants: a `Call` begins to ask
the model, `NEXT` gets the next chunk of the reply (None at its end; an error is raised where the
reader waits), `STOP` ends the reply early, and an `Event` is passed on to whoever listens. So there
is one reader, and two short drivers.
"""

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeVar

from assistant.model_types import Chunk, Message
from assistant.types import Event
from index.errors import ModelError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """Ask the model."""

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    """JSON schema of the reply, where it is to be JSON."""


class Signal(Enum):
    """What a reader wants of the reply it began to ask for."""

    NEXT = "next"
    STOP = "stop"


NEXT, STOP = Signal.NEXT, Signal.STOP
Step = Call | Signal | Event
Reader = Generator[Step, Chunk | None, T]
"""Returns a value at its end."""


Thread = Callable[..., Awaitable[Step]]


class Streams(Protocol):
    """What the drivers need of a chat model."""

    def stream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None
    ) -> Iterator[Chunk]:
        """The reply, in chunks."""

    def astream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Chunk]:
        """Async twin of `stream`."""


class _Done(Exception):
    """Carries what the reader returned: a StopIteration cannot cross threads."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401 -- of whatever type the reader returns
        super().__init__()
        self.value = value


def _advance(reader: Reader[T], chunk: Chunk | None, error: ModelError | None) -> Step:
    try:
        return reader.throw(error) if error is not None else reader.send(chunk)
    except StopIteration as end:
        raise _Done(end.value) from None


def drive(reader: Reader[T], model: Streams | None) -> Generator[Event, None, T]:
    """The events of a reader; returns what it returns. Closing it ends the reply at once."""
    reply: Iterator[Chunk] | None = None
    chunk: Chunk | None = None
    error: ModelError | None = None
    try:
        while True:
            step = _advance(reader, chunk, error)
            chunk, error = None, None
            if isinstance(step, Call):
                _close(reply)
                assert model is not None
                reply = model.stream(step.messages, step.schema)
            elif step is STOP:
                _close(reply)
            elif isinstance(step, Event):
                yield step
            elif reply is not None:
                try:
                    chunk = next(reply, None)
                except ModelError as raised:
                    error = raised
    except _Done as done:
        value: T = done.value
        return value
    finally:
        _close(reply)
        reader.close()


def run(reader: Reader[T], model: Streams | None) -> T:
    """What a reader returns; its events are passed over."""
    events = drive(reader, model)
    while True:
        try:
            next(events)
        except StopIteration as end:
            value: T = end.value
            return value


async def arun(reader: Reader[T], model: Streams | None, thread: Thread) -> T:
    """Async twin of `run`."""
    values: list[T] = []
    async for _ in adrive(reader, model, thread, values.append):
        pass
    return values[0]


async def adrive(
    reader: Reader[T],
    model: Streams | None,
    thread: Thread,
    ended: Callable[[T], None] | None = None,
) -> AsyncGenerator[Event, None]:
    """Async twin of `drive`: the model is awaited, and cancelling ends its reply at once.

    Args:
        reader: the reader.
        model: the model it asks; None for one that asks none.
        thread: runs a function with arguments in a worker thread: what the reader computes between
            its steps would hold up the event loop.
        ended: called with what the reader returns.
    """
    reply: AsyncIterator[Chunk] | None = None
    chunk: Chunk | None = None
    error: ModelError | None = None
    try:
        while True:
            step = await thread(_advance, reader, chunk, error)
            chunk, error = None, None
            if isinstance(step, Call):
                await _aclose(reply)
                assert model is not None
                reply = model.astream(step.messages, step.schema)
            elif step is STOP:
                await _aclose(reply)
            elif isinstance(step, Event):
                yield step
            elif reply is not None:
                try:
                    chunk = await anext(reply, None)
                except ModelError as raised:
                    error = raised
    except _Done as done:
        if ended is not None:
            ended(done.value)
    finally:
        await _aclose(reply)
        with suppress(ValueError):  # still computing in its thread, after a cancellation
            reader.close()


def _close(reply: Iterator[Chunk] | None) -> None:
    if isinstance(reply, Generator):
        reply.close()


async def _aclose(reply: AsyncIterator[Chunk] | None) -> None:
    close = getattr(reply, "aclose", None)
    if close is not None:
        await close()
