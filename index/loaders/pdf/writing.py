"""The canonical text of a document, with the box of each of its characters."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.loaders.pdf.flow import BULLETS, Paragraph, find_paragraphs
from index.loaders.pdf.footnotes import Note, take_notes, with_marks
from index.loaders.pdf.headings import body_size, find_headings
from index.loaders.pdf.joining import Joiner
from index.loaders.pdf.tabulating import written
from index.loaders.pdf.values import Box, Column, Line, Marked


@dataclass(slots=True)
class Written:
    """A text, and where on which page its characters stand."""

    text: str = ""
    boxes: "array[float]" = field(default_factory=lambda: array("f"))
    starts: list[tuple[int, int]] = field(default_factory=list)
    """(offset, page) pairs: where the characters of each page begin, pages from 0."""

    def page_of(self, offset: int) -> int:
        """The page that a character stands on."""
        return self.starts[max(bisect_right(self.starts, (offset, 1 << 30)) - 1, 0)][1]

    def box_of(self, offset: int) -> Box | None:
        """The box of a character; None for what does not stand on a page."""
        left, top, right, bottom = self.boxes[4 * offset : 4 * offset + 4]
        return (left, top, right, bottom) if right > left or bottom > top else None


class _Writer:
    """Puts paragraphs one after the other."""

    def __init__(self, columns: Sequence[Column], notes: Sequence[Note]) -> None:
        self.joiner = Joiner.of(columns)
        self.parts: list[str] = []
        self.written = Written()
        self.length = 0
        self.notes: dict[int, list[Note]] = {}
        self.marks: dict[int, set[str]] = {}
        for note in notes:
            self.notes.setdefault(note.page, []).append(note)
            self.marks.setdefault(note.page, set()).add(note.mark)

    def paragraph(self, paragraph: Paragraph, level: int, tight: bool) -> None:
        """Append a paragraph.

        Args:
            paragraph: its lines.
            level: of a heading; 0 for others.
            tight: whether it belongs to a list that the paragraph before belongs to.
        """
        self._say(("\n" if tight else "\n\n") if self.length else "")
        first = self.length
        if level:
            self._say("#" * level + " ")
        text = Marked()
        base, starts = self.length, []
        was_code = False
        for line, page in zip(paragraph.lines, paragraph.pages, strict=True):
            marked = self._marked(line, page)
            if line is paragraph.lines[0] and paragraph.is_item:
                marked = _item(marked)
            if line.is_table or (line.is_code and was_code):
                text.say("\n" if text.text else "")
                text.add(marked)
            else:
                self.joiner.add(text, marked)
            was_code = line.is_code
            starts.append((base + len(text.text) - len(marked.stripped().text), page))
        starts[0] = first, paragraph.pages[0]
        self._append(text)
        for start, page in starts:
            self._page(start, page)

    def _marked(self, line: Line, page: int) -> Marked:
        if line.table is not None:
            return written(line.table, self.joiner.add)
        return with_marks(line, self.marks.get(page, set()))

    def notes_before(self, page: int) -> None:
        """Append the notes of the pages before this one that are still to come."""
        for number in sorted(self.notes):
            if number < page:
                for note in self.notes.pop(number):
                    self._note(note)

    def finish(self) -> Written:
        """The whole."""
        self.notes_before(1 << 30)
        self.written.text = "".join(self.parts)
        return self.written

    def _note(self, note: Note) -> None:
        self._say("\n\n" if self.length else "")
        self._page(self.length, note.page)
        self._say(f"[^{note.mark}]: " if note.mark.isdigit() else f"{note.mark} ")
        body = Marked()
        for line in (note.first, *(line.marked for line in note.lines[1:])):
            self.joiner.add(body, line)
        self._append(body)

    def _say(self, words: str) -> None:
        text = Marked()
        text.say(words)
        self._append(text)

    def _append(self, text: Marked) -> None:
        self.parts.append(text.text)
        self.written.boxes.extend(text.boxes)
        self.length += len(text.text)

    def _page(self, start: int, page: int) -> None:
        starts = self.written.starts
        if not starts or starts[-1][1] < page:
            starts.append((start if starts else 0, page))


def _item(marked: Marked) -> Marked:
    """A list's item with the bullet that Markdown has."""
    text = Marked()
    rest = marked.cut(1).stripped()
    text.add(
        Marked("-", marked.boxes[:4]) if marked.text[0] in BULLETS + "-–—" else marked.cut(0, 1)
    )
    text.say(" ")
    text.add(rest)
    return text


def write(columns: Sequence[Column]) -> Written:
    """Put columns, in reading order, together as one text."""
    body = body_size(columns)
    notes = [note for column in columns for note in take_notes(column, body)]
    columns = [column for column in columns if column.lines]
    paragraphs = find_paragraphs(columns, body)
    levels: Mapping[int, int] = find_headings(paragraphs, body)
    writer = _Writer(columns, notes)
    was_item = False
    for index, paragraph in enumerate(paragraphs):
        # A page's notes come before a paragraph that goes on overleaf: pages stay in order.
        writer.notes_before(paragraph.pages[-1])
        writer.paragraph(paragraph, levels.get(index, 0), was_item and paragraph.is_item)
        was_item = paragraph.is_item
    return writer.finish()
