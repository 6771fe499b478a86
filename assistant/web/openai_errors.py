"""Errors in the form of OpenAI's API, which its clients show and act on by status."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import ModelRateLimitError, ModelTimeoutError, StoppingError
from assistant.logs import request_note
from assistant.web.places import RETRY_AFTER
from assistant.web.routes import Refused
from assistant.web.turns import UNEXPECTED
from index.errors import IndexBusyError, InputError, ModelError, VerbatimError

logger = logging.getLogger(__name__)

_ONCE = {"x-should-retry": "false"}
"""OpenAI's own client asks again after most errors; the chat model was asked again already."""
_LATER = {"Retry-After": str(RETRY_AFTER)}


class RequestError(InputError):
    """A request for a completion that cannot be answered as it is."""

    def __init__(
        self, message: str, param: str | None = None, status: int = 400, code: str | None = None
    ) -> None:
        """Refuse a request.

        Args:
            message: what was expected, what was found, what to do.
            param: the parameter that is wrong.
            status: of the response.
            code: OpenAI's name of the error, where it has one.
        """
        super().__init__(message)
        self.param = param
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it is answered."""

    message: str
    status: int
    code: str | None = None
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The body, and the event in a stream."""
        names = {429: "rate_limit_error"}
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return {
            "error": {
                "message": self.message,
                "type": names.get(self.status, kind),
                "param": self.param,
                "code": self.code,
            }
        }

    def response(self) -> JSONResponse:
        """The response, where none has begun."""
        return JSONResponse(self.to_dict(), self.status, self.headers)


class ErrorForm:
    """ASGI middleware: errors of what stands before the API, in the form of the API too.

    It is told of an error before its body came, so it holds the beginning back until then.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_api = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        await self.app(scope, receive, _Formed(send) if is_api else send)


class _Formed:
    """Sends on; an error as `{"error": message}` in OpenAI's form."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 400:
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            body = _formed(self._body, self._start["status"])
            MutableHeaders(scope=self._start)["content-length"] = str(len(body))
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": body})


def _formed(body: bytes, status: int) -> bytes:
    try:
        message = json.loads(body)["error"]
    except (ValueError, TypeError, KeyError):
        return body
    if not isinstance(message, str):
        return body
    return json.dumps(Failure(message, status).to_dict(), ensure_ascii=False).encode()


def failure_of(error: Exception) -> Failure:
    """How an exception is answered; one that nobody expected is logged, and not shown."""
    message = str(error)
    match error:
        case RequestError():
            return Failure(message, error.status, error.code, error.param)
        case Refused():
            code = "overloaded" if error.status == 503 else None
            return Failure(message, error.status, code, headers=error.headers or {})
        case InputError():
            return Failure(message, 400)
        case ModelRateLimitError():
            return Failure(message, 429, "rate_limit_exceeded", headers=_LATER)
        case ModelTimeoutError():
            return Failure(message + request_note(), 504, "model_timeout", headers=_ONCE)
        case ModelError():
            return Failure(message + request_note(), 502, "model_failed", headers=_ONCE)
        case IndexBusyError():
            return Failure(message, 503, "index_busy", headers=_LATER)
        case StoppingError():
            return Failure(message, 503, "overloaded", headers=_LATER)
        case VerbatimError():
            return Failure(message + request_note(), 500, headers=_ONCE)
    logger.error("a completion failed", exc_info=error)
    return Failure(UNEXPECTED + request_note(), 500, headers=_ONCE)
