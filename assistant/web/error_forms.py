"""Errors of what stands before an API, or behind it, in the form of that API."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Form = Callable[[bytes, int], bytes]
"""Makes the body of an error, in JSON, of the one it has and of its status."""


class ErrorForm:
    """ASGI middleware: errors in the form of an API.

    It is told of an error before its body came, so it holds the beginning back until then.
    """

    def __init__(self, app: ASGIApp, prefix: str, form: Form) -> None:
        """Form errors.

        Args:
            app: answers.
            prefix: how the paths begin that belong to the API.
            form: of its errors.
        """
        self.app = app
        self._prefix = prefix
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_api = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        await self.app(scope, receive, _Formed(send, self._form) if is_api else send)


class _Formed:
    """Sends on; an error once its body is whole, in another form."""

    def __init__(self, send: Send, form: Form) -> None:
        self._send = send
        self._form = form
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
            body = self._form(self._body, self._start["status"])
            headers = MutableHeaders(scope=self._start)
            headers["content-length"] = str(len(body))
            headers["content-type"] = "application/json"
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": body})
