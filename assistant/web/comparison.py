"""What differs between the sources of an answer, in columns, and when each of them was published.

Like `assistant.disagreement` it judges nothing: it shows what an answer has put side by side, each
side with its author and date. All of it comes from the answer alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.disagreement import Side, Voice, difference
from assistant.types import Answer, Citation, DocumentInfo, Statement
from assistant.web.markup import escape, quote_id
from assistant.wording import date_of, shown
from index.counting import plural
from prompts import load

FEWEST_DATED = 3
"""Dated documents from which on they are shown along a line."""
_CLOSE = 9.0
"""Dots nearer to each other than this, in percent of the line, stand one above the other."""
_LEADS = ("figures_differ", "verdicts_differ")
"""The prompts of the statements that put quotes side by side."""


def comparison_of(answer: Answer, turn_id: str) -> str:
    """Columns of what differs, then a timeline of the sources; empty where there is neither.

    Args:
        answer: any answer, also an abstention.
        turn_id: makes links and ids unique on the page.
    """
    return _columns(answer, turn_id) + _timeline(answer, turn_id)


def _columns(answer: Answer, turn_id: str) -> str:
    statement = _lead(answer)
    if statement is None:
        return ""
    sides = _sides(answer)
    cited = [answer.citations[number - 1] for number in statement.citations]
    ordered = sorted(cited, key=lambda citation: citation.document.published or "~")
    columns = "".join(_column(each, sides.get(each.number), turn_id) for each in ordered)
    return (
        f'<section class="v-comparison" aria-labelledby="{turn_id}-sides">'
        f'<h3 class="v-label" id="{turn_id}-sides">Side by side</h3>'
        f'<ul class="v-sides" role="list">{columns}</ul></section>'
    )


def _lead(answer: Answer) -> Statement | None:
    """The statement that puts quotes of several documents side by side, if there is one."""
    beginnings = tuple(load(name).text.partition("{")[0] for name in _LEADS)
    for statement in answer.statements:
        documents = {answer.citations[number - 1].document.id for number in statement.citations}
        if statement.text.startswith(beginnings) and len(documents) > 1:
            return statement
    return None


def _sides(answer: Answer) -> Mapping[int, Side]:
    """What of each quote differs, by its number: found again, since an answer keeps words alone."""
    voices = [Voice(shown(each.quote.text), each.document) for each in answer.citations]
    found = difference(answer.searched or answer.question, voices)
    return {answer.citations[side.voice].number: side for side in found.sides} if found else {}


def _column(citation: Citation, side: Side | None, turn_id: str) -> str:
    document = citation.document
    authors = ", ".join(document.authors) or "author not stated"
    periods = f" · naming {escape(' and '.join(side.periods))}" if side and side.periods else ""
    return (
        f'<li class="v-side"><p class="v-side-head"><bdi class="v-side-author">{escape(authors)}'
        f'</bdi> <span class="v-side-date">{_time(document)}{periods}</span></p>'
        f'<blockquote class="v-quote" dir="auto">{_marked(citation, side)}</blockquote>'
        f'<p class="v-side-foot"><cite><bdi>{escape(document.name)}</bdi></cite> '
        f"{_marker(citation.number, turn_id)}</p></li>"
    )


def _marked(citation: Citation, side: Side | None) -> str:
    quote = shown(citation.quote.text)
    if side is None or side.text not in quote:
        return escape(quote)
    before, said, after = quote.partition(side.text)
    return f"{escape(before)}<mark>{escape(said)}</mark>{escape(after)}"


@dataclass(frozen=True, slots=True)
class _Dated:
    """A document with a date, and the numbers of its quotes."""

    document: DocumentInfo
    published: str
    numbers: tuple[int, ...]


def _timeline(answer: Answer, turn_id: str) -> str:
    dated, undated = _dated(answer.citations)
    if len(dated) < FEWEST_DATED:
        return ""
    places = list(_places(dated))
    dots = "".join(
        f'<span class="v-dot" style="left:{place:.1f}%;--v-lane:{lane}">{each.numbers[0]}</span>'
        for each, (place, lane) in zip(dated, places, strict=True)
    )
    lanes = 1 + max(lane for _, lane in places)
    entries = "".join(_entry(each, turn_id) for each in dated)
    more = f'<p class="v-note">{plural(undated, "source")} without a date.</p>' if undated else ""
    ends = f"<span>{date_of(dated[0].document)}</span><span>{date_of(dated[-1].document)}</span>"
    return (
        f'<section class="v-timeline" aria-labelledby="{turn_id}-time">'
        f'<h3 class="v-label" id="{turn_id}-time">Sources in order of time</h3>'
        f'<div class="v-axis" aria-hidden="true"><div class="v-dots" style="--v-lanes:{lanes}">'
        f"{dots}</div>"
        f'<div class="v-ends">{ends}</div></div>'
        f'<ol class="v-times" role="list">{entries}</ol>{more}</section>'
    )


def _dated(citations: Sequence[Citation]) -> tuple[list[_Dated], int]:
    """The cited documents that have a date, oldest first, and how many have none."""
    numbers: dict[str, list[int]] = {}
    documents: dict[str, DocumentInfo] = {}
    for citation in citations:
        documents[citation.document.id] = citation.document
        numbers.setdefault(citation.document.id, []).append(citation.number)
    dated = [
        _Dated(document, document.published, tuple(numbers[name]))
        for name, document in documents.items()
        if document.published
    ]
    return sorted(dated, key=lambda each: _middle(each.published)), len(documents) - len(dated)


def _places(dated: Sequence[_Dated]) -> Iterator[tuple[float, int]]:
    """Where each dot stands along the line, in percent, and in which lane above it, from 0."""
    days = [_middle(each.published) for each in dated]
    first, length = days[0], days[-1] - days[0]
    lanes: list[float] = []
    for day in days:
        place = 100 * (day - first) / length if length else 50.0
        free = (i for i, last in enumerate(lanes) if place - last >= _CLOSE)
        lane = next(free, len(lanes))
        lanes[lane : lane + 1] = [place]
        yield place, lane


def _middle(published: str) -> int:
    """The day in the middle of what is known: of a month its 15th, of a year its July 2."""
    year, month, day = (*map(int, published.split("-")), 0, 0)[:3]
    return date(year, month or 7, day or (15 if month else 2)).toordinal()


def _entry(dated: _Dated, turn_id: str) -> str:
    document = dated.document
    authors = f"<bdi>{escape(', '.join(document.authors))}</bdi>: " if document.authors else ""
    markers = " ".join(_marker(number, turn_id) for number in dated.numbers)
    return (
        f"<li>{_time(document)} <span>{authors}<cite><bdi>{escape(document.name)}</bdi></cite> "
        f"{markers}</span></li>"
    )


def _time(document: DocumentInfo) -> str:
    words = escape(date_of(document))
    if not document.published:
        return words
    return f'<time datetime="{escape(document.published)}">{words}</time>'


def _marker(number: int, turn_id: str) -> str:
    return (
        f'<a class="v-ref" href="#{quote_id(turn_id, number)}" aria-label="Quote {number}">'
        f"[{number}]</a>"
    )
