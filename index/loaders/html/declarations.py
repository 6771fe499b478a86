"""What single declarations of CSS say of whether text is seen: `left: -9999px` puts it outside.

Only what surely hides is called `hidden`: sizes that depend on the window are not computed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Color = tuple[float, float, float, float]
"""Red, green, blue and opacity, from 0 to 1."""
Value = str | Color | None
"""Of a property, None where it is not known: `hidden`, `shown`, a word of its own, or a color."""
Reading = Callable[[str], Value]
_Side = TypeVar("_Side", float, str)

SMALLEST = 1.0
"""Pixels: boxes as wide are specks."""
_SPECK = 2.0
"""Pixels: so are letters as high."""
FAR = -999.0
"""Pixels beside the window's left edge."""
_FARTHER = -8_999.0
_FAINTEST = 0.05
_SCALED = 0.02
_RELATIVE = 0.01
"""Of the size of the letters around, which may be large; a tenth of it is 6 pixels in Chromium."""
_SMALLEST_ZOOM = 0.1
_NUMBER = r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d{1,2})?"
_LENGTH = re.compile(rf"({_NUMBER})(px|pt|pc|in|cm|mm|q|r?em|ex|ch|vw|%)?")
_PIXELS = {
    **{"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4},
    **{"q": 96 / 101.6, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0},
}
_FONT_SIZE = re.compile(rf"(?:^|\s)({_NUMBER}(?:[a-z]+|%)|0)(?:\s*/|\s)")
_CUT = re.compile(r"(inset|circle|ellipse|polygon)\((.*)\)", re.S)
_NOTHING = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)")
_SCALE = re.compile(rf"scale(?:[xy]|3d)?\(\s*({_NUMBER})(%?)(?:\s*,\s*({_NUMBER})(%?))?")
_MOVED = re.compile(r"translate(?:x|3d)?\(\s*([^,()]+)")
_FADED = re.compile(r"opacity\(\s*([\d.]++%?)\s*\)")
_STILL = re.compile(r"none|auto|(?:all\s+)?0m?s(?:\s+ease(?:\s+0m?s)?)?")


def _hidden_if(*words: str) -> Reading:
    return lambda text: "hidden" if text in words else "shown"


def _word_unless(word: str, *others: str) -> Reading:
    return lambda text: "shown" if text in others else word


def _pixels(text: str) -> float | None:
    """A length in pixels, em for letters of usual size; None where it depends on other things."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    number = float(match[1])
    if match[2] in _PIXELS:
        return number * _PIXELS[match[2]]
    return number if number == 0 else None


def _size(text: str) -> Value:
    match = _LENGTH.fullmatch(text)
    if match is None:
        return "shown"
    if match[2] in ("em", "ex", "ch", "%"):
        share = float(match[1]) / (100 if match[2] == "%" else 1)
        return "hidden" if 0 <= share <= _RELATIVE else "shown"
    return "hidden" if _is_within(text, _SPECK) else "shown"


def _font(text: str) -> Value:
    match = _FONT_SIZE.search(text)
    return _size(match[1]) if match else "shown"


def _is_within(text: str, most: float) -> bool:
    length = _pixels(text)
    return length is not None and 0 <= length <= most


def _narrow(text: str) -> Value:
    return "small" if _is_within(text, SMALLEST) else "shown"


def _room(text: str) -> Value:
    lengths = map(_pixels, text.split())
    return "shown" if all(length == 0 for length in lengths) else "roomy"


def _outside(text: str) -> Value:
    length = _pixels(text)
    return "hidden" if length is not None and length <= FAR else "shown"


def _margin(text: str) -> Value:
    sides = text.split()
    return _outside(_four(sides)[3]) if sides else None


def _indent(text: str) -> Value:
    length = _pixels(text.split()[0]) if text else None
    if length is None or length > FAR:
        return "shown"
    return "hidden" if length <= _FARTHER else "indented"


def _opacity(text: str) -> Value:
    match = re.fullmatch(rf"({_NUMBER})(%?)", text)
    is_faint = match is not None and float(match[1]) / (100 if match[2] else 1) < _FAINTEST
    return "hidden" if is_faint else "shown"


def _filtered(text: str) -> Value:
    match = _FADED.search(text)
    if match is not None and _opacity(match[1]) == "hidden":
        return "hidden"
    return "shown" if text == "none" else "painted"


def _zoom(text: str) -> Value:
    match = re.fullmatch(rf"({_NUMBER})(%?)", text)
    share = 1.0 if match is None else float(match[1]) / (100 if match[2] else 1)
    return "hidden" if 0 < share <= _SMALLEST_ZOOM else "shown"


def _clipping(text: str) -> Value:
    match = _CUT.search(text, 0, text.rfind(")") + 1)  # else each that is open is read to the end
    if match is None:
        return "shown"
    shape, sizes = match[1], re.split(r"\bround\b|\bat\b", match[2])[0]
    lengths = sizes.replace(",", " ").split()
    if shape == "inset":
        matches = [re.fullmatch(rf"{_NUMBER}%", each) for each in lengths if not _is_zero(each)]
        if not 0 < len(lengths) <= 4 or None in matches:
            return "shown"
        sides = [0.0 if _is_zero(each) else float(each.rstrip("%")) for each in lengths]
        top, right, bottom, left = _four(sides)
        return "hidden" if top + bottom >= 100 or left + right >= 100 else "shown"
    if shape == "polygon":
        is_empty = bool(lengths) and all(_is_zero(each) for each in lengths)
    else:
        is_empty = any(map(_is_zero, lengths[: 1 if shape == "circle" else 2]))
    return "hidden" if is_empty else "shown"


def _four(sides: Sequence[_Side]) -> tuple[_Side, _Side, _Side, _Side]:
    """Sides as CSS fills them up: top, right, bottom, left."""
    right = sides[1] if len(sides) > 1 else sides[0]
    bottom = sides[2] if len(sides) > 2 else sides[0]
    return sides[0], right, bottom, sides[3] if len(sides) > 3 else right


def _is_zero(text: str) -> bool:
    match = _LENGTH.fullmatch(text)
    return match is not None and float(match[1]) == 0


def _transform(text: str) -> Value:
    for match in _SCALE.finditer(text):
        sizes = [(match[1], match[2]), (match[3] or match[1], match[4] or match[2])]
        if any(abs(float(size)) / (100 if sign else 1) <= _SCALED for size, sign in sizes):
            return "hidden"
    is_moved = any(_outside(each[1].strip()) == "hidden" for each in _MOVED.finditer(text))
    return "hidden" if is_moved else "shown"


def _scale(text: str) -> Value:
    return _transform(f"scale({', '.join(text.split())})")


def _position(text: str) -> Value:
    words = {"static": "shown", "relative": "relative", "absolute": "placed", "fixed": "placed"}
    return words.get(text)


def _display(text: str) -> Value:
    return {"none": "hidden", "inline": "inline", "contents": "inline"}.get(text, "box")


def _cut_to_text(text: str) -> Value:
    return "painted" if "text" in text else "shown"


def _moves(text: str) -> Value:
    return "shown" if _STILL.fullmatch(text) else "moves"


PAINTING = ("text-shadow", "background-clip", "text-stroke", "filter", "blending")
"""What may show letters in another color than their own."""
ROOM = ("padding", "padding-left", "padding-right", "padding-top", "padding-bottom", "least")
"""What makes a box larger than its width and height."""
READ: Mapping[str, tuple[str, Reading]] = {
    "display": ("display", _display),
    "visibility": ("visibility", _hidden_if("hidden", "collapse")),
    "opacity": ("opacity", _opacity),
    "font-size": ("size", _size),
    "font": ("size", _font),
    "position": ("position", _position),
    "left": ("left", _outside),
    "right": ("right", _outside),
    "top": ("top", _outside),
    "bottom": ("bottom", _outside),
    "margin": ("margin", _margin),
    "margin-left": ("margin", _outside),
    "text-indent": ("indent", _indent),
    "clip": ("clip", lambda text: "hidden" if _NOTHING.fullmatch(text) else "shown"),
    "clip-path": ("clip-path", _clipping),
    "transform": ("transform", _transform),
    "scale": ("scale", _scale),
    "overflow": ("overflow", _word_unless("cut", "visible", "auto", "scroll")),
    **{name: (name, _narrow) for name in ("width", "max-width", "height", "max-height")},
    **{name: (name, _room) for name in ROOM[:-1]},
    **{name: ("least", _room) for name in ("min-width", "min-height")},
    **{name: ("moves", _moves) for name in ("animation", "animation-name", "will-change")},
    "transition": ("changes", _moves),
    "text-shadow": ("text-shadow", _word_unless("painted", "none")),
    "background-clip": ("background-clip", _cut_to_text),
    "-webkit-background-clip": ("background-clip", _cut_to_text),
    "-webkit-text-stroke": ("text-stroke", _word_unless("painted", "0", "0px")),
    "filter": ("filter", _filtered),
    "zoom": ("zoom", _zoom),
    "mix-blend-mode": ("blending", _word_unless("painted", "normal")),
}
"""The property that each one is counted as, and how its value is read."""
