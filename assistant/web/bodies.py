"""How large a request may be: counted as it comes, for its length need not be announced."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.routes import error_response

LARGEST_BODY = 1_000_000
"""Bytes of a request. A question has 4,000 characters; a history some times more."""
UPLOADS = "/app/library/"
"""Below it, a request may be as large as a file, with what a form adds to it."""
_FORM = 100_000


class Bodies:
    """ASGI middleware: no request larger than what its path takes."""

    def __init__(self, app: ASGIApp, largest_upload: int) -> None:
        """Count requests.

        Args:
            app: gets those that are not too large.
            largest_upload: bytes of one uploaded file.
        """
        self.app = app
        self._largest_upload = largest_upload

    def most(self, scope: Scope) -> int:
        """Bytes of the body that a request may have."""
        is_upload = scope["path"].startswith(UPLOADS) and scope["method"] == "POST"
        return max(LARGEST_BODY, self._largest_upload + _FORM) if is_upload else LARGEST_BODY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it as soon as it is known to be too large."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.most(scope)
        refusal = error_response(f"A request has at most {most:,} bytes here.", 413)
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > most:
            await refusal(scope, receive, send)
            return
        counted = _Counted(most, receive, send)
        try:
            await self.app(scope, counted.receive, counted.send)
        except Exception:  # perhaps in a group, or another that it led to
            if not counted.is_over:
                raise
        if counted.is_over and not counted.has_begun:
            await refusal(scope, receive, send)


class _TooLarge(Exception):
    """More came than may; whoever reads the body shall stop."""


class _Counted:
    """A request that ends with an exception where it is too large.

    Its answer is kept back from then on: whoever caught the exception would tell another error.
    """

    def __init__(self, most: int, receive: Receive, send: Send) -> None:
        self._left = most
        self._receive = receive
        self._send = send
        self.is_over = False
        self.has_begun = False

    async def receive(self) -> Message:
        if self.is_over:
            raise _TooLarge
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.is_over = True
                raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        if self.is_over and not self.has_begun:
            return
        self.has_begun = True
        await self._send(message)
