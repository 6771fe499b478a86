"""Waiting for the events of an async iterator with a limit that does not end the wait for good."""

import asyncio
from collections.abc import AsyncIterable
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Ended(Exception):
    """All events have been listened to."""


class Listening(Generic[T]):
    """Events of an async iterator, taken in a task of their own while the block lasts.

        async with Listening(desk.astream(question)) as events:
            event = await events.next(1.0)

    Leaving the block cancels whatever the iterator waits for: its connections are closed when
    `__aexit__` returns, however the block is left.
    """

    def __init__(self, source: AsyncIterable[T]) -> None:
        self._source = source
        self._came: asyncio.Queue[T | None] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def next(self, seconds: float) -> T | None:
        """The next event; None when none came for so long.

        Raises:
            Ended: there are no more.
            Exception: what the iterator raised, once its earlier events were taken.
        """
        if self._task.done() and self._came.empty():
            self._task.result()
            raise Ended
        try:
            async with asyncio.timeout(seconds):
                event = await self._came.get()
        except TimeoutError:
            return None
        return event if event is not None else await self.next(seconds)

    async def _listen(self) -> None:
        try:
            async for event in self._source:
                self._came.put_nowait(event)
        finally:
            self._came.put_nowait(None)
