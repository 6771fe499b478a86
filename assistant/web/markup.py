"""Text to HTML. Whatever comes from a document, a question or a model is escaped here.

Nothing is parsed as Markdown or HTML. Of an answer's text three things are understood: blank lines
between paragraphs, `[n]` markers of quotes it really carries, and these quotes in quotation marks.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.types import Citation
from assistant.wording import shown

NO_BREAK_SPACE = "\u00a0"

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def escape(text: str) -> str:
    """`text` as inert HTML, for content and for attributes in double quotes."""
    return html.escape(text, quote=True)


def quote_id(turn_id: str, number: int) -> str:
    """The id of a quote's card on the page."""
    return f"{turn_id}-quote-{number}"


def marker_id(turn_id: str, number: int) -> str:
    """The id of the first marker that points to a quote."""
    return f"{turn_id}-ref-{number}"


def paragraphs(
    text: str, citations: Sequence[Citation], turn_id: str, seen: set[int] | None = None
) -> str:
    """An answer's text as paragraphs, its markers linked to their cards.

    Args:
        text: the answer's text, whole or as far as it has come.
        citations: the quotes it carries so far; other markers stay plain text.
        turn_id: makes the links unique on the page.
        seen: numbers that earlier paragraphs of the turn have markers of; grows.
    """
    pieces = "".join(_pieces(text.strip(), citations, turn_id, set() if seen is None else seen))
    blocks = (block for block in pieces.split(_BREAK) if block.strip())
    return "".join(f'<p dir="auto">{block}</p>' for block in blocks)


def unquoted(text: str) -> str:
    """A text that nobody has checked, as inert HTML without links and without quotation marks.

    Only what stands in a document may be seen between quotation marks.
    """
    return escape(" ".join(text.translate(_NO_QUOTES).split()))


def mentioned(reason: str) -> str:
    """A reason as HTML: the words it speaks of are no quotes, so they stand in italics."""
    return _IN_QUOTES.sub(r"<i>\1</i>", escape(reason))


_IN_QUOTES = re.compile("“([^“”]*)”")
_NO_QUOTES = str.maketrans("", "", '"“”„‟«»〝〞＂「」『』')


_BREAK = "<!-- -->"
"""Between paragraphs while a text is put together; escaped text cannot contain it."""


def _pieces(
    text: str, citations: Sequence[Citation], turn_id: str, seen: set[int]
) -> Iterator[str]:
    numbers = {citation.number for citation in citations}
    position = 0
    for match in _pattern(citation.quote.text for citation in citations).finditer(text):
        before, position = text[position : match.start()], match.end()
        number = int(match["number"] or 0)
        if number in numbers:
            yield _plain(before[:-1] + NO_BREAK_SPACE if before.endswith(" ") else before)
            yield _marker(number, turn_id, first=number not in seen)
            seen.add(number)
        else:
            said = "" if match["number"] else ' class="v-said"'
            yield f"{_plain(before)}<bdi{said}>{escape(match[0])}</bdi>"
    yield _plain(text[position:])


def _pattern(quotes: Iterable[str]) -> re.Pattern[str]:
    """Quoted quotes first, so that a `[2]` inside a source's own words is not taken for ours."""
    words = {re.escape(form) for quote in quotes for form in (quote, shown(quote)) if form}
    said = "|".join(sorted(words, key=len, reverse=True))
    marker = r"\[(?P<number>[0-9]{1,4})\]"
    return re.compile(f"“(?:{said})”|{marker}" if said else marker)


def _plain(text: str) -> str:
    return _BLANK_LINE.sub(_BREAK, escape(text))


def _marker(number: int, turn_id: str, first: bool) -> str:
    own_id = f' id="{marker_id(turn_id, number)}"' if first else ""
    return (
        f'<a class="v-ref"{own_id} href="#{quote_id(turn_id, number)}" '
        f'aria-label="Quote {number}">[{number}]</a>'
    )
