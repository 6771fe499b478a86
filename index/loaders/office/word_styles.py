"""What a paragraph's style says of it: whether it is a heading, hidden, or an item of a list."""

import re
from dataclasses import dataclass

from index.loaders.office.word_names import Element, child, is_on, number, value, w

_CONTENTS = re.compile(
    r"(?:toc|contents|table of figures|illustration index) ?\d*(?: heading)?", re.I
)
_HEADING = re.compile(r"heading ([1-9])", re.I)
_DEEPEST = 20
"""Styles that a style may be based on, one on the other: they may go round in a circle."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes over from those it is based on."""

    level: int | None = None
    """Of a heading, from 1; a title has 1."""
    is_hidden: bool = False
    is_contents: bool = False
    """Of a line in a table of contents."""
    list_id: int | None = None
    list_level: int | None = None


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else root.findall(w("style"))
        self._elements = {each.get(w("styleId")): each for each in found}
        self._known: dict[str, Style] = {}
        defaults = [each for each in found if each.get(w("default")) in ("1", "true")]
        paragraphs = [each for each in defaults if each.get(w("type")) == "paragraph"]
        self._default = paragraphs[0].get(w("styleId")) if paragraphs else None

    def of_paragraph(self, properties: Element | None) -> Style:
        """The style of a paragraph."""
        return self._style(value(properties, "pStyle") or self._default)

    def of_run(self, properties: Element | None) -> Style:
        """The style of a run of characters."""
        return self._style(value(properties, "rStyle"))

    def sets_off_header(self, properties: Element | None) -> bool:
        """Whether the style of a table has a form of its own for the first row."""
        style: str | None = value(properties, "tblStyle")
        for _ in range(_DEEPEST):
            if style not in self._elements:
                break
            element = self._elements[style]
            kinds = [each.get(w("type")) for each in element.findall(w("tblStylePr"))]
            if "firstRow" in kinds:
                return True
            style = value(element, "basedOn")
        return False

    def _style(self, style_id: str | None) -> Style:
        if not style_id or style_id not in self._elements:
            return Style()
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> Style:
        chain: list[Element] = []
        following: str | None = style_id
        while following in self._elements and len(chain) < _DEEPEST:
            chain.append(self._elements[following])
            following = value(chain[-1], "basedOn")
        names = [value(each, "name") or "" for each in chain]
        levels = [_level(each, name) for each, name in zip(chain, names, strict=True)]
        hidden = [is_on(each, "rPr", "vanish") for each in chain]
        ids = [number(each, "pPr", "numPr", "numId") for each in chain]
        list_levels = [number(each, "pPr", "numPr", "ilvl") for each in chain]
        level = next((each for each in levels if each is not None), None)
        return Style(
            level=level or None,
            is_hidden=next((each for each in hidden if each is not None), False),
            is_contents=any(map(_CONTENTS.fullmatch, names)),
            list_id=next((each for each in ids if each is not None), None),
            list_level=next((each for each in list_levels if each is not None), None),
        )


def outline_level(properties: Element | None) -> int | None:
    """The level of a heading that paragraph properties state, from 1; 0 for body text."""
    found = number(properties, "outlineLvl")
    if found is None:
        return None
    return found + 1 if 0 <= found < 9 else 0


def _level(style: Element, name: str) -> int | None:
    match = _HEADING.fullmatch(name)
    if match:
        return int(match[1])
    return 1 if name.casefold() == "title" else outline_level(child(style, "pPr"))
