"""How many questions are answered at once, whichever way they are asked."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

ANSWERING, LOOKING_UP = "answering", "looking up"
"""What runs side by side is counted for each: waiting for a chat model holds up no search."""
MOST_ANSWERING = 32
"""Questions answered at once. Mostly they wait, for a chat model or for one of few threads."""
MOST_LOOKING_UP = 4
RETRY_AFTER = 5
"""Seconds after which a client that was refused may ask again."""


class Places:
    """Places for questions that are being answered; all in one event loop."""

    def __init__(
        self, most: int = MOST_ANSWERING, refused: Callable[[], None] = lambda: None
    ) -> None:
        """All are free.

        Args:
            most: how many there are.
            refused: called for each question that finds none.
        """
        self._free = asyncio.Semaphore(most)
        self._refused = refused

    @asynccontextmanager
    async def waited_for(self) -> AsyncGenerator[None, None]:
        """A place while the block lasts, once there is one: for who is shown that they wait."""
        async with self._free:
            yield

    @asynccontextmanager
    async def taken(self) -> AsyncGenerator[None, None]:
        """A place while the block lasts, at once.

        Raises:
            Refused: there is none (503, with `Retry-After`).
        """
        from assistant.web.routes import Refused  # not before a server runs: it loads FastAPI

        if self._free.locked():
            self._refused()
            raise Refused(
                "Too many questions are being answered. Please ask again in a few seconds.",
                503,
                {"Retry-After": str(RETRY_AFTER)},
            )
        async with self._free:
            yield
