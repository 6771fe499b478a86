"""An OpenAI-compatible server on this machine that follows a script."""

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from .turns import Status, Turn
from .wire import SECRET_HEADERS, ClientLeftError, Request, Wire

Script = Callable[[Mapping[str, Any]], Turn]

OVER = Status(400, {"error": {"message": "The script is over.", "type": "script_over"}})


class ScriptedServer:
    """Replies to chat completions as scripted, and records what clients do.

        with ScriptedServer(Status(429), Says("Hello.")) as server:
            model = ChatOpenAI(base_url=server.base_url, model=server.model, api_key="none")

    A script is turns in their order (further requests are refused), or one function from a
    request's body to its turn.
    """

    def __init__(
        self, *script: Turn | Script, model: str = "scripted", context: int | None = None
    ) -> None:
        self.model = model
        self.context = context
        self.requests: list[Request] = []
        """Requests for chat completions, as they came."""

        self._script = script
        self._turns = [turn for turn in script if isinstance(turn, Turn)]
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._http = _Http(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        """The address a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def request(self) -> Request:
        """The last request."""
        return self.requests[-1]

    def start(self) -> Self:
        """Begins to listen."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Ends all replies and all threads; the port is free afterwards."""
        self._http.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                _shut(connection)
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def turn(self, request: Request) -> Turn:
        """Records a request, and says what comes next in the script."""
        with self._lock:
            number = len(self.requests)
            self.requests.append(request)
        first = self._script[0] if self._script else OVER
        if not isinstance(first, Turn):
            return first(request.body)
        return self._turns[number] if number < len(self._turns) else OVER

    def models(self) -> dict[str, Any]:
        """The reply to a request for the list of models."""
        entry: dict[str, Any] = {"id": self.model, "object": "model", "owned_by": "scripted"}
        if self.context is not None:
            entry["max_model_len"] = self.context
        return {"object": "list", "data": [{**entry, "created": 0}]}

    def connected(self, connection: socket.socket, open_: bool) -> None:
        """Keeps count of the connections, so that `close` can end them."""
        with self._lock:
            (self._connections.add if open_ else self._connections.discard)(connection)


class _Http(ThreadingHTTPServer):
    # The threads are waited for, so that none outlives its test.
    daemon_threads = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stays quiet: clients that go away are what is tested."""


def _handler_of(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            server.connected(self.connection, True)

        def finish(self) -> None:
            server.connected(self.connection, False)
            super().finish()

        def do_GET(self) -> None:
            wire = Wire(self, Request({}, {}, keyed=False))
            if self.path == "/v1/models":
                wire.json(server.models())
            else:
                Status(404).play(wire)

        def do_POST(self) -> None:
            request = _read(self)
            if self.path != "/v1/chat/completions":
                return Status(404).play(Wire(self, request))
            try:
                server.turn(request).play(Wire(self, request))
            except (ClientLeftError, OSError):
                request.left_after = time.monotonic() - request.at
                self.close_connection = True
            finally:
                request._over.set()
            return None

        def log_message(self, *args: Any) -> None:
            """Stays quiet."""

    return Handler


def _read(handler: BaseHTTPRequestHandler) -> Request:
    body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
    headers = {name.lower(): value for name, value in handler.headers.items()}
    keyed = bool(headers.get("authorization"))
    kept = {name: value for name, value in headers.items() if name not in SECRET_HEADERS}
    return Request(body, kept, keyed)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The client was faster.
        return
