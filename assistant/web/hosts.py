"""Which requests come from a page of this server, and which word about them is believed.

A page of another site can make a browser send requests here, and by a name of its own that it lets
lead to this machine (DNS rebinding) even read the answers. So the Host must be a name of this
server, and what a page asks for must be asked by one of this server's; another's may only link.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.web.opening import is_loopback
from assistant.web.routes import error_response

_SAFE = frozenset({"GET", "HEAD"})
_CLAIMS = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-gradio-")
"""Headers in which a proxy speaks of the browser; nothing behind this line may read them."""


class Forwarded:
    """ASGI middleware: take address and scheme from a trusted proxy, and from nobody else."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self.app = app
        # Its own types for ASGI are not those of starlette.
        passing: Any = self._pass_on
        self._next: Any = ProxyHeadersMiddleware(passing, list(proxies)) if proxies else passing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self._next(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            kept = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_CLAIMS)]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


class Hosts:
    """ASGI middleware: only this server's names, and requests of no pages but its own."""

    def __init__(self, app: ASGIApp, host: str, allowed: Sequence[str]) -> None:
        """Check requests.

        Args:
            app: gets those that pass.
            host: the address listened on.
            allowed: more names under which browsers find the server.
        """
        self.app = app
        self._names = {host.lower(), "localhost", *(name.lower() for name in allowed)}
        self._is_local = is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            hosts = headers.getlist("host")
            if len(hosts) != 1 or not self._is_own(hosts[0]):
                refusal = error_response(_foreign_host(hosts), 421)
                await refusal(scope, receive, send)
                return
            if _is_foreign(headers) and not _is_link(scope["method"], headers):
                refusal = error_response("A page of another site may do nothing here.", 403)
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        name = _name(host)
        if name is None:
            return False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self._names or name.endswith(".localhost")
        # No other site can own a bare address, as it can a name.
        return address.is_loopback or not self._is_local


def _foreign_host(hosts: Sequence[str]) -> str:
    found = f"{hosts[0]!r}" if len(hosts) == 1 else f"{len(hosts)} of them"
    return (
        f"Expected the name of this server as Host, found {found}. Its operator can add a name: "
        "--allowed-host NAME."
    )


def _name(host: str) -> str | None:
    """The name or address in a Host header, without port and brackets; None if it has none."""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018 -- reading it raises where it is none
    except ValueError:
        return None
    return parts.hostname if parts.netloc == host and "@" not in host else None


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser says that a page of another site sent the request.

    Browsers send Sec-Fetch-Site to https and to this machine; elsewhere Origin alone tells, with
    all that changes something and whatever a script may read of another site. Programs send
    neither.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is None:
        return False
    try:
        own = urlsplit(origin).netloc.lower()
    except ValueError:
        return True
    # The scheme may differ behind a proxy that ends TLS; the name and the port may not.
    return own != headers["host"].lower()


def _is_link(method: str, headers: Headers) -> bool:
    """Whether a link was followed: the page it was on learns nothing of the answer."""
    is_navigation = headers.get("sec-fetch-mode") == "navigate"
    return method in _SAFE and is_navigation and "origin" not in headers
