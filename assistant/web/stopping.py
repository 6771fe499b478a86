"""Ending without breaking off what is under way: the server, and what it does when it is told to.

The first SIGTERM or SIGINT lets answers come to their end; a second one ends the process at once.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import TYPE_CHECKING

import fastapi
import uvicorn

from assistant.web.answers import Answers

if TYPE_CHECKING:
    from assistant.web.library_pages import Shelves

TOLD = 1.0
"""Seconds in which those whose answers were broken off are told so."""
_LOOK = 0.05

_log = logging.getLogger("assistant.server")


class Stopping:
    """What a server does before it ends."""

    def __init__(self, answers: Answers, shelves: "Shelves", waiting: Callable[[], int]) -> None:
        """Nobody has told it to end.

        Args:
            answers: those that are being given.
            shelves: the collections that are being changed.
            waiting: how many events wait their turn.
        """
        self._answers = answers
        self._shelves = shelves
        self._waiting = waiting

    async def run(self, seconds: float) -> None:
        """Take no more questions, and wait until nothing is under way; not for longer than this.

        What is under way then is broken off, and who waits for it is told.
        """
        started = time.monotonic()
        self._answers.is_stopping = True
        self._shelves.close()
        fields = {"answers": self._answers.running, "changes": self._shelves.running}
        level = logging.WARNING if any(fields.values()) else logging.INFO
        _log.log(level, "told to end; once more ends at once", extra={"fields": fields})
        await self._quiet(seconds)
        left = self._answers.running
        if left:
            self._answers.cut()
            await self._quiet(TOLD)
        ended = {"cut": left, "seconds": round(time.monotonic() - started, 3)}
        _log.info("about to end", extra={"fields": ended})

    async def _quiet(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and (
            self._answers.running or self._shelves.running or self._waiting()
        ):
            await asyncio.sleep(_LOOK)


class Server(uvicorn.Server):
    """A uvicorn that says when it is ready, and otherwise nothing."""

    def __init__(
        self,
        app: fastapi.FastAPI,
        host: str,
        port: int,
        started: Callable[["Server"], None],
        stop: Callable[[], Awaitable[None]],
    ) -> None:
        """Nothing is served yet.

        Args:
            app: is served.
            host: address to listen on.
            port: port to listen on.
            started: called once it listens.
            stop: awaited after a first signal, while requests are still answered.
        """
        config = uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False,
            ws="none", timeout_graceful_shutdown=2, server_header=False,
            proxy_headers=False,  # see `hosts.Forwarded`
        )  # fmt: skip
        super().__init__(config)
        self._announce = started
        self._stop = stop
        self._is_told = False
        self._ending: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._announce(self)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything: also the connections that were still in use when its time was up."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)  # they are closed in the loop's next round

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, the second time at once.

        The signal is not raised again, as uvicorn has it: the process ends with 0 once all is done.
        """
        if self._is_told:
            os._exit(128 + sig)  # nothing is lost: an index may be killed at any moment
        self._is_told = True

    async def on_tick(self, counter: int) -> bool:
        """Whether to end, asked ten times a second."""
        if self._is_told and self._ending is None:
            self._ending = asyncio.create_task(self._end())
        return await super().on_tick(counter)

    async def _end(self) -> None:
        try:
            await self._stop()
        finally:
            self.should_exit = True
