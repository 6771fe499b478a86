"""Adding lines to files so that a kill or a full disk loses nothing that was there."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import Any

from eval.errors import WritingError


def append_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Add records to a JSON Lines file, all of them or none, and wait until they are on the disk.

    Raises:
        WritingError: the disk is full or the file may not be written; it is as it was before.
    """
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    data = lines.encode("utf-8", "backslashreplace")
    try:
        # Unbuffered: a buffer would be written again when the file is closed after a failure.
        with path.open("ab", buffering=0) as stream:
            size = stream.tell()
            try:
                _write(stream, data if _ends_a_line(path, size) else b"\n" + data)
                os.fsync(stream.fileno())
            except OSError:
                with suppress(OSError):
                    stream.truncate(size)
                raise
    except OSError as error:
        raise failed_to_write(path, error) from error


def _write(stream: RawIOBase, data: bytes) -> None:
    while data:
        data = data[stream.write(data) or 0 :]


def failed_to_write(path: Path, error: OSError) -> WritingError:
    """The error for a file that could not be written."""
    return WritingError(
        f"{path}: expected to write it, found {error.strerror or error}. What was there before is "
        "unchanged. Make room or mend the permissions, and run it again."
    )


def _ends_a_line(path: Path, size: int) -> bool:
    """Whether a file is empty or ends with a line break: an editor may have left the last out."""
    if not size:
        return True
    with path.open("rb") as stream:
        stream.seek(size - 1)
        return stream.read(1) == b"\n"
