"""The named endpoints of the server: `/ask`, `/search` and `/documents`."""

import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi.concurrency import run_in_threadpool
from gradio.components.api_component import Api
from gradio.context import get_blocks_context
from gradio.events import api
from gradio.utils import get_function_description, get_function_params

from assistant.asking import checked_question
from assistant.grounding import marked
from assistant.logs import REQUEST, request_note
from assistant.types import Answer, Filter, Stated, document_to_dict, hit_to_dict
from assistant.web.answers import Watch
from assistant.web.choices import desk_named
from assistant.web.inputs import count_from, filter_from, history_from
from assistant.web.listening import Listening
from assistant.web.places import ANSWERING, LOOKING_UP, MOST_ANSWERING, MOST_LOOKING_UP
from assistant.web.requests import request_id_of
from assistant.web.site import Site, user_of
from assistant.web.turns import BEAT, UNEXPECTED
from index.errors import InputError, VerbatimError

if TYPE_CHECKING:
    from assistant.desk import Assistant


_log = logging.getLogger(__name__)


def add_endpoints(site: Site) -> None:
    """Add the endpoints to the `gr.Blocks` that is being built."""

    async def ask(
        question: str,
        history: list[list[str]] | None = None,
        where: dict[str, Any] | None = None,
        model: str | None = None,
        request: gr.Request | None = None,
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Answer a question from the documents, with verbatim quotes.

        Args:
            question: what to answer, in words.
            history: earlier [question, answer text] pairs, oldest first.
            where: which documents to search: `documents`, `authors`, `after`, `before`.
            model: which of the server's models answers; its own by default.
            request: which Gradio fills in.
        """
        REQUEST.set(number := request_id_of(request))
        with _errors_shown():
            asked, pairs = checked_question(question), history_from(history)
            chosen, desk = filter_from(where), await run_in_threadpool(_desk, site, request)
            desk = await run_in_threadpool(desk_named, desk, site.options.also_models, model)
            watch = site.answers.watch(desk.model, number)
            progress = _progress(desk, asked, pairs, chosen, watch)
            async with site.answering.waited_for(), aclosing(progress) as steps:
                async for step in steps:
                    yield step

    def search(
        query: str,
        k: int = 8,
        where: dict[str, Any] | None = None,
        request: gr.Request | None = None,
    ) -> list[dict[str, Any]]:
        """The passages nearest to a query, best first.

        Args:
            query: what to look for.
            k: how many passages, at most 50.
            where: which documents to search: `documents`, `authors`, `after`, `before`.
            request: which Gradio fills in.
        """
        REQUEST.set(request_id_of(request))
        with _errors_shown():
            count, chosen = count_from(k), filter_from(where)
            hits = _desk(site, request).search(checked_question(query), count, chosen)
            return [hit_to_dict(hit) for hit in hits]

    def documents(
        request: gr.Request | None = None,
    ) -> list[dict[str, Any]]:
        """The documents of the index, with their metadata."""
        REQUEST.set(request_id_of(request))
        with _errors_shown():
            return [document_to_dict(document) for document in _desk(site, request).documents()]

    # Gradio closes generators when their client leaves, and nothing else; and it shows clients the
    # type that a function returns, where it should be the one that a generator yields.
    ask.__annotations__["return"] = dict[str, Any]
    _add(ask, "answer", ANSWERING, MOST_ANSWERING)
    _add(search, "hits", LOOKING_UP, MOST_LOOKING_UP)
    _add(documents, "documents", LOOKING_UP, MOST_LOOKING_UP)


async def _progress(
    desk: "Assistant",
    question: str,
    history: list[tuple[str, str]] | None,
    where: Filter | None,
    watch: Watch,
) -> AsyncGenerator[dict[str, Any], None]:
    """How far the answer has come, each second, and last the answer.

    Between two reports Gradio notices that a client has left; closing this ends the search and the
    model's reply at once.
    """
    shown, stated = time.monotonic(), list[str]()
    async with Listening(watch(desk.astream(question, history, where))) as events:
        while True:
            event = await events.next(BEAT)
            if isinstance(event, Answer):
                yield event.to_dict()
                return
            if isinstance(event, Stated):
                stated.append(marked(event.statement))
            if time.monotonic() - shown >= BEAT:
                shown = time.monotonic()
                yield {"question": question, "status": "answering", "text": "\n\n".join(stated)}


def _desk(site: Site, request: gr.Request | None) -> "Assistant":
    inner = request.request if request is not None else None
    return site.desk(user_of(inner.scope) if inner is not None else None)


def _add(function: Callable[..., Any], result: str, group: str, most: int) -> None:
    """Make a function an endpoint, and tell clients what its docstring says of each parameter."""
    api(function, api_name=function.__name__, concurrency_id=group, concurrency_limit=most)
    blocks = get_blocks_context()
    if blocks is None:
        raise RuntimeError("Endpoints are added while a gr.Blocks is being built.")
    endpoint = next(each for each in blocks.fns.values() if each.fn is function)
    _, descriptions, _ = get_function_description(function)
    for component, (name, *_) in zip(endpoint.inputs, get_function_params(function), strict=True):
        if isinstance(component, Api):
            component.label = name
            component._api_info["additional_description"] = descriptions[name]
    if isinstance(endpoint.outputs[0], Api):
        endpoint.outputs[0].label = result


@contextmanager
def _errors_shown() -> Iterator[None]:
    """A message meant for the user reaches the client; any other exception only the log."""
    try:
        yield
    except InputError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except VerbatimError as error:
        raise gr.Error(str(error) + request_note(), print_exception=False) from error
    except Exception as error:
        _log.exception("an endpoint failed")
        raise gr.Error(UNEXPECTED + request_note(), print_exception=False) from error
