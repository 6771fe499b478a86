"""Files into the catalog: what is new is read, embedded in batches and committed one by one."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index import sources
from index.canonical import matching_text
from index.catalog import Catalog
from index.embedding import Embedder, Vectors, embedding_text
from index.errors import SourceError, UnreadableFileError
from index.records import EmbeddedDocument, Source
from index.sidecars import sidecar_of
from index.types import Document, FailedFile, Passage

BATCH_TEXTS = 256
"""Texts that are embedded in one call, passages and sentences together: what a kill can cost."""

Progress = Callable[[int, int], None]
"""Called with the files and passages done since the last call."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A document that was read and is not yet embedded."""

    document: Document
    passages: list[Passage]
    source: Source

    @property
    def texts(self) -> list[str]:
        """Every passage, then every sentence."""
        own = [embedding_text(self.document, passage) for passage in self.passages]
        return own + [matching_text(s.text) for each in self.passages for s in each.sentences]


@dataclass
class Intake:
    """Brings files into a catalog; what happened to each is in its lists."""

    catalog: Catalog
    embedder: Callable[[], Embedder]
    """Loads the model when it is first called."""
    progress: Progress = lambda files, passages: None
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = self.catalog.sources()
        self._waiting: list[_Waiting] = []
        self._texts = 0

    def take(self, path: Path) -> None:
        """Take one file; it is in the catalog after the next `flush`, if it can be read."""
        name = str(path)
        try:
            name.encode()
            source = _measured(path)
            known = self._known.get(name)
            if known is not None and known[0].has_content_of(source):
                self.unchanged.append(name)
                self.progress(1, 0)
                return
            self._decide(source, *sources.read_document(path))
        except UnicodeEncodeError:
            shown = name.encode(errors="replace").decode()
            self._fail(shown, f"{shown}: expected a name in UTF-8. Rename the file.")
        except SourceError as error:
            self._fail(name, str(error))

    def flush(self) -> None:
        """Embed what is waiting and commit it, document by document."""
        waiting, self._waiting, self._texts = self._waiting, [], 0
        if not waiting:
            return
        vectors = self.embedder().encode([text for each in waiting for text in each.texts])
        start = 0
        for each in waiting:
            end = start + len(each.texts)
            self.catalog.put(_embedded(each, vectors[start:end]))
            self._note(each.source, each.document.info.id, len(each.passages))
            start = end

    def _decide(self, source: Source, document: Document, passages: list[Passage]) -> None:
        if not passages or "".join(passage.text for passage in passages) != document.text:
            raise SourceError(f"{source.path}: its passages do not add up to its text: a bug here.")
        if any(each.document.info.id == document.info.id for each in self._waiting):
            self.flush()
        present = self.catalog.infos([document.info.id]).get(document.info.id)
        # The first file with a text says what its metadata are.
        if present is not None and (present.source != source.path or present == document.info):
            self.catalog.add_source(present.id, source)
            self._note(source, present.id, 0)
            return
        self._waiting.append(_Waiting(document, passages, source))
        self._texts += len(self._waiting[-1].texts)
        if self._texts >= BATCH_TEXTS:
            self.flush()

    def _note(self, source: Source, document_id: str, passages: int) -> None:
        (self.changed if source.path in self._known else self.added).append(source.path)
        self._known[source.path] = (source, document_id)
        self.progress(1, passages)

    def _fail(self, name: str, reason: str) -> None:
        self.failed.append(FailedFile(name, reason.removeprefix(f"{name}: ")))
        self.progress(1, 0)


def _measured(path: Path) -> Source:
    """The file's size, time and hashes.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    try:
        status = path.stat()
        beside = sidecar_of(path)
        return Source(
            path=str(path),
            file_sha256=_sha256(path),
            sidecar_sha256=None if beside is None else _sha256(beside),
            size=status.st_size,
            mtime_ns=status.st_mtime_ns,
        )
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: expected a readable file, found {error.strerror or error}. Check the file."
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _embedded(waiting: _Waiting, vectors: Vectors) -> EmbeddedDocument:
    count = len(waiting.passages)
    ends = np.cumsum([len(passage.sentences) for passage in waiting.passages])
    return EmbeddedDocument(
        document=waiting.document,
        passages=waiting.passages,
        vectors=vectors[:count],
        sentence_vectors=np.split(vectors[count:].astype(np.float16), ends[:-1]),
        source=waiting.source,
    )
