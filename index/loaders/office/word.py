"""Word documents: what a reader sees of the running text, all changes accepted.

Headers, footers, comments, deleted text, text that nobody sees, pictures and tables of contents are
left out.
The file does not say where pages end; its places are the sections below headings.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import UnreadableFileError
from index.loaders.office.opening import opened, with_text
from index.loaders.office.properties import read_fields
from index.loaders.office.word_blocks import Block, BlockReader
from index.loaders.office.word_lists import Lists
from index.loaders.office.word_names import Element, w
from index.loaders.office.word_sight import Sight
from index.loaders.office.word_styles import Styles
from index.loaders.office.word_text import TextReader
from index.loaders.rows import write_table
from index.loaders.writing import Writer, heading, line
from index.loading import Loaded
from index.markup import LIST_ITEM

if TYPE_CHECKING:
    from docx.opc.part import Part

_BEGINNING = "Beginning"
"""Name of what stands before the first heading."""
_NOTES = "Notes"


def load(data: bytes, name: str) -> Loaded:
    """Convert a Word document.

    Raises:
        UnreadableFileError: it is none, protected by a password, damaged, too large, or without
            text.
    """
    from docx.package import Package

    with opened(data, name, "DOCX", "word/") as stream:
        package = Package.open(stream)
        main = package.main_document_part
        if "wordprocessingml" not in main.content_type:
            raise UnreadableFileError(
                f"{name}: expected a Word document, found {main.content_type}. Save it as DOCX."
            )
        parts = _Parts.of(main)
        writer, reader = _written(parts)
        core = package.core_properties
        fields = read_fields(core, core.author)
    text = with_text(writer.text(), name)
    notes = ("hidden text was left out",) if reader.has_hidden else ()
    return Loaded(text, fields, tuple(writer.places), notes)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a file that are read, by their root elements."""

    document: Element
    styles: Element | None
    numbering: Element | None
    notes: dict[str, Element]
    """Footnotes and endnotes: `footnote 2` to its element."""

    @classmethod
    def of(cls, main: "Part") -> "_Parts":
        related = {
            relation.reltype.rpartition("/")[2]: relation.target_part
            for relation in main.rels.values()
            if not relation.is_external
        }
        roots = {
            kind: _root(related[kind])
            for kind in ("styles", "numbering", "footnotes", "endnotes")
            if kind in related
        }
        notes = {
            f"{kind} {note.get(w('id'))}": note
            for kind in ("footnote", "endnote")
            if f"{kind}s" in roots
            for note in roots[f"{kind}s"].findall(w(kind))
        }
        return cls(_root(main), roots.get("styles"), roots.get("numbering"), notes)


def _root(part: "Part") -> Element:
    from docx.opc.part import XmlPart
    from docx.oxml.parser import parse_xml

    return part.element if isinstance(part, XmlPart) else parse_xml(part.blob)


def _written(parts: _Parts) -> tuple[Writer, TextReader]:
    writer = Writer()
    cited: list[str] = []

    def mark(kind: str, note_id: str) -> str:
        key = f"{kind} {note_id}"
        if key not in parts.notes:
            return ""
        if key not in cited:
            cited.append(key)
        return f"[^{cited.index(key) + 1}]"

    styles = Styles(parts.styles)
    text_reader = TextReader(styles, Sight(parts.document, styles), mark)
    reader = BlockReader(styles, Lists(parts.numbering), text_reader)
    for block in reader.read(parts.document):
        _write(writer, block)
    if cited and writer.places:
        writer.begin("section", _NOTES)
    for number, key in enumerate(cited, start=1):  # a note may cite further ones
        text = " ".join(line(block.text) for block in reader.read(parts.notes[key]))
        writer.add(f"[^{number}]: {text}")
    return writer, text_reader


def _write(writer: Writer, block: Block) -> None:
    if block.level:
        title = heading(block.text, block.level)
        if title:
            writer.begin("section", block.text, before=_BEGINNING)
        writer.add(title)
    elif block.rows:
        writer.add(write_table(block.rows, block.headers))
    elif block.label is not None:
        words = line(f"{block.label} {block.text}")
        is_item = LIST_ITEM.match(words) is not None
        writer.add(f"{'  ' * block.depth if is_item else ''}{words}", is_item)
    else:
        writer.add(block.text)
