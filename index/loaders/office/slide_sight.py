"""Letters of a presentation that nobody sees: beside the slide, specks, or in the slide's color.

Only what runs of characters say of themselves is looked at. Where it cannot be told what is behind
them, as with a picture, a shape in the same place or a damaged part, they are taken to be seen.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

from index.loaders.office.sight import SMALLEST, WHITE, Color, Ground, color_of, is_lost

Element = Any
"""An element of lxml."""
Presentation = Any
Slide = Any
Shape = Any
"""Of python-pptx, which `index.loaders.office.slides` uses."""
_T = TypeVar("_T")
Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in English metric units."""
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_FILLS = tuple(f"{_A}{kind}Fill" for kind in ("solid", "grad", "blip", "patt", "grp"))
_NAMED = ("bg1", "bg2", "tx1", "tx2")
"""Colors that the slide master maps to those of the theme."""
_CLEAR = 5_000
"""Of 100,000: letters with less opacity are not seen."""
_SOLID = "1001"
"""Of a theme's backgrounds, the plain one (ECMA-376, part 1, section 19.3.1.3)."""
_MOST_PAINTED = 200
"""Shapes of a slide that color it; where there are more, letters are taken to lie on one."""
_DEEPEST = 3
"""Placeholders that one is made after: the layout's and the master's."""


class Sight:
    """Tells what is seen of a slide."""

    def __init__(
        self, slide: Slide, presentation: Presentation, scheme: Callable[[], Element | None]
    ) -> None:
        """Prepare to look.

        Args:
            slide: with its layout and master.
            presentation: that it is in.
            scheme: gives the colors of the master's theme, an element `a:clrScheme`.
        """
        self._slide = slide
        self._presentation = presentation
        self._scheme = scheme
        self._grounds: dict[Element, Ground] = {}
        self.has_unseen = False

    def is_outside(self, shape: Shape) -> bool:
        """Whether a shape that is in no group lies beside the slide."""
        return _told(lambda: self._is_outside(shape), False)

    def _is_outside(self, shape: Shape) -> bool:
        box = _box(shape)
        width, height = self._presentation.slide_width, self._presentation.slide_height
        is_turned = bool(getattr(shape, "rotation", False))
        if box is None or not (width and height) or is_turned or self._is_moving:
            return False
        left, top, right, bottom = box
        return right <= 0 or bottom <= 0 or left >= width or top >= height

    def is_unseen(self, run: Element, shape: Shape) -> bool:
        """Whether nobody sees the letters of a run of characters."""
        return _told(lambda: self._is_unseen(run, shape), False)

    def _is_unseen(self, run: Element, shape: Shape) -> bool:
        own = run.find(f"{_A}rPr")
        if own is None:
            return False
        size = own.get("sz", "")
        if size.isdecimal() and len(size) < 9 and int(size) < 100 * SMALLEST:
            return True
        if own.find(f"{_A}noFill") is not None:
            return own.find(f"{_A}ln") is None
        fill = own.find(f"{_A}solidFill")
        if fill is None or not len(fill):
            return False
        alpha = fill[0].find(f"{_A}alpha")
        if alpha is not None:
            opacity = alpha.get("val", "")
            return opacity.isdecimal() and len(opacity) < 9 and int(opacity) < _CLEAR
        marked = own.find(f"{_A}highlight")
        ground = self._ground(shape) if marked is None else self._color(marked) or "unknown"
        return is_lost(self._color(fill), ground)

    def _ground(self, shape: Shape) -> Ground:
        if shape.element not in self._grounds:
            found: Ground = _told(lambda: self._ground_of(shape), "unknown")
            self._grounds[shape.element] = found
        return self._grounds[shape.element]

    def _ground_of(self, shape: Shape) -> Ground:
        if not shape.has_text_frame or shape.element.find(f"{_P}style") is not None:
            return "unknown"  # a table, a group, or a shape with the theme's fill
        for each in _originals(shape):
            found = each.element.find(f"{_P}spPr")
            fill = None if found is None else next(found.iterchildren(*_FILLS), None)
            if fill is not None:
                return self._color(fill) or "unknown" if fill.tag == _FILLS[0] else "unknown"
            if found is not None and found.find(f"{_A}noFill") is not None:
                break
        painted, paper = self._behind
        box = _box(shape)
        is_over_another = box is None or any(
            element is not shape.element and _touches(box, other) for element, other in painted
        )
        return "unknown" if is_over_another else paper

    @cached_property
    def _is_moving(self) -> bool:
        """Whether anything moves along a path on the slide."""
        return next(self._slide.element.iter(f"{_P}animMotion"), None) is not None

    @cached_property
    def _behind(self) -> tuple[Sequence[tuple[Element, Box | None]], Ground]:
        """What may color a part of the slide, and where; and the color of the slide."""
        found = _told(self._painted, None)
        if found is None or len(found) > _MOST_PAINTED:
            return (), "unknown"
        return found, _told(self._paper, "unknown")

    def _painted(self) -> list[tuple[Element, Box | None]]:
        """The shapes that are no clear boxes of text, the layout's and the master's too."""
        layout = self._slide.slide_layout
        below = [
            each
            for holder in (layout, layout.slide_master)
            for each in holder.shapes
            if not each.is_placeholder
        ]
        shapes = (each for each in (*self._slide.shapes, *below) if not _is_clear(each))
        return [(each.element, _box(each)) for each in shapes]

    def _paper(self) -> Ground:
        layout = self._slide.slide_layout
        for holder in (self._slide, layout, layout.slide_master):
            found = holder.element.find(f"{_P}cSld/{_P}bg")
            if found is not None and len(found):
                return self._background(found[0]) or "unknown"
        return WHITE

    def _background(self, found: Element) -> Color | None:
        if found.tag == f"{_P}bgRef":
            return self._color(found) if found.get("idx") == _SOLID else None
        fill = found.find(_FILLS[0])
        return None if fill is None else self._color(fill)

    def _color(self, holder: Element) -> Color | None:
        """The one color that an element holds; None where it depends on other things."""
        if len(holder) != 1 or len(holder[0]):
            return None
        code = holder[0].get("val")
        if holder[0].tag == f"{_A}srgbClr":
            return color_of(code)
        return self._theme.get(code) if holder[0].tag == f"{_A}schemeClr" else None

    @cached_property
    def _theme(self) -> dict[str, Color]:
        """The colors of the master's theme by their names; none where a slide maps them anew."""
        layout = self._slide.slide_layout
        mapped = layout.slide_master.element.find(f"{_P}clrMap")
        anew = (
            each.element.find(f"{_P}clrMapOvr/{_A}overrideClrMapping")
            for each in (self._slide, layout)
        )
        if mapped is None or any(each is not None for each in anew):
            return {}
        scheme = self._scheme()
        stated = {} if scheme is None else dict(_stated(scheme))
        named = {name: stated.get(mapped.get(name)) for name in _NAMED}
        return stated | {name: color for name, color in named.items() if color is not None}


def _told(read: Callable[[], _T], otherwise: _T) -> _T:
    """What python-pptx reads; something else where a damaged part has it fail."""
    try:
        return read()
    except Exception:  # it raises whatever the part leads it to
        return otherwise


def _stated(scheme: Element) -> Iterator[tuple[str, Color]]:
    for each in scheme:
        if len(each):
            color = color_of(each[0].get("lastClr") or each[0].get("val"))
            if color is not None:
                yield each.tag.rpartition("}")[2], color


def _originals(shape: Shape) -> Iterator[Shape]:
    """A shape and the placeholders that it is made after."""
    for _ in range(_DEEPEST):
        if shape is None:
            return
        yield shape
        shape = getattr(shape, "_base_placeholder", None) if shape.is_placeholder else None


def _is_clear(shape: Shape) -> bool:
    """Whether what is behind a shape is seen: a box of text without a fill."""
    element = shape.element
    if element.tag != f"{_P}sp" or element.find(f"{_P}style") is not None:
        return False
    return all(
        next(each.element.iterfind(f"{_P}spPr/{kind}"), None) is None
        for each in _originals(shape)
        for kind in _FILLS
    )


def _box(shape: Shape) -> Box | None:
    """Where a shape is; None where the file does not say."""
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if None in (left, top, width, height):
        return None
    return left, top, left + width, top + height


def _touches(one: Box, other: Box | None) -> bool:
    return other is None or (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    )
