"""Questions with their answers as one HTML file: no scripts, nothing loaded, made to be printed.

Its policy allows the one style sheet in it, by its hash, and nothing else. What comes from
documents, users and models is escaped, so that the policy is a second wall.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence

from assistant.exporting.items import Item, about, around, left_out_note, place_of
from assistant.exporting.markdown import NOTHING, TITLE
from assistant.grounding import marked
from assistant.types import Answer, Citation
from assistant.web.markup import escape, marker_id, paragraphs, quote_id

STYLE = """
:root { color-scheme: light dark; --text: #22201c; --soft: #5f594f; --line: #dcd7cc;
  --page: #fbfaf7; --accent: #17545c; --mark: #fcecb0; --mark-text: #22201c; }
@media (prefers-color-scheme: dark) { :root { --text: #ebe7de; --soft: #aca699; --line: #3a3b37;
  --page: #171816; --accent: #8ccbd0; --mark: #5a4c17; --mark-text: #fbf1cf; } }
body { max-width: 44rem; margin: 2.5rem auto; padding: 0 1.25rem; background: var(--page);
  color: var(--text); font: 1.0625rem/1.65 Palatino, Georgia, "Liberation Serif", serif;
  overflow-wrap: anywhere; }
h1, h2, h3, footer { line-height: 1.3; }
h1 { font-size: 1.125rem; color: var(--soft); }
h2 { margin: 2.5rem 0 1rem; font-size: 1.5rem; }
h3 { margin: 2rem 0 0.75rem; font-size: 1rem; }
a { color: var(--accent); }
ol { padding: 0; list-style: none; }
li { margin: 0 0 1.25rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); }
li:target { border-color: var(--accent); }
blockquote { margin: 0; white-space: pre-line; }
.around, .note, .place, footer { color: var(--soft); }
.place, footer { font-size: 0.875rem; margin: 0.25rem 0 0; }
mark { background: var(--mark); color: var(--mark-text); }
footer { margin-top: 3rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
@media print {
  :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --page: #fff;
    --accent: #000; --mark: #fff3bf; --mark-text: #000; }
  body { max-width: none; margin: 0; font-size: 11pt; }
  a { text-decoration: none; }
  mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; text-decoration: underline; }
  h2, h3 { break-after: avoid; }
  li { break-inside: avoid; }
}
"""


def policy() -> str:
    """The page's content security policy."""
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"


def to_html(items: Sequence[Item], made: str = "") -> str:
    """The whole page.

    Args:
        items: what it shows.
        made: when it was made, in words; left out where it is empty.
    """
    title = items[0].question if len(items) == 1 else TITLE
    heading = "" if len(items) == 1 else f"<h1>{TITLE}</h1>"
    turns = "".join(_turn(item, f"t{number}") for number, item in enumerate(items, start=1))
    when = f" on {escape(made)}" if made else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy())}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(' '.join(title.split()))}</title><style>{STYLE}</style></head>\n"
        f"<body><main>{heading}{turns}</main>\n"
        f"<footer>Exported from Verbatim{when}. Every quote was letter by letter in its document "
        "then; a place counts the characters of the file's text.</footer></body></html>\n"
    )


def _turn(item: Item, turn_id: str) -> str:
    note = left_out_note(item)
    body = f"<p>{NOTHING}</p>" if item.answer is None else "".join(_answer(item.answer, turn_id))
    cards = "" if item.answer is None else _quotes(item, item.answer, turn_id)
    left_out = f'<p class="note" dir="auto">{escape(note)}</p>' if note else ""
    return (
        f'<article><h2 dir="auto">{escape(item.question)}</h2>{body}{left_out}{cards}</article>\n'
    )


def _answer(answer: Answer, turn_id: str) -> Iterator[str]:
    if answer.searched:
        yield f'<p class="note" dir="auto">Searched for: {escape(answer.searched)}</p>'
    if answer.status == "abstained":
        yield "<p><strong>No answer found in the documents.</strong></p>"
        yield f'<p dir="auto">{escape(answer.reason or "")}</p>'
    seen: set[int] = set()
    for statement in answer.statements:
        yield paragraphs(marked(statement), answer.citations, turn_id, seen)
    for note in answer.notes:
        yield f'<p class="note" dir="auto">{escape(note)}</p>'


def _quotes(item: Item, answer: Answer, turn_id: str) -> str:
    if not answer.citations:
        return ""
    cards = "".join(
        _quote(citation, turn_id, item.addresses.get(citation.document.id))
        for citation in answer.citations
    )
    return f"<h3>Quotes</h3><ol>{cards}</ol>"


def _quote(citation: Citation, turn_id: str, address: str | None) -> str:
    number, quote, document = citation.number, citation.quote, citation.document
    before, after = around(quote)
    back = f'<a href="#{marker_id(turn_id, number)}" aria-label="Back to the text">[{number}]</a>'
    return (
        f'<li id="{quote_id(turn_id, number)}"><blockquote dir="auto">'
        f'<span class="around">{escape(before)}</span><mark>{escape(quote.text)}</mark>'
        f'<span class="around">{escape(after)}</span></blockquote>'
        f'<p class="place">{back} <bdi>{escape(about(document))}</bdi>: '
        f"<cite><bdi>{escape(document.name)}</bdi></cite> · "
        f"<bdi>{escape(place_of(citation))}</bdi>{_link(address)}</p></li>"
    )


def _link(address: str | None) -> str:
    shown = escape(address or "")
    return f' · <a href="{shown}" rel="noopener noreferrer">{shown}</a>' if shown else ""
