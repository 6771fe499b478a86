"""Cards: a quote, or a nearest passage, with where it comes from."""

from assistant.exporting.items import around
from assistant.references import file_name, plain
from assistant.types import Citation, DocumentInfo, Hit, Quote
from assistant.web.markup import escape, marker_id, quote_id
from assistant.wording import date_of

EXCERPT = 1_000
"""How much of a nearest passage a card shows, in code points: all of most, since what an abstention
says of a passage must be there to be checked."""


def quote_card(citation: Citation, turn_id: str, address: str | None = None) -> str:
    """A numbered quote, highlighted in the text around it.

    Args:
        citation: of the quote.
        turn_id: of the turn it is shown in.
        address: of the document on the web, for what is copied.
    """
    number, quote = citation.number, citation.quote
    badge = (
        f'<a class="v-number" href="#{marker_id(turn_id, number)}" '
        f'aria-label="Quote {number} in its document">{number}</a>'
    )
    page = citation.place and escape(citation.place)
    characters = f"characters {quote.start:,}–{quote.end:,}"
    place = " · ".join(filter(None, (_file(citation.document), page, characters)))
    return (
        f'<li class="v-card" id="{quote_id(turn_id, number)}" tabindex="-1" '
        f'data-number="{number}" data-document="{escape(citation.document.id)}" '
        f'data-start="{quote.start}" data-end="{quote.end}">'
        f'<div class="v-head">{badge}{_about(citation.document)}</div>'
        f'<blockquote class="v-quote" dir="auto">{_in_context(quote)}</blockquote>'
        f'<div class="v-foot"><span class="v-file">{place}</span>'
        f"{copy_button('Copy quote', plain(citation, address))}</div></li>"
    )


def passage_card(hit: Hit) -> str:
    """A nearest passage: not an answer, so it has no number."""
    passage = hit.passage
    place = f"{_file(hit.document)} · characters {passage.start:,}–{passage.end:,}"
    return (
        f'<li class="v-card v-near"><div class="v-head">{_about(hit.document)}</div>'
        f'<blockquote class="v-quote" dir="auto">{escape(excerpt(passage.text))}</blockquote>'
        f'<div class="v-foot"><span class="v-file">{place}</span></div></li>'
    )


def copy_button(label: str, text: str) -> str:
    """A button that puts `text` on the clipboard (`page.js` listens)."""
    return (
        f'<button type="button" class="v-copy" data-copy="{escape(text)}">{escape(label)}</button>'
    )


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """The beginning of `text`, cut between words."""
    text = text.strip()
    if len(text) <= limit:
        return text
    cut = text[:limit]
    return (cut.rpartition(" ")[0] or cut).rstrip() + " …"


def _about(document: DocumentInfo) -> str:
    authors = ", ".join(document.authors) or "author not stated"
    date = escape(date_of(document))
    if document.published:
        date = f'<time datetime="{escape(document.published)}">{date}</time>'
    publisher = f' · <bdi class="v-publisher">{escape(document.publisher or "")}</bdi>'
    return (
        f'<div class="v-about"><cite class="v-title"><bdi>{escape(document.name)}</bdi></cite>'
        f'<span class="v-by"><bdi class="v-author">{escape(authors)}</bdi> · '
        f'<span class="v-date">{date}</span>{publisher if document.publisher else ""}</span></div>'
    )


def _file(document: DocumentInfo) -> str:
    return f"<bdi>{escape(file_name(document))}</bdi>"


def _in_context(quote: Quote) -> str:
    """The quote in its paragraph: what stands above or below a blank line may be a heading."""
    before, after = around(quote)
    return (
        f'<span class="v-around">{escape(before)}</span><mark>{escape(quote.text)}</mark>'
        f'<span class="v-around">{escape(after)}</span>'
    )
