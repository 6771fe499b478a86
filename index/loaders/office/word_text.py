"""The text of a paragraph as a reader sees it, all changes accepted."""

import re
from collections.abc import Callable, Iterator

from index.loaders.office.word_names import (
    ALTERNATIVES,
    CHOICE,
    MATH_TEXT,
    Element,
    child,
    is_on,
    w,
)
from index.loaders.office.word_sight import Sight
from index.loaders.office.word_styles import Styles

LEFT_OUT = frozenset(
    {
        *map(w, ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr", "instrText")),
        *map(w, ("delText", "delInstrText", "rt", "object", "annotationRef")),
    }
)
"""Elements without text that is shown: deleted, moved away, properties, codes of fields."""
_SIGNS = {
    w("tab"): " ",
    w("ptab"): " ",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\u2011",
}
_TEXT = (w("t"), MATH_TEXT)
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" ?\n\s*")
_PRIVATE = range(0xE000, 0xF900)


class TextReader:
    """Reads paragraphs in order: a field may begin in one and end in a later one."""

    def __init__(self, styles: Styles, sight: Sight, note: Callable[[str, str], str]) -> None:
        """Prepare to read.

        Args:
            styles: of the document.
            sight: the same.
            note: called with `footnote` or `endnote` and an id, for the mark to be written.
        """
        self._styles = styles
        self._sight = sight
        self._note = note
        self._fields: list[bool] = []
        """Open fields, one in the other: whether the code of each is over."""
        self.boxes: list[Element] = []
        """The contents of text boxes that were met and not yet taken."""
        self._paragraph: Element = None
        self.has_hidden = False

    def read(self, paragraph: Element) -> str:
        """The text of a paragraph, in lines where it has line breaks."""
        is_hidden = self._styles.of_paragraph(child(paragraph, "pPr")).is_hidden
        self._paragraph = paragraph
        text = "".join(self._pieces(paragraph, is_hidden))
        return _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()

    def _pieces(self, element: Element, is_hidden: bool) -> Iterator[str]:
        for part in element:
            if part.tag == w("r"):
                yield from self._run(part, is_hidden)
            elif part.tag == w("txbxContent"):
                self.boxes.append(part)
            elif part.tag == ALTERNATIVES:
                chosen = part.find(CHOICE)
                found = chosen if chosen is not None else next(iter(part), None)
                yield from self._pieces(found, is_hidden) if found is not None else ()
            elif part.tag in _TEXT:
                yield "" if self._in_code else part.text or ""
            elif part.tag not in LEFT_OUT:
                yield from self._pieces(part, is_hidden)

    def _run(self, run: Element, is_hidden: bool) -> Iterator[str]:
        properties = child(run, "rPr")
        hidden = is_on(properties, "vanish")
        if hidden is None:
            hidden = is_hidden or self._styles.of_run(properties).is_hidden
        hidden = hidden or self._sight.is_unseen(run, self._paragraph)
        for part in run:
            if part.tag == w("fldChar"):
                self._field(part.get(w("fldCharType")))
            elif hidden and part.tag in _TEXT:
                self.has_hidden = True
            elif not hidden and not self._in_code:
                yield from self._in_run(part)

    def _in_run(self, part: Element) -> Iterator[str]:
        if part.tag in _TEXT:
            yield part.text or ""
        elif part.tag in _SIGNS:
            yield _SIGNS[part.tag]
        elif part.tag == w("sym"):
            yield _symbol(part.get(w("char")) or "")
        elif part.tag in (w("footnoteReference"), w("endnoteReference")):
            kind = "endnote" if part.tag == w("endnoteReference") else "footnote"
            yield self._note(kind, part.get(w("id")) or "")
        elif part.tag not in LEFT_OUT:
            yield from self._pieces([part], False)

    @property
    def _in_code(self) -> bool:
        return not all(self._fields)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()


def _symbol(code: str) -> str:
    """A sign of a symbol font; those that only the font knows are left out."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    is_known = number < 0xD800 or number in range(0xF900, 0x110000)
    return chr(number) if is_known and number not in _PRIVATE and number >= 32 else ""
