"""A page's tree as pieces of Markdown, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.loaders.html.inline import Run, one_line
from index.loaders.html.notes import Notes
from index.loaders.html.pieces import Kind, Piece
from index.loaders.html.tables import is_data, read_table
from index.loaders.html.tree import Element, words

_BLOCK_TAGS = words(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav"
    " ol p pre section summary table tbody td tfoot th thead tr ul caption"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in lists and quotes the walk is."""

    kind: Kind = "paragraph"
    indent: str = ""
    """Before each line."""
    depth: int = 0
    """Lists that it is in."""


class _Lead:
    """What the next piece begins with: the mark of a list item or a note, used up by it."""

    def __init__(
        self, mark: str = "", *, at: int = 0, label: str = "", is_tight: bool = False
    ) -> None:
        self.mark = mark
        self.at = at
        self.label = label
        self.is_tight = is_tight


def write_pieces(root: Element, notes: Notes) -> list[Piece]:
    """The pieces of a page from which hidden parts are taken out."""
    bodies = [element for element in root if element.tag == "body"] or [root]
    writer = _Writer(notes, _containers(root))
    return [piece for body in bodies for piece in writer.walk(body, _Place(), _Lead())]


def _containers(root: Element) -> set[Element]:
    """The elements that have a block in them."""
    found: set[Element] = set()
    for element in root.iter():
        if element.tag in _BLOCK_TAGS:
            parent = element.getparent()
            while parent is not None and parent not in found:
                found.add(parent)
                parent = parent.getparent()
    return found


class _Writer:
    def __init__(self, notes: Notes, containers: set[Element]) -> None:
        self.notes = notes
        self.containers = containers

    def walk(self, element: Element, place: _Place, lead: _Lead) -> Iterator[Piece]:
        """The pieces of a block: those of the blocks in it, and of the text between them."""
        if element in self.notes.bodies:
            lead = _Lead(label=self.notes.bodies[element])
            place = _Place("note", "    ")
        tag = element.tag
        if tag in _HEADINGS:
            yield from self._heading(element, _HEADINGS[tag])
        elif tag == "pre":
            yield from self._code(element, place, lead)
        elif tag == "table" and is_data(element):
            yield from self._table(element)
        elif tag in ("ul", "ol", "menu", "dir"):
            yield from self._list(element, place, lead)
        else:
            yield from self._within(element, _placed(tag, place), lead)

    def _within(self, element: Element, place: _Place, lead: _Lead) -> Iterator[Piece]:
        run = Run(self.notes)
        run.add(element.text)
        for child in element:
            if child.tag in _BLOCK_TAGS or child in self.containers:
                yield from self._paragraphs(run, element, place, lead)
                run = Run(self.notes)
                yield from self.walk(child, place, lead)
            else:
                run.gather(child)
            run.add(child.tail)
        yield from self._paragraphs(run, element, place, lead)

    def _paragraphs(
        self, run: Run, element: Element, place: _Place, lead: _Lead
    ) -> Iterator[Piece]:
        for group in _grouped(run.lines):
            yield _piece(group, element, place, lead, run)

    def _heading(self, element: Element, level: int) -> Iterator[Piece]:
        run = Run(self.notes)
        run.gather(element)
        text = " ".join(line for line in run.lines if line)
        if any(map(str.isalnum, text)):
            yield Piece(f"{'#' * level} {text}", element, "heading", run.share, level=level)

    def _code(self, element: Element, place: _Place, lead: _Lead) -> Iterator[Piece]:
        place = replace(place, kind="code", indent=place.indent + "    ")
        lines = element.text_content().expandtabs(4).split("\n")
        lines = [line.rstrip() for line in lines]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        if lines:
            yield _piece(lines, element, place, lead, Run(self.notes))

    def _table(self, element: Element) -> Iterator[Piece]:
        for caption in element.iter("caption"):
            text = one_line(caption, self.notes)
            if text:
                yield Piece(text, caption, "caption")
        table = read_table(element, self.notes)
        if table is not None:
            yield Piece(table.text, element, "table", shown=table.shown)

    def _list(self, element: Element, place: _Place, outer: _Lead) -> Iterator[Piece]:
        number = _start(element)
        is_tight = place.depth > 0
        for child in element:
            if child.tag != "li":
                yield from self.walk(child, place, outer)
                continue
            mark = f"{number}. " if element.tag == "ol" else "- "
            number += 1
            at = outer.at if outer.mark else len(place.indent)
            lead = _Lead(outer.mark + mark, at=at, is_tight=is_tight)
            outer.mark = ""
            indent = place.indent + " " * len(mark)
            inner = replace(place, kind="item", indent=indent, depth=place.depth + 1)
            yield from self.walk(child, inner, lead)
            is_tight = True


def _placed(tag: object, place: _Place) -> _Place:
    if tag == "blockquote":
        return replace(place, kind="quote", indent=f"{place.indent}> ")
    if tag == "dt":
        return replace(place, kind="item")
    if tag == "figcaption":
        return replace(place, kind="caption")
    return place


def _piece(lines: list[str], element: Element, place: _Place, lead: _Lead, run: Run) -> Piece:
    first, rest = place.indent + lines[0], lines[1:]
    if lead.label:
        first = f"[^{lead.label}]: {_without_label(lines[0], lead.label)}"
    elif lead.mark:
        after = place.indent[lead.at + len(lead.mark) :]
        first = place.indent[: lead.at] + lead.mark + after + lines[0]
    is_tight = lead.is_tight
    lead.mark, lead.label, lead.is_tight = "", "", False
    text = "\n".join([first, *(place.indent + line for line in rest)])
    return Piece(text, element, place.kind, run.share, run.links, is_tight)


def _without_label(line: str, label: str) -> str:
    """A note's text without the number that it begins with, which its mark states."""
    for shown in (f"[{label}]", f"({label})", f"{label}.", f"{label})", f"{label}:", label, "^"):
        if line.startswith(shown) and not line[len(shown) : len(shown) + 1].isalnum():
            return line[len(shown) :].lstrip(" .") or line
    return line


def _grouped(lines: list[str]) -> Iterator[list[str]]:
    """Paragraphs: what two line breaks divide."""
    group: list[str] = []
    for line in [*lines, ""]:
        if line:
            group.append(line)
        elif group:
            yield group
            group = []


def _start(element: Element) -> int:
    start = element.get("start", "1").strip()
    return int(start) if start.isdigit() and len(start) < 7 else 1
