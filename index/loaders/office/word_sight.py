"""Letters of a Word document that nobody sees: in the color of what is behind them, or specks.

Where the background cannot be told for sure, as over a picture, letters are taken to be seen.
"""

from collections.abc import Iterator
from functools import cached_property

from index.loaders.office.sight import SMALLEST, WHITE, Color, Ground, is_lost
from index.loaders.office.word_names import FLOATING, Element, child, number, w
from index.loaders.office.word_styles import Styles, shade_of, text_color

_HALF_POINTS = 2 * SMALLEST
_AROUND = 20
"""Paragraphs from the one that a picture is tied to, over which it may lie."""
_HIGHLIGHTS: dict[str, Color] = {
    **{"black": (0, 0, 0), "white": WHITE, "yellow": (255, 255, 0), "green": (0, 255, 0)},
    **{"cyan": (0, 255, 255), "magenta": (255, 0, 255), "blue": (0, 0, 255), "red": (255, 0, 0)},
    **{"darkBlue": (0, 0, 128), "darkCyan": (0, 128, 128), "darkGreen": (0, 128, 0)},
    **{"darkMagenta": (128, 0, 128), "darkRed": (128, 0, 0), "darkYellow": (128, 128, 0)},
    **{"darkGray": (128, 128, 128), "lightGray": (192, 192, 192)},
}


class Sight:
    """Tells what is seen of a document."""

    def __init__(self, document: Element, styles: Styles) -> None:
        self._document = document
        self._styles = styles

    def is_unseen(self, run: Element, paragraph: Element) -> bool:
        """Whether nobody sees the letters of a run of characters."""
        own = child(run, "rPr")
        styles = (self._styles.of_run(own), self._styles.of_paragraph(child(paragraph, "pPr")))
        sizes = (number(own, "sz"), *(style.half_points for style in styles))
        size = next((each for each in sizes if each is not None), None)
        if size is not None and size < _HALF_POINTS:
            return True
        colors = (text_color(own), *(style.color for style in styles))
        color = next((each for each in colors if each is not None), "auto")
        if isinstance(color, str):
            return False
        return is_lost(color, next(self._grounds(own, paragraph), "unknown"))

    def _grounds(self, own: Element | None, paragraph: Element) -> Iterator[Ground]:
        """What is behind a run, the nearest first."""
        properties = child(paragraph, "pPr")
        by_run, by_paragraph = self._styles.of_run(own), self._styles.of_paragraph(properties)
        near = (
            _highlight(own),
            shade_of(own),
            by_run.shade,
            by_paragraph.shade,
            shade_of(properties),
            by_paragraph.area,
        )
        yield from (ground for ground in near if ground != "clear")
        for outer in paragraph.iterancestors():
            ground = self._area(outer)
            if ground != "clear":
                yield ground
        yield "unknown" if self._is_over_picture(paragraph) else self._paper

    def _area(self, outer: Element) -> Ground:
        if outer.tag == w("txbxContent"):
            return "unknown"
        if outer.tag == w("tc"):
            return shade_of(child(outer, "tcPr"))
        if outer.tag == w("tbl"):
            properties = child(outer, "tblPr")
            return "unknown" if self._styles.shades_table(properties) else shade_of(properties)
        return "clear"

    @cached_property
    def _paper(self) -> Ground:
        return WHITE if child(self._document, "background") is None else "unknown"

    def _is_over_picture(self, paragraph: Element) -> bool:
        outer = [paragraph, *paragraph.iterancestors()]
        place = next((self._places[each] for each in outer if each in self._places), None)
        if place is None:
            return False
        near = range(place - _AROUND, place + _AROUND + 1)
        return any(each in self._pictured for each in near)

    @cached_property
    def _places(self) -> dict[Element, int]:
        """The blocks of the document, and which each is."""
        body = child(self._document, "body")
        return {} if body is None else {each: at for at, each in enumerate(body)}

    @cached_property
    def _pictured(self) -> set[int]:
        """Which of them have a picture or shape that floats."""
        return {
            at
            for block, at in self._places.items()
            if next(block.iter(*FLOATING), None) is not None
        }


def _highlight(properties: Element | None) -> Ground:
    found = child(properties, "highlight")
    name = "none" if found is None else str(found.get(w("val")))
    return "clear" if name == "none" else _HIGHLIGHTS.get(name, "unknown")
