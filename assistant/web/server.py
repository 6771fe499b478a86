"""Serving the chat. Light to import: what is heavy is loaded once the port is known to be free."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from assistant.errors import PortInUseError, SettingsError
from assistant.web.site import Site, SiteOptions

if TYPE_CHECKING:
    from assistant.desk import Assistant

HOST = "127.0.0.1"
PORT = 7860

ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Without it, Gradio sums up all earlier events in a data frame after each one.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
    # And it keeps what that would be made of: of 10,000 events.
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
}
"""What Gradio reads from the environment while an application is built."""


def check_port(host: str = HOST, port: int = PORT) -> None:
    """Nothing, if the chat can listen there.

    Raises:
        PortInUseError: another program listens there.
        SettingsError: this machine has no such address, or the port is not allowed.
    """
    if not 1 <= port <= 65535:
        raise SettingsError(f"A port is a number from 1 to 65535, not {port}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            if os.name == "posix":  # as uvicorn does; elsewhere it would let two programs in
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise _refusal(host, port, error) from error


def _refusal(host: str, port: int, error: OSError) -> PortInUseError | SettingsError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(
            f"The chat wants port {port} on {host}, and another program listens there. "
            f"End that program, or choose another port: --port {port % 65535 + 1}."
        )
    return SettingsError(
        f"The chat cannot listen on {host}, port {port}: {error.strerror or error}. "
        f"Choose an address of this machine (--host {HOST}) and a port above 1023."
    )


def url_of(host: str, port: int) -> str:
    """Where a browser on this machine finds the chat."""
    if host in ("0.0.0.0", "::", ""):
        host = HOST
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    desk: "Assistant",
    host: str = HOST,
    port: int = PORT,
    options: SiteOptions | None = None,
    ready: Callable[[str], None] | None = None,
    stop_timeout: float = 20.0,
) -> None:
    """Serve the chat until Ctrl-C or SIGTERM.

    Answers that are being given then come to their end first; a second signal ends all at once.

    Args:
        desk: answers the questions.
        host: address to listen on.
        port: port to listen on.
        options: what else there is on the page, and where things are kept.
        ready: called with the page's address once it can be opened.
        stop_timeout: seconds that answers have to come to their end.

    Raises:
        PortInUseError: another program listens there.
        SettingsError: this machine has no such address, or the port is not allowed.
    """
    check_port(host, port)
    os.environ.update(ENVIRONMENT)
    from assistant.web.asgi import run

    def started(server: object) -> None:
        if ready is not None:
            ready(url_of(host, port))

    with closing(Site(desk, options)) as site, suppress(KeyboardInterrupt):
        asyncio.run(run(site, host, port, started, stop_timeout))
