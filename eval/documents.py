"""The documents of a dataset: their texts, and which of them an answer's citation means."""

import filecmp
from pathlib import Path
from urllib.parse import unquote

from index.canonical import canonical_text


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
