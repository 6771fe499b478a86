"""What an update writes into the catalog: documents in batches, moves, copies, what is gone."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.catalog import Catalog
from index.embedding import Embedder, Vectors, recorded_text_version
from index.engines import Engine, InThisProcess
from index.errors import IndexDamagedError
from index.left_out import LeftOut
from index.measuring import Candidate
from index.passage_vectors import embedded_of, texts_of
from index.records import EmbeddedDocument
from index.removal import embedded_document
from index.types import Document, FailedFile, FileNote, Passage

_ENCODED = 4096
"""Texts given to the model at once."""
_BEGUN_CHARACTERS = 8_000_000
"""Of documents that are being embedded while others are read, at most, but for one of more."""
_SPARE_BYTES = 32_000_000
"""Of documents that have just gone, in case they come back under another name."""

Progress = Callable[[int, int, int], None]
"""Called with the files, the passages and the bytes of files done since the last call."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that was read and is not yet embedded."""

    document: Document
    passages: list[Passage]
    candidate: Candidate
    held: str | None
    """Id of the document that this source held before."""
    before: str | None
    """Where its file was, if it was moved."""
    texts: list[str]
    """What is embedded of it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Documents that are being embedded."""

    waiting: list[Waiting]
    ids: set[str]
    """Of the documents."""
    characters: int
    calls: list[Callable[[], Vectors]]
    """Each waits for the vectors of some of their texts, in order."""


@dataclass
class Ledger:
    """Writes into a catalog; what was done is in its lists."""

    catalog: Catalog
    embedder: Callable[[], Embedder]
    """Loads the model when it is first called."""
    progress: Progress = lambda files, passages, size: None
    text_field: str | None = None
    """Where the text of JSON records is, if not in one of the usual fields."""
    is_dry: bool = False
    """Whether nothing is written, and only said what would be."""
    engine: Engine = field(default_factory=InThisProcess)
    added: dict[str, None] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    notes: list[FileNote] = field(default_factory=list)
    left_out: LeftOut | None = None
    """Of folders; None where every file was named."""
    moved: dict[str, str] = field(default_factory=dict)
    """Where each was, by where it is."""
    duplicates: dict[str, str] = field(default_factory=dict)
    """Another file with the same text, by file."""

    def __post_init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._begun: deque[Begun] = deque()
        self._texts = self._characters = 0
        self.left: set[str] = set()
        """Sources that are somewhere else now."""
        self.replaced: set[str] = set()
        """Sources that hold another document now."""
        self._joined: dict[str, str] = {}
        """Within one container: a new source of each document that was there already, by id."""
        self._spare: OrderedDict[str, EmbeddedDocument] = OrderedDict()
        self._spare_bytes = 0
        self._text_version = recorded_text_version(self.catalog.fingerprint)

    @property
    def reasons(self) -> list[str]:
        """Why there are files that were not indexed, a line each."""
        noted = self.left_out.notes() if self.left_out is not None else []
        failed = [f"{each.source}: {each.reason}" for each in self.failed]
        return failed + [f"{each.source}: {each.note}" for each in noted]

    def fail(self, name: str, reason: str, files: int = 1, size: int = 0) -> None:
        """Note what cannot be indexed."""
        self.failed.append(FailedFile(name, reason.removeprefix(f"{name}: ")))
        self.progress(files, 0, size)

    def forget(self, gone: Sequence[str]) -> None:
        """Forget sources, and the documents that no other holds."""
        self._drop(gone)
        self.removed += gone

    def _begin(self) -> None:
        """Have what waits embedded, and commit what has to be before more can begin."""
        waiting, self._waiting = self._waiting, []
        characters = self._characters
        self._texts = self._characters = 0
        if not waiting:
            return
        while self._begun and self._begun_characters() + characters > _BEGUN_CHARACTERS:
            self._commit()
        texts = [text for each in waiting for text in each.texts]
        embedder = self.embedder()
        parts = [texts[at : at + _ENCODED] for at in range(0, len(texts), _ENCODED)]
        calls = [self.engine.begin(embedder, part) for part in parts]
        ids = {each.document.info.id for each in waiting}
        self._begun.append(Begun(waiting, ids, characters, calls))
        while len(self._begun) > self.engine.ahead:
            self._commit()

    def _settle(self) -> None:
        """Commit all that is being embedded."""
        while self._begun:
            self._commit()

    def _begun_characters(self) -> int:
        return sum(each.characters for each in self._begun)

    def _commit(self) -> None:
        """Commit what was begun first."""
        begun = self._begun.popleft()
        waiting, parts = begun.waiting, [call() for call in begun.calls]
        vectors = parts[0] if len(parts) == 1 else np.concatenate(parts)
        start = 0
        with self.catalog.together():
            for each in waiting:
                end = start + len(each.texts)
                self._keep_spare(each.candidate, each.held, each.document.info.id)
                self.catalog.put(
                    embedded_of(
                        each.document,
                        each.passages,
                        each.candidate.source,
                        each.texts,
                        vectors[start:end],
                        self._text_version,
                    )
                )
                if each.before is not None:
                    self.catalog.remove_source(each.before)
                start = end
        for each in waiting:
            if each.before is not None:
                self._note_move(each.candidate, each.held, each.before, len(each.passages))
            else:
                self._note(each.candidate, each.held, len(each.passages))

    def _join(self, candidate: Candidate, held: str | None, document_id: str, of: str) -> None:
        """Note that a source holds a document that is here already."""
        source = candidate.source
        self._keep_spare(candidate, held, document_id)
        self._write(lambda: self.catalog.add_source(document_id, source))
        if of != source.path:
            self.duplicates[source.path] = of
            if held is None:
                self._joined[document_id] = source.path
        self._note(candidate, held, 0)

    def _restated(self, waiting: Waiting) -> bool:
        """Whether a document was put that is here already, and of which less is new than its text.

        What is embedded has the title, and nothing else that is known of a document.
        """
        info, candidate = waiting.document.info, waiting.candidate
        try:
            stored = embedded_document(self.catalog, info.id, candidate.source)
        except IndexDamagedError:
            return False  # it is embedded again
        texts = texts_of(stored.document, stored.passages, self._text_version)
        if list(stored.passages) != waiting.passages or texts != waiting.texts:
            return False
        with self.catalog.together():
            self._keep_spare(candidate, waiting.held, info.id)
            self.catalog.put(replace(stored, document=waiting.document))
            if waiting.before is not None:
                self.catalog.remove_source(waiting.before)
        if waiting.before is not None:
            self._note_move(candidate, waiting.held, waiting.before, 0)
        else:
            self._note(candidate, waiting.held, len(waiting.passages))
        return True

    def _move(self, candidate: Candidate, held: str | None, document_id: str, before: str) -> None:
        """Note that a document's file is somewhere else now."""
        self._keep_spare(candidate, held, document_id)
        self._write(lambda: self.catalog.move_source(before, candidate.source))
        self._note_move(candidate, held, before, 0)

    def _drop(self, gone: Sequence[str]) -> None:
        if not self.is_dry and gone:
            with self.catalog.together():
                for path in gone:
                    self.catalog.remove_source(path)

    def _write(self, change: Callable[[], None]) -> None:
        if not self.is_dry:
            change()

    def _keep_spare(self, candidate: Candidate, held: str | None, document_id: str) -> None:
        """Keep a document that is about to go: records that shift have it again a moment later."""
        if self.is_dry or held is None or held == document_id or self.catalog.holders(held) != 1:
            return
        try:
            found = embedded_document(self.catalog, held, candidate.source)
        except IndexDamagedError:
            return  # what is damaged may go
        self._spare[found.document.info.id] = found
        self._spare_bytes += _size(found)
        while self._spare_bytes > _SPARE_BYTES:
            self._spare_bytes -= _size(self._spare.popitem(last=False)[1])

    def _note(self, candidate: Candidate, held: str | None, passages: int) -> None:
        if held is not None:
            self.changed.append(candidate.source.path)
            self.replaced.add(candidate.source.path)
        else:
            self.added[candidate.source.path] = None
        self._count(candidate, passages)

    def _note_move(
        self, candidate: Candidate, held: str | None, before: str, passages: int
    ) -> None:
        self.moved[candidate.source.path] = before
        self.left.add(before)
        if held is not None:
            self.replaced.add(candidate.source.path)
        self._count(candidate, passages)

    def _count(self, candidate: Candidate, passages: int) -> None:
        self.progress(0 if candidate.is_part else 1, passages, candidate.weight)


def _size(embedded: EmbeddedDocument) -> int:
    """Bytes, about."""
    sentences = sum(each.nbytes for each in embedded.sentence_vectors)
    return embedded.vectors.nbytes + sentences + 4 * len(embedded.document.text)
