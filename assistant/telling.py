"""How an answer of several voices is told: in order of time, with what differs side by side.

`ordered` goes before quotes are numbered, `lead_statements` and `later` after.
"""

import re
from collections.abc import Sequence

from assistant.disagreement import Side, Voice, difference
from assistant.extractive import Selection
from assistant.question import wants_voices
from assistant.types import Citation
from assistant.wording import date_of, shown, voice_of
from index import DocumentInfo
from prompts import load

_OVER_TIME = re.compile(
    r"\b(?:chang\w+|develop\w*|evol\w+|over (?:time|the (?:years|decades))|trends?|so far"
    r"|compar\w+|contrast\w*|differ\w*|from (?:1\d|20)\d\ds? (?:to|until)\b|then and now"
    r"|between (?:1\d|20)\d\d and|course of)\b",
    re.I,
)
_ONE_OF_THEM = re.compile(
    r"^\W*(?:who|whose|which (?:of the )?(?:author|article|source|writer|document|brief)s?)\b", re.I
)
_UNDATED = "~"
"""Sorts behind every date."""


def ordered(selections: Sequence[Selection], question: str) -> tuple[Selection, ...]:
    """The quotes in the order to tell them: by date, oldest first, where a question asks for that.

    That is where it asks for several voices, a comparison or a change over time, and where the
    quotes differ: what differs comes first. Quotes of one document stay together, those without a
    date come last. All other answers begin with the most direct quote.
    """
    found = difference(question, [_voice(selection) for selection in selections])
    if found is None and not _asks_for_order(question):
        return tuple(selections)
    differing = {side.voice for side in found.sides} if found else set()
    documents = [selection.candidate.hit.document for selection in selections]
    places = {document.id: i for i, document in reversed(list(enumerate(documents)))}
    order = sorted(
        range(len(selections)),
        key=lambda i: (
            i not in differing,
            documents[i].published or _UNDATED,
            places[documents[i].id],
        ),
    )
    return tuple(selections[i] for i in order)


def lead_statements(
    question: str, citations: Sequence[Citation]
) -> list[tuple[str, tuple[int, ...]]]:
    """What an answer says first where its quotes differ: the figures or verdicts side by side.

    Args:
        question: one that stands alone.
        citations: in the order of `ordered`.

    Returns:
        (text, citation numbers) pairs; what stands between quotation marks is taken from the
        quotes. Empty where nothing differs.
    """
    voices = [Voice(shown(citation.quote.text), citation.document) for citation in citations]
    found = difference(question, voices)
    if found is None:
        return []
    sides = "; ".join(_side(side, citations[side.voice].document) for side in found.sides)
    text = load(f"{found.kind}_differ").render(sides=sides)
    return [(text, tuple(citations[side.voice].number for side in found.sides))]


def later(text: str, citation: Citation, previous: Citation | None) -> str:
    """A quote's statement that says, where it is sure, that its text is later than the one before.

    Args:
        text: of the statement, as `assistant.wording.statement_text` gives it.
        citation: what it cites.
        previous: what the statement before it cites.
    """
    if previous is None or not is_later(citation.document, previous.document):
        return text
    return load("later").render(statement=text)


def is_later(document: DocumentInfo, other: DocumentInfo) -> bool:
    """Whether a document was published after another, as far as both dates are known."""
    mine, theirs = document.published or "", other.published or ""
    known = min(len(mine), len(theirs))
    return known > 0 and mine[:known] > theirs[:known]


def _asks_for_order(question: str) -> bool:
    is_asked = wants_voices(question) and not _ONE_OF_THEM.search(question)
    return is_asked or _OVER_TIME.search(question) is not None


def _voice(selection: Selection) -> Voice:
    hit = selection.candidate.hit
    first = hit.passage.start
    text = hit.passage.text[max(0, selection.start - first) : selection.end - first]
    return Voice(shown(text), hit.document)


def _side(side: Side, document: DocumentInfo) -> str:
    when = date_of(document)
    about = [f"published {when}" if document.published else when]
    if side.periods:
        about.append(f"naming {' and '.join(side.periods)}")
    voice = shown(voice_of(document))
    if not document.authors:
        about.insert(0, "author not stated")
        voice = f"“{voice}”"
    return load("side").render(voice=voice, about=", ".join(about), quote=side.text)
