"""Zip archives: their members one after the other, nothing written to disk.

What an archive says of itself is not believed: bytes are counted as they are unpacked.
"""

import io
import os
import re
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from index.bounded import LARGEST_MEMBER, bounded, read_safely
from index.errors import UnreadableFileError
from index.json_records import begins_array
from index.left_out import UNREAD, remedy
from index.loading import LOADERS
from index.members import (
    ARCHIVES,
    CONTAINERS,
    LINES,
    MAILBOXES,
    RECORDS,
    Member,
    members_in,
    named,
)

if TYPE_CHECKING:
    from zipfile import ZipInfo

MOST_MEMBERS = 100_000
MOST_BYTES = 16_000_000_000
"""Of all members together, unpacked."""
LARGEST_RATIO = 200
"""Bytes unpacked for each packed one: text comes to 20, a bomb to 1,000."""
NEVER_A_BOMB = 10_000_000
"""Bytes; less does no harm, whatever it was packed to."""
_ENCRYPTED = 0x1
_IS_UTF8 = 0x800
_UNICODE_NAME = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")


class Archive:
    """An archive, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            UnreadableFileError: it is no zip archive, or has too many members.
        """
        import zipfile

        self.path = path
        self._zip = read_safely(lambda: zipfile.ZipFile(path), str(path))
        self.infos = [info for info in self._zip.infolist() if not info.is_dir()]
        for info in self.infos:
            info.filename = _name(info)
        if len(self.infos) > MOST_MEMBERS:
            self._zip.close()
            raise UnreadableFileError(
                f"{path}: expected at most {MOST_MEMBERS:,} members, found "
                f"{len(self.infos):,}. Divide the archive."
            )
        self._counts = Counter(info.filename for info in self.infos)
        self._left = MOST_BYTES

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def trouble(self, info: "ZipInfo") -> str | None:
        """Why a member is not to be read, by what the archive says of it."""
        name = info.filename
        parts = name.split("/")
        if "\0" in info.orig_filename or "\\" in name or _DRIVE.match(name):
            return "expected a plain name with slashes. Pack the archive again."
        if {"", ".", ".."} & set(parts):
            return "expected a name within the archive. Pack it again."
        if self._counts[name] > 1:
            return f"expected one member of this name, found {self._counts[name]}. Rename them."
        if info.flag_bits & _ENCRYPTED:
            return "it is encrypted. Unpack the archive, and index the files."
        if PurePosixPath(name).suffix.lower() in ARCHIVES:
            return "an archive within an archive is not read. Unpack the outer one."
        return None

    def open(self, name: str) -> io.BufferedReader:
        """Open a member, to be closed by the caller.

        Raises:
            UnreadableFileError: there is none of this name, or it is not to be read.
        """
        info = next((info for info in self.infos if info.filename == name), None)
        if info is None:
            raise UnreadableFileError(
                f"{self.path}: expected a member {name!r}, found none. Index the archive again."
            )
        trouble = self.trouble(info)
        if trouble is not None:
            raise UnreadableFileError(f"{self.path}!/{name}: {trouble}")
        return self.open_info(info)

    def open_info(self, info: "ZipInfo") -> io.BufferedReader:
        """Open a member that has no trouble."""
        most = max(NEVER_A_BOMB, LARGEST_RATIO * info.compress_size)
        why = f"it unpacks to more than {LARGEST_RATIO} times its size. Unpack it, if you trust it."
        name = f"{self.path}!/{info.filename}"
        return bounded(lambda: self._zip.open(info), name, most, why, self.count)

    def read(self, stream: io.BufferedReader, name: str) -> bytes:
        """All of a member.

        Raises:
            UnreadableFileError: it is damaged, or too large.
        """
        data = stream.read(LARGEST_MEMBER + 1)
        if len(data) > LARGEST_MEMBER:
            raise UnreadableFileError(
                f"{self.path}!/{name}: expected at most {LARGEST_MEMBER:,} bytes, found more. "
                "Divide the document."
            )
        return data

    def count(self, size: int) -> None:
        """Note how many bytes were unpacked.

        Raises:
            UnreadableFileError: that is too much for one archive.
        """
        self._left -= size
        if self._left < 0:
            raise UnreadableFileError(
                f"{self.path}: expected at most {MOST_BYTES:,} bytes unpacked, found more. "
                "Divide the archive."
            )


def _name(info: "ZipInfo") -> str:
    """A member's name. What does not say that it is UTF-8 is read in the encoding of DOS."""
    extra = info.extra
    while len(extra) >= 4:  # Windows programs put the name in UTF-8 beside
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_NAME and field[:1] == b"\x01":
            return field[5:].decode("utf-8", "replace")
    if info.flag_bits & _IS_UTF8:
        return info.filename
    with suppress(UnicodeError):  # Unix programs write UTF-8 and do not say so
        return info.filename.encode("cp437").decode()
    return info.filename


def archive_members(path: Path, text_field: str | None) -> Iterator[Member]:
    """The documents in an archive; hidden members and those of other formats are left out.

    Raises:
        UnreadableFileError: it is no archive, or unpacks to more than an archive may.
    """
    with closing(Archive(path)) as archive:
        for info in archive.infos:
            suffix = PurePosixPath(info.filename).suffix.lower()
            is_hidden = any(
                part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))
                for part in info.filename.split("/")
            )
            if is_hidden or suffix not in (*LOADERS, *CONTAINERS, *UNREAD):
                continue
            if suffix in UNREAD:
                source, why = f"{path}!/{info.filename}", remedy(suffix) or ""
                yield Member(source, b"", info.compress_size, why, is_left_out=True)
                continue
            yield from _members_of(archive, info, suffix, text_field)


def _members_of(
    archive: Archive, info: "ZipInfo", suffix: str, text_field: str | None
) -> Iterator[Member]:
    source = f"{archive.path}!/{info.filename}"
    trouble = archive.trouble(info)
    if trouble is None and os.path.lexists(source):
        trouble = "a file has this very name. Rename the archive."
    if trouble is not None:
        yield Member(source, b"", info.compress_size, trouble)
        return
    try:
        with archive.open_info(info) as stream:
            if suffix in (*LINES, *MAILBOXES) or (suffix == RECORDS and begins_array(stream)):
                share = info.compress_size / max(info.file_size, 1)
                for member in members_in(stream, source, text_field):
                    yield replace(member, weight=int(share * member.weight))
                return
            data = archive.read(stream, info.filename)
    except UnreadableFileError as error:
        archive.count(0)  # if it was too much in all, nothing more is read
        yield Member(source, b"", info.compress_size, str(error).removeprefix(f"{source}: "))
        return
    yield Member(named(source, text_field), data, info.compress_size)
