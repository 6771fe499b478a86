"""Colors in which nobody sees letters: those of what is behind them."""

import re
from typing import Literal

Color = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
Ground = Color | Literal["clear", "unknown"]
"""What is behind letters: a color, nothing of its own, or what cannot be told."""
WHITE: Color = (255, 255, 255)
SMALLEST = 2.5
"""Points: smaller letters are there for machines only; as in PDF files."""
_NEAR = 5
"""Of 255: what differs by no more looks the same."""
_HEX = re.compile(r"[0-9A-Fa-f]{6}")


def color_of(code: str | None) -> Color | None:
    """A color written as six digits, `FF8800`; None for anything else."""
    if code is None or not _HEX.fullmatch(code):
        return None
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)


def is_lost(color: Color | None, ground: Ground) -> bool:
    """Whether letters of a color cannot be told from what is behind them."""
    if color is None or isinstance(ground, str):
        return False
    return all(abs(one - other) <= _NEAR for one, other in zip(color, ground, strict=True))
