"""Names of WordprocessingML (ECMA-376, part 1, section 17), and how its values are read."""

from typing import Any

Element = Any
"""An element of lxml."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH_TEXT = f"{_MATH}t"
ALTERNATIVES = f"{_COMPATIBILITY}AlternateContent"
CHOICE = f"{_COMPATIBILITY}Choice"
FLOATING = (
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor",
    f"{_W}pict",
)
"""Pictures and shapes that text may lie on."""


def w(name: str) -> str:
    """The name of an element or attribute of WordprocessingML."""
    return _W + name


def child(element: Element | None, *path: str) -> Element | None:
    """The element at the end of a path of names; None where there is none."""
    for name in path:
        element = None if element is None else element.find(w(name))
    return element


def value(element: Element | None, *path: str) -> str | None:
    """The attribute `w:val` of the element at the end of a path."""
    found = child(element, *path)
    return None if found is None else found.get(w("val"))


def number(element: Element | None, *path: str) -> int | None:
    """The same as a number."""
    found = value(element, *path) or ""
    return int(found) if found.lstrip("-").isdecimal() and len(found) < 10 else None


def is_on(element: Element | None, *path: str) -> bool | None:
    """Whether a switch is on; None where it is not set."""
    found = child(element, *path)
    return None if found is None else found.get(w("val")) not in ("0", "false", "off")
