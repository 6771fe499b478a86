"""`/metrics`, for Prometheus: off unless wanted, and for nobody who should not see it."""

import secrets
from collections.abc import Callable
from contextlib import suppress

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from assistant.web.library_pages import Shelves
from assistant.web.readiness import Readiness
from assistant.web.routes import Refused
from assistant.web.site import Site

PATH = "/metrics"


class Look:
    """Brings the numbers up to date that are not counted as things happen."""

    def __init__(
        self, site: Site, shelves: Shelves, readiness: Readiness, waiting: Callable[[], int]
    ) -> None:
        """Nothing was looked at yet.

        Args:
            site: whose numbers they are.
            shelves: the collections that visitors change.
            readiness: whether questions can be answered.
            waiting: how many events wait their turn.
        """
        self._site = site
        self._shelves = shelves
        self._readiness = readiness
        self._waiting = waiting

    async def __call__(self) -> None:
        """Look."""
        metrics = self._site.metrics
        metrics.ready.set(not await self._readiness.reasons())
        metrics.waiting.set(self._waiting())
        await run_in_threadpool(self._slowly)

    def _slowly(self) -> None:
        metrics = self._site.metrics
        metrics.jobs.set(self._shelves.running)
        metrics.ended(self._shelves.ended.items())
        if self._site.options.private_libraries:
            return  # how much a user has is that user's business
        with suppress(Exception):  # /readyz and the log say so; the rest is told all the same
            metrics.of_index(self._site.desk().index)


def add_metrics(app: FastAPI, site: Site, look: Look) -> None:
    """Serve them.

    Args:
        app: gets the route, before the chat's page is mounted.
        site: whose numbers they are.
        look: brings those up to date that are not counted as things happen.
    """

    @app.get(PATH)
    async def metrics(request: Request) -> Response:
        """The numbers, for who may see them."""
        _check(request, site)
        await look()
        return Response(site.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _check(request: Request, site: Site) -> None:
    """Nothing, if the numbers are for who asks.

    Raises:
        Refused: they are not.
    """
    scheme, _, token = Headers(scope=request.scope).get("authorization", "").partition(" ")
    brought = token.strip() if scheme.lower() == "bearer" else None
    wanted = site.options.metrics_token
    if site.options.auth_file is not None:
        if brought is None:  # a session will not do: a page of ours has no use for them
            raise Refused("Expected a token: Authorization: Bearer TOKEN, found none.", 401)
    elif wanted is not None and not secrets.compare_digest(
        (brought or "").encode(), wanted.encode()
    ):
        raise Refused("Expected the token of ASSISTANT_METRICS_TOKEN, found another or none.", 401)
