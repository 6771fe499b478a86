"""The documents of a dataset: their texts, and which of them an answer's citation means."""

import filecmp
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from index.canonical import canonical_text, text_sha256
from index.errors import SourceError
from index.types import DocumentInfo, Span


class DatasetDocuments:
    """The files under a dataset's `documents/`, named by their relative paths with `/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = (path for path in folder.rglob("*") if path.is_file())
        self.names = tuple(sorted(path.relative_to(folder).as_posix() for path in paths))
        self._known = frozenset(self.names)
        self._by_file_name: dict[str, list[str]] = {}
        for name in self.names:
            self._by_file_name.setdefault(name.rpartition("/")[2], []).append(name)
        self._texts: dict[str, str] = {}
        self._twins: dict[tuple[str, str], bool] = {}
        self._sentences: dict[str, list[Span]] = {}
        self._infos: dict[str, DocumentInfo | None] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def text(self, name: str) -> str:
        """The canonical text of a document, read once.

        Raises:
            SourceError: the file cannot be read as a document.
        """
        if name not in self._texts:
            self._texts[name] = canonical_text(self.folder / name)
        return self._texts[name]

    def slice(self, name: str | None, start: int, end: int) -> str:
        """What a document really says at `[start, end)`; nothing where there is no such place."""
        if name is None or not 0 <= start < end:
            return ""
        return self._readable(name)[start:end]

    def info(self, name: str) -> DocumentInfo | None:
        """What a document states about itself: its authors, its date; None if it is unreadable."""
        from index.sources import read_info  # it needs YAML, and scoring may not

        if name not in self._infos:
            try:
                self._infos[name] = read_info(self.folder / name)
            except SourceError:
                self._infos[name] = None
        return self._infos[name]

    def sentences(self, name: str) -> list[Span]:
        """Spans of the sentences of a document; none where it is unreadable."""
        from index.sources import read_document

        if name not in self._sentences:
            try:
                _, passages = read_document(self.folder / name)
            except SourceError:
                passages = []
            found = [(s.start, s.end) for passage in passages for s in passage.sentences]
            self._sentences[name] = found
        return self._sentences[name]

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors of all documents, as they state them."""
        infos = (self.info(name) for name in self.names)
        return tuple(dict.fromkeys(author for info in infos if info for author in info.authors))

    @cached_property
    def names_told(self) -> frozenset[str]:
        """The proper names in all documents, in lower case."""
        from assistant.claims import names_in

        texts = (self._readable(name) for name in self.names)
        return frozenset(str(claim.value) for text in texts for claim in names_in(text))

    def with_id(self, document_id: str) -> str | None:
        """The document with this id (`index.canonical.text_sha256`, its first 16 digits)."""
        return self._by_id.get(document_id)

    @cached_property
    def _by_id(self) -> dict[str, str]:
        texts = ((name, self._readable(name)) for name in reversed(self.names))
        return {text_sha256(text)[:16]: name for name, text in texts if text}

    def _readable(self, name: str) -> str:
        try:
            return self.text(name)
        except SourceError:
            return ""

    def locate(self, source: str) -> str | None:
        """The document that a citation's `source` (path or URI) means.

        It is the one with that file name; where several share it, the one whose relative path ends
        the source. None where the dataset has no such document.
        """
        path = unquote(source) if source.startswith("file://") else source
        path = path.replace("\\", "/").rstrip("/")
        candidates = self._by_file_name.get(path.rpartition("/")[2], [])
        if len(candidates) == 1:
            return candidates[0]
        fitting = [name for name in candidates if f"/{path}".endswith(f"/{name}")]
        return max(fitting, key=len, default=None)

    def twin(self, name: str) -> str:
        """The first document with the same text: one name for all copies of it."""
        return self._by_id.get(text_sha256(self._readable(name))[:16], name)

    def are_same(self, one: str, other: str) -> bool:
        """Whether two names are one document: the same file, or two files with the same bytes.

        An index keeps a file that is there twice as one document, and cites the first.
        """
        if one == other:
            return True
        key = (min(one, other), max(one, other))
        if key not in self._twins:
            paths = (self.folder / one, self.folder / other)
            self._twins[key] = filecmp.cmp(*paths, shallow=False)
        return self._twins[key]
