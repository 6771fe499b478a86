"""The HTTP of one reply of the scripted server: whole, or as server-sent events."""

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

SECRET_HEADERS = ("authorization", "api-key", "x-api-key", "cookie")


class ClientLeftError(Exception):
    """The client closed the connection before the reply was over."""


@dataclass
class Request:
    """What a client asked, and what it got."""

    body: Mapping[str, Any]
    """The request's JSON."""

    headers: Mapping[str, str]
    """Headers with names in lower case, without those that carry keys."""

    keyed: bool
    """Whether a key came with it, in the header Authorization."""

    at: float = field(default_factory=time.monotonic)
    """When it came, on the monotonic clock, in seconds."""

    text: str = ""
    """The reply's text that was sent."""

    events: int = 0
    """The events with text that were sent: the model's tokens."""

    left_after: float | None = None
    """Seconds until the client was seen to have closed the connection early; None: it stayed."""

    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def left(self) -> bool:
        """Whether the client closed the connection early."""
        return self.left_after is not None

    @property
    def streamed(self) -> bool:
        """Whether the client asked for events."""
        return bool(self.body.get("stream"))

    @property
    def prompt(self) -> str:
        """The text of all messages, a line break between them."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    def wait(self, seconds: float = 5.0) -> bool:
        """Waits until the server is done with the request; False when it is not by then."""
        return self._over.wait(seconds)


class Wire:
    """Sends the reply to one request, and notices when the client goes."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        self.request = request
        self._handler = handler

    def pause(self, seconds: float = 0.0) -> None:
        """Waits.

        Raises:
            ClientLeftError: The client closed the connection meanwhile.
        """
        connection = self._handler.connection
        end = time.monotonic() + seconds
        while select.select([connection], [], [], max(0.0, end - time.monotonic()))[0]:
            # Something to read may also be the next request; it waits its turn.
            if not connection.recv(1, socket.MSG_PEEK):
                raise ClientLeftError
            if time.monotonic() >= end:
                return
            time.sleep(0.005)

    def whole(
        self,
        body: bytes,
        content_type: str = "application/json",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Sends a reply in one piece."""
        self._head(status, {"Content-Type": content_type, **(headers or {})}, len(body))
        self._handler.wfile.write(body)

    def json(
        self, value: object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Sends a reply of JSON in one piece."""
        self.whole(json.dumps(value).encode(), "application/json", status, headers)

    def start_events(self) -> None:
        """Begins a stream of events, chunked, so that a client can tell a cut from an end."""
        self._head(200, {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}, None)

    def event(self, data: object) -> None:
        """Sends one event; text is sent as it is, anything else as JSON."""
        line = data if isinstance(data, str) else json.dumps(data)
        payload = f"data: {line}\n\n".encode()
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(payload), payload))
        self.pause()

    def end_events(self) -> None:
        """Ends the stream as HTTP wants it."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def drop(self, reset: bool = False) -> None:
        """Closes the connection as it is; with `reset`, as a server that was killed."""
        connection = self._handler.connection
        self._handler.close_connection = True
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._handler.rfile.close()
            connection.close()
        else:
            connection.shutdown(socket.SHUT_RDWR)

    def _head(self, status: int, headers: Mapping[str, str], length: int | None) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        if length is None:
            self._handler.send_header("Transfer-Encoding", "chunked")
        else:
            self._handler.send_header("Content-Length", str(length))
        self._handler.end_headers()
