"""The container of an e-book: a zip archive of which only what is needed is unpacked."""

import io
import posixpath
from collections.abc import Iterable
from types import TracebackType
from zipfile import ZipFile, ZipInfo

from index.archives import LARGEST_RATIO, NEVER_A_BOMB
from index.bounded import bounded, read_safely
from index.errors import UnreadableFileError

_BOOK_BYTES = 512_000_000
"""Books with many pictures; these are not unpacked."""
_MEMBERS = 50_000
_TEXT_BYTES = 128_000_000
"""A thousand chapters of 100 pages; what unpacks to more is made to exhaust memory."""


class Archive:
    """The files of a book, by their paths."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = _TEXT_BYTES
        if len(data) > _BOOK_BYTES:
            raise UnreadableFileError(
                f"{name}: expected a book of at most {_BOOK_BYTES // 1_000_000} MB, found "
                f"{len(data) / 1e6:.0f} MB. Leave it out."
            )
        if not data.startswith(b"PK"):
            found = "an empty file" if not data.strip() else "something else"
            raise UnreadableFileError(
                f"{name}: expected an EPUB, which is a zip archive, found {found}. Get the book "
                "once more, or give the file the suffix of its format."
            )
        self._zip = read_safely(lambda: ZipFile(io.BytesIO(data)), name)
        members = self._zip.infolist()
        if len(members) > _MEMBERS:
            raise UnreadableFileError(
                f"{name}: expected at most {_MEMBERS} files in the book, found {len(members)}. "
                "Leave it out."
            )
        self._members = {posixpath.normpath(member.filename): member for member in members}

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def paths(self) -> list[str]:
        """The files in it."""
        return list(self._members)

    def expect(self, paths: Iterable[str]) -> None:
        """Look at the sizes of files that will be read, so that a bomb is refused still packed.

        The sizes that the archive states are enough: `zipfile` stops at them, block by block.

        Raises:
            UnreadableFileError: together they unpack to too much.
        """
        members = [each for path in set(paths) if (each := self._member(path)) is not None]
        size = sum(member.file_size for member in members)
        if size > self._left:
            raise UnreadableFileError(
                f"{self.name}: expected a book with at most {_TEXT_BYTES // 1_000_000} MB of text, "
                "found more. Leave it out."
            )
        packed = sum(member.compress_size for member in members)
        if size > max(NEVER_A_BOMB, LARGEST_RATIO * packed):
            raise UnreadableFileError(
                f"{self.name}: expected text that unpacks to at most {LARGEST_RATIO} times its "
                f"size, found {packed:,} bytes that unpack to {size:,}. Leave it out."
            )

    def read(self, path: str) -> bytes | None:
        """A file, or None where there is none.

        Raises:
            UnreadableFileError: it is encrypted, damaged, or unpacks to too much.
        """
        member = self._member(path)
        if member is None:
            return None
        if member.flag_bits & 1:
            raise UnreadableFileError(locked(self.name))
        self.expect([path])
        with bounded(lambda: self._zip.open(member), self.name) as stream:
            data = stream.read()
        self._left -= len(data)
        return data

    def _member(self, path: str) -> ZipInfo | None:
        return self._members.get(posixpath.normpath(path))


def locked(name: str) -> str:
    """The message for a book that only its shop's programs can open."""
    return (
        f"{name}: expected a book that can be read, found one that is encrypted (DRM). Get a copy "
        "without DRM, or leave it out."
    )
