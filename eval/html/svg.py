"""Charts as SVG elements. Colors and fonts come from the page's CSS, by class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Tick = tuple[float, str]
"""A place from 0 to 1 along an axis, and what is written there."""

SHARES: tuple[Tick, ...] = ((0, "0"), (0.25, ".25"), (0.5, ".5"), (0.75, ".75"), (1, "1"))


def element(name: str, *content: str, **attributes: str | float | None) -> str:
    """One element. `content` is SVG already, attributes are escaped here.

    A trailing underscore of an attribute's name is dropped, others become hyphens.
    """
    pairs = (
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(content)
    return f"<{name}{''.join(pairs)}{f'>{inner}</{name}>' if inner else '/>'}"


def text(words: str, x: str | float, y: str | float, **attributes: str | float | None) -> str:
    """Escaped words at a place."""
    return element("text", escape(words), x=x, y=y, **attributes)


def percent(share: float) -> str:
    """A place along the width: lets a chart stretch while its marks keep their shape."""
    return f"{round(100 * share, 2):g}%"


def drawing(content: Iterable[str], label: str, width: float, height: float, class_: str) -> str:
    """A chart with its text alternative."""
    return element(
        "svg",
        element("title", escape(label)),
        *content,
        role="img",
        class_=class_,
        viewBox=f"0 0 {width:g} {height:g}",
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a chart that data is drawn in. Both axes run from 0 to 1."""

    width: float = 360
    height: float = 250
    left: float = 46
    right: float = 14
    top: float = 18
    bottom: float = 44

    def x(self, share: float) -> float:
        """The pixel of a place along the horizontal axis."""
        return self.left + share * (self.width - self.left - self.right)

    def y(self, share: float) -> float:
        """The pixel of a place along the vertical axis, which points up."""
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)

    def axes(
        self,
        across: str,
        up: str,
        x_ticks: Sequence[Tick] = SHARES,
        y_ticks: Sequence[Tick] = SHARES,
    ) -> str:
        """Grid, ticks and labels."""
        low, high, start, end = self.y(0), self.y(1), self.x(0), self.x(1)
        parts = []
        for place, words in y_ticks:
            y = self.y(place)
            parts.append(element("line", x1=start, x2=end, y1=y, y2=y, class_="grid"))
            parts.append(text(words, start - 7, y + 4, class_="tick", text_anchor="end"))
        for place, words in x_ticks:
            x = self.x(place)
            parts.append(element("line", x1=x, x2=x, y1=low, y2=low + 4, class_="axis"))
            parts.append(text(words, x, low + 17, class_="tick", text_anchor="middle"))
        middle = (low + high) / 2
        parts.append(element("line", x1=start, x2=end, y1=low, y2=low, class_="axis"))
        parts.append(
            text(across, (start + end) / 2, self.height - 6, class_="label", text_anchor="middle")
        )
        parts.append(
            text(
                up,
                12,
                middle,
                class_="label",
                text_anchor="middle",
                transform=f"rotate(-90 12 {middle:g})",
            )
        )
        return "".join(parts)


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
