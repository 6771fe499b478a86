"""What a paragraph's style says of it: whether it is a heading, hidden, or an item of a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.loaders.office.sight import WHITE, Color, Ground, color_of
from index.loaders.office.word_names import Element, child, is_on, number, value, w

_CONTENTS = re.compile(
    r"(?:toc|contents|table of figures|illustration index) ?\d*(?: heading)?", re.I
)
_HEADING = re.compile(r"heading ([1-9])", re.I)
_PAPER = ("background1", "light1")
"""Colors of a theme that are white in all but a few."""
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
    half_points: int | None = None
    """Of its letters' size."""
    color: Color | Literal["auto"] | None = None
    """Of its letters; None where the style does not say."""
    shade: Ground = "clear"
    """Behind its letters."""
    area: Ground = "clear"
    """Behind the whole paragraph."""


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else root.findall(w("style"))
        self._elements = {each.get(w("styleId")): each for each in found}
        self._known: dict[str, Style] = {}
        self._shading: dict[str | None, bool] = {}
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
        return any(
            each.get(w("type")) == "firstRow"
            for element in self._chain(value(properties, "tblStyle"))
            for each in element.findall(w("tblStylePr"))
        )

    def shades_table(self, properties: Element | None) -> bool:
        """Whether the style of a table has colors of its own behind any cells."""
        style = value(properties, "tblStyle")
        if style not in self._shading:
            elements = self._chain(style)
            found = any(next(each.iter(w("shd")), None) is not None for each in elements)
            self._shading[style] = found
        return self._shading[style]

    def _style(self, style_id: str | None) -> Style:
        if not style_id or style_id not in self._elements:
            return Style()
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> Style:
        chain = list(self._chain(style_id))
        names = [value(each, "name") or "" for each in chain]
        levels = [_level(each, name) for each, name in zip(chain, names, strict=True)]
        hidden = [is_on(each, "rPr", "vanish") for each in chain]
        ids = [number(each, "pPr", "numPr", "numId") for each in chain]
        list_levels = [number(each, "pPr", "numPr", "ilvl") for each in chain]
        level = next((each for each in levels if each is not None), None)
        sizes = [number(each, "rPr", "sz") for each in chain]
        colors = [text_color(child(each, "rPr")) for each in chain]
        shades = [shade_of(child(each, "rPr")) for each in chain]
        areas = [shade_of(child(each, "pPr")) for each in chain]
        return Style(
            level=level or None,
            is_hidden=next((each for each in hidden if each is not None), False),
            is_contents=any(map(_CONTENTS.fullmatch, names)),
            list_id=next((each for each in ids if each is not None), None),
            list_level=next((each for each in list_levels if each is not None), None),
            half_points=next((each for each in sizes if each is not None), None),
            color=next((each for each in colors if each is not None), None),
            shade=next((each for each in shades if each != "clear"), "clear"),
            area=next((each for each in areas if each != "clear"), "clear"),
        )

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        """A style and those it is based on."""
        for _ in range(_DEEPEST):
            if style_id not in self._elements:
                return
            yield self._elements[style_id]
            style_id = value(self._elements[style_id], "basedOn")


def text_color(properties: Element | None) -> Color | Literal["auto"] | None:
    """The color of letters that properties of a run state; None where they do not."""
    found = child(properties, "color")
    if found is None:
        return None
    is_plain = found.get(w("themeShade")) is None and found.get(w("themeTint")) is None
    if found.get(w("themeColor")) in _PAPER and is_plain:
        return WHITE
    return color_of(found.get(w("val"))) or "auto"


def shade_of(properties: Element | None) -> Ground:
    """The color behind a run, paragraph, cell or table that its properties state."""
    found = child(properties, "shd")
    if found is None:
        return "clear"
    pattern, fill = found.get(w("val")), found.get(w("fill"))
    if pattern in ("clear", "nil", None):
        return "clear" if fill in ("auto", None) else color_of(fill) or "unknown"
    return color_of(found.get(w("color"))) or "unknown" if pattern == "solid" else "unknown"


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
