"""The chat page: what happens when something on it is used."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.asking import checked_question
from assistant.desk import EXTRACTIVE
from assistant.errors import QuestionError
from assistant.web.endpoints import add_endpoints
from assistant.web.evaluation import add_evaluation
from assistant.web.layout import HEADER, LIBRARY, Page, lay_out
from assistant.web.markup import escape
from assistant.web.parts import html
from assistant.web.places import ANSWERING, MOST_ANSWERING
from assistant.web.saved_turns import restored_all
from assistant.web.site import Site
from assistant.web.transcript import transcript, turn_html
from assistant.web.turns import Turn, follow, history_of
from index.errors import VerbatimError

if TYPE_CHECKING:
    from assistant.desk import Assistant

HOUR = 3600

Updates = dict[Any, Any]
"""New values by component; components left out stay as they are."""


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
                    add_evaluation(tab, site.options.reports)
        _connect(page, site)
        add_endpoints(site)
    blocks.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    return blocks


def _connect(page: Page, site: Site) -> None:
    """Private events only; one event asks, so that a second question waits for the first."""

    async def on_ask(
        text: str,
        turns: tuple[Turn, ...],
        again: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> AsyncGenerator[Updates, None]:
        chosen = event.target if isinstance(event.target, gr.Button) else None
        if chosen is not None and chosen._id == page.again._id:
            text, turns = _in_place_of(turns, again)
        elif chosen is not None and chosen._id in {button._id for button in page.examples}:
            text = str(chosen.value)
        asked = _asked(page, site.desk(request.username), text, turns)
        async with site.answering.waited_for(), aclosing(asked) as updates:
            async for update in updates:
                yield update

    def on_end(turns: tuple[Turn, ...]) -> Updates:
        if not turns or not turns[-1].running:
            return _running(page, False, begun=bool(turns))
        stopped = (*turns[:-1], turns[-1].stopped())
        return _last(page, stopped) | _running(page, False)

    def on_clear() -> Updates:
        return _shown(page, ())

    def on_restore(kept: str, request: gr.Request) -> Updates:
        try:
            return _shown(page, restored_all(site.desk(request.username), kept))
        except VerbatimError as error:
            return {page.notice: _notice(error)}

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
        triggers, on_ask, [page.question, page.turns, page.again_data], trigger_mode="once",
        concurrency_id=ANSWERING, concurrency_limit=MOST_ANSWERING, **common,
    )  # fmt: skip
    asking.then(on_end, page.turns, **common)  # also once it is canceled, and not before
    page.stop.click(None, cancels=[asking])
    page.clear.click(on_clear, None, **common)
    page.restore.click(on_restore, page.restore_data, **common)


async def _asked(
    page: Page, desk: "Assistant", text: str, turns: tuple[Turn, ...]
) -> AsyncGenerator[Updates, None]:
    try:
        question = checked_question(text)
    except QuestionError as error:
        yield {page.notice: _notice(error)}
        return
    model = desk.model if desk.model != EXTRACTIVE else None
    turn = Turn(id=f"t{len(turns) + 1}", question=question, model=model)
    begun = {
        page.past: transcript(turns),
        page.start: gr.Column(visible=False),
        page.question: "",
        page.notice: "",
    }
    yield begun | _last(page, (*turns, turn)) | _running(page, True)
    async with aclosing(follow(desk, turn, history_of(turns))) as changes:
        async for later in changes:
            yield _last(page, (*turns, later))


def _in_place_of(turns: tuple[Turn, ...], data: str) -> tuple[str, tuple[Turn, ...]]:
    """What to ask, and the turns before the one it takes the place of; nothing where it is odd."""
    try:
        wanted = json.loads(data)
        turn, question = str(wanted["turn"]), str(wanted["question"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", turns
    places = [place for place, each in enumerate(turns) if each.id == turn]
    return question, turns[: places[0]] if places else turns


def _shown(page: Page, turns: tuple[Turn, ...]) -> Updates:
    """A whole conversation in place of what is on the page; an empty one begins anew."""
    return (
        {page.past: transcript(turns[:-1]), page.notice: ""}
        | {page.start: gr.Column(visible=not turns)}
        | _last(page, turns)
        | _running(page, False, begun=bool(turns))
    )


def _notice(error: VerbatimError) -> str:
    return f'<p role="alert">{escape(str(error))}</p>'


def _last(page: Page, turns: tuple[Turn, ...]) -> Updates:
    return {page.live: turn_html(turns[-1]) if turns else "", page.turns: turns}


def _running(page: Page, running: bool, begun: bool = True) -> Updates:
    return {
        page.ask: gr.Button(visible=not running),
        page.stop: gr.Button(visible=running),
        page.clear: gr.Button(visible=begun and not running),
    }
