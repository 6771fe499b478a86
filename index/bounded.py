"""Reading from files and archives in which anything may be: bounded, and with errors of our own."""

import errno
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, TypeVar

from index.errors import UnreadableFileError

if TYPE_CHECKING:
    from typing_extensions import Buffer

T = TypeVar("T")

BLOCK = 1 << 20
"""Bytes read at a time."""
LARGEST_MEMBER = 256_000_000
"""Bytes of one document in a container: it is held in memory."""


def bounded(
    opening: Callable[[], IO[bytes]],
    name: str,
    most_bytes: int | None = None,
    why: str = "",
    count: Callable[[int], None] = lambda size: None,
) -> io.BufferedReader:
    """Open a stream, to be closed by the caller.

    Args:
        opening: opens it.
        name: of it, for messages.
        most_bytes: how much may be read; None for any number.
        why: the bound in words, for the message of one that holds more.
        count: called with the bytes of each block; it may refuse to go on.

    Raises:
        UnreadableFileError: it cannot be opened; later, that it cannot be read or holds more.
    """
    stream = read_safely(opening, name)
    return io.BufferedReader(_Bounded(stream, name, most_bytes, why, count), BLOCK)


class _Bounded(io.RawIOBase):
    def __init__(
        self,
        stream: IO[bytes],
        name: str,
        most_bytes: int | None,
        why: str,
        count: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._left = most_bytes
        self._why = why
        self._count = count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        data = read_safely(lambda: self._stream.read(len(view)), self._name)
        self._count(len(data))
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise UnreadableFileError(f"{self._name}: {self._why}")
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def open_file(path: Path) -> BinaryIO:
    """Open a file to be read. One that never ends, or that somebody must write first, is none.

    Raises:
        OSError: it cannot be opened, or is a pipe, a device, a socket or a folder.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 -- it is given to the caller
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is a pipe or a device")
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_safely(work: Callable[[], T], name: str) -> T:
    """Do something that reads, with errors of our own.

    Raises:
        UnreadableFileError: it failed.
    """
    import lzma
    import struct
    import zipfile
    import zlib

    try:
        return work()
    except FileNotFoundError:
        raise UnreadableFileError(
            f"{name}: expected a file, found nothing. Check the path."
        ) from None
    except NotImplementedError as error:
        raise UnreadableFileError(
            f"{name}: packed in a way that cannot be read ({error}). Unpack it, or pack it again."
        ) from error
    except OSError as error:
        raise UnreadableFileError(
            f"{name}: could not be read ({error.strerror or error}). Check that it is a file and "
            "that you may read it."
        ) from error
    except (
        *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
        *(RuntimeError, ValueError, OverflowError),
    ) as error:
        raise UnreadableFileError(
            f"{name}: expected what can be unpacked, found damage ({error!s:.200}). "
            "Get it once more."
        ) from error
