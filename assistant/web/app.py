"""The chat page: what happens when something on it is used."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi.concurrency import run_in_threadpool

from assistant.asking import checked_question
from assistant.desk import EXTRACTIVE
from assistant.logs import REQUEST
from assistant.web.also_models import AlsoModels
from assistant.web.answers import Watch
from assistant.web.choices import Choice, choice_from, described, desk_for, documents_for
from assistant.web.endpoints import add_endpoints
from assistant.web.evaluation import add_evaluation
from assistant.web.layout import HEADER, LIBRARY, Page, lay_out
from assistant.web.parts import html
from assistant.web.places import ANSWERING, MOST_ANSWERING
from assistant.web.requests import request_id_of
from assistant.web.saved_turns import restored_all
from assistant.web.site import Site
from assistant.web.turns import Turn, follow, history_of
from assistant.web.updates import (
    NOT_REPLACED,
    Updates,
    begun,
    conversation,
    live,
    notice,
    refusal,
    stopped,
)
from index.errors import VerbatimError

if TYPE_CHECKING:
    from assistant.desk import Assistant

HOUR = 3600
SESSIONS = 2000
"""Pages, and callers of endpoints, whose state is in memory: 3 KB each, and 5 to 12 KB for each
answer on a page. Gradio would keep 10,000, also those of callers that are gone."""


def build_app(site: Site) -> gr.Blocks:
    """The page and the named endpoints."""
    blocks = gr.Blocks(title="Verbatim", analytics_enabled=False, delete_cache=(HOUR, HOUR))
    with blocks:
        html(HEADER, elem_id="v-top")
        with gr.Tabs(elem_id="v-tabs", overflow_behavior="wrap"):
            with gr.Tab("Ask", elem_id="v-tab-ask"):
                page = lay_out(site.options.examples)
            with gr.Tab("Library", elem_id="v-tab-library", render_children=True):
                html(LIBRARY)
            if site.options.reports is not None:
                with gr.Tab("Evaluation", elem_id="v-tab-evaluation", render_children=True) as tab:
                    add_evaluation(tab, site.options.reports, site.options.may_evaluate)
        _connect(page, site)
        add_endpoints(site)
    blocks.state_session_capacity = SESSIONS
    blocks.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    return blocks


def _connect(page: Page, site: Site) -> None:
    """Private events only; one event asks, so that a second question waits for the first."""

    async def on_ask(
        text: str,
        turns: tuple[Turn, ...],
        again: str,
        chosen: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> AsyncGenerator[Updates, None]:
        REQUEST.set(number := request_id_of(request))
        button = event.target if isinstance(event.target, gr.Button) else None
        before = turns
        if button is not None and button._id == page.again._id:
            text, before = _in_place_of(turns, again)
        elif button is not None and button._id in {each._id for each in page.examples}:
            text = str(button.value)
        try:
            desk = await run_in_threadpool(site.desk, request.username)
            choice = choice_from(chosen)
            question = checked_question(text)
            turn = await run_in_threadpool(_asked, desk, question, choice, len(before) + 1)
        except VerbatimError as error:
            yield refusal(page, error)
            return
        replaced = turns if len(before) < len(turns) else ()
        yield begun(page, before, turn) | _known(page, before, turn, replaced)
        watch = partial(site.answers.watch, request=number)
        answers = _answers(desk, site.options.also_models, choice, turn, history_of(before), watch)
        async with aclosing(answers) as changes:
            async for later in changes:
                if replaced and later.phase == "failed":
                    yield _not_replaced(page, replaced, later)
                    return
                replaced = () if later.begun else replaced
                yield live(page, later) | _known(page, before, later, replaced)

    def on_end(turns: tuple[Turn, ...], replacing: bool) -> Updates:
        return stopped(page, turns, replacing)

    def on_clear() -> Updates:
        return conversation(page, ())

    def on_restore(kept: str, request: gr.Request) -> Updates:
        try:
            return conversation(page, restored_all(site.desk(request.username), kept))
        except VerbatimError as error:
            return refusal(page, error)

    triggers = [
        page.ask.click,
        page.question.submit,
        page.again.click,
        *(button.click for button in page.examples),
    ]
    common: dict[str, Any] = {
        "outputs": page.changing, "show_progress": "hidden", "api_visibility": "private"
    }  # fmt: skip
    asking = gr.on(
        triggers, on_ask, [page.question, page.turns, page.again_data, page.choices],
        trigger_mode="once", concurrency_id=ANSWERING, concurrency_limit=MOST_ANSWERING, **common,
    )  # fmt: skip
    # Also once it is canceled, and not before.
    asking.then(on_end, [page.turns, page.replacing], **common)
    page.stop.click(None, cancels=[asking])
    page.clear.click(on_clear, None, **common)
    page.restore.click(on_restore, page.restore_data, **common)


def _asked(desk: "Assistant", question: str, choice: Choice, number: int) -> Turn:
    """The turn of a question that can be asked.

    Raises:
        FilterError: the filter lets no document through, or cannot be understood.
        IndexStoreError: the index cannot be used.
    """
    scope = ""
    if choice.where:
        scope = described(choice.where, documents_for(desk, choice.where))
    model = choice.model or desk.model
    return Turn(
        id=f"t{number}",
        question=question,
        model=model if model != EXTRACTIVE else None,
        where=choice.where,
        scope=scope,
    )


async def _answers(
    desk: "Assistant",
    also: AlsoModels,
    choice: Choice,
    turn: Turn,
    history: Sequence[tuple[str, str]],
    watch: Callable[[str], Watch],
) -> AsyncGenerator[Turn, None]:
    """The turn each time it has changed; a model that cannot be opened is a turn that failed."""
    try:
        desk = await run_in_threadpool(desk_for, desk, also, choice.model)
    except VerbatimError as error:
        yield turn.failed(str(error))
        return
    async with aclosing(follow(desk, turn, history, watch(desk.model))) as changes:
        async for later in changes:
            yield later


def _known(page: Page, before: tuple[Turn, ...], turn: Turn, replaced: tuple[Turn, ...]) -> Updates:
    """What the conversation is: as it was, until there is something of the new answer."""
    return {page.turns: replaced or (*before, turn), page.replacing: bool(replaced)}


def _not_replaced(page: Page, turns: tuple[Turn, ...], failed: Turn) -> Updates:
    """The conversation as it was, and the question where it can be asked once more."""
    message = f"{failed.error} {NOT_REPLACED}"
    kept = {page.notice: notice(message), page.question: failed.question}
    return conversation(page, turns) | kept


def _in_place_of(turns: tuple[Turn, ...], data: str) -> tuple[str, tuple[Turn, ...]]:
    """What to ask, and the turns before the one it takes the place of; nothing where it is odd."""
    try:
        wanted = json.loads(data)
        turn, question = str(wanted["turn"]), str(wanted["question"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", turns
    places = [place for place, each in enumerate(turns) if each.id == turn]
    return question, turns[: places[0]] if places else turns
