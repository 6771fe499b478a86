"""Files on their way into a collection: written as they come, checked, then moved among the others.

FILES/                     uploaded files, as they are indexed
    .incoming/TOKEN/NAME   came whole and can be read, or is still coming
"""

import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import DuplicateDocumentError
from assistant.library_containers import checked
from assistant.library_files import checked_name, free_name
from assistant.types import DocumentInfo
from index.errors import InputError, SourceError
from index.members import is_container
from index.sources import read_info

MOST_FILES = 200
"""That wait to be indexed."""
SHARE = 10
"""All that wait have at most the size of so many of the largest, as has what one unpacks to."""
FORGOTTEN = 3600.0
"""Seconds after which a file that nobody had indexed is deleted."""

_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Incoming:
    """One file that is coming."""

    token: str
    path: Path
    most_bytes: int
    size: int = 0
    """Bytes written so far."""

    @property
    def name(self) -> str:
        """As it was cleaned."""
        return self.path.name

    def write(self, part: bytes) -> None:
        """Add what came.

        Raises:
            InputError: that makes it too large.
            OSError: it cannot be written.
        """
        self.size += len(part)
        if self.size > self.most_bytes:
            raise InputError(
                f"{self.name}: expected at most {self.most_bytes:,} bytes, found more. "
                "Divide the file."
            )
        with self.path.open("ab") as stream:
            stream.write(part)


@dataclass(eq=False)
class Uploads:
    """The uploaded files of one collection. Safe to share between threads."""

    folder: Path
    """Of the files; it need not exist."""
    largest: int
    """Bytes of one file."""
    find: Callable[[str], DocumentInfo | None]
    """Finds a document of the collection by its id; a container's hash is no id."""
    clock: Callable[[], float] = time.time
    _checked: dict[str, str] = field(default_factory=dict)
    """Ids of the documents in the files that came whole, by token; of containers, their hashes."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def incoming(self) -> Path:
        """Folder of the files that are not indexed yet."""
        return self.folder / ".incoming"

    @contextmanager
    def receive(self, name: str) -> Iterator[Incoming]:
        """Take a file: what is written within the block is kept if the block ends well.

        Raises:
            InputError: of its name or size, or too many wait; or no more can be written.
            SourceError: it holds no text.
        DuplicateDocumentError: its text is here already.
        """
        plain = checked_name(name)
        try:
            file = self._begun(plain)
            try:
                yield file
                self._check(file)
            except BaseException:
                self.drop(file.token)
                raise
        except OSError as error:
            raise InputError(
                f"{plain}: could not be kept ({error.strerror or error}). Tell whoever runs the "
                "server: perhaps its disk is full."
            ) from error

    def take(self, tokens: Iterable[str]) -> list[Path]:
        """Move files that came whole to where they are indexed.

        Returns:
            Where they are now; those that are not here anymore are left out.
        """
        paths = []
        with self._lock:
            for token in dict.fromkeys(tokens):
                if self._checked.pop(token, None) is None:
                    continue
                (path,) = (self.incoming / token).iterdir()
                taken = (each.name for each in self.folder.iterdir())
                paths.append(path.rename(self.folder / free_name(path.name, taken)))
                (self.incoming / token).rmdir()
        return paths

    def drop(self, token: str) -> None:
        """Delete a file that is not to be indexed."""
        if not _TOKEN.fullmatch(token):
            return
        with self._lock:
            self._checked.pop(token, None)
            shutil.rmtree(self.incoming / token, ignore_errors=True)

    def sweep(self) -> None:
        """Delete what nobody had indexed for long."""
        for folder in _folders(self.incoming):
            try:
                is_old = folder.stat().st_mtime < self.clock() - FORGOTTEN
            except OSError:
                continue
            if is_old:
                self.drop(folder.name)

    def _begun(self, name: str) -> Incoming:
        token = secrets.token_hex(16)
        with self._lock:
            waiting = _folders(self.incoming)
            size = sum(path.stat().st_size for folder in waiting for path in folder.iterdir())
            if len(waiting) >= MOST_FILES or size >= SHARE * self.largest:
                raise InputError(
                    f"{name}: {len(waiting)} files of {size:,} bytes wait to be indexed already. "
                    "Have them indexed first."
                )
            path = self.incoming / token / name
            path.parent.mkdir(parents=True)
            path.touch()
        return Incoming(token, path, self.largest)

    def _check(self, file: Incoming) -> None:
        """Remember a file that can be read, and whose text is new."""
        try:
            if is_container(file.path):
                document_id = checked(file.path, SHARE * self.largest)
            else:
                document_id = read_info(file.path).id
        except (InputError, SourceError) as error:
            # Its place on the server is nobody's business.
            raise type(error)(str(error).replace(str(file.path), file.name)) from error
        known = self.find(document_id)
        if known is not None:
            raise DuplicateDocumentError(
                f"{file.name}: the library has this text already, as “{known.name}”. Nothing to do."
            )
        with self._lock:
            if document_id in self._checked.values():
                raise DuplicateDocumentError(
                    f"{file.name}: another of the files that were sent holds the same."
                )
            self._checked[file.token] = document_id


def _folders(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
