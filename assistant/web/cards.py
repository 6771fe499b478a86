"""Cards: a quote, or a nearest passage, with where it comes from."""

import re

from assistant.types import Citation, DocumentInfo, Hit, Quote
from assistant.web.markup import escape, marker_id, quote_id
from assistant.wording import date_of

EXCERPT = 1_000
"""How much of a nearest passage a card shows, in code points: all of most, since what an abstention
says of a passage must be there to be checked."""

CONTEXT = 64
"""How much text a `Quote` keeps on either side; less means that the document begins or ends."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def quote_card(citation: Citation, turn_id: str) -> str:
    """A numbered quote, highlighted in the text around it."""
    number, quote = citation.number, citation.quote
    badge = (
        f'<a class="v-number" href="#{marker_id(turn_id, number)}" '
        f'aria-label="Quote {number} in its document">{number}</a>'
    )
    place = f"{_file(citation.document)} · characters {quote.start:,}–{quote.end:,}"
    return (
        f'<li class="v-card" id="{quote_id(turn_id, number)}" tabindex="-1" '
        f'data-number="{number}" data-document="{escape(citation.document.id)}" '
        f'data-start="{quote.start}" data-end="{quote.end}">'
        f'<div class="v-head">{badge}{_about(citation.document)}</div>'
        f'<blockquote class="v-quote" dir="auto">{_in_context(quote)}</blockquote>'
        f'<div class="v-foot"><span class="v-file">{place}</span>'
        f"{copy_button('Copy quote', quote_with_reference(citation))}</div></li>"
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


def quote_with_reference(citation: Citation) -> str:
    """The quote as plain text, with its reference on the next line."""
    document = citation.document
    authors = ", ".join(document.authors) or "author not stated"
    published = ", ".join(filter(None, (document.publisher, date_of(document))))
    return (
        f"“{citation.quote.text}”\n"
        f"— {authors}: {document.name} ({published}). {file_name(document)}, "
        f"characters {citation.quote.start}–{citation.quote.end}"
    )


def file_name(document: DocumentInfo) -> str:
    """The last part of the document's source."""
    return document.source.replace("\\", "/").rstrip("/").rpartition("/")[2]


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
    before = _BLANK_LINE.split(quote.prefix)[-1]
    after = _BLANK_LINE.split(quote.suffix)[0]
    if len(before) >= CONTEXT:  # it may begin inside a word
        before = "… " + (before.partition(" ")[2] or before)
    if len(after) >= CONTEXT:
        after = (after.rpartition(" ")[0] or after) + " …"
    return (
        f'<span class="v-around">{escape(before)}</span><mark>{escape(quote.text)}</mark>'
        f'<span class="v-around">{escape(after)}</span>'
    )
