"""Turns to HTML.

Every turn has the same slots in the same order, so that the page, which is updated in place, does
not jump while an answer grows.
"""

from collections.abc import Sequence

from assistant.types import Answer
from assistant.web.cards import copy_button, passage_card, quote_card
from assistant.web.markup import escape, paragraphs, plural
from assistant.web.turns import Turn

NO_ANSWER = "The documents do not answer this"


def transcript(turns: Sequence[Turn]) -> str:
    """Several turns, oldest first."""
    return "".join(map(turn_html, turns))


def turn_html(turn: Turn) -> str:
    """A turn: question, status, text or reason, cards, and what can be done with them."""
    body, cards = _body(turn)
    return (
        f'<article class="v-turn v-{turn.phase}" data-turn="{turn.id}" '
        f'aria-busy="{str(turn.running).lower()}">'
        f'<h2 class="v-question" dir="auto">{escape(turn.question)}</h2>'
        f'<p class="v-status" role="status">{_status(turn)}</p>'
        f"{body}{cards}{_actions(turn)}</article>"
    )


def _body(turn: Turn) -> tuple[str, str]:
    if turn.error is not None:
        return _error(turn.error), '<div class="v-cards"></div>'
    if turn.answer is not None and turn.answer.status == "abstained":
        return _abstention(turn.answer)
    text = f'<div class="v-text">{paragraphs(turn.text, turn.citations, turn.id)}</div>'
    cards = "".join(quote_card(citation, turn.id) for citation in turn.citations)
    return text, _cards("Quotes", cards)


def _abstention(answer: Answer) -> tuple[str, str]:
    reason = escape(answer.reason or "")
    body = (
        f'<div class="v-abstained"><p class="v-verdict">{NO_ANSWER}</p>'
        f'<p dir="auto">{reason}</p></div>'
    )
    return body, _cards("Nearest passages", "".join(map(passage_card, answer.nearest)))


def _error(message: str) -> str:
    return (
        '<div class="v-error" role="alert"><p class="v-verdict">This went wrong</p>'
        f"<p>{escape(message)}</p></div>"
    )


def _cards(label: str, cards: str) -> str:
    if not cards:
        return '<div class="v-cards"></div>'
    return (
        f'<div class="v-cards"><h3 class="v-label">{label}</h3>'
        f'<ol class="v-list" role="list">{cards}</ol></div>'
    )


def _status(turn: Turn) -> str:
    searched = f" for <q><bdi>{escape(turn.standalone)}</bdi></q>" if turn.standalone else ""
    match turn.phase:
        case "searching":
            return '<span class="v-pulse"></span>Searching…'
        case "reading":
            found = plural(turn.found, "passage")
            return f'<span class="v-pulse"></span>Searching{searched}… {found}'
        case "stopped":
            return "Stopped."
        case "failed":
            return "Not answered."
    return f"Searched{searched} · {_counted(turn)}" if searched else _counted(turn)


def _counted(turn: Turn) -> str:
    if turn.answer is None or turn.answer.status == "abstained":
        return "No answer"
    documents = len({citation.document.id for citation in turn.citations})
    return f"{plural(len(turn.citations), 'quote')} from {plural(documents, 'document')}"


def _actions(turn: Turn) -> str:
    if turn.answer is None:
        return '<div class="v-actions"></div>'
    notes = [f"Answered by {turn.answer.model}"]
    if "total" in turn.answer.timings:
        notes.append(_duration(turn.answer.timings["total"]))
    if turn.answer.dropped:
        left_out = plural(turn.answer.dropped, "statement")
        notes.append(f"{left_out} left out: not borne out by the quotes")
    button = copy_button("Copy answer", turn.answer.to_markdown())
    note = escape(" · ".join(notes))
    return f'<div class="v-actions">{button}<span class="v-note">{note}</span></div>'


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{max(1, round(1000 * seconds))} ms"
