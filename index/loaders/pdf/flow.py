"""From lines to paragraphs, across columns and pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from index.loaders.pdf.values import Column, Line
from index.markup import ENDED

BULLETS = "•◦▪‣●○■–▸►·∙"
LEADERS = re.compile(r"(?:\.\s?){4}|…\s?…")
"""Of a table of contents."""
_BULLET = re.compile(rf"(?:[{BULLETS.replace('–', '')}]\s*|[-–—]\s+)(?=\S)")
_NUMBERED = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])\s+\S", re.I)
_STOPPED = re.compile(r"[.!?…。！？।؟]['\"”’»)\]]*$")
_LOOSE = 1.3
"""Times the usual distance of lines: a larger one parts paragraphs."""
_LOOSE_HEADING = 1.6
_OTHER_SIZE = 1.08
_DISTANCE = 1.3
"""Of one line to the next, where nothing tells: times the font size."""
_INDENT = 0.8
"""Times the font size."""
_HALF_EMPTY = 0.35
"""Share of the column: a line that leaves more of it empty ended there on purpose."""


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: list[Line] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    """The page of each line."""

    @property
    def text(self) -> str:
        """The lines, for a look at them."""
        return " ".join(line.text for line in self.lines)

    @property
    def is_item(self) -> bool:
        """Whether it begins with a bullet."""
        return not self.lines[0].is_table and _BULLET.match(self.lines[0].text) is not None


@dataclass(frozen=True, slots=True)
class _Sides:
    """Where the lines of a column begin and end."""

    left: float
    right: float


def usual_distance(columns: Sequence[Column]) -> float:
    """The distance of one line to the next, as a multiple of the font size."""
    found = []
    for column in columns:
        for above, line in zip(column.lines, column.lines[1:], strict=False):
            if above.is_table or line.is_table or ENDED.search(above.text):
                continue  # a paragraph may end there
            if _is_alike(above, line):
                ratio = (line.base - above.base) / max(line.size, 1.0)
                if 0.8 <= ratio <= 2.5:
                    found.append(round(ratio, 2))
    return median(found) if found else _DISTANCE


def find_paragraphs(columns: Sequence[Column], body_size: float) -> list[Paragraph]:
    """The paragraphs of a document.

    Args:
        columns: in reading order.
        body_size: of running text, in points.
    """
    distance = usual_distance(columns)
    paragraphs: list[Paragraph] = []
    last: tuple[Line, _Sides] | None = None
    for column in columns:
        sides = _sides(column.lines)
        for number, line in enumerate(column.lines):
            goes_on = False
            if last is not None:
                rules = _Rules(paragraphs[-1], last[0], last[1], line, sides, distance, body_size)
                goes_on = rules.goes_on_elsewhere() if number == 0 else rules.goes_on()
            if not goes_on:
                paragraphs.append(Paragraph())
            paragraphs[-1].lines.append(line)
            paragraphs[-1].pages.append(column.page)
            last = line, sides
    return paragraphs


def _sides(lines: Sequence[Line]) -> _Sides:
    texts = [line for line in lines if not line.is_table]
    if not texts:
        return _Sides(0.0, 0.0)
    return _Sides(min(line.box[0] for line in texts), max(line.box[2] for line in texts))


def _is_alike(line: Line, other: Line) -> bool:
    small, large = sorted((line.size, other.size))
    return large <= _OTHER_SIZE * max(small, 0.1)


@dataclass(frozen=True, slots=True)
class _Rules:
    """Whether a line goes on with the paragraph of the line before."""

    paragraph: Paragraph
    before: Line
    before_sides: _Sides
    line: Line
    sides: _Sides
    distance: float
    body_size: float

    def goes_on(self) -> bool:
        """For a line below the other one."""
        before, line = self.before, self.line
        if not self._is_same_kind():
            return False
        is_large = line.size > 1.12 * self.body_size
        loose = _LOOSE_HEADING if is_large else _LOOSE
        if line.base - before.base > loose * self.distance * line.size:
            return False
        if line.base < before.base - line.size:
            return False  # above it
        if line.is_code and before.is_code:
            return True
        if self._begins_item():
            return False
        if is_large or self._is_lower():
            return True
        if ENDED.search(before.text):
            return not self._has_room() and not self._is_indented()
        return self._empty() <= _HALF_EMPTY * (self.sides.right - self.sides.left)

    def goes_on_elsewhere(self) -> bool:
        """For the first line of another column or page."""
        before, line = self.before, self.line
        if not self._is_same_kind() or self._begins_item():
            return False
        if line.size > 1.12 * self.body_size or _STOPPED.search(before.text):
            return False
        is_indented = line.box[0] - self.sides.left > _INDENT * line.size
        may_go_on = self.paragraph.is_item or not is_indented
        return self._is_lower() or (may_go_on and not self._has_room())

    def _is_same_kind(self) -> bool:
        before, line = self.before, self.line
        if before.is_table or line.is_table or not _is_alike(before, line):
            return False
        if LEADERS.search(before.text) or LEADERS.search(line.text):
            return False
        if before.is_code != line.is_code:
            return self._is_lower()
        return before.bold == line.bold or self._is_lower()

    def _is_lower(self) -> bool:
        is_lower = self.line.text[:1].islower() and not ENDED.search(self.before.text)
        return is_lower and not _NUMBERED.match(self.line.text)

    def _begins_item(self) -> bool:
        text = self.line.text
        if text[0] in BULLETS and text[0] != "–":
            return True
        has_ended = bool(ENDED.search(self.before.text)) or self._empty() > self.line.size * 3
        if _BULLET.match(text):
            return has_ended
        return has_ended and _NUMBERED.match(text) is not None

    def _empty(self) -> float:
        """What the line before leaves free at its end."""
        if self.before.rtl:
            return self.before.box[0] - self.before_sides.left
        return self.before_sides.right - self.before.box[2]

    def _has_room(self) -> bool:
        """Whether the line's first word would have fit on the line before."""
        word = self.line.text.split(None, 1)[0]
        width = (self.line.box[2] - self.line.box[0]) * len(word) / max(len(self.line.text), 1)
        return self._empty() > width + 0.5 * self.line.size

    def _is_indented(self) -> bool:
        """Whether the line begins a paragraph by its indent, or ends an indented one."""
        step = self.line.box[0] - self.before.box[0]
        if self.line.rtl:
            step = self.before.box[2] - self.line.box[2]
        is_first = len(self.paragraph.lines) == 1
        if step > _INDENT * self.line.size:
            return not (is_first and (self.paragraph.is_item or self._is_numbered()))
        return step < -_INDENT * self.line.size and not is_first

    def _is_numbered(self) -> bool:
        return _NUMBERED.match(self.paragraph.lines[0].text) is not None


def words_of(columns: Sequence[Column]) -> Iterator[str]:
    """The words within lines, in lower case; those that a line's end may have cut left out."""
    for column in columns:
        is_cut = False
        for line in column.lines:
            words = line.text.casefold().split()
            for word in words[1 if is_cut else 0 : None if line.is_table else -1]:
                yield word.strip(".,;:!?()[]\"'“”‘’«»|")
            is_cut = line.text.endswith(("-", "\u2010"))
