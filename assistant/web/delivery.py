"""How what the page is made of travels: packed, and kept by browsers where it never changes."""

import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMED_BY_CONTENT = re.compile(r"/assets/[\w.-]+-[\w-]{8}\.(?:js|css|woff2?|svg|png)")
"""Gradio's files whose names have a digest: another content has another name."""
_PACKED = re.compile(r"/|/reports/.+")
"""The page and the reports alone: what answers to visitors' words is left as it is, since the
length of what is packed together with a secret tells about it."""
FOREVER = "public, max-age=31536000, immutable"


class Delivery:
    """ASGI middleware: packs pages, and tells browsers what they need not ask for again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packing = GZipMiddleware(app, minimum_size=1_000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = scope.get("path", "")
        if scope["type"] == "http" and _NAMED_BY_CONTENT.fullmatch(path):
            await self.app(scope, receive, _kept(send))
        elif scope["type"] == "http" and _PACKED.fullmatch(path):
            await self.packing(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _kept(send: Send) -> Send:
    """Sends on; what was found may be kept."""

    async def send_kept(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (200, 304):
            MutableHeaders(scope=message)["Cache-Control"] = FOREVER
        await send(message)

    return send_kept
