"""A document as HTML: its whole text, unchanged, in blocks, and nothing of it alive."""

import re
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import DocumentInfo
from assistant.web.source_view import (
    LONGEST_PART,
    MOST_BYTES,
    document_html,
    part_html,
    parts_of,
    window_after,
    window_around,
    window_before,
    window_html,
)
from index.sources import read_document
from index.types import Document

BRIEFS = Path(__file__).parents[3] / "eval/datasets/briefs/documents"
ARTICLE = """---
title: Pumps
---

# Pumps of the marsh

By Ada Loon
May 4, 1932

The pumps were built in 1931. They stood
until the flood came.

- one pump at the mill
  and its well
- another by the sea

| year | pumps |
|------|-------|
| 1931 | 2     |

Share this
"""


def document(text, **known):
    digest = sha256(text.encode()).hexdigest()
    values = {"title": None, "authors": (), "publisher": None, "published": None, **known}
    info = DocumentInfo(digest[:16], source="texts/pumps.md", sha256=digest, **values)
    return Document(info, text, ("texts/pumps.md",))


class Reader(HTMLParser):
    """The elements with offsets, and what text each holds; and every tag there is."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.elements, self.depth = [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        values = dict(attrs)
        if "data-start" in values:
            self.elements.append([int(values["data-start"]), int(values["data-end"]), ""])

    def handle_data(self, data):
        if self.elements:
            self.elements[-1][2] += data


def elements(html):
    return [tuple(each) for each in Reader(html).elements]


def whole(text):
    doc = document(text)
    return "".join(part_html(text, part) for part in parts_of(doc))


def assert_shows(text):
    """Every element holds its range of the text, and between two there is only white space."""
    position = 0
    for start, end, shown in elements(whole(text)):
        assert shown == text[start:end] != ""
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize("brief", sorted(BRIEFS.glob("*.md")), ids=lambda path: path.name)
def test_the_briefs_are_shown_whole_and_unchanged(brief):
    doc, _ = read_document(brief)
    assert_shows(doc.text)
    html = "".join(part_html(doc.text, part) for part in parts_of(doc))
    assert set(Reader(html).tags) <= {"p", "span", "bdi"}


@given(st.text(alphabet="ab .\n\t#-|*1[]<>&\"'\u202e\u200bא€😀\x0c\x85\u2028", max_size=300))
def test_any_text_is_shown_whole_and_unchanged(text):
    assert_shows(text)


def test_blocks_are_told_apart():
    text = ARTICLE
    shown = {text[part.start : part.end]: part for part in parts_of(document(text))}
    kinds = {words.split("\n")[0]: (part.kind, part.label) for words, part in shown.items()}
    assert kinds["---"] == ("lines", "front_matter")
    assert kinds["# Pumps of the marsh"][0] == "heading"
    assert kinds["The pumps were built in 1931. They stood"] == ("paragraph", "body")
    assert kinds["- one pump at the mill"][0] == "item"
    assert kinds["- another by the sea"][0] == "item"
    assert kinds["Share this"] == ("paragraph", "boilerplate")
    html = whole(text)
    assert '<span class="v-b-sign"># </span>Pumps of the marsh' in html
    assert re.search(r'<p class="v-b-heading v-b-h1" [^>]*role="heading" aria-level="3">', html)
    assert re.search(r'<p class="v-b-paragraph v-b-dim"[^>]*>Share this', html)


def test_a_table_keeps_its_lines():
    text = "| year | pumps |\n|------|-------|\n| 1931 | 2     |\n"
    parts = parts_of(document(text))
    assert {part.kind for part in parts} <= {"lines", "paragraph"}
    assert_shows(text)


def test_markup_in_a_text_stays_text():
    hostile = '<script>x()</script> <img src=x onerror="y()"> <!-- --> &lt; </p><b>'
    html = whole(hostile)
    assert Reader(html).tags == ["p"]
    assert elements(html)[0][2] == hostile


def test_unseen_characters_are_shown_and_turn_nothing_around():
    html = whole("One \u202edesrever\u202c and zero\u200b\u200b\ufeffwidth, but 👩\u200d🌾 stays.")
    assert '<bdi class="v-b-unseen" title="U+202E right-to-left override">\u202e</bdi>' in html
    assert 'title="U+200B zero width space and 2 more">\u200b\u200b\ufeff</bdi>' in html
    assert "👩\u200d🌾" in html
    assert 'title="U+E0041 tag latin capital letter a and 1 more"' in whole("x\U000e0041\U000e0042")


def test_the_head_names_what_is_known_and_escapes_it():
    doc = document("Text.", title="<b>T</b>", authors=("A & B",), published="1932-05")
    html = document_html(doc, window_around(doc.text, parts_of(doc), 0))
    assert "<bdi>&lt;b&gt;T&lt;/b&gt;</bdi>" in html
    assert '<bdi>A &amp; B</bdi> · <time datetime="1932-05">May 1932</time></p>' in html
    assert "<bdi>pumps.md</bdi> · 5 characters" in html
    unknown = document_html(document("Text."), window_around("Text.", parts_of(doc), 0))
    assert "author not stated" in unknown
    assert "date not stated" in unknown


LONG = "\n\n".join(f"Paragraph {n}. {'The pumps ran & ran. ' * 40}".strip() for n in range(900))


def test_a_long_document_comes_in_bounded_windows_that_fit_together():
    doc = document(LONG)
    parts = parts_of(doc)
    middle = LONG.index("Paragraph 450.")
    window = window_around(LONG, parts, middle)
    assert len(window.html.encode()) <= MOST_BYTES
    assert len(window.html.encode()) > MOST_BYTES * 0.9
    assert abs((window.start + window.end) / 2 - middle) < 5_000
    shown = elements(window.html)
    before, after = window_before(LONG, parts, window.start), window_after(LONG, parts, window.end)
    while before is not None:
        assert len(before.html.encode()) <= MOST_BYTES
        shown = elements(before.html) + shown
        before = window_before(LONG, parts, before.start)
    while after is not None:
        assert len(after.html.encode()) <= MOST_BYTES
        shown += elements(after.html)
        after = window_after(LONG, parts, after.end)
    assert shown == elements(whole(LONG))


@pytest.mark.parametrize("place", [-5, 0, len(LONG) - 1, len(LONG) + 99])
def test_a_window_at_the_edge_is_full(place):
    window = window_around(LONG, parts_of(document(LONG)), place)
    assert len(window.html.encode()) > MOST_BYTES * 0.9
    assert (window.start == 0) == (place <= 0)
    assert (window.end == len(LONG)) == (place > 0)


def test_a_short_document_is_one_window():
    doc = document(ARTICLE)
    window = window_around(ARTICLE, parts_of(doc), 60)
    assert (window.start, window.end) == (0, len(ARTICLE))
    assert window_before(ARTICLE, parts_of(doc), 0) is None
    assert window_after(ARTICLE, parts_of(doc), len(ARTICLE)) is None
    assert f'data-from="0" data-to="{len(ARTICLE)}"' in window_html(window)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["word " * 20_000, "x" * 100_000, "a\u202e" * 30_000, "&\n" * 50_000],
    ids=["words", "no space", "unseen", "lines"],
)  # fmt: skip
def test_one_endless_block_is_cut(text):
    parts = parts_of(document(text))
    assert max(part.end - part.start for part in parts) <= LONGEST_PART
    assert_shows(text)
    assert len(window_around(text, parts, len(text) // 2).html.encode()) <= MOST_BYTES
