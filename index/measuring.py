"""What a file holds that may be indexed, measured before anything is read for good."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.canonical import read_bytes
from index.errors import UnreadableFileError
from index.members import Member, members, named
from index.records import Source
from index.sidecars import sidecar_of

LARGEST_FILE = 1_000_000_000
"""Bytes of a file that is one document: it is read as a whole."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that may be new."""

    source: Source
    weight: int
    """Bytes of its file that it stands for."""
    data: bytes | None = None
    """What it holds, once it was read."""
    is_part: bool = False
    """Of a file: its bytes are at hand from the beginning."""

    def read(self) -> "Candidate":
        """The same with its bytes, measured by those: the file may have changed meanwhile.

        Raises:
            UnreadableFileError: it cannot be read, or is too large.
        """
        if self.data is not None:
            return self
        if self.source.size > LARGEST_FILE:
            raise UnreadableFileError(
                f"{self.source.path}: expected at most {LARGEST_FILE:,} bytes, found "
                f"{self.source.size:,}. Divide the document."
            )
        data = read_bytes(self.source.path)
        source = replace(self.source, file_sha256=_hash(data), size=len(data))
        return replace(self, source=source, data=data)


def measured(path: Path, text_field: str | None = None) -> Candidate:
    """A file that is one document.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    try:
        status = path.stat()
        beside = sidecar_of(path)
        source = Source(
            path=named(str(path), text_field),
            file_sha256=_file_hash(path),
            sidecar_sha256=None if beside is None else _file_hash(beside),
            size=status.st_size,
            mtime_ns=status.st_mtime_ns,
        )
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: expected a readable file, found {error.strerror or error}. Check the file."
        ) from error
    return Candidate(source, status.st_size)


def measured_members(
    path: Path, text_field: str | None = None
) -> Iterator[tuple[Member, Candidate | None]]:
    """The documents in a container, one after the other; None for one that cannot be read.

    Raises:
        UnreadableFileError: the container cannot be read, from here on.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: expected a readable file, found {error.strerror or error}. Check the file."
        ) from error
    for member in members(path, text_field):
        if member.trouble:
            yield member, None
            continue
        source = Source(member.source, _hash(member.data), None, len(member.data), changed)
        yield member, Candidate(source, member.weight, member.data, True)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
