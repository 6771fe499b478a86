"""Writing an archive that is there as a whole, or not at all."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from index.carrying.manifest import Manifest, Member
from index.errors import IndexBusyError, IndexStoreError, InputError

_LEVEL = 3
COMMENT = b"verbatim-export sha256:"
"""What the archive's comment begins with; the manifest's SHA-256 follows."""


class Pack:
    """An archive that is being written from the beginning to the end, without going back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._out = _Hashing(stream)
        # It has neither `tell` nor `seek`, so that zipfile writes on, and all can be hashed.
        out: Any = self._out
        self._zip = zipfile.ZipFile(out, "w", compresslevel=_LEVEL)
        self.members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator["_Hashing"]:
        """Write a member.

        Args:
            name: in the archive.
            packed: whether it is compressed.
        """
        self._zip.compression = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self._zip.open(name, "w", force_zip64=True) as stream:
            out = _Hashing(stream)
            yield out
        self.members[name] = Member(out.size, out.sha256.hexdigest())

    def finish(self, manifest: Manifest) -> tuple[int, str]:
        """Write the manifest, and end the archive.

        Returns:
            Its bytes and its SHA-256.
        """
        data = manifest.to_json()
        with self.member("manifest.json") as out:
            out.write(data)
        self._zip.comment = COMMENT + sha256(data).hexdigest().encode()
        self._zip.close()
        return self._out.size, self._out.sha256.hexdigest()

    def close(self) -> None:
        """End it, finished or not; nothing happens if it has ended."""
        with suppress(OSError):
            self._zip.close()


class _Hashing:
    """A stream that only goes on, and knows what went through it."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 -- a file or a member being written
        self._stream = stream
        self.sha256 = sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write it all."""
        self._stream.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Hand on what is waiting."""
        self._stream.flush()


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """Write a file beside its place; it gets there, safely on disk, at the end of the block.

    It is its user's alone: it holds what documents say.

    Raises:
        InputError: there is something in its place, or no folder.
        IndexBusyError: another process writes the same one.
        IndexStoreError: it cannot be written, or there is no room.
    """
    check_target(path, force=force)
    beside = path.with_name(f"{path.name}.partial")
    try:
        with _own(beside) as stream:
            try:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
                check_target(path, force=force)
                beside.replace(path)
            except BaseException:
                with suppress(OSError):
                    beside.unlink()
                raise
        sync_folder(path.parent)
    except OSError as error:
        raise IndexStoreError(
            f"{path} could not be written: {error}. Nothing is there; make room or name another "
            "place, and run it again."
        ) from error


def check_target(path: Path, *, force: bool) -> None:
    """Nothing, if a file can be written there.

    Raises:
        InputError: there is something in its place, or no folder.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path}: expected a folder {path.parent}, found none. Make it first.")
    if path.is_dir():
        raise InputError(f"{path}: expected the name of a file, found a folder. Add a name.")
    if path.exists() and not force:
        raise InputError(
            f"{path}: expected nothing there, found a file. Name another, or give --force to "
            "replace it."
        )


def sync_folder(folder: Path) -> None:
    """Have a folder's names on disk."""
    with suppress(PermissionError):  # Windows cannot open folders; it has no need to
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _own(path: Path) -> Iterator[IO[bytes]]:
    """The file, emptied: what a killed process left there is of no use."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "wb") as stream:
        if not _is_locked(stream, path):
            raise IndexBusyError(
                f"{path} is being written by another process. Wait until it is done, or name "
                "another file."
            )
        stream.truncate(0)
        yield stream


def _is_locked(stream: IO[bytes], path: Path) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows lets nobody replace a file that is open
        return True
    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        # It may have got to its place, or have been removed, before the lock was had.
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except OSError:
        return False
