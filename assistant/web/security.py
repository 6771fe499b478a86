"""What every response says about security.

The page may load from its own server only. Gradio's page carries a few inline scripts: they are
allowed by their hashes, so that a script that got into the page by any other way does not run.
`unsafe-eval` is there because Gradio builds its HTML components with `Function`; styles are inline
all over Gradio. A response that brings a policy of its own keeps it: see `report_policy`.
"""

import base64
import hashlib
import re
from collections.abc import Iterator

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_OPENING = re.compile(rb"<script\b([^<>]{0,999})>", re.IGNORECASE)
_CLOSING = re.compile(rb"</script\b", re.IGNORECASE)
_SOURCE = re.compile(rb"\ssrc\s*=", re.IGNORECASE)


def policy(script_hashes: list[str]) -> str:
    """The content security policy for a page with these inline scripts."""
    hashes = "".join(f" '{script}'" for script in script_hashes)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval'{hashes}",
            "script-src-attr 'none'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


def report_policy(script_hashes: list[str]) -> str:
    """The content security policy for an evaluation report with these inline scripts.

    It gets an origin of its own: a script that got into a report can reach neither the chat nor
    another server. Links open as ordinary pages; a form has its events, but is not sent.
    """
    scripts = " ".join(f"'{script}'" for script in script_hashes) or "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox",
        ]
    )


def script_hashes(page: bytes) -> list[str]:
    """The inline scripts of a page, as a content security policy names them."""
    digests = (hashlib.sha256(script).digest() for script in _inline_scripts(page))
    return [f"sha256-{base64.b64encode(digest).decode()}" for digest in digests]


def _inline_scripts(page: bytes) -> Iterator[bytes]:
    """Each script's text, with line ends as browsers read them. In linear time for any page."""
    position = 0
    while opening := _OPENING.search(page, position):
        closing = _CLOSING.search(page, opening.end())
        if closing is None:
            return
        if not _SOURCE.search(opening[1]):
            script = page[opening.end() : closing.start()]
            yield script.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        position = closing.end()


class Guard:
    """ASGI middleware: the headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self.app(scope, receive, _Headed(send) if scope["type"] == "http" else send)


class _Headed:
    """Sends on, with headers; a page is held back until its scripts are known."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if "content-security-policy" in headers:
                await self.send(message)
                return
            headers["Content-Security-Policy"] = policy([])
            if headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
        elif self.start is not None:
            self.page += message.get("body", b"")
            if message.get("more_body", False):
                return
            headers = MutableHeaders(scope=self.start)
            headers["Content-Security-Policy"] = policy(script_hashes(self.page))
            await self.send(self.start)
            message, self.start = {**message, "body": self.page}, None
        await self.send(message)
