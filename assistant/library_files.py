"""The files of a collection: what became of them, and what an uploaded one may be called."""

import hashlib
import os
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from index.errors import InputError, UnreadableFileError
from index.left_out import UNREAD, remedy
from index.members import file_of, is_member, members, text_field_of
from index.records import Source
from index.sidecars import SIDECAR_SUFFIX, sidecar_of
from index.walking import FOUND

State = Literal["in step", "changed", "missing"]
"""Of a document's files, against what was indexed."""

LONGEST_NAME = 180
"""Bytes of a file's name: with that of its sidecar, what every file system takes."""
REMEDIES = {suffix: f"{remedy(suffix)}" for suffix in UNREAD}
"""What to do with files that are not taken, by suffix."""
_MOST_REMEMBERED = 20_000
_NEVER_IN_NAMES = '/\\:*?"<>|'
"""Part paths, or not allowed on Windows, where a collection may be copied to."""


class FileStates:
    """Compares files with what was indexed; reads only those that look changed, and those once.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._hashes: dict[tuple[str, int, int], str] = {}
        self._members_of: object = None
        self._members: dict[str, str] = {}
        """SHA-256 of the parts of the file that was looked into last."""
        self._lock = threading.Lock()

    def of(self, sources: Sequence[Source]) -> State:
        """What became of the files of one document.

        Returns:
            `missing` if none is left, `changed` if one has another text or other metadata.
        """
        states = [self._of_one(source) for source in sources]
        if all(state == "missing" for state in states):
            return "missing"
        return "changed" if "changed" in states else "in step"

    def _of_one(self, source: Source) -> State:
        path = Path(source.path)
        if is_member(path):
            return self._of_member(source)
        path = file_of(path)  # without the name of a record's field
        try:
            status = path.stat()
        except (OSError, ValueError):  # ValueError: a NUL in the path
            return "missing"
        is_same = (status.st_size, status.st_mtime_ns) == (source.size, source.mtime_ns)
        if not is_same and self._sha256(path) != source.file_sha256:
            return "changed"
        beside = sidecar_of(path)
        sidecar_sha256 = None if beside is None else self._sha256(beside)
        return "in step" if sidecar_sha256 == source.sidecar_sha256 else "changed"

    def _of_member(self, source: Source) -> State:
        """Of a part of a file: where the file looks changed, all its parts are compared at once."""
        path = file_of(source.path)
        try:
            status = path.stat()
        except (OSError, ValueError):
            return "missing"
        if status.st_mtime_ns == source.mtime_ns:
            return "in step"
        key = (str(path), status.st_size, status.st_mtime_ns)
        field = text_field_of(source.path)
        with self._lock:
            if self._members_of != (key, field):
                self._members_of, self._members = (key, field), _member_hashes(path, field)
            now = self._members.get(source.path)
        if now is None:
            return "missing"
        return "in step" if now == source.file_sha256 else "changed"

    def _sha256(self, path: Path) -> str | None:
        try:
            status = path.stat()
            key = (str(path), status.st_size, status.st_mtime_ns)
            with self._lock:
                if key in self._hashes:
                    return self._hashes[key]
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None
        with self._lock:
            if len(self._hashes) >= _MOST_REMEMBERED:
                self._hashes.clear()
            self._hashes[key] = digest
        return digest


def _member_hashes(path: Path, text_field: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    with suppress(UnreadableFileError):  # from there on they are missing
        for member in members(path, text_field):
            if not member.trouble:
                found[member.source] = hashlib.sha256(member.data).hexdigest()
    return found


def checked_name(given: str) -> str:
    """A file's name as it may be kept: one plain name that the index has a reader for.

    Characters that cannot be seen are taken away.

    Raises:
        InputError: it leads to another folder, is hidden or too long, or has another suffix.
    """
    name = unicodedata.normalize("NFC", given)
    # Control and format characters, among them those that turn the direction of writing.
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = " ".join(name.split()).rstrip(". ")
    stem, suffix = os.path.splitext(name)
    odd = sorted(set(name) & set(_NEVER_IN_NAMES))
    if odd or "\0" in given:
        raise InputError(
            f"{name}: expected a plain file name, found {' '.join(odd) or 'a NUL'} in it. "
            "Rename the file."
        )
    if suffix.lower() not in FOUND:
        raise InputError(
            f"{name or 'A file'}: expected one of {', '.join(FOUND)}, found "
            f"{suffix or 'no suffix'}. "
            f"{REMEDIES.get(suffix.lower(), 'Convert the file to text or Markdown.')}"
        )
    if name.startswith(".") or not stem.strip():
        raise InputError(f"{name}: expected a name before the suffix. Rename the file.")
    if len(name.encode()) > LONGEST_NAME:
        raise InputError(
            f"{name[:40]}…: expected a name of at most {LONGEST_NAME} bytes, found "
            f"{len(name.encode())}. Rename the file."
        )
    return name


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, numbered where another file, or what is left of one, has it, in whatever case."""
    used = {each.casefold().removesuffix(SIDECAR_SUFFIX) for each in taken}
    stem, suffix = os.path.splitext(name)
    number, candidate = 1, name
    while candidate.casefold() in used:
        number += 1
        candidate = f"{stem} ({number}){suffix}"
    return candidate
