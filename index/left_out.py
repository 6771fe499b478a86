"""Files and links in folders that no document is made of: what a report says of them."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from index.members import RECORDS
from index.types import FileNote

REMEDIES = {
    ".doc": "save {them} as .docx",
    ".xls": "save {them} as .xlsx",
    ".ppt": "save {them} as .pptx",
    ".odt": "save {them} as .docx",
    ".ods": "save {them} as .xlsx",
    ".odp": "save {them} as .pptx",
    ".rtf": "save {them} as .docx",
    ".pages": "export {them} as .docx",
    ".msg": "save {them} as .eml",
}
"""What to do with files that hold texts and have no loader, by suffix in lower case."""
UNREAD = tuple(REMEDIES)
_NAME_THE_FIELD = "if {it} is a document, name the field of its text with --text-field"
"""Of JSON files; most are settings of programs."""


def remedy(suffix: str) -> str | None:
    """What to do with a file of such a kind, as a sentence; None for any other kind."""
    found = REMEDIES.get(suffix.lower())
    if found is None:
        return None
    sentence = found.format(them="it")
    return f"{sentence[0].upper()}{sentence[1:]}."


@dataclass(slots=True)
class _Kind:
    """Files with one suffix."""

    count: int
    place: Path
    """Of the file; of several, the folder that all are in."""

    def note(self, suffix: str) -> FileNote:
        is_one = self.count == 1
        files = f"{self.count:,} {suffix} {'file' if is_one else 'files'}"
        if suffix == RECORDS:
            files += " without a text"
            what_to_do = _NAME_THE_FIELD.format(it="it" if is_one else "one")
        else:
            what_to_do = REMEDIES[suffix].format(them="it" if is_one else "them")
        text = f"{files} {'was' if is_one else 'were'} left out: {what_to_do}"
        place = os.fsencode(self.place).decode(errors="replace")
        return FileNote(place.removesuffix("!"), text)  # of an archive: `a.zip!/` is within


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Counts what is left out of folders, by suffix."""

    named: Collection[Path] = ()
    """Files that the user named: nothing of these is left out, they fail."""
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _links: list[Path] = field(default_factory=list)
    """To folders."""

    def add(self, path: Path) -> None:
        """Count a file, or a link to a folder."""
        if path.is_symlink() and path.is_dir():
            self._links.append(path)
            return
        suffix = path.suffix.lower()
        kind = self._kinds.setdefault(suffix, _Kind(0, path))
        around = kind.place if kind.count > 1 else kind.place.parent
        if kind.count:
            shared = (each for each in (around, *around.parents) if each in path.parents)
            kind.place = next(shared, around)
        kind.count += 1

    def notes(self) -> list[FileNote]:
        """A note for each suffix, and one for links to folders."""
        notes = [kind.note(suffix) for suffix, kind in sorted(self._kinds.items())]
        return [*notes, *self._note_on_links()]

    def _note_on_links(self) -> list[FileNote]:
        if not self._links:
            return []
        count = len(self._links)
        links = "this link to a folder was" if count == 1 else f"{count:,} links to folders were"
        such = "it" if count == 1 else "one (such as this)"
        text = f"{links} not followed: name {such} to have what is in it indexed"
        return [FileNote(os.fsencode(self._links[0]).decode(errors="replace"), text)]
