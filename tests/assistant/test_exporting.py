"""Answers as Markdown and as one HTML page: complete, and inert whatever is in them."""

import html
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from assistant import Answer, Citation, DocumentInfo, Quote, Statement
from assistant.exporting import Item, to_html, to_markdown
from assistant.exporting.html_page import policy

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](http://evil.example/x.png) "
    "[click](javascript:alert(3)) <http://evil.example> http://evil.example/y www.evil.example "
    "a@evil.example `code` **bold** | table | &lt;b&gt; $x$ \u202eturned\u202c </style> \" onload='"
)
BEFORE = "Heading\n\nIt was said before that "
AFTER = ", which nobody denied.\n\nNext heading"


def answer_with(words, question="Who was it?", title="A title", source="folder/file.md"):
    text = f"{BEFORE}{words}{AFTER}"
    document = DocumentInfo(
        "0" * 16, title, (words[:40],), "A house", "2020-02-03", source, "0" * 64
    )
    quote = Quote.slice(text, len(BEFORE), len(BEFORE) + len(words))
    citation = Citation(1, quote, document, f"{document.id}:0-9")
    statement = Statement(f"Ann: “{words}”", (1,), 1.0)
    return Answer(
        question,
        f"{statement.text} [1]",
        "answered",
        statements=(statement,),
        citations=(citation,),
        searched="Who was it, Ann or Bo?",
        notes=("A note.",),
    )


ABSTAINED = Answer("Why?", "No.", "abstained", "The documents do not say why.")
GOOD = Item("Who was it?", answer_with("it was Ann"))
ALL = [GOOD, Item("Why?", ABSTAINED), Item("When?", None, ("a.md has changed since",) * 2)]


class Seen(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.names, self.links, self.text = set(), set(), [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


def test_markdown_holds_all_of_an_answer():
    assert to_markdown([GOOD]) == (
        "## Who was it?\n\n"
        "*Searched for: Who was it, Ann or Bo?*\n\n"
        "Ann: “it was Ann” \\[1\\]\n\n"
        "*A note.*\n\n"
        "> \\[1\\] It was said before that **it was Ann**, which nobody denied.\n"
        ">\n"
        "> — it was Ann, A house, February 3, 2020: *A title* "
        "(folder/file.md, characters 33–43)\n"
    )


def test_a_conversation_as_markdown():
    text = to_markdown(ALL)
    assert text.startswith("# Answers with their quotes\n\n## Who was it?\n")
    assert "**No answer found in the documents.** The documents do not say why." in text
    assert "*2 sentences were left out: a.md has changed since.*" in text
    assert "do not bear it out" in text


def hostile_item(place, hostile):
    if place == "quote":
        return Item("Who?", answer_with(hostile))
    if place == "question":
        return Item(hostile, answer_with("it was Ann", hostile))
    return Item("Who?", answer_with("it was Ann", **{place: hostile}))


PLACES = ["quote", "question", "title", "source"]
BLOCKS = ["1. one", "1) one", "# head", "- dash", "+ plus", "--- x", "> q", "~~~", "    x", "==="]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hostile", [HOSTILE, *BLOCKS])
def test_hostile_text_is_inert_in_markdown(place, hostile):
    text = to_markdown([hostile_item(place, hostile)])
    rendered = MarkdownIt("js-default", {"html": True, "linkify": False}).render(text)
    assert Seen(rendered).tags <= {"h2", "p", "em", "strong", "blockquote"}
    assert "\u202e" not in rendered
    # What only some renderers make a link of.
    assert not re.search(r"(?i)(?<!\\)://|(?<!\\)\bwww\.|\w@\w", text)


def test_a_page_holds_all_of_a_conversation():
    page = to_html(ALL, "May 1, 2026")
    seen = Seen(page)
    assert seen.links == ["#t1-quote-1", "#t1-ref-1"]
    for link in seen.links:
        assert page.count(f'id="{link[1:]}"') == 1
    text = " ".join(seen.text.split())
    assert "It was said before that it was Ann, which nobody denied." in text
    assert "Heading" not in text
    assert "<mark>it was Ann</mark>" in page
    for words in ("Searched for: Who was it, Ann or Bo?", "A note.", "folder/file.md, characters"):
        assert words in text
    assert "No answer found in the documents.The documents do not say why." in text
    assert "2 sentences were left out: a.md has changed since." in text
    assert "on May 1, 2026" in text


@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_is_inert_on_a_page(place):
    page = to_html([hostile_item(place, HOSTILE)])
    plain, seen = Seen(to_html([GOOD])), Seen(page)
    assert (seen.tags, seen.names) == (plain.tags, plain.names)
    assert seen.links == plain.links
    assert html.escape(HOSTILE.split()[0]) in page


def test_the_policy_allows_its_own_style_and_nothing_else():
    page = to_html([GOOD])
    (found,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert html.unescape(found) == policy()
    assert policy().startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy()
    assert page.count("<style>") == 1
    assert " style=" not in page
