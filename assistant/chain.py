"""From a question to a grounded answer, as a chain of langchain-core runnables.

    contextualize | retrieve | gather | read

Each step is a runnable that takes and gives a `Turn`; the last one streams events and ends in the
`Answer`. `invoke` gives the answer alone, `stream` the events, and both have async twins. A chat
model is asked within the steps, so that callbacks given to the chain see it.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any, TypeVar, cast

from langchain_core.runnables import (
    Runnable,
    RunnableConfig,
    RunnableGenerator,
    RunnableLambda,
    run_in_executor,
)

from assistant.asking import Turn
from assistant.driving import adrive, arun
from assistant.pipeline import Pipeline, after, turn_of
from assistant.types import Answer, Event

T = TypeVar("T")

_READERS = "verbatim_readers"
"""Key of a chain's configuration: a list for the generators that ask the model."""


def build_chain(pipeline: Pipeline) -> Runnable[Any, Event]:
    """The chain of these steps; `invoke` gives the `Answer`, `stream` the events up to it."""
    asynchronous = _Asynchronous(pipeline)
    contextualize = RunnableLambda(
        pipeline.contextualize, asynchronous.contextualize, name="contextualize"
    )
    return (
        contextualize
        | RunnableLambda(pipeline.retrieve).with_config(run_name="retrieve")
        | RunnableLambda(pipeline.gather).with_config(run_name="evidence")
        | RunnableGenerator(asynchronous.read_all, cast("Any", asynchronous.aread_all)).with_config(
            run_name="read"
        )
    )


async def stream_closing(chain: Runnable[Any, Event], value: object) -> AsyncGenerator[Event, None]:
    """What a chain streams. Once this has ended, however it did, so has the model's reply.

    A sequence of LangChain leaves its steps open where it is cancelled between two events, until
    they are collected: a model would write on meanwhile. So the answer, which is the last event,
    comes once they have ended: who has it leaves, and they would be left open each time.
    """
    readers: list[AsyncGenerator[Event, None]] = []
    events = chain.astream(value, {"configurable": {_READERS: readers}})
    answer: Answer | None = None
    try:
        async with aclosing(cast("AsyncGenerator[Event, None]", events)):
            async for event in events:
                if isinstance(event, Answer):
                    answer = event
                else:
                    yield event
    finally:
        for reader in readers:
            await reader.aclose()
    if answer is not None:
        yield answer


class _Asynchronous:
    """The steps that may ask the chat model, as runnables want them."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def contextualize(self, value: object) -> Turn:
        started, turn = time.perf_counter(), turn_of(value)
        steps, model = self._pipeline.steps, self._pipeline.model
        return after(
            await arun(steps.contextualize(turn), model, _in_thread), "contextualize", started
        )

    def read_all(self, turns: Iterator[Turn]) -> Iterator[Event]:
        for turn in turns:
            yield from self._pipeline.read(turn)

    async def aread_all(
        self, turns: AsyncIterator[Turn], config: RunnableConfig
    ) -> AsyncIterator[Event]:
        async for turn in turns:
            reader = self._pipeline.steps.read(turn)
            events = adrive(reader, self._pipeline.model, _in_thread)
            config.get("configurable", {}).get(_READERS, []).append(events)
            try:
                async for event in events:
                    yield event
            finally:
                await events.aclose()


async def _in_thread(function: Callable[..., T], *arguments: object) -> T:
    return await run_in_executor(None, function, *arguments)
