"""An API like OpenAI's, so that other chat front ends can use Verbatim as a model: see docs/api.md.

    GET  /v1/models               `verbatim`, `verbatim-extractive`, and what else is offered
    POST /v1/chat/completions     an answer, whole or as a stream

Only what passed the checks is content, statement by statement, also in a stream.
"""

import time
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.desk import EXTRACTIVE
from assistant.types import Answer, Event, Stated, Statement
from assistant.web.choices import desk_for
from assistant.web.error_forms import ErrorForm
from assistant.web.listening import Listening
from assistant.web.openai_errors import RequestError, failure_of, in_openai_form
from assistant.web.openai_reply import KEEP_ALIVE, Reply, event_of
from assistant.web.openai_request import (
    VERBATIM,
    VERBATIM_EXTRACTIVE,
    Completion,
    Models,
    check_model,
    completion_from,
    models_of,
)
from assistant.web.routes import read_json
from assistant.web.site import Site, user_of

if TYPE_CHECKING:
    from assistant.desk import Assistant

LARGEST_BODY = 1_000_000
"""Bytes of a request: a long conversation is sent whole each time."""
LOOK = 0.25
"""Seconds between looks whether a client that waits is still there."""
SILENT = 15.0
"""Seconds of a stream without an event; proxies close silent connections after a minute or so."""


def add_openai_api(app: FastAPI, site: Site) -> None:
    """Add the routes below `/v1`."""
    # Outermost: others refuse requests too.
    app.add_middleware(ErrorForm, prefix="/v1/", form=in_openai_form)
    started, offered = int(time.time()), models_of(site.options.also_models.names)

    def described(name: str) -> dict[str, object]:
        about = {"id": name, "object": "model", "created": started, "owned_by": "verbatim"}
        return {**about, "description": offered[name]}

    @app.get("/v1/models")
    def models() -> dict[str, object]:
        """The models there are."""
        return {"object": "list", "data": list(map(described, offered))}

    @app.get("/v1/models/{name:path}")
    def model(name: str) -> Response:
        """One of them."""
        try:
            return JSONResponse(described(check_model(name, offered)))
        except RequestError as error:
            return failure_of(error).response()

    app.router.routes.append(
        Route("/v1/chat/completions", Completions(site, offered), methods=["POST"])
    )

    @app.api_route("/v1/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def unknown(rest: str) -> Response:
        """Anything else that clients of OpenAI may try."""
        message = "Verbatim has /v1/models and POST /v1/chat/completions, and nothing else there."
        return failure_of(RequestError(message, status=404, code="not_found")).response()


class Completions:
    """`/v1/chat/completions`, an ASGI application: it holds the search until the reply is sent."""

    def __init__(self, site: Site, offered: Models) -> None:
        self._site = site
        self._offered = offered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; if its client leaves, the search and the model end at once."""
        request = Request(scope, receive)
        try:
            asked = completion_from(await read_json(request, LARGEST_BODY), self._offered)
            desk = await run_in_threadpool(self._desk, request, asked)
            stream = desk.astream(asked.question, list(asked.history), asked.where)
            watched = self._site.answers.watch(desk.model)(stream)
            async with self._site.answering.taken(), Listening(watched) as events:
                response = await _response(events, asked, request)
                if response is not None:
                    await response(scope, receive, send)
        except Exception as error:
            await failure_of(error).response()(scope, receive, send)

    def _desk(self, request: Request, asked: Completion) -> "Assistant":
        desk = self._site.desk(user_of(request.scope))
        names = {VERBATIM: None, VERBATIM_EXTRACTIVE: EXTRACTIVE}
        return desk_for(desk, self._site.options.also_models, names.get(asked.model, asked.model))


async def _response(
    events: Listening[Event], asked: Completion, request: Request
) -> Response | None:
    """The response, begun once the search is done, so that most errors have a status of their own.

    None where the client has left.
    """
    reply = Reply(f"chatcmpl-{uuid4().hex}", int(time.time()), asked)
    event = None
    while not isinstance(event, Event if asked.is_streamed else Answer):
        if await request.is_disconnected():
            return None
        event = await events.next(LOOK)
    if isinstance(event, Answer) and not asked.is_streamed:
        return JSONResponse(reply.whole(event))
    return StreamingResponse(
        _events(reply, events, event),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def _events(
    reply: Reply, events: Listening[Event], first: Event
) -> AsyncGenerator[str, None]:
    """The events of a stream. An error in its midst is one too, and the last."""
    yield reply.begun()
    said: list[Statement] = []
    event = first
    try:
        while not isinstance(event, Answer):
            if isinstance(event, Stated):
                yield reply.stated(event.statement, is_first=not said)
                said.append(event.statement)
            while (later := await events.next(SILENT)) is None:
                yield KEEP_ALIVE
            event = later
        for line in reply.rest(event, said):
            yield line
    except Exception as error:
        yield event_of(failure_of(error).to_dict())
