"""Files into the catalog: what is new is read, embedded in batches and committed.

Nothing here grows with the collection but the lists of what was done: files are looked up some at
a time, and wait to be embedded by the hundred.
"""

import os
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import sources
from index.errors import NoTextFieldError, SourceError, UnreadableFileError
from index.failed_parts import FailedParts
from index.ledger import Ledger, Waiting
from index.loading import has_unread_pages, recognizes
from index.measuring import Candidate, measured, measured_members
from index.members import (
    CONTAINERS,
    RECORDS,
    Member,
    file_of,
    is_container,
    part_of,
    suffix_of,
    text_field_of,
)
from index.passage_vectors import texts_of
from index.records import Source
from index.types import Document, DocumentInfo, FileNote, Passage

BATCH_TEXTS = 1024
"""Texts that are embedded in one call: what a kill can cost, some seconds. The more there are, the
less of what the model reads is padding (docs/performance.md)."""
BATCH_CHARACTERS = 2_000_000
"""Characters that wait to be embedded, at most, but for a document that has more."""
_EXAMINED, _EXAMINED_BYTES = 256, 8_000_000
"""Sources that are looked up in the catalog at once, and the bytes that wait for it."""
Hashes = NDArray[np.int64]


@dataclass
class Intake(Ledger):
    """Brings files into a catalog."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._queued: list[Candidate] = []
        self._queued_bytes = 0
        self._again: set[str] = set()
        """Sources that are read again although they are as they were."""
        self._planned: dict[str, str] = {}
        """The first source of each document that would be new, by id."""
        self._failed_parts = FailedParts("")
        """Of the container that is being read."""

    def take(self, path: Path) -> None:
        """Take one file; what it holds is in the catalog after the next `flush`, if readable."""
        name = str(path)
        try:
            name.encode()
            if is_container(path):
                self._take_members(path)
                return
            candidate = measured(path, self._field_of(path))
            self._queue(candidate)
            if path.suffix.lower() == RECORDS:  # it may have held several, or another field
                self._forget_gone(name, [candidate.source.path])
        except UnicodeEncodeError:
            shown = name.encode(errors="replace").decode()
            self.fail(shown, f"{shown}: expected a name in UTF-8. Rename the file.")
        except SourceError as error:
            self.fail(name, str(error))

    def flush(self) -> None:
        """Embed what is waiting and commit it."""
        self._examine()
        self._begin()
        self._settle()

    # From a file to what it holds

    def _take_members(self, path: Path) -> None:
        seen = array("q")
        self._joined = {}
        self._failed_parts = FailedParts(str(path))
        try:
            for member, candidate in measured_members(path, self._field_of(path)):
                if member.is_left_out:
                    self._leave_member_out(member)
                    continue
                seen.append(hash(member.source))
                if candidate is None:
                    self._fail_part(member.source, member.trouble, member.weight)
                else:
                    self._queue(candidate)
        finally:  # where it breaks off, what came before is taken, and what was known stays
            self._examine()
            self.failed += self._failed_parts.all(len(seen))
        if not seen:
            raise UnreadableFileError(
                f"{path}: expected documents in it, found none. Leave it out."
            )
        self._forget_gone(str(path), np.sort(np.frombuffer(seen, dtype=np.int64)))
        self.progress(1, 0, 0)

    def _forget_gone(self, file: str, present: Sequence[str] | Hashes) -> None:
        """Forget the members of a file that was read to its end and has them no more.

        Args:
            file: the file.
            present: its sources, or their hashes in order.
        """
        for known in self.catalog.sources_in(file):
            gone = [pair for pair in known if not _is_in(pair[0].path, present)]
            if gone:
                self.flush()  # what they held may be in the file elsewhere
            for source, document_id in gone:
                now = self._joined.pop(document_id, None)
                if now is not None:
                    self.added.pop(now)
                    del self.duplicates[now]
                    self.moved[now] = source.path
            self._drop([source.path for source, _ in gone])
            moved = set(self.moved.values())
            self.removed += [source.path for source, _ in gone if source.path not in moved]

    def _field_of(self, path: Path) -> str | None:
        """Where the text of a file's records is: as is said, else as it was when it was indexed."""
        if self.text_field is not None or path.suffix.lower() not in (RECORDS, *CONTAINERS):
            return self.text_field
        known = next(self.catalog.sources_in(str(path)), [])
        return next((field for each, _ in known if (field := text_field_of(each.path))), None)

    # From what may be new to what is

    def _queue(self, candidate: Candidate) -> None:
        self._queued.append(candidate)
        self._queued_bytes += len(candidate.data or b"")
        if len(self._queued) >= _EXAMINED or self._queued_bytes >= _EXAMINED_BYTES:
            self._examine()

    def _examine(self) -> None:
        """Compare what is queued with the catalog."""
        queued, self._queued, self._queued_bytes = self._queued, [], 0
        known = self.catalog.sources_at(each.source.path for each in queued)
        fresh = []
        for each in queued:
            held = known.get(each.source.path)
            is_known = held is not None and held[0].has_content_of(each.source)
            if is_known and not self._has_more(each, held):
                self.unchanged.append(each.source.path)
                self._count(each, 0)
            else:
                fresh.append((each, held[1] if held is not None else None))
        twins = defaultdict(list)
        for source, _ in self.catalog.sources_with(each.source.file_sha256 for each, _ in fresh):
            twins[source.file_sha256].append(source)
        for each, held_id in fresh:
            try:
                self._place(each, held_id, twins[each.source.file_sha256])
            except SourceError as error:
                if isinstance(error, NoTextFieldError) and self._leave_out(each, held_id):
                    continue
                if each.is_part:
                    self._fail_part(each.source.path, error, each.weight)
                else:
                    self.fail(each.source.path, str(error), 1, each.weight)

    def _leave_member_out(self, member: Member) -> None:
        """Count a member of a kind that is not read."""
        if self.left_out is not None:
            self.left_out.add(Path(member.source))
        self.progress(0, 0, member.weight)

    def _fail_part(self, source: str, error: SourceError | str, weight: int) -> None:
        """Note what cannot be indexed of a container; what is said of it waits for its end."""
        self._failed_parts.add(source, error)
        self.progress(0, 0, weight)

    def _has_more(self, candidate: Candidate, held: tuple[Source, str] | None) -> bool:
        """Whether pages of a document were left out, and their text can be recognized now."""
        path = candidate.source.path
        if held is None or not recognizes(path):
            return False
        try:
            data = candidate.read().data
        except UnreadableFileError:
            return False
        document = self.catalog.document(held[1])
        if data is None or document is None:
            return False
        if has_unread_pages(data, path, len(document.places)):
            self._again.add(path)
        return path in self._again

    def _leave_out(self, candidate: Candidate, held: str | None) -> bool:
        """Whether a JSON file is no document: in a folder or archive, and never one before."""
        part = part_of(candidate.source.path)
        path = Path(f"{part.file}!/{part.entry}") if part.entry else part.file
        if held is not None or self.left_out is None or part.is_record:
            return False
        if path in self.left_out.named:
            return False
        self.left_out.add(path)
        self._count(candidate, 0)
        return True

    def _place(self, candidate: Candidate, held: str | None, twins: Sequence[Source]) -> None:
        """Find out whether a source was moved, is a copy, or is new; a new one is read."""
        source = candidate.source
        copies = [twin for twin in twins if self._is_copy(twin, source)]
        moved = next((twin for twin in copies if self._is_gone(twin.path)), None)
        twin = moved or next(iter(copies), None)
        if twin is None:
            self._read(candidate.read(), held)
            return
        document_id = self.catalog.sources_at([twin.path])[twin.path][1]
        if moved is None:
            self._join(candidate, held, document_id, twin.path)
        else:
            self._move(candidate, held, document_id, twin.path)

    def _is_copy(self, twin: Source, source: Source) -> bool:
        """Whether another source has the same content, also now: it may have changed meanwhile."""
        if twin.path == source.path or twin.path in self.left:
            return False
        now = self.catalog.sources_at([twin.path]).get(twin.path)
        is_read_alike = suffix_of(twin.path) == suffix_of(source.path) and (
            text_field_of(twin.path) == text_field_of(source.path)
        )
        return now is not None and now[0].has_content_of(source) and is_read_alike

    def _read(self, candidate: Candidate, held: str | None) -> None:
        source = candidate.source
        if self.is_dry:
            info = sources.read_info(source.path, candidate.data)
            self._plan(candidate, held, info)
            return
        document, passages = sources.read_document(source.path, candidate.data)
        if source.path in self._again and document.info.id == held:
            self.unchanged.append(source.path)
            self._count(candidate, 0)
            return
        self.notes += [FileNote(source.path, note) for note in document.notes]
        if not passages or "".join(passage.text for passage in passages) != document.text:
            raise SourceError(f"{source.path}: its passages do not add up to its text: a bug here.")
        self._decide(replace(candidate, data=None), held, document, passages)

    def _decide(
        self, candidate: Candidate, held: str | None, document: Document, passages: list[Passage]
    ) -> None:
        info, path = document.info, candidate.source.path
        if any(each.document.info.id == info.id for each in self._waiting):
            self._begin()
            self._settle()
        elif any(info.id in each.ids for each in self._begun):
            self._settle()  # what waits goes on waiting: batches are the same with each engine
        present = self.catalog.infos([info.id]).get(info.id)
        before = None
        if present is not None:
            is_other = present.source != path
            before = present.source if is_other and self._is_gone(present.source) else None
            # The first file with a text says what its metadata are, as long as it is there.
            if before is not None and _is_same(present, info):
                self._move(candidate, held, info.id, before)
                return
            if before is None and (is_other or present == info):
                self._join(candidate, held, info.id, present.source)
                return
        elif (spare := self._spare.get(info.id)) and _is_same(spare.document.info, info):
            self._keep_spare(candidate, held, info.id)
            self.catalog.put(replace(spare, source=candidate.source))
            self._note(candidate, held, len(spare.passages))
            return
        texts = texts_of(document, passages, self._text_version)
        waiting = Waiting(document, passages, candidate, held, before, texts)
        if present is not None and self._restated(waiting):
            return
        self._waiting.append(waiting)
        self._texts += len(texts)
        self._characters += len(document.text)
        if self._texts >= BATCH_TEXTS or self._characters >= BATCH_CHARACTERS:
            self._begin()

    def _plan(self, candidate: Candidate, held: str | None, info: DocumentInfo) -> None:
        """Note what would become of a source that was read."""
        present = self.catalog.infos([info.id]).get(info.id)
        of = present.source if present is not None else self._planned.get(info.id)
        self._planned.setdefault(info.id, candidate.source.path)
        if of is not None and of != candidate.source.path:
            if present is not None and of not in self.left and self._is_gone(of):
                self._move(candidate, held, info.id, of)
                return
            self.duplicates[candidate.source.path] = of
        self._note(candidate, held, 0)

    def _is_gone(self, source: str) -> bool:
        file = file_of(source)
        if os.path.lexists(file):
            return False
        # It may be a file of another machine: this one would have its folder.
        return not self.catalog.is_server or os.path.isdir(os.path.dirname(file))


def _is_same(one: DocumentInfo, other: DocumentInfo) -> bool:
    """Whether what is known is the same, wherever it is from."""
    return replace(one, source="") == replace(other, source="")


def _is_in(path: str, present: Sequence[str] | Hashes) -> bool:
    if not isinstance(present, np.ndarray):
        return path in present
    value = hash(path)
    at = int(np.searchsorted(present, value))
    return at < len(present) and int(present[at]) == value
