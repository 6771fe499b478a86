"""The chat page: what is on it, and what happens when."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.asking import MOST_CHARACTERS, checked_question
from assistant.desk import EXTRACTIVE
from assistant.errors import QuestionError
from assistant.web.endpoints import add_endpoints
from assistant.web.evaluation import add_evaluation
from assistant.web.markup import escape
from assistant.web.parts import html
from assistant.web.places import ANSWERING, MOST_ANSWERING
from assistant.web.site import Site
from assistant.web.transcript import transcript, turn_html
from assistant.web.turns import Turn, follow, history_of

if TYPE_CHECKING:
    from assistant.desk import Assistant

HOUR = 3600

HEADER = """
<header class="v-header"><h1>Verbatim</h1>
<p>Ask the documents. Every answer rests on quotes you can check.</p></header>
"""

HINT = f"""
<p id="v-hint" data-limit="{MOST_CHARACTERS}" aria-live="polite">
Enter to ask, Shift+Enter for a new line</p>
"""

Updates = dict[Any, Any]
"""New values by component; components left out stay as they are."""


@dataclass(frozen=True, eq=False)
class Page:
    """The components that events read and write."""

    past: gr.HTML
    """Turns before the last one: not sent again while an answer grows."""
    live: gr.HTML
    """The last turn."""
    turns: gr.State
    """This visitor's conversation, a tuple of `Turn`."""
    start: gr.Column
    """What an empty conversation shows."""
    examples: tuple[gr.Button, ...]
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    clear: gr.Button
    notice: gr.HTML
    """Why a question cannot be asked as it is."""

    @property
    def changing(self) -> list[Any]:
        """All components that events write."""
        return [
            self.past, self.live, self.turns, self.start,
            self.question, self.ask, self.stop, self.clear, self.notice,
        ]  # fmt: skip


def build_app(site: Site) -> gr.Blocks:
    """The chat page and the named endpoints."""
    blocks = gr.Blocks(title="Verbatim", analytics_enabled=False, delete_cache=(HOUR, HOUR))
    with blocks:
        html(HEADER)
        if site.options.reports is None:
            _connect(_layout(site.options.examples), site.desk())
        else:
            _add_tabs(site, site.options.reports)
        add_endpoints(site)
    blocks.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    return blocks


def _add_tabs(site: Site, reports: Path) -> None:
    """The chat, and beside it the reports. Both stay on the page, whichever is shown."""
    with gr.Tabs(elem_id="v-tabs", overflow_behavior="wrap"):
        with gr.Tab("Ask", elem_id="v-tab-ask"):
            page = _layout(site.options.examples)
        with gr.Tab("Evaluation", elem_id="v-tab-evaluation", render_children=True) as tab:
            add_evaluation(tab, reports)
    _connect(page, site.desk())


def _layout(examples: Sequence[str]) -> Page:
    with gr.Column(elem_id="v-start") as start:
        if examples:
            html('<h2 class="v-label">For example</h2>')
        buttons = tuple(gr.Button(example, elem_classes="v-example") for example in examples)
    past, live, turns = html(elem_id="v-past"), html(elem_id="v-live"), gr.State(())
    with gr.Column(elem_id="v-composer"):
        notice = html(elem_id="v-notice")
        with gr.Row(elem_id="v-box"):
            question = gr.Textbox(
                label="Question", show_label=False, container=False, lines=1, max_lines=8,
                placeholder="Ask a question", autofocus=True, elem_id="v-question",
                scale=1, min_width=120, html_attributes=gr.InputHTMLAttributes(spellcheck=True),
            )  # fmt: skip
            ask = gr.Button("Ask", variant="primary", elem_id="v-ask", scale=0, min_width=88)
            stop = gr.Button("Stop", elem_id="v-stop", visible=False, scale=0, min_width=88)
        with gr.Row(elem_id="v-below"):
            html(HINT)
            clear = gr.Button("Clear", elem_id="v-clear", visible=False, scale=0, min_width=64)
    return Page(
        past=past, live=live, turns=turns, start=start, examples=buttons, question=question,
        ask=ask, stop=stop, clear=clear, notice=notice,
    )  # fmt: skip


def _connect(page: Page, desk: "Assistant") -> None:
    """Private events only; one event asks, so that a second question waits for the first."""

    async def on_ask(
        text: str, turns: tuple[Turn, ...], event: gr.EventData
    ) -> AsyncGenerator[Updates, None]:
        chosen = event.target if isinstance(event.target, gr.Button) else None
        if chosen is not None and chosen._id in {button._id for button in page.examples}:
            text = str(chosen.value)
        async with aclosing(_asked(page, desk, text, turns)) as updates:
            async for update in updates:
                yield update

    def on_end(turns: tuple[Turn, ...]) -> Updates:
        if not turns or not turns[-1].running:
            return _running(page, False, begun=bool(turns))
        stopped = (*turns[:-1], turns[-1].stopped())
        return _last(page, stopped) | _running(page, False)

    def on_clear() -> Updates:
        blank: Updates = dict.fromkeys((page.past, page.live, page.notice), "")
        start = {page.start: gr.Column(visible=True), page.turns: ()}
        return blank | start | _running(page, False, begun=False)

    triggers = [page.ask.click, page.question.submit, *(b.click for b in page.examples)]
    common: dict[str, Any] = {
        "outputs": page.changing, "show_progress": "hidden", "api_visibility": "private"
    }  # fmt: skip
    asking = gr.on(
        triggers, on_ask, [page.question, page.turns], trigger_mode="once",
        concurrency_id=ANSWERING, concurrency_limit=MOST_ANSWERING, **common,
    )  # fmt: skip
    asking.then(on_end, page.turns, **common)  # also once it is canceled, and not before
    page.stop.click(None, cancels=[asking])
    page.clear.click(on_clear, None, **common)


async def _asked(
    page: Page, desk: "Assistant", text: str, turns: tuple[Turn, ...]
) -> AsyncGenerator[Updates, None]:
    try:
        question = checked_question(text)
    except QuestionError as error:
        yield {page.notice: f'<p role="alert">{escape(str(error))}</p>'}
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


def _last(page: Page, turns: tuple[Turn, ...]) -> Updates:
    return {page.live: turn_html(turns[-1]) if turns else "", page.turns: turns}


def _running(page: Page, running: bool, begun: bool = True) -> Updates:
    return {
        page.ask: gr.Button(visible=not running),
        page.stop: gr.Button(visible=running),
        page.clear: gr.Button(visible=begun and not running),
    }
