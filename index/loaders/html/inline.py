"""Running text of a page: white space as browsers show it, marks of notes, raised numbers."""

import re
from dataclasses import dataclass, field

from index.loaders.html.notes import Notes
from index.loaders.html.tree import Element

_BREAK = "\x0b"
"""Stands for <br> until white space is collapsed: pages are read without control characters."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_RAISED = str.maketrans("0123456789+-−–n()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ⁽⁾")
_EXPONENT = re.compile(r"[0-9+\-−–n()]{1,6}")
_PERMALINK = re.compile(r"[¶#§🔗⚓]\ufe0f?")


@dataclass(slots=True)
class Run:
    """Text that stands together, being gathered."""

    notes: Notes
    parts: list[str] = field(default_factory=list)
    letters: int = 0
    linked: int = 0
    links: int = 0

    def add(self, text: str | None, is_link: bool = False) -> None:
        """Add the text of a node."""
        if text:
            count = sum(map(str.isalnum, text))
            self.letters += count
            self.linked += count if is_link else 0
            self.parts.append(text)

    def gather(self, element: Element, is_link: bool = False) -> None:
        """Add an element with all that is in it, as running text."""
        tag = element.tag
        if tag == "br":
            self.parts.append(_BREAK)
        elif element in self.notes.marks:
            self._mark(self.notes.marks[element])
        elif element in self.notes.returns or _is_permalink(element):
            return
        elif tag == "q":
            self.add("“")
            self._gather_within(element, is_link)
            self.add("”")
        elif tag == "sup" and not len(element) and _is_exponent(element, self.parts):
            self.add((element.text or "").strip().translate(_RAISED), is_link)
        else:
            self.links += tag == "a"
            self._gather_within(element, is_link or tag == "a")
            if tag in ("td", "th", "li", "p", "div"):
                self.parts.append(" ")

    def _gather_within(self, element: Element, is_link: bool) -> None:
        self.add(element.text, is_link)
        for child in element:
            self.gather(child, is_link)
            self.add(child.tail, is_link)

    def _mark(self, label: str) -> None:
        """The mark of a note belongs to the word before it."""
        while self.parts and not self.parts[-1].strip():
            self.parts.pop()
        if self.parts:
            self.parts[-1] = self.parts[-1].rstrip()
        self.parts.append(f"[^{label}]")

    @property
    def lines(self) -> list[str]:
        """The lines that are shown, white space collapsed; an empty one where two breaks meet."""
        text = "".join(self.parts).translate(_INVISIBLE)
        lines = [" ".join(line.split()) for line in text.split(_BREAK)]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        return lines

    @property
    def share(self) -> float:
        """Share of the letters that are links."""
        return self.linked / self.letters if self.letters else 0.0


def one_line(element: Element, notes: Notes) -> str:
    """An element's text on one line."""
    run = Run(notes)
    run.gather(element)
    return " ".join(line for line in run.lines if line)


def _is_exponent(element: Element, before: list[str]) -> bool:
    """Whether a raised number has to stay raised: 10² is not 102."""
    return bool(_EXPONENT.fullmatch((element.text or "").strip())) and bool(before)


def _is_permalink(element: Element) -> bool:
    return element.tag == "a" and bool(_PERMALINK.fullmatch(element.text_content().strip()))
