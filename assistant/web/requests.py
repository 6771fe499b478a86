"""Each request has an id, a line in the log, and a count."""

import ipaddress
import logging
import re
import time
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.logs import REQUEST

if TYPE_CHECKING:
    from assistant.web.metrics import Metrics

HEADER = "X-Request-ID"
REQUEST_ID = "verbatim.request"
"""Key of an ASGI scope: the id of the request."""
_WELL_FORMED = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_PLACES = (
    ("/gradio_api/queue/join", logging.INFO),
    ("/gradio_api/queue/data", logging.INFO),
    ("/gradio_api", logging.DEBUG),
    ("/v1/chat/completions", logging.INFO),
    ("/v1", logging.INFO),
    ("/mcp", logging.INFO),
    ("/signin", logging.INFO),
    ("/signout", logging.INFO),
    ("/app/source", logging.INFO),
    ("/app/conversations", logging.INFO),
    ("/app/keep", logging.INFO),
    ("/app/library", logging.INFO),
    ("/app/evaluation", logging.INFO),
    ("/app", logging.INFO),
    ("/reports", logging.INFO),
    ("/config", logging.DEBUG),
    ("/theme.css", logging.DEBUG),
    ("/favicon.ico", logging.DEBUG),
    ("/assets", logging.DEBUG),
    ("/static", logging.DEBUG),
    ("/healthz", logging.DEBUG),
    ("/readyz", logging.DEBUG),
    ("/metrics", logging.DEBUG),
)
"""Parts of the application by the beginning of their paths, the first that fits, and the level at
which requests to them are logged. Of a path, no more is told: it may name a document."""
OTHER = "other"

_log = logging.getLogger("assistant.requests")


class Requests:
    """ASGI middleware, the outermost: it gives each request its id, and tells of it."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str], metrics: "Metrics") -> None:
        """Nothing was asked yet.

        Args:
            app: gets the requests.
            proxies: addresses and networks whose `X-Request-ID` is taken over.
            metrics: count the requests.
        """
        self.app = app
        self._proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, started, status = self._id(scope), time.perf_counter(), 0
        REQUEST.set(number)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        place, level = place_of(scope["path"])
        try:
            await self.app({**scope, REQUEST_ID: number}, receive, sending)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.requests.labels(place, f"{status // 100}xx").inc()
            fields = {
                "method": scope["method"] if scope["method"] in _METHODS else OTHER,
                "place": place,
                "status": status,
                "seconds": round(seconds, 4),
            }
            _log.log(level, "request", extra={"fields": fields})

    def _id(self, scope: Scope) -> str:
        """The id that a trusted proxy gave, where it gave one; else another one."""
        given = [value for name, value in scope["headers"] if name.lower() == b"x-request-id"]
        if len(given) == 1 and _WELL_FORMED.fullmatch(given[0]) and self._is_trusted(scope):
            return str(given[0], "ascii")
        return token_hex(8)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ipaddress.ip_address(scope["client"][0])
        except (TypeError, ValueError, KeyError):
            return False
        return any(address in network for network in self._proxies)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def place_of(path: str) -> tuple[str, int]:
    """The part of the application that a path belongs to, and the level it is logged at."""
    if path == "/":
        return "/", logging.INFO
    for beginning, level in _PLACES:
        if path == beginning or path.startswith(f"{beginning}/"):
            return beginning, level
    return OTHER, logging.INFO


def request_id_of(request: Any) -> str | None:  # noqa: ANN401 -- Gradio's request, or none
    """The id of the request that an event of Gradio's began with.

    Gradio runs events in tasks of its own, which know nothing of the request but this.
    """
    inner = getattr(request, "request", None)
    scope = getattr(inner, "scope", None)
    number = scope.get(REQUEST_ID) if isinstance(scope, Mapping) else None
    return number if isinstance(number, str) else None
