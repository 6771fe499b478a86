"""Notes at the foot of a page: smaller lines below the running text that begin with a mark."""

import re
from dataclasses import dataclass

from index.loaders.pdf.values import Column, Line, Marked

_SMALLER = 0.94
"""Times the size of running text."""
_RULE = 0.5
"""Width of the rule above footnotes, at most: times the lines above and below it."""
_MARK = re.compile(r"(?P<mark>\d{1,3}|[*†‡])(?P<after>[.)]?\s*)(?=\S)")


_BEFORE_MARK = tuple('.,;:!?"”’»)')
"""A raised number after one of these is no power: its note may be at the end of the document."""


@dataclass(slots=True)
class Note:
    """A footnote."""

    mark: str
    lines: list[Line]
    page: int

    @property
    def first(self) -> Marked:
        """Its first line without the mark."""
        marked = self.lines[0].marked
        match = _MARK.match(marked.text)
        return marked.cut(match.end()) if match else marked


def take_notes(column: Column, body_size: float) -> list[Note]:
    """Take the notes out of the foot of a column.

    Args:
        column: loses their lines.
        body_size: of running text.
    """
    lines = column.lines
    start = len(lines)
    while start > 0 and _is_small(lines[start - 1], body_size):
        start -= 1
    start = min(start, _below_rule(column))
    while start < len(lines) and not _begins(lines[start]):
        start += 1
    if start == 0 or start == len(lines):
        return []
    notes: list[Note] = []
    for line in lines[start:]:
        match = _MARK.match(line.text) if _begins(line) else None
        if match and (not notes or _follows(notes[-1].mark, match["mark"], line)):
            notes.append(Note(match["mark"], [line], column.page))
        else:
            notes[-1].lines.append(line)
    del lines[start:]
    return notes


def _below_rule(column: Column) -> int:
    """The first of the lines below a short rule, where that is all there is between two lines."""
    lines = column.lines
    for index in range(len(lines) - 1, 0, -1):
        line, above = lines[index], lines[index - 1]
        if line.is_table or above.is_table:
            break
        if _begins(line) and any(
            above.base < edge.box[1] < line.base
            and edge.box[2] - edge.box[0]
            <= _RULE * (line.box[2] - line.box[0] + above.box[2] - above.box[0])
            and abs(edge.box[0] - min(line.box[0], above.box[0])) <= 2 * line.size
            for edge in column.edges
        ):
            return index
    return len(lines)


def _is_small(line: Line, body_size: float) -> bool:
    return not line.is_table and line.size <= _SMALLER * body_size


def _begins(line: Line) -> bool:
    """Whether a line begins with a mark: one that is raised, or stands apart."""
    match = _MARK.match(line.text)
    if match is None:
        return False
    is_raised = bool(line.raised) and line.raised[0][0] == 0
    return is_raised or (match["after"] != "" and line.text[match.end()].isalpha())


def _follows(before: str, mark: str, line: Line) -> bool:
    if line.raised and line.raised[0][0] == 0:
        return True
    return not (before.isdigit() and mark.isdigit()) or int(mark) == int(before) + 1


def with_marks(line: Line, known: set[str]) -> Marked:
    """A line whose raised numbers are written as marks of notes: `[^3]`.

    Args:
        line: of running text.
        known: the marks of the notes on its page.
    """
    marked, position = Marked(), 0
    for start, end in line.raised:
        number = line.text[start:end]
        is_mark = number in known or line.text[start - 1 : start] in _BEFORE_MARK
        if number.isdigit() and is_mark and start > 0:
            marked.add(line.marked.cut(position, start))
            marked.say("[^")
            marked.add(line.marked.cut(start, end))
            marked.say("]")
            position = end
    marked.add(line.marked.cut(position))
    return marked
