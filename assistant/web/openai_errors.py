"""Errors in the form of OpenAI's API, which its clients show and act on by status."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse

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


def in_openai_form(body: bytes, status: int) -> bytes:
    """The body of an error of what stands before the API, `{"error": message}`, in its form."""
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
