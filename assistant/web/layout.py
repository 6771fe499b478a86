"""The components of the page, and where they stand. What happens with them is in `app`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.asking import MOST_CHARACTERS
from assistant.web.parts import html

HEADER = '<header class="v-header"><h1>Verbatim</h1></header>'

BESIDE = """
<button type="button" id="v-open-conversations" aria-label="Conversations" title="Conversations"
aria-expanded="false" aria-controls="v-conversations"><svg viewBox="0 0 24 24" aria-hidden="true">
<path d="M4 6h16v2H4zm0 5h16v2H4zm0 5h10v2H4z"/></svg></button>
<div id="v-conversations" role="navigation" aria-label="Conversations"></div>
<aside id="v-source" aria-label="Source" hidden></aside>
"""
"""What the page's scripts fill: earlier conversations, and documents with their quotes marked."""

START = """
<div class="v-welcome"><h2>Ask the documents</h2>
<p>Every answer rests on verbatim quotes, and each of them can be seen where it stands.</p>
<p id="v-empty" hidden>There are no documents yet. Add some in the Library, then ask.</p></div>
"""

LIBRARY = '<section id="v-library" aria-label="Library"></section>'
RUNS = '<section id="v-runs" aria-label="Runs and comparisons"></section>'
"""`evaluation.js` fills it."""

SCOPE = """
<section id="v-filter" aria-label="Which documents to ask" hidden>
<div class="v-filter-fields">
<label>Author<select id="v-filter-author"></select></label>
<label>Published from<input id="v-filter-after" autocomplete="off"></label>
<label>until<input id="v-filter-before" autocomplete="off"></label>
</div>
<label>Document<input id="v-filter-search" type="search" autocomplete="off"
placeholder="Words of a title or an author"></label>
<ul id="v-filter-found" role="list"></ul>
<button type="button" id="v-filter-done">Done</button>
</section>
<p id="v-filter-lost" role="status" hidden></p>
<div id="v-scope" role="group" aria-label="Asked of" hidden><ul id="v-chips" role="list"></ul>
<span id="v-matching" role="status"></span></div>
"""
"""Which documents are asked: `choices.js` fills it."""

TOOLS = """
<button type="button" id="v-choose" aria-expanded="false" aria-controls="v-filter">Filter</button>
<label id="v-model-label" hidden><span class="v-hidden">Answered by</span><select
id="v-model"></select></label>
"""

HINT = f"""
<p id="v-hint" data-limit="{MOST_CHARACTERS}" aria-live="polite">
Enter to ask, Shift+Enter for a new line</p>
"""


@dataclass(frozen=True, eq=False)
class Page:
    """The components that events of the chat read and write."""

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
    again_data: gr.Textbox
    """`{"turn": "t2", "question": "..."}`, from the page's script: what to ask in place of it."""
    again: gr.Button
    restore_data: gr.Textbox
    """A kept conversation, from the page's script."""
    restore: gr.Button
    choices: gr.Textbox
    """The model and the filter, from the page's script; see `choices.choice_from`."""
    replacing: gr.State
    """Whether what is shown is not yet the conversation: a question asked anew has no answer."""

    @property
    def changing(self) -> list[Any]:
        """All components that events write."""
        return [
            self.past, self.live, self.turns, self.start,
            self.question, self.ask, self.stop, self.clear, self.notice, self.replacing,
        ]  # fmt: skip


def lay_out(examples: Sequence[str]) -> Page:
    """Add the chat to the `gr.Blocks` that is being built.

    Args:
        examples: questions offered while the conversation is empty.
    """
    html(BESIDE, elem_id="v-beside")
    with gr.Column(elem_id="v-start") as start:
        html(START)
        if examples:
            html('<h2 class="v-label">For example</h2>')
        buttons = tuple(gr.Button(example, elem_classes="v-example") for example in examples)
    past, live, turns = html(elem_id="v-past"), html(elem_id="v-live"), gr.State(())
    with gr.Column(elem_id="v-composer"):
        notice = html(elem_id="v-notice")
        html(SCOPE, elem_id="v-choices")
        with gr.Row(elem_id="v-box"):
            question = gr.Textbox(
                label="Question", show_label=False, container=False, lines=1, max_lines=8,
                placeholder="Ask a question", autofocus=True, elem_id="v-question",
                scale=1, min_width=120, html_attributes=gr.InputHTMLAttributes(spellcheck=True),
            )  # fmt: skip
            ask = gr.Button("Ask", variant="primary", elem_id="v-ask", scale=0, min_width=88)
            stop = gr.Button("Stop", elem_id="v-stop", visible=False, scale=0, min_width=88)
        with gr.Row(elem_id="v-below"):
            html(TOOLS, elem_id="v-tools")
            html(HINT)
            clear = gr.Button("Clear", elem_id="v-clear", visible=False, scale=0, min_width=64)
    again_data, again = _bridge("v-again")
    restore_data, restore = _bridge("v-restore")
    choices = _hidden_box("v-choices-data")
    return Page(
        past=past, live=live, turns=turns, start=start, examples=buttons, question=question,
        ask=ask, stop=stop, clear=clear, notice=notice,
        again_data=again_data, again=again, restore_data=restore_data, restore=restore,
        choices=choices, replacing=gr.State(False),
    )  # fmt: skip


def _bridge(name: str) -> tuple[gr.Textbox, gr.Button]:
    """A box and a button that only the page's scripts use: how they start an event with data."""
    return _hidden_box(f"{name}-data"), gr.Button(name, visible="hidden", elem_id=name)


def _hidden_box(name: str) -> gr.Textbox:
    return gr.Textbox(label=name, show_label=False, container=False, visible="hidden", elem_id=name)
