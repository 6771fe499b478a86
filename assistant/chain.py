"""From a question to a grounded answer, as a chain of langchain-core runnables.

    contextualize | retrieve | gather | read

Each step is a runnable that takes and gives a `Turn`; the last one streams events and ends in the
`Answer`. `invoke` gives the answer alone, `stream` the events, and both have async twins. A chat
model is asked within the steps, so that callbacks given to the chain see it.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar, cast

from langchain_core.runnables import (
    Runnable,
    RunnableConfig,
    RunnableGenerator,
    RunnableLambda,
    run_in_executor,
)

from assistant.asking import Turn
from assistant.driving import Streams, adrive, arun, drive, run
from assistant.steps import Steps
from assistant.task import Writer
from assistant.types import Event
from index import Index

T = TypeVar("T")

_READERS = "verbatim_readers"
"""Key of a chain's configuration: a list for the generators that ask the model."""


def build_chain(
    index: Index, model: Streams | None = None, writer: Writer | None = None
) -> Runnable[Any, Event]:
    """The chain over an index; `invoke` gives the `Answer`, `stream` the events up to it.

    Args:
        index: to answer from.
        model: the chat model that writes; None for the extractive reader.
        writer: what the reader needs to know of that model.
    """
    steps = Steps(index, writer)
    ask = _Asked(steps, model)
    return (
        RunnableLambda(ask.contextualize, ask.acontextualize, name="contextualize")
        | RunnableLambda(_timed("retrieve", steps.retrieve)).with_config(run_name="retrieve")
        | RunnableLambda(_timed("evidence", steps.gather)).with_config(run_name="evidence")
        | RunnableGenerator(ask.read, cast("Any", ask.aread)).with_config(run_name="read")
    )


async def stream_closing(chain: Runnable[Any, Event], value: object) -> AsyncGenerator[Event, None]:
    """What a chain streams. Once this has ended, however it did, so has the model's reply.

    A sequence of LangChain leaves its steps open where it is cancelled between two events, until
    they are collected: a model would write on meanwhile.
    """
    readers: list[AsyncGenerator[Event, None]] = []
    events = chain.astream(value, {"configurable": {_READERS: readers}})
    try:
        async with aclosing(cast("AsyncGenerator[Event, None]", events)):
            async for event in events:
                yield event
    finally:
        for reader in readers:
            await reader.aclose()


class _Asked:
    """The steps that may ask the chat model, each with its async twin."""

    def __init__(self, steps: Steps, model: Streams | None) -> None:
        self._steps = steps
        self._model = model

    def contextualize(self, value: object) -> Turn:
        started, turn = time.perf_counter(), _turn(value)
        done = run(self._steps.contextualize(turn), self._model)
        return _after(done, "contextualize", started)

    async def acontextualize(self, value: object) -> Turn:
        started, turn = time.perf_counter(), _turn(value)
        done = await arun(self._steps.contextualize(turn), self._model, _in_thread)
        return _after(done, "contextualize", started)

    def read(self, turns: Iterator[Turn]) -> Iterator[Event]:
        for turn in turns:
            yield from drive(self._steps.read(turn), self._model)

    async def aread(
        self, turns: AsyncIterator[Turn], config: RunnableConfig
    ) -> AsyncIterator[Event]:
        async for turn in turns:
            events = adrive(self._steps.read(turn), self._model, _in_thread)
            config.get("configurable", {}).get(_READERS, []).append(events)
            try:
                async for event in events:
                    yield event
            finally:
                await events.aclose()


async def _in_thread(function: Callable[..., T], *arguments: object) -> T:
    return await run_in_executor(None, function, *arguments)


def _turn(value: object) -> Turn:
    return value if isinstance(value, Turn) else Turn.of(value)


def _timed(name: str, step: Callable[[Turn], Turn]) -> Callable[[object], Turn]:
    def run(value: object) -> Turn:
        started = time.perf_counter()
        return _after(step(_turn(value)), name, started)

    return run


def _after(turn: Turn, name: str, started: float) -> Turn:
    """The turn with what a step took."""
    return replace(turn, timings={**turn.timings, name: time.perf_counter() - started})
