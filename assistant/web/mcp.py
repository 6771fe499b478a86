"""The tools `ask`, `search` and `documents` by the Model Context Protocol, at `/mcp`.

Streamable HTTP without sessions: each request stands alone, and nothing is kept between two. Needs
the extra `mcp`, the protocol's official SDK. See docs/api.md.
"""

import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.routing import Route

from assistant.asking import checked_question
from assistant.desk import EXTRACTIVE
from assistant.errors import SettingsError
from assistant.logs import Plain, request_note
from assistant.markdown import to_markdown
from assistant.types import Answer, document_to_dict, hit_to_dict
from assistant.web.bodies import LARGEST_BODY
from assistant.web.choices import desk_named
from assistant.web.error_forms import ErrorForm
from assistant.web.inputs import count_from, filter_from, history_from
from assistant.web.listening import Listening
from assistant.web.mcp_tools import INSTRUCTIONS, TOOLS, input_of, told
from assistant.web.routes import Refused
from assistant.web.site import Site, user_of
from assistant.web.turns import BEAT, UNEXPECTED
from index.errors import InputError, VerbatimError

if TYPE_CHECKING:
    from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult

    from assistant.desk import Assistant
    from assistant.web.limits import Rate

PATH = "/mcp"
_IN_WORDS = {
    400: "Expected the header Content-Type: application/json, found another or none.",
    405: "Expected POST: each call of a tool is a request of its own.",
    406: "Expected the header Accept: application/json, text/event-stream, found another or none.",
}
"""What the SDK says by a status alone, or in less than a sentence."""
_NO_JSON = "Parse error: expected a call in JSON, found something else."
_INVALID = -32600
"""JSON-RPC's number for a request that is none."""

logger = logging.getLogger(__name__)


def check_mcp() -> None:
    """Nothing, if the SDK is there.

    Raises:
        SettingsError: it is not, or it is too old.
    """
    try:
        import mcp.server  # noqa: F401
        import mcp_types  # noqa: F401 -- came with version 2 of mcp
    except ImportError as error:
        raise SettingsError(
            "--mcp needs the package mcp, version 2, and it is not installed. Install it with: "
            "pip install 'verbatim-assistant[mcp]' (in a checkout: make chat EXTRAS=mcp)"
        ) from error


def add_mcp(app: FastAPI, site: Site, rate: "Rate") -> None:
    """Serve the tools at `/mcp`.

    Args:
        app: gets the route, and the server's lifetime; before Gradio is mounted.
        site: whose documents are asked.
        rate: how often somebody may ask.

    Raises:
        SettingsError: the SDK is not installed.
    """
    check_mcp()
    from mcp.server import Server
    from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager as Manager

    tools = Tools(site, rate)
    server = Server(
        "verbatim",
        title="Verbatim",
        instructions=INSTRUCTIONS,
        on_list_tools=tools.listed,
        on_call_tool=tools.called,
    )
    manager = Manager(server, stateless=True, max_request_body_size=LARGEST_BODY)
    served = ErrorForm(StreamableHTTPASGIApp(manager), PATH, in_words)
    app.router.routes.append(Route(PATH, endpoint=served))
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[Any, None]:
        async with before(app) as state, manager.run():
            yield state

    app.router.lifespan_context = lifespan


def in_words(body: bytes, status: int) -> bytes:
    """The body of an error of the SDK in JSON, as JSON-RPC has it, with a sentence."""
    try:
        said = json.loads(body)
        if said["error"]["message"] != "Parse error":
            return body
        said["error"]["message"] = _NO_JSON
    except (ValueError, TypeError, KeyError):
        message = _IN_WORDS.get(status, f"The call was refused with the status {status}.")
        said = {"jsonrpc": "2.0", "id": None, "error": {"code": _INVALID, "message": message}}
    return json.dumps(said).encode()


class Tools:
    """What the tools do."""

    def __init__(self, site: Site, rate: "Rate") -> None:
        self._site = site
        self._rate = rate

    async def listed(self, context: Any, params: Any) -> "ListToolsResult":  # noqa: ANN401
        """The tools there are."""
        from mcp_types import ListToolsResult, Tool, ToolAnnotations

        also = self._site.options.also_models.names
        tools = [
            Tool(
                name=name,
                title=tool["title"],
                description=tool["description"],
                input_schema=input_of(name, (*also, EXTRACTIVE)),
                output_schema=tool["output"],
                annotations=ToolAnnotations(
                    read_only_hint=True,
                    destructive_hint=False,
                    idempotent_hint=True,
                    open_world_hint=False,
                ),
            )
            for name, tool in TOOLS.items()
        ]
        return ListToolsResult(tools=tools)

    async def called(
        self,
        context: Any,  # noqa: ANN401 -- whatever the SDK makes of a request
        params: "CallToolRequestParams",
    ) -> "CallToolResult":
        """Call a tool. What its caller can mend is a result with `is_error`, as it should be."""
        from mcp.shared.exceptions import MCPError
        from mcp_types import INVALID_PARAMS, CallToolResult, TextContent

        if params.name not in TOOLS:
            message = f"Expected a tool of {', '.join(TOOLS)}, found {params.name!r:.80}."
            raise MCPError(INVALID_PARAMS, message)
        try:
            scope = context.request.scope
            text, value = await self._result(params.name, params.arguments or {}, scope)
        except (VerbatimError, Refused) as error:
            return CallToolResult(content=[TextContent(text=str(error))], is_error=True)
        except Exception:
            logger.exception("the tool %s failed", Plain(params.name))  # one of TOOLS
            message = UNEXPECTED + request_note()
            return CallToolResult(content=[TextContent(text=message)], is_error=True)
        return CallToolResult(content=[TextContent(text=text)], structured_content=value)

    async def _result(
        self, name: str, arguments: Mapping[str, Any], scope: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """The result as text and as data."""
        _check_names(name, arguments)
        desk = await run_in_threadpool(self._site.desk, user_of(scope))
        if name == "ask":
            also, model = self._site.options.also_models, arguments.get("model")
            desk = await run_in_threadpool(desk_named, desk, also, model)
            answer = await self._answer(desk, arguments, scope)
            return to_markdown(answer), told(answer)
        found = await run_in_threadpool(_hits if name == "search" else _documents, desk, arguments)
        return json.dumps(found, ensure_ascii=False), found

    async def _answer(
        self, desk: "Assistant", arguments: Mapping[str, Any], scope: Mapping[str, Any]
    ) -> Answer:
        """An answer; cancelled, as when the client leaves, it ends the search and the model."""
        from assistant.web.gate import asker

        question = _question(arguments, "question")
        history, where = history_from(arguments.get("history")), filter_from(arguments.get("where"))
        if wait := self._rate.take(asker(dict(scope))):
            self._site.metrics.refused.labels("rate").inc()
            raise Refused(f"Too many questions in a minute. Please ask again in {wait} s.", 429)
        stream = self._site.answers.watch(desk.model)(desk.astream(question, history, where))
        async with self._site.answering.taken(), Listening(stream) as events:
            while not isinstance(event := await events.next(BEAT), Answer):
                pass
        return event


def _hits(desk: "Assistant", arguments: Mapping[str, Any]) -> dict[str, Any]:
    query, count = _question(arguments, "query"), count_from(arguments.get("k", 8))
    hits = desk.search(query, count, filter_from(arguments.get("where")))
    return {"hits": [hit_to_dict(hit) for hit in hits]}


def _documents(desk: "Assistant", arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {"documents": [document_to_dict(document) for document in desk.documents()]}


def _question(arguments: Mapping[str, Any], name: str) -> str:
    text = arguments.get(name)
    if not isinstance(text, str):
        raise InputError(f"Expected the argument {name} as text, found {text!r:.60}.")
    return checked_question(text)


def _check_names(tool: str, arguments: Mapping[str, Any]) -> None:
    known = list(TOOLS[tool]["input"]["properties"])
    if unknown := sorted(set(arguments) - set(known)):
        takes = ", ".join(known) or "no arguments"
        raise InputError(f"The tool {tool} takes {takes}; it has no {', '.join(unknown)}.")
