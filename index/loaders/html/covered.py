"""Text that a page's stylesheets hide, or show in the color of the paper.

Readers do not see it, and a model would: instructions to assistants are put into pages this way.
What cannot be told for sure stays: what a click may open, what a picture may lie behind.
"""

import re
from collections.abc import Iterable, Iterator

from index.loaders.html.stylesheet import (
    LONGEST,
    Color,
    Styles,
    Value,
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
_STYLED = re.compile(r"color|display|visibility|font|background|position", re.I)
_NEVER = words("html body head style script link meta title")


def covered(root: Element) -> list[Element]:
    """The outermost elements that are hidden by a rule of the page's own stylesheets, or a color.

    Nothing where that would be most of the page.
    """
    styles, is_whole = _styles(root)
    if not styles.hides and not any("color" in each.get("style", "") for each in root.iter()):
        return []
    found = list(_Page(root, styles, is_whole).hidden())
    letters = sum(map(_letters, found))
    return found if letters <= _MOST * _letters(root) else []


def _styles(root: Element) -> tuple[Styles, bool]:
    """The stylesheets in a page, and whether it has no others."""
    styles, left = Styles(), LONGEST
    is_whole = not any("stylesheet" in words(link.get("rel", "")) for link in root.iter("link"))
    for element in root.iter("style"):
        media = element.get("media", "").strip().casefold()
        text = element.text or ""
        is_whole = is_whole and "@import" not in text and len(text) <= left
        if media != "print" and len(text) <= left:
            left -= len(text)
            styles.add(text, is_sure=media in ("", "all", "screen"))
    return styles, is_whole


class _Page:
    """A page with its stylesheets."""

    def __init__(self, root: Element, styles: Styles, is_whole: bool) -> None:
        self._root = root
        self._styles = styles
        self._is_whole = is_whole
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

    def hidden(self) -> Iterator[Element]:
        """The outermost elements that nobody sees."""
        within: set[Element] = set()
        for element in self._root.iter():
            if not isinstance(element.tag, str) or element.tag in _NEVER:
                continue
            if element.getparent() in within:
                within.add(element)
            elif self._is_hidden(element):
                within.add(element)
                yield element

    def _is_hidden(self, element: Element) -> bool:
        values = self._values(element)
        if "hidden" in (values.get("display"), values.get("visibility")):
            is_shown_within = values.get("display") != "hidden" and self._is_set_below(
                element, "visibility"
            )
            return not (is_shown_within or self._may_be_opened(element))
        if values.get("size") == "hidden" and not self._is_set_below(element, "size"):
            return True
        color = values.get("color")
        if not isinstance(color, tuple) or not _letters(element):
            return False
        ground = self._ground(element)
        return (
            ground is not None
            and color[3] == 1
            and all(abs(one - other) <= _NEAR for one, other in zip(color, ground, strict=True))
            and not self._is_set_below(element, "color")
        )

    def _values(self, element: Element) -> Values:
        names = [f".{name}" for name in element.get("class", "").split()]
        names += [f"#{element.get('id')}"] if element.get("id") else []
        found: dict[str, Value] = {}
        if element.tag == "font" and element.get("color"):
            found["color"] = color_of(element.get("color"))
        if element.get("bgcolor"):
            found["ground"] = color_of(element.get("bgcolor"))
        if element.get("background"):
            found["ground"] = None
        found.update(self._styles.of(element.tag, frozenset(names)))
        style = element.get("style", "")
        if style and _STYLED.search(style):
            found.update(inline_values(style))
        return found

    def _ground(self, element: Element) -> Color | None:
        """The color behind an element's text; None where it cannot be told."""
        around = [element, *element.iterancestors()]
        if any(each in self._pictured for each in around[: _AROUND + 1] if each.tag not in _NEVER):
            return None
        for each in around:
            values = self._values(each)
            if values.get("position", _SHOWS) != _SHOWS:
                return None
            ground = values.get("ground", (0.0, 0.0, 0.0, 0.0))
            if not isinstance(ground, tuple) or 0 < ground[3] < 1:
                return None
            if ground[3] == 1:
                return ground
        return _WHITE if self._is_whole else None

    def _is_set_below(self, element: Element, name: str) -> bool:
        return any(
            isinstance(each.tag, str) and name in self._values(each)
            for each in element.iterdescendants()
        )

    def _may_be_opened(self, element: Element) -> bool:
        each: Iterable[Element] = (element, *element.iterdescendants())
        return (
            element.get("role") == "tabpanel"
            or _OPENED.search(f"{element.get('class', '')} {element.get('id', '')}") is not None
            or any(one.get("id") in self._opened for one in each if one.get("id"))
        )


def _letters(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())
