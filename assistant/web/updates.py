"""What the components of the page show next, by component; those left out stay as they are."""

from typing import Any

import gradio as gr

from assistant.web.layout import Page
from assistant.web.markup import escape
from assistant.web.transcript import transcript, turn_html
from assistant.web.turns import Turn
from index.errors import VerbatimError

Updates = dict[Any, Any]

NOT_REPLACED = "The conversation is as it was, for there was no new answer."


def begun(page: Page, before: tuple[Turn, ...], turn: Turn) -> Updates:
    """A question after these turns, of which nothing is known yet."""
    blank = {page.start: gr.Column(visible=False), page.question: "", page.notice: ""}
    return {page.past: transcript(before)} | blank | live(page, turn) | running(page, True)


def live(page: Page, turn: Turn | None) -> Updates:
    """The last turn, as far as it has come."""
    return {page.live: turn_html(turn) if turn is not None else ""}


def conversation(page: Page, turns: tuple[Turn, ...]) -> Updates:
    """A whole conversation in place of what is on the page; an empty one begins anew."""
    return (
        {page.past: transcript(turns[:-1]), page.notice: "", page.turns: turns}
        | {page.start: gr.Column(visible=not turns), page.replacing: False}
        | live(page, turns[-1] if turns else None)
        | running(page, False, begun=bool(turns))
    )


def stopped(page: Page, turns: tuple[Turn, ...], replacing: bool) -> Updates:
    """The end of an event that asked, whether it came by itself or by Stop."""
    if replacing:
        return conversation(page, turns) | {page.notice: notice(NOT_REPLACED)}
    if not turns or not turns[-1].running:
        return running(page, False, begun=bool(turns))
    turns = (*turns[:-1], turns[-1].stopped())
    return {page.turns: turns} | live(page, turns[-1]) | running(page, False)


def running(page: Page, is_running: bool, begun: bool = True) -> Updates:
    """The buttons, while an answer is made and otherwise."""
    return {
        page.ask: gr.Button(visible=not is_running),
        page.stop: gr.Button(visible=is_running),
        page.clear: gr.Button(visible=begun and not is_running),
    }


def refusal(page: Page, error: VerbatimError) -> Updates:
    """Why nothing was done; all else stays."""
    return {page.notice: notice(str(error))}


def notice(message: str) -> str:
    """A message above the question box."""
    return f'<p role="alert">{escape(message)}</p>'
