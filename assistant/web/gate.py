"""What of Gradio's server can be reached, whose events, and how often it may be asked.

Gradio brings some seventy routes: uploads and files, a proxy, a log-in of its own, monitoring, code
that edits the application. `KEPT` is what the page and `gradio_client` need; the rest is not found.
"""

import hashlib
import json
import re
from collections.abc import Container
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.answers import STOPPING
from assistant.web.events import Inputs, event_from, require_json
from assistant.web.limits import Rate, address_of
from assistant.web.routes import Refused, error_response
from assistant.web.site import user_of

if TYPE_CHECKING:
    from assistant.web.answers import Answers
    from assistant.web.metrics import Metrics

API = "/gradio_api"
KEPT: tuple[tuple[str, str, str], ...] = (
    ("GET HEAD", "/", "the page"),
    ("GET", "/config", "what is on the page; gradio_client reads it too"),
    ("GET", f"{API}/info", "the named endpoints, for gradio_client"),
    ("GET", "/theme.css", "the theme"),
    ("GET", "/static/.+", "parts of the page: pictures, fonts"),
    ("GET", "/assets/.+", "parts of the page: scripts, styles"),
    ("GET", "/favicon\\.ico", "the picture in a browser's tab"),
    ("POST", f"{API}/queue/join", "an event begins"),
    ("GET", f"{API}/queue/data", "what comes of the events of a session"),
    ("POST", f"{API}/cancel", "an event is stopped"),
    ("POST", f"{API}/reset", "sent after stopping; does nothing"),
    ("GET", f"{API}/heartbeat/[^/]+", "a session lasts until its page is closed"),
)
"""Methods, pattern of the path, and why."""
BUSY = "More questions are waiting than can be answered soon. Please ask again in a minute."
_BUSY_SECONDS = 30
_EVENTS = (f"{API}/queue/join", f"{API}/cancel", f"{API}/reset")


class Gate:
    """ASGI middleware around Gradio's application."""

    def __init__(
        self, app: ASGIApp, inputs: Inputs, questions: Container[int], doors: "Doors"
    ) -> None:
        """Close what is not needed.

        Args:
            app: Gradio's.
            inputs: what events there are.
            questions: numbers of the events that answer a question.
            doors: say whether one may be asked.
        """
        self.app = app
        self._inputs = inputs
        self._questions = questions
        self._doors = doors
        self._kept = [(methods.split(), re.compile(path)) for methods, path, _ in KEPT]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if not self._is_kept(scope["method"], path):
            await error_response("There is nothing here.", 404)(scope, receive, send)
        elif path in _EVENTS:
            await self._event(scope, receive, send)
        else:
            await self.app(_own_session(_plain_page(scope, path), path), receive, send)

    def _is_kept(self, method: str, path: str) -> bool:
        return any(method in methods and each.fullmatch(path) for methods, each in self._kept)

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            require_json(scope)
            event = event_from(await _whole(receive), scope["path"], self._inputs)
        except Refused as error:
            await error_response(str(error), error.status)(scope, receive, send)
            return
        is_question = event.get("fn_index") in self._questions
        refusal = None
        if is_question and scope["path"].endswith("/join"):
            refusal = self._doors.refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if user_of(scope) is not None and event.get("session_hash") is not None:
            event["session_hash"] = session_of(user_of(scope), str(event["session_hash"]))
        body = json.dumps(event).encode()
        headers = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.app(
            {**scope, "headers": headers},
            _Replayed(body, receive),
            self._plain_about_being_busy(send),
        )

    def _plain_about_being_busy(self, send: Send) -> Send:
        """Sends on; for a full queue, what a visitor can understand."""
        is_busy = False

        async def sending(message: Message) -> None:
            nonlocal is_busy
            if message["type"] == "http.response.start" and message["status"] == 503:
                is_busy = True
                self._doors.refused.labels("busy").inc()
                response = error_response(BUSY, 503, {"Retry-After": str(_BUSY_SECONDS)})
                await send({**message, "headers": response.raw_headers})
                await send({"type": "http.response.body", "body": response.body})
            elif not is_busy:
                await send(message)

        return sending


class Doors:
    """Whether a question may be asked now: how often somebody may, and not when all is to end."""

    def __init__(self, rate: Rate, answers: "Answers", metrics: "Metrics") -> None:
        self._rate = rate
        self._answers = answers
        self.refused = metrics.refused
        """Counts the questions that were not begun."""

    def refusal(self, scope: Scope) -> ASGIApp | None:
        """What a question is answered that may not be asked; None where it may."""
        if self._answers.is_stopping:
            self.refused.labels("stopping").inc()
            return error_response(STOPPING, 503, {"Retry-After": str(_BUSY_SECONDS)})
        wait = self._rate.take(asker(scope))
        if wait:
            self.refused.labels("rate").inc()
            return too_many(self._rate, wait)
        return None


class QuestionPaths:
    """ASGI middleware: the same rate for paths of the application's own that answer questions."""

    def __init__(self, app: ASGIApp, paths: Container[str], doors: "Doors") -> None:
        self.app = app
        self._paths = paths
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refusal = None
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in self._paths:
            refusal = self._doors.refusal(scope)
        await (refusal or self.app)(scope, receive, send)


def asker(scope: Scope) -> str:
    """Whom a question is counted to."""
    user = user_of(scope)
    return f"address {address_of(scope)}" if user is None else f"user {user}"


def too_many(rate: Rate, seconds: int) -> ASGIApp:
    """The answer to a question too many."""
    return error_response(
        f"That was more than {rate.per_minute} questions in a minute. Please ask again in "
        f"{seconds} s.",
        429,
        {"Retry-After": str(seconds)},
    )


def session_of(user: str | None, session_hash: str) -> str:
    """The name that a user's session has inside: no other user can say it.

    Gradio tells a session's events to whoever names it, and browsers choose the names.
    """
    return hashlib.sha256(f"{user}\0{session_hash}".encode("utf-8", "surrogatepass")).hexdigest()


def _plain_page(scope: Scope, path: str) -> Scope:
    """Without what would choose another of Gradio's pages, or one somebody kept: there are none."""
    if path not in ("/", "/config"):
        return scope
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] not in ("page", "deep_link")]
    return {**scope, "query_string": urlencode(kept).encode()}


def _own_session(scope: Scope, path: str) -> Scope:
    user = user_of(scope)
    if user is None:
        return scope
    beginning = f"{API}/heartbeat/"
    if path.startswith(beginning):
        own = beginning + session_of(user, path.removeprefix(beginning))
        return {**scope, "path": scope.get("root_path", "") + own, "raw_path": own.encode()}
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if not any(name == "session_hash" for name, _ in pairs):
        return scope
    pairs = [
        (name, session_of(user, value) if name == "session_hash" else value)
        for name, value in pairs
    ]
    return {**scope, "query_string": urlencode(pairs).encode()}


async def _whole(receive: Receive) -> bytes:
    """The body of a request, whose size was limited before."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


class _Replayed:
    """Receives a body that was read before, then whatever else comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        if self._message is None:
            return await self._receive()
        message, self._message = self._message, None
        return message
