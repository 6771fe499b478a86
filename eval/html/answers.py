"""The parts of an answer besides its quotes. Answers made elsewhere may lack any of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.html.answer_text import Run, paragraphs
from eval.html.context import characters
from eval.html.quotes import QuoteView, byline
from eval.html.wording import (
    excerpt,
    file_name,
    list_of,
    mapping_of,
    number_of,
    seconds_text,
    shortened,
    text_of,
)
from index.counting import plural

MOST_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage that was near when the system declined."""

    title: str
    byline: str
    place: str
    text: str


def turns(history: object) -> Iterator[tuple[str, str]]:
    """Earlier questions and answers of the conversation."""
    for turn in list_of(history):
        asked, told, *_ = *list_of(turn), "", ""
        yield shortened(text_of(asked)), shortened(text_of(told))


def reason(answer: Mapping[str, Any]) -> str:
    """Why the system declined; nothing if it did not."""
    if answer.get("status") != "abstained":
        return ""
    given = text_of(answer.get("reason")) or text_of(answer.get("text"))
    return shortened(given) or "The system gave no reason."


def text_runs(answer: Mapping[str, Any], quotes: Sequence[QuoteView]) -> tuple[list[Run], ...]:
    """The paragraphs of the text, unless it is an abstention that only repeats its reason."""
    text = text_of(answer.get("text"))
    if answer.get("status") == "abstained" and shortened(text) == reason(answer):
        return ()
    citations = map(mapping_of, list_of(answer.get("citations")))
    places = {quote.number: place for place, quote in reversed(list(enumerate(quotes, start=1)))}
    said = [text_of(mapping_of(citation.get("quote")).get("text")) for citation in citations]
    return tuple(paragraphs(shortened(text), said, places))


def nearest(answer: Mapping[str, Any]) -> Iterator[Nearest]:
    """The nearest passages of an abstention, the first few."""
    for hit in map(mapping_of, list_of(answer.get("nearest"))[:MOST_NEAREST]):
        document = mapping_of(hit.get("document"))
        source = file_name(text_of(document.get("source")))
        start, end = number_of(hit.get("start")), number_of(hit.get("end"))
        span = "" if start is None or end is None else characters(int(start), int(end))
        yield Nearest(
            title=text_of(document.get("title")) or source or text_of(hit.get("passage_id")),
            byline=byline(document),
            place=" · ".join(filter(None, (source, span))),
            text=excerpt(text_of(hit.get("text"))),
        )


def notes(answer: Mapping[str, Any]) -> Iterator[str]:
    """Confidence, time, tokens and the like, as far as they are given."""
    confidence = number_of(answer.get("confidence"))
    if confidence is not None:
        yield f"confidence {confidence:.2f}"
    seconds = number_of(mapping_of(answer.get("timings")).get("total"))
    if seconds is not None:
        yield seconds_text(seconds)
    tokens = number_of(mapping_of(answer.get("usage")).get("total_tokens"))
    if tokens is not None:
        yield plural(int(tokens), "token")
    if dropped := int(number_of(answer.get("dropped")) or 0):
        yield f"{plural(dropped, 'statement')} dropped"
    if model := text_of(answer.get("model")):
        yield model
