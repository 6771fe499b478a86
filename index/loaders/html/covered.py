"""Text that a page's styles hide: shown in the color of the paper, too small, outside, cut away.

Readers do not see it, and a model would: instructions to assistants are put into pages this way.
What cannot be told for sure stays: what a click may open, what a picture may lie behind.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from index.loaders.html.declarations import PAINTING, ROOM, Color, Value
from index.loaders.html.stylesheet import (
    LONGEST,
    Names,
    Sheets,
    StyleReader,
    Styles,
    Values,
    color_of,
    inline_values,
)
from index.loaders.html.tree import Element, words

_MOST = 0.5
"""Share of a page's letters. One that hides more shows it once a script has run."""
_NEAR = 0.02
"""Colors that differ by less in red, green and blue look the same."""
_WHITE = (1.0, 1.0, 1.0, 1.0)
_SHOWS = "shown"
_OPENED = re.compile(
    r"(?:^|[\s_-])(?:accordion|tabs?|panel|collaps\w*|toggle\w*|expand\w*|reveal\w*|spoiler|faq)",
    re.I,
)
"""Classes of what readers open."""
_REFERENCES = ("aria-controls", "aria-owns", "data-target", "data-bs-target", "href")
_PICTURES = words("img video picture svg canvas iframe object embed")
_AROUND = 3
"""Elements around a text whose pictures it may lie on."""
_CLEAR = 0.05
"""Letters with less opacity are not seen."""
_STYLED = re.compile(
    r"color|display|visibility|font|background|position|opacity|clip|overflow|indent|transform"
    r"|scale|left|right|top|bottom|margin|filter|zoom|height",
    re.I,
)
_BOXES = words(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup li main menu nav ol p pre section ul"
)
"""What has a width and a height without being told to."""
_INDENTED = {"hidden": 1_100, "indented": 120}
"""Letters that an indent moves away; of more the second line is seen."""
_NEVER = words("html body head style script link meta title")


@dataclass(frozen=True)
class Surroundings:
    """What is beside a page in a file that holds more than one page, or more than a page."""

    linked: Callable[[str], str | None] = lambda href: None
    """Gives a stylesheet by what the page calls it; None where it is not there."""
    reader: StyleReader = field(default_factory=StyleReader)
    """Shared by the pages of a file."""


def covered(root: Element, surroundings: Surroundings) -> list[Element]:
    """The outermost elements that are hidden by the page's own stylesheets, or by their styles.

    Where that would be most of the page, only what their own styles put out of sight.
    """
    sheets, is_whole = _sheets(root, surroundings.linked)
    styles = surroundings.reader.styles(sheets)
    if styles is None:
        styles, is_whole = Styles(), False
    if not styles.hides and not any(map(_is_styled, root.iter())):
        return []
    page = _Page(root, styles, is_whole)
    found = list(page.hidden())
    if sum(map(_letters, found)) > _MOST * _letters(root):
        return list(page.hidden(is_own=True))
    return found


def _is_styled(element: Element) -> bool:
    if not isinstance(element.tag, str):
        return False
    has_color = element.tag == "font" and "color" in element.attrib
    return has_color or _STYLED.search(element.get("style", "")) is not None


def _sheets(root: Element, linked: Callable[[str], str | None]) -> tuple[Sheets, bool]:
    """The stylesheets of a page, and whether it has no others."""
    found: list[tuple[str, bool]] = []
    left, is_whole = LONGEST, True
    for element in root.iter("style", "link"):
        relation = words(element.get("rel", "").casefold())
        if element.tag == "link" and "stylesheet" not in relation:
            continue
        media = element.get("media", "").strip().casefold()
        text = element.text or ""
        if element.tag == "link":
            text = linked(element.get("href", "")) if "alternate" not in relation else None
        if text is None or len(text) > left:
            is_whole = False
            continue
        is_whole = is_whole and "@import" not in text
        if media != "print":
            left -= len(text)
            found.append((text, media in ("", "all", "screen")))
    return tuple(found), is_whole


class _Page:
    """A page with its stylesheets."""

    def __init__(self, root: Element, styles: Styles, is_whole: bool) -> None:
        self._root = root
        self._styles = styles
        self._is_whole = is_whole
        self._outer: dict[Element, Values] = {}
        self._pictured: set[Element] = set()
        """Elements that have a picture in them."""
        for picture in root.iter(*_PICTURES):
            for each in picture.iterancestors():
                if each in self._pictured:
                    break
                self._pictured.add(each)
        self._opened = {
            part.lstrip("#")
            for element in root.iter()
            for name in _REFERENCES
            for part in element.get(name, "").split()
            if name != "href" or part.startswith("#")
        }

    def hidden(self, *, is_own: bool = False) -> Iterator[Element]:
        """The outermost elements that nobody sees.

        Args:
            is_own: only those that their own style puts out of sight, which no script undoes.
        """
        within: set[Element] = set()
        for element in self._root.iter():
            if not isinstance(element.tag, str) or element.tag in _NEVER:
                continue
            if element.getparent() in within:
                within.add(element)
            elif self._is_out(element, _own(element)) if is_own else self._is_hidden(element):
                within.add(element)
                yield element

    def _is_hidden(self, element: Element) -> bool:
        values = self._values(element)
        return (
            self._is_off(element, values)
            or self._is_out(element, values)
            or self._is_colorless(element, values)
        )

    def _is_off(self, element: Element, values: Values) -> bool:
        """Whether it is switched off, or faded out, for good."""
        if "hidden" in (values.get("display"), values.get("visibility")):
            is_shown_within = values.get("display") != "hidden" and self._is_set_below(
                element, "visibility"
            )
            return not (is_shown_within or self._may_be_opened(element))
        is_faded = "hidden" in map(values.get, ("opacity", "filter", "zoom")) or (
            "hidden" in (values.get("transform"), values.get("scale")) and _is_box(element, values)
        )
        return is_faded and not self._may_come(element, values)

    def _is_out(self, element: Element, values: Values) -> bool:
        """Whether it is too small, beside the window, or cut away."""
        if values.get("size") == "hidden" and not self._is_set_below(element, "size"):
            return True
        position = values.get("position")
        is_beside = (
            position in ("placed", "relative") and "hidden" in map(values.get, ("left", "right"))
        ) or (values.get("margin") == "hidden" and _is_box(element, values) and _is_bare(values))
        is_above = position == "placed" and "hidden" in map(values.get, ("top", "bottom"))
        is_cut = values.get("clip-path") == "hidden" or (
            position == "placed" and values.get("clip") == "hidden"
        )
        is_out = is_beside or is_above or is_cut or _is_closed(element, values)
        return (is_out or self._is_indented(element, values)) and not self._may_come(
            element, values
        )

    def _is_indented(self, element: Element, values: Values) -> bool:
        most = _INDENTED.get(str(values.get("indent")), 0)
        return (
            0 < _letters(element) <= most
            and _is_box(element, values)
            and not self._is_set_below(element, "indent")
        )

    def _is_colorless(self, element: Element, values: Values) -> bool:
        """Whether its letters have no color, or that of what is behind them."""
        name = "text-fill" if "text-fill" in values else "color"
        color = values.get(name)
        if not isinstance(color, tuple) or not _letters(element):
            return False
        if color[3] < _CLEAR:
            is_unseen = values.get("ground", _WHITE) is not None
        else:
            ground = self._ground(element) if color[3] == 1 else None
            is_unseen = ground is not None and all(
                abs(one - other) <= _NEAR for one, other in zip(color, ground, strict=True)
            )
        is_recolored = self._is_set_below(element, name) or self._is_painted(element)
        return is_unseen and not (is_recolored or self._is_filled_around(element, values))

    def _is_painted(self, element: Element) -> bool:
        """Whether its letters may have a shadow, an outline, or be cut out of a background."""
        return any(
            self._outer_values(each).get(name, _SHOWS) != _SHOWS
            for each in (element, *element.iterancestors())
            for name in PAINTING
        )

    def _is_filled_around(self, element: Element, values: Values) -> bool:
        """Whether what is around it may give its letters another color than its own."""
        return "text-fill" not in values and any(
            "text-fill" in self._outer_values(each) for each in element.iterancestors()
        )

    def _may_come(self, element: Element, values: Values) -> bool:
        """Whether a movement or a click may bring it into sight."""
        is_moving = any(values.get(name, _SHOWS) != _SHOWS for name in ("moves", "changes"))
        return is_moving or self._may_be_opened(element)

    def _values(self, element: Element) -> Values:
        found: dict[str, Value] = {}
        if element.tag == "font" and element.get("color"):
            found["color"] = color_of(element.get("color"))
        if element.get("bgcolor"):
            found["ground"] = color_of(element.get("bgcolor"))
        if element.get("background"):
            found["ground"] = None
        around = partial(_around, element)
        found.update(self._styles.of(_names(element), element.getparent(), around))
        found.update(_own(element))
        return found

    def _outer_values(self, element: Element) -> Values:
        """The values of what is around many others, kept."""
        known = self._outer.get(element)
        if known is not None:
            return known
        found = self._values(element)
        if next(element.iterchildren(), None) is not None:  # `len` would count them all
            self._outer[element] = found
        return found

    def _ground(self, element: Element) -> Color | None:
        """The color behind an element's text; None where it cannot be told."""
        around = [element, *element.iterancestors()]
        if any(each in self._pictured for each in around[: _AROUND + 1] if each.tag not in _NEVER):
            return None
        for each in around:
            values = self._outer_values(each)
            if values.get("position", _SHOWS) not in (_SHOWS, "relative"):
                return None
            ground = values.get("ground", (0.0, 0.0, 0.0, 0.0))
            if not isinstance(ground, tuple) or 0 < ground[3] < 1:
                return None
            if ground[3] == 1:
                return ground
        return _WHITE if self._is_whole else None

    def _is_set_below(self, element: Element, name: str) -> bool:
        """Whether anything in it is said to be otherwise."""
        return any(
            isinstance(each.tag, str) and self._values(each).get(name, "hidden") != "hidden"
            for each in element.iterdescendants()
        )

    def _may_be_opened(self, element: Element) -> bool:
        each: Iterable[Element] = (element, *element.iterdescendants())
        return (
            element.get("role") == "tabpanel"
            or _OPENED.search(f"{element.get('class', '')} {element.get('id', '')}") is not None
            or any(one.get("id") in self._opened for one in each if one.get("id"))
        )


def _names(element: Element) -> Names:
    names = [f".{name}" for name in element.get("class", "").split()]
    names += [f"#{element.get('id')}"] if element.get("id") else []
    return element.tag, frozenset(names)


def _around(element: Element) -> list[Names]:
    return [_names(each) for each in element.iterancestors()]


def _own(element: Element) -> Values:
    """What its own style says."""
    style = element.get("style", "")
    return inline_values(style) if style and _STYLED.search(style) else {}


def _is_box(element: Element, values: Values) -> bool:
    """Whether it has a width and a height: text within a line does not."""
    display = values.get("display", "box" if element.tag in _BOXES else "inline")
    return display == "box" or values.get("position") == "placed"


def _is_closed(element: Element, values: Values) -> bool:
    """Whether it is a box without width and height that cuts off what is in it.

    A rule that takes the height alone is one that scripts undo, to open it.
    """
    is_narrow = "small" in (values.get("width"), values.get("max-width"))
    return (
        values.get("overflow") == "cut"
        and (is_narrow or _own(element).get("height") == "small")
        and "small" in (values.get("height"), values.get("max-height"))
        and _is_bare(values)
        and _is_box(element, values)
    )


def _is_bare(values: Values) -> bool:
    """Whether nothing makes a box larger."""
    return all(values.get(name, _SHOWS) == _SHOWS for name in ROOM)


def _letters(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())
