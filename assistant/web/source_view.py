"""A document as the source pane shows it: its canonical text, in blocks, as inert HTML.

Every element with `data-start` and `data-end` holds exactly that range of the text, in code points;
between two of them there is white space only. The page marks quotes by these offsets. Whatever else
shows a part of a document (the image of a page, say) can stand among them with the same attributes.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.references import file_name
from assistant.types import DocumentInfo
from assistant.web.markup import escape
from assistant.web.source_paging import is_paged
from assistant.wording import date_of
from index.blocks import find_blocks
from index.markup import LIST_ITEM, heading_level
from index.types import Document, Label, Span

MOST_BYTES = 200_000
"""Of a window's blocks as HTML; a document with more is shown in several windows."""
LONGEST_PART = 4_000
"""Code points of one element: a longer block is cut at white space, so that windows can be."""

Kind = Literal["heading", "paragraph", "item", "lines"]

_LINE = re.compile(r"[^\n]+")
_IS_TABLE = re.compile(r"\s*\|")
_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters, white space left out
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff"  # nothing to see
    "\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"  # changes of direction, and annotations
    "\U000e0000-\U000e007f]+"  # tags: whole sentences can be hidden in them
)
_HEADING_MARK = re.compile(r"#{1,6}[ \t]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a document that becomes one element."""

    start: int
    end: int
    kind: Kind
    label: Label
    level: int = 0
    """Of a heading, from 1 to 6."""
    goes_on: bool = False
    """Whether it goes on with the block of the part before."""


@dataclass(frozen=True, slots=True)
class Window:
    """As much of a document as is shown at once."""

    html: str
    start: int
    """0, or where its first element begins."""
    end: int
    """The text's length, or where its last element ends."""


def parts_of(document: Document) -> list[Part]:
    """The document's blocks as the index divides it, long ones cut."""
    text = document.text
    lines = [_whole_lines(text, span) for _, span in document.byline]
    found: list[Part] = []
    for block in find_blocks(text, lines):
        pieces = _pieces(text, block.start, block.end, block.label)
        for number, (start, end, kind) in enumerate(pieces):
            is_heading = block.kind == "heading"
            level = min(6, heading_level(text[start:end]) or 2) if is_heading else 0
            goes_on = number > 0 and kind != "item"
            shown: Kind = "heading" if is_heading else kind
            found.append(Part(start, end, shown, block.label, level, goes_on))
    return found


def window_around(text: str, parts: Sequence[Part], place: int) -> Window:
    """The window in whose middle a place stands, as far as there is text before and after it."""
    at = next((i for i, part in enumerate(parts) if part.end > place), len(parts) - 1)
    first, last, left = at, at, MOST_BYTES - _size(text, parts[at])
    grows = {-1: True, 1: True}
    while any(grows.values()):
        for way in (1, -1):
            other = last + 1 if way > 0 else first - 1
            cost = _size(text, parts[other]) if 0 <= other < len(parts) else MOST_BYTES
            grows[way] = grows[way] and cost <= left
            if grows[way]:
                first, last, left = min(first, other), max(last, other), left - cost
    return _window(text, parts, first, last)


def window_after(text: str, parts: Sequence[Part], place: int) -> Window | None:
    """The window that begins at a place; None where nothing comes there."""
    first = next((i for i, part in enumerate(parts) if part.start >= place), None)
    if first is None:
        return None
    last, left = first, MOST_BYTES - _size(text, parts[first])
    while last + 1 < len(parts) and (left := left - _size(text, parts[last + 1])) >= 0:
        last += 1
    return _window(text, parts, first, last)


def window_before(text: str, parts: Sequence[Part], place: int) -> Window | None:
    """The window that ends at a place; None where nothing comes before it."""
    last = next((i for i in reversed(range(len(parts))) if parts[i].end <= place), None)
    if last is None:
        return None
    first, left = last, MOST_BYTES - _size(text, parts[last])
    while first > 0 and (left := left - _size(text, parts[first - 1])) >= 0:
        first -= 1
    return _window(text, parts, first, last)


def document_html(document: Document, window: Window, address: str | None = None) -> str:
    """The document's head and a window of its text.

    Args:
        document: the document.
        window: of its text.
        address: of the document on the web; it is not in the text, but stated by people.
    """
    info = document.info
    return (
        f'<article class="v-source-document"{" data-paged" if is_paged(document) else ""} '
        f'data-document="{escape(info.id)}" data-length="{len(document.text)}">'
        f"{_head(info, len(document.text), address)}"
        f"{window_html(window)}</article>"
    )


def window_html(window: Window) -> str:
    """A window of a document's text."""
    return (
        f'<div class="v-source-text" data-from="{window.start}" data-to="{window.end}">'
        f"{window.html}</div>"
    )


def address_link(address: str | None) -> str:
    """A line that leads to a document on the web, and tells that site nothing; empty without."""
    if address is None:
        return ""
    shown = escape(address)
    return (
        f'<p class="v-source-address"><a href="{shown}" target="_blank" '
        f'rel="noopener noreferrer external">{shown}</a></p>'
    )


def gone_html(message: str) -> str:
    """What is shown in place of a document that is not in the index."""
    return f'<article class="v-source-gone"><p>{escape(message)}</p></article>'


def part_html(text: str, part: Part) -> str:
    """One element; its text content is the range of the text, unchanged."""
    words = text[part.start : part.end]
    names = [f"v-b-{part.kind}"]
    if part.label not in ("body", "byline"):
        names.append("v-b-dim")
    if part.goes_on:
        names.append("v-b-on")
    attributes = f'data-start="{part.start}" data-end="{part.end}" dir="auto"'
    if part.kind == "heading":
        attributes += f' role="heading" aria-level="{min(6, part.level + 2)}"'
        names.append(f"v-b-h{part.level}")
    return f'<p class="{" ".join(names)}" {attributes}>{_content(words, part.kind)}</p>'


def _content(words: str, kind: Kind) -> str:
    mark = _HEADING_MARK.match(words) if kind == "heading" else None
    if mark is None:
        return _seen(words)
    return f'<span class="v-b-sign">{escape(mark[0])}</span>{_seen(words[mark.end() :])}'


def _seen(words: str) -> str:
    """Escaped text in which unseen characters are shown by a sign, and turn nothing around."""
    return _UNSEEN.sub(
        lambda unseen: f'<bdi class="v-b-unseen" title="{_name(unseen[0])}">{unseen[0]}</bdi>',
        escape(words),
    )


def _name(characters: str) -> str:
    """What the first of some unseen characters is, and how many more there are."""
    name = unicodedata.name(characters[0], "control character").lower()
    more = f" and {len(characters) - 1:,} more" if len(characters) > 1 else ""
    return f"U+{ord(characters[0]):04X} {name}{more}"


def _pieces(text: str, start: int, end: int, label: Label) -> Iterator[tuple[int, int, Kind]]:
    """A block's items or, where line breaks mean something, lines; else one paragraph."""
    block = text[start:end]
    if "\n" not in block:
        kind: Kind = "item" if LIST_ITEM.match(block) else "paragraph"
    elif _is_set_in_lines(block, label):
        kind = "lines"
    elif LIST_ITEM.match(block):
        yield from _items(text, start, end)
        return
    else:
        kind = "paragraph"
    yield from _cut(text, start, end, kind)


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
    """The items of a list; lines without a mark go on with the item before."""
    begins = [
        line.start() + len(line[0]) - len(line[0].lstrip())
        for line in _LINE.finditer(text, start, end)
        if LIST_ITEM.match(line[0].lstrip())
    ]
    if begins[:1] != [start]:  # a mark on a line of its own: what follows it is the item
        begins.insert(0, start)
    for first, next_one in zip(begins, [*begins[1:], end], strict=True):
        yield from _cut(text, first, first + len(text[first:next_one].rstrip()), "item")


def _is_set_in_lines(block: str, label: Label) -> bool:
    return label in ("front_matter", "byline") or _IS_TABLE.match(block) is not None


def _cut(text: str, start: int, end: int, kind: Kind) -> Iterator[tuple[int, int, Kind]]:
    """A range in parts of `LONGEST_PART` at most, cut at white space where there is any."""
    while end - start > LONGEST_PART:
        middle, most = start + LONGEST_PART // 2, start + LONGEST_PART
        spaces = [space.span() for space in _SPACE.finditer(text, middle, most)]
        stop, following = spaces[-1] if spaces else (most, most)
        yield start, stop, kind
        start = following
    yield start, end, kind


def _whole_lines(text: str, span: Span) -> Span:
    start = text.rfind("\n", 0, span[0]) + 1
    end = text.find("\n", span[1])
    return start, end if end >= 0 else len(text)


def _window(text: str, parts: Sequence[Part], first: int, last: int) -> Window:
    html = "".join(part_html(text, part) for part in parts[first : last + 1])
    start = parts[first].start if first > 0 else 0
    return Window(html, start, parts[last].end if last + 1 < len(parts) else len(text))


def _size(text: str, part: Part) -> int:
    return len(part_html(text, part).encode())


def _head(info: DocumentInfo, length: int, address: str | None) -> str:
    authors = ", ".join(info.authors) or "author not stated"
    date = escape(date_of(info))
    if info.published:
        date = f'<time datetime="{escape(info.published)}">{date}</time>'
    publisher = f" · <bdi>{escape(info.publisher)}</bdi>" if info.publisher else ""
    return (
        f'<header class="v-source-about"><h2 class="v-source-title" tabindex="-1">'
        f"<bdi>{escape(info.name)}</bdi></h2>"
        f'<p class="v-source-by"><bdi>{escape(authors)}</bdi> · {date}{publisher}</p>'
        f'<p class="v-source-file"><bdi>{escape(file_name(info))}</bdi> · '
        f"{length:,} characters</p>{address_link(address)}</header>"
    )
