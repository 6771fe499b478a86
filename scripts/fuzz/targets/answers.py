"""Answers as they are shown and exported: whatever is in them, nothing in the output acts."""

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import accumulate
from random import Random

from assistant.types import Answer, Citation, DocumentInfo, Quote, Statement
from scripts.fuzz.target import Target
from scripts.fuzz.texts import text, word

DOCUMENT = DocumentInfo(
    "d" * 16, "The ferry", ("Ann Lee",), "Norvik", "2021-05-03", "/n/ferry.md", "d" * 64
)
_ACTIVE = re.compile(r"(?:java|vb)script:|data:text", re.I)
_VOID = frozenset(
    ("script", "iframe", "object", "embed", "form", "base", "link", "meta", "style", "img")
)
_ALLOWED_ATTRIBUTES = re.compile(r"(?!on)[a-z][a-z0-9-]*")


class _Tags(HTMLParser):
    """Every tag of a page, with its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, attrs))


def check_inert(page: str, allowed: frozenset[str] = frozenset()) -> None:
    """Nothing in HTML is active but the tags that are our own."""
    parser = _Tags()
    parser.feed(page)
    for tag, attributes in parser.tags:
        assert tag not in _VOID - allowed, (tag, attributes)
        for name, value in attributes:
            assert _ALLOWED_ATTRIBUTES.fullmatch(name), (tag, name)
            if name in ("href", "src", "action", "formaction", "xlink:href"):
                assert not _ACTIVE.match((value or "").strip()), (tag, name, value)
                assert re.match(r"#|https?://|/|data:(?:font|image)/", value or "#"), (
                    tag,
                    name,
                    value,
                )


def check_terminal(shown: str) -> None:
    """Nothing in a text moves a cursor, sets a color or turns its direction."""
    for character in shown:
        kind = unicodedata.category(character)
        is_bad = (kind in ("Cc", "Cf") and character not in "\n\t\u200c\u200d") or kind == "Cs"
        assert not is_bad, repr(character)


def document(random: Random) -> DocumentInfo:
    """A document whose metadata anybody wrote."""
    authors = tuple(filter(str.strip, (word(random) for _ in range(random.randint(0, 3)))))
    dates = (None, "2021", "2021-05", "2021-05-03")
    return DocumentInfo(
        random.choice(("a", "b", "c")) * 16,
        random.choice((None, word(random) or None)),
        authors,
        word(random).strip() or None,
        random.choice(dates),
        f"/n/{word(random)}.md".replace("\x00", ""),
        "e" * 64,
    )


def answer(random: Random) -> Answer:
    """An answer whose quotes and statements anybody wrote; its parts fit together."""
    if random.random() < 0.2:
        reason = text(random, 300)
        return Answer(
            text(random, 200), reason, "abstained", reason or "Nothing.", searched=word(random)
        )
    citations, statements = [], []
    for number in range(1, random.randint(2, 4)):
        body = text(random, 500) or "a"
        start = random.randint(0, len(body) - 1)
        quote = Quote.slice(body, start, random.randint(start + 1, len(body)))
        citations.append(
            Citation(number, quote, document(random), "p", random.choice((None, word(random))))
        )
        said = random.choice(
            (text(random, 300).strip() or "It says so.", f"It says: “{quote.text}”")
        )
        statements.append(Statement(said, (number,), random.random()))
    whole = "\n\n".join(f"{each.text} [{each.citations[0]}]" for each in statements)
    notes = tuple(text(random, 80) for _ in range(random.randint(0, 2)))
    return Answer(
        text(random, 200),
        whole,
        "answered",
        statements=tuple(statements),
        citations=tuple(citations),
        notes=notes,
        model=word(random),
    )


def _in_terminal(shown: Answer) -> None:
    from assistant.terminal import inert, render_answer, render_documents
    from assistant.wording import shown as as_shown

    check_terminal(render_answer(shown))
    check_terminal(render_documents([citation.document for citation in shown.citations]))
    for each in (shown.question, shown.text):
        check_terminal(inert(each))
        marks = [mark for mark in as_shown(each) if mark in "“”"]
        depths = list(accumulate(1 if mark == "“" else -1 for mark in marks))
        assert not depths or (min(depths) >= 0 and depths[-1] == 0), marks


def _on_page(shown: Answer) -> None:
    from assistant.web.markup import escape, mentioned, paragraphs, unquoted
    from assistant.web.transcript import turn_html
    from assistant.web.turns import Turn

    turn = Turn("t1", shown.question, "done", answer=shown, citations=shown.citations)
    check_inert(turn_html(turn))
    check_inert(turn_html(Turn("t1", shown.question, "failed", error=shown.text)))
    check_inert(turn_html(Turn("t1", shown.question, "writing", provisional=shown.text)))
    for made in (escape(shown.text), mentioned(shown.text), unquoted(shown.text)):
        check_inert(made)
    check_inert(paragraphs(shown.text, shown.citations, "t1"))


def _exported(shown: Answer) -> None:
    from assistant.exporting.html_page import to_html
    from assistant.exporting.items import Item, without_folders
    from assistant.exporting.markdown import to_markdown
    from assistant.references import bibtex, markdown, plain

    items = [Item(shown.question, shown), Item(shown.question, None, (shown.text,))]
    items = without_folders(items, [citation.document.source for citation in shown.citations])
    check_inert(to_html(items), frozenset(("meta", "style", "link")))
    for made in (to_markdown(items), shown.to_markdown()):
        _check_markdown(made)
    for citation in shown.citations:
        for style in (plain, markdown, bibtex):
            style(citation)


def _check_markdown(made: str) -> None:
    for match in re.finditer(r"(?<!\\)((?:\\\\)*)(<[a-zA-Z/!]|!\[|\]\()", made):
        assert match[2] == "<a" or made.startswith("<http", match.end() - len(match[2])), made[
            max(0, match.start() - 40) : match.end() + 40
        ]


def _source_page(random: Random) -> str:
    body = text(random, 3_000)
    return body if body.strip() else "a"


def _shown_source(body: str) -> None:
    from assistant.web.source_view import document_html, parts_of, window_around
    from index.types import Document

    whole = Document(DOCUMENT, body, (DOCUMENT.source,))
    parts = parts_of(whole)
    for place in (0, len(body) // 2):
        window = window_around(body, parts, place)
        check_inert(document_html(whole, window))


def _long(body: str) -> Answer:
    quote = Quote.slice(body, 0, len(body))
    cited = (Citation(1, quote, DOCUMENT, "p"),)
    return Answer(
        "Who?",
        f"{body} [1]",
        "answered",
        statements=(Statement(body.strip() or "a", (1,), 1.0),),
        citations=cited,
    )


def _places() -> Iterator[Target]:
    yield Target("terminal", answer, _in_terminal, 300, grow=_long, longest=10_000)
    yield Target("chat page", answer, _on_page, 200, grow=_long, longest=10_000)
    yield Target("exports", answer, _exported, 150, grow=_long, longest=10_000)
    yield Target("source page", _source_page, _shown_source, 150, grow=str)


TARGETS = tuple(_places())
