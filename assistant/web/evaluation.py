"""The Evaluation tab: the reports in a folder, read each time the tab is opened."""

from pathlib import Path

import gradio as gr

from assistant.web.layout import RUNS
from assistant.web.parts import html
from assistant.web.places import LOOKING_UP, MOST_LOOKING_UP
from assistant.web.report_cards import listing_html
from assistant.web.reports import list_reports

INTRODUCTION = """
<h2 class="v-heading">Evaluation reports</h2>
<p class="v-lead">How well answers are borne out by the documents, measured on questions whose
evidence is known.</p>
"""

READING = '<p class="v-status" role="status">Reading the reports …</p>'


def add_evaluation(tab: gr.Tab, folder: Path, may_run: bool = False) -> None:
    """Fill the tab that is being built.

    Args:
        tab: where the reports are listed.
        folder: where they are; it need not exist.
        may_run: whether evaluations can be run from the page.
    """
    with gr.Row(elem_id="v-evaluation-head"):
        html(INTRODUCTION)
        refresh = gr.Button("Refresh", elem_id="v-refresh", scale=0, min_width=64)
    html(RUNS)
    listing = html(READING, elem_id="v-reports")

    def on_open() -> str:
        return listing_html(list_reports(folder), folder, may_run)

    # Counted for itself: questions that wait in the queue do not hold it up.
    gr.on(
        [tab.select, refresh.click], on_open, None, listing,
        show_progress="hidden", api_visibility="private",
        concurrency_id=LOOKING_UP, concurrency_limit=MOST_LOOKING_UP,
    )  # fmt: skip
