"""The chat's side of `warm`: it answers the questions of `assistant ask`."""

import json
import logging
import os
import shutil
import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from assistant.answer_log import logging_answer
from assistant.desk import Assistant
from assistant.warm import SECONDS, received, release
from index.errors import VerbatimError
from index.layout import Layout
from index.types import Filter

_MOST_AT_ONCE = 4
_log = logging.getLogger(__name__)


@contextmanager
def answering(desk: Assistant) -> Iterator[None]:
    """Answer `assistant ask` meanwhile, where the index is this user's to write to.

    With a reranker it is left alone: whether it is the one that is asked for, only its files tell.
    So is one that servers keep: the folder does not say which.
    """
    opened = None
    is_local = desk.index.layout == Layout.at(desk.index.path)
    if is_local and desk.index.reranker is None and hasattr(socket, "AF_UNIX"):
        try:
            opened = _Opened(desk)
        except OSError as error:
            _log.debug("%s: 'assistant ask' is not answered: %s", desk.index.path, error)
    try:
        yield
    finally:
        if opened is not None:
            opened.close()


class _Opened:
    """A server in a thread, its socket, and the file that names it."""

    def __init__(self, desk: Assistant) -> None:
        index = os.path.realpath(desk.index.path)
        self._folder = Path(tempfile.mkdtemp(prefix="verbatim-"))  # only its user may enter it
        self._file = Layout(Path(index)).server
        path = self._folder / "ask.socket"
        self._told = json.dumps({"index": index, "release": release(), "socket": str(path)})
        with ExitStack() as undone:
            undone.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._server = undone.enter_context(_Server(path, desk, index))
            path.chmod(0o600)
            _write(self._file, self._told)
            undone.pop_all()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End it, and take the file away unless it is another chat's by now."""
        with suppress(OSError):
            if self._file.read_text(encoding="utf-8") == self._told:
                self._file.unlink()
        self._server.shutdown()
        self._server.server_close()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, desk: Assistant, index: str) -> None:
        self.desk = desk
        self.index = index
        self.places = threading.BoundedSemaphore(_MOST_AT_ONCE)
        super().__init__(str(path), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: who asks without getting an answer finds one without the chat."""
        _log.debug("a question by 'assistant ask' was not answered", exc_info=True)


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        line: socket.socket = self.request
        line.settimeout(SECONDS)
        request = json.loads(received(line))
        with self.server.places:
            line.sendall(json.dumps({"answer": self._answer(request)}).encode())

    def _answer(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The answer; None where this is another index, or what is wrong is better said there."""
        if request["index"] != self.server.index:
            return None
        where = request["where"] and Filter(**_tuples(request["where"]))
        try:
            # Anew each time, for the weights in the index folder may have changed.
            desk = Assistant(self.server.desk.index)
            with logging_answer(desk.model) as answers:
                answers.append(desk.answer(request["question"], where=where))
            return answers[0].to_dict()
        except VerbatimError:
            return None


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }


def _write(path: Path, text: str) -> None:
    """Write a file that only this user may read, at once."""
    handle, beside = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
