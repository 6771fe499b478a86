"""What all private routes below `/app/` share: their JSON bodies, their header, their errors.

A route that changes something takes POST or DELETE with the header `X-Verbatim: 1`, which a page of
another site cannot send without being asked, and answers an error as `{"error": message}`.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.logs import request_note
from index.errors import InputError, VerbatimError

HEADER = "X-Verbatim"
MOST_BYTES = 200_000
"""Bytes of a JSON body where a route names no number of its own."""

_UNEXPECTED = "Something went wrong on the server. Its log says what; please try again."

_IN_WORDS = {404: "There is nothing here.", 405: "Expected another method for this address."}
"""What the framework says in less than a sentence, by status; own refusals come otherwise."""

_log = logging.getLogger("assistant.web")


class Refused(Exception):
    """A request that is answered with an error; raise it anywhere below a route."""

    def __init__(
        self, message: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        """Refuse a request.

        Args:
            message: for the visitor: what was expected, what was found, what to do.
            status: of the response, 400 to 599.
            headers: of the response.
        """
        super().__init__(message)
        self.status = status
        self.headers = headers


def require_header(request: Request) -> None:
    """Nothing, if the request was sent by a page of this server. Also a FastAPI dependency.

    Raises:
        Refused: it lacks `X-Verbatim: 1`.
    """
    if request.headers.get(HEADER) != "1":
        raise Refused(f"Expected the header {HEADER}: 1, and the request does not have it.", 403)


async def read_json(request: Request, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The JSON object that a request carries.

    Args:
        request: of which no body was read.
        most_bytes: how many bytes the body may have, whether its length is announced or not.

    Raises:
        Refused: the body is larger (413), or no JSON object in UTF-8 (400).
    """
    value = object_from(await read_body(request, most_bytes))
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        raise Refused("Expected text, found half of a surrogate pair.") from None
    return value


async def read_body(request: Request, most_bytes: int) -> bytes:
    """What a request carries.

    Args:
        request: of which no body was read.
        most_bytes: how many bytes it may have, whether its length is announced or not.

    Raises:
        Refused: it is larger (413), or its sender left (400).
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                raise Refused(f"Expected at most {most_bytes:,} bytes, and more were sent.", 413)
    except ClientDisconnect:  # nobody reads this, and the log needs no traceback
        raise Refused("The request did not come whole. Send it again.") from None
    return bytes(body)


def object_from(body: bytes) -> dict[str, Any]:
    """The JSON object that these bytes are.

    Raises:
        Refused: they are something else.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("Expected a JSON object in UTF-8, found something else.") from None
    if not isinstance(value, dict):
        raise Refused(f"Expected a JSON object, found {_kind(value)}.")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _kind(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def error_response(
    message: str, status: int = 400, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error as `{"error": message}`."""
    return JSONResponse({"error": message}, status, headers)


def add_error_form(app: FastAPI) -> None:
    """Let every error of the application's own routes be answered as `{"error": message}`.

    Messages of `Refused` and `VerbatimError` reach the visitor. Any other exception is logged, and
    the visitor learns only that there was one.
    """

    @app.exception_handler(Refused)
    def on_refused(request: Request, error: Refused) -> Response:
        return error_response(str(error), error.status, error.headers)

    @app.exception_handler(VerbatimError)
    def on_known(request: Request, error: VerbatimError) -> Response:
        if isinstance(error, InputError):
            return error_response(str(error))
        _log.warning("a request failed", exc_info=error)
        return error_response(str(error) + request_note(), 500)

    @app.exception_handler(RequestValidationError)
    def on_invalid(request: Request, error: RequestValidationError) -> Response:
        found = error.errors()[0]
        place = ".".join(str(part) for part in found["loc"])
        return error_response(f"The request's {place}: {found['msg']}.")

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        message = _IN_WORDS.get(error.status_code, str(error.detail))
        return error_response(message, error.status_code, error.headers)

    app.add_middleware(_Unexpected)


class _Unexpected:
    """ASGI middleware: an exception nobody expected is logged, and not shown."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            if started or scope["type"] != "http":
                raise
            _log.exception("a request failed in a way that nobody expected")
            await error_response(_UNEXPECTED + request_note(), 500)(scope, receive, send)
