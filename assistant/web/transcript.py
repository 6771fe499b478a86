"""Turns to HTML.

Every turn has the same slots in the same order, so that the page, which is updated in place, does
not jump while an answer grows.
"""

import json
from collections.abc import Sequence

from assistant.exporting.items import below
from assistant.grounding import marked
from assistant.types import Answer, Citation, Stated
from assistant.web.cards import copy_button, passage_card, quote_card
from assistant.web.checks import details_of, made, notes_of
from assistant.web.comparison import comparison_of
from assistant.web.lapsed import lapsed_of, lapses
from assistant.web.markup import escape, mentioned, paragraphs, unquoted
from assistant.web.saved_turns import saved
from assistant.web.turns import Turn
from index.counting import plural

NO_ANSWER = "No answer found in the documents"
LONG_WAIT = 2.0
"""Seconds without anything from a model after which the page says how many they are."""


def transcript(turns: Sequence[Turn]) -> str:
    """Several turns, oldest first."""
    return "".join(map(turn_html, turns))


def turn_html(turn: Turn) -> str:
    """A turn: question, status, text or reason, cards, and what can be done with them."""
    body, cards = _body(turn)
    return (
        f'<article class="v-turn v-{turn.phase}" data-turn="{turn.id}" '
        f'tabindex="-1" aria-busy="{str(turn.running).lower()}">'
        f'<h2 class="v-question" dir="auto">{escape(turn.question)}</h2>'
        f'<p class="v-asked">{_asked(turn)}</p>'
        f'<p class="v-status" role="status">{_status(turn)}</p>'
        f"{body}{cards}{_actions(turn)}</article>"
    )


def _body(turn: Turn) -> tuple[str, str]:
    if turn.error is not None:
        return _error(turn.error), '<div class="v-cards"></div>'
    if turn.answer is not None and turn.answer.status == "abstained":
        return _abstention(turn.answer)
    notes = notes_of(turn.answer) if turn.answer is not None else ""
    text = f'<div class="v-text">{_text(turn)}</div>{lapsed_of(turn)}{notes}'
    compared = comparison_of(turn.answer, turn.id) if turn.answer is not None else ""
    cards = "".join(_card(citation, turn) for citation in turn.citations)
    return text, compared + _cards("Quotes", cards)


def _card(citation: Citation, turn: Turn) -> str:
    return quote_card(citation, turn.id, turn.addresses.get(citation.document.id))


def _text(turn: Turn) -> str:
    """The text: of a model's, what it has stated, what is withdrawn, and what is not checked."""
    if turn.model is None or turn.answer is not None:
        return paragraphs(turn.text, turn.citations, turn.id)
    seen: set[int] = set()
    parts = [
        paragraphs(marked(piece.statement), turn.citations, turn.id, seen)
        if isinstance(piece, Stated)
        else _withdrawn(piece.text, piece.reason)
        for piece in turn.pieces
    ]
    return "".join(parts) + _unchecked(turn.provisional)


def _withdrawn(text: str, reason: str) -> str:
    return (
        f'<p class="v-withdrawn" dir="auto"><del>{unquoted(text)}</del> '
        f'<span class="v-why">Withdrawn: {mentioned(reason)}.</span></p>'
    )


def _unchecked(text: str) -> str:
    if not text.strip():
        return ""
    return (
        f'<p class="v-unchecked" dir="auto">{unquoted(text)} '
        '<span class="v-tag">being checked</span></p>'
    )


def _abstention(answer: Answer) -> tuple[str, str]:
    reason = escape(answer.reason or "")
    body = (
        f'<div class="v-abstained"><p class="v-verdict">{NO_ANSWER}</p>'
        f'<p dir="auto">{reason}</p></div>{notes_of(answer)}'
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


def _asked(turn: Turn) -> str:
    """Of what was asked, and which question was searched; said once and never moved."""
    lines = []
    if turn.scope:
        lines.append(f"Asked of <bdi>{escape(turn.scope)}</bdi>")
    if turn.standalone:
        lines.append(f"Searched for <q><bdi>{escape(turn.standalone)}</bdi></q>")
    return "<br>".join(lines)


def _status(turn: Turn) -> str:
    match turn.phase:
        case "searching" | "reading" | "writing":
            return f'<span class="v-pulse"></span>{_doing(turn)}{_silence(turn)}'
        case "stopped":
            return "Stopped. What was not checked yet is not shown." if turn.model else "Stopped."
        case "failed":
            return "Not answered."
    return _counted(turn)


def _doing(turn: Turn) -> str:
    if turn.phase == "searching":
        return "Searching…"
    found = plural(turn.found, "passage")
    if turn.model is None:
        return f"Reading {found}…"
    model = f"<bdi>{escape(turn.model)}</bdi>"
    if turn.phase == "reading":
        return f"Found {found} · asking {model}…"
    return f"Writing with {model}… {found}"


def _silence(turn: Turn) -> str:
    """How long nothing has come; not read out, or it would be each second."""
    if turn.model is None or turn.silent < LONG_WAIT:
        return ""
    return f' <span aria-hidden="true">{turn.silent:.0f} s</span>'


def _counted(turn: Turn) -> str:
    return " · ".join(filter(None, [_quoted(turn), lapses(turn)]))


def _quoted(turn: Turn) -> str:
    if turn.answer is None or turn.answer.status == "abstained":
        return "No answer"
    documents = len({citation.document.id for citation in turn.citations})
    return f"{plural(len(turn.citations), 'quote')} from {plural(documents, 'document')}"


_AGAIN = (
    '<button type="button" class="v-copy v-again">Ask again</button>'
    '<button type="button" class="v-copy v-edit">Edit question</button>'
)


def _data(turn: Turn) -> str:
    """The turn for the page's scripts, which keep it, export it, and open its sources."""
    return f'<div class="v-data" hidden data-saved="{escape(json.dumps(saved(turn)))}"></div>'


def _actions(turn: Turn) -> str:
    if turn.answer is None:
        return f'<div class="v-actions">{"" if turn.running else _AGAIN}</div>'
    button = copy_button("Copy answer", below(turn.answer, turn.folder).to_markdown())
    note = escape(" · ".join(made(turn.answer)))
    return (
        f'<div class="v-actions">{button}{_AGAIN}'
        f'<span class="v-keep" data-turn="{turn.id}"></span>'
        f'<span class="v-note">{note}</span></div>'
        f"{details_of(turn.answer)}{_data(turn)}"
    )
