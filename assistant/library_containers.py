"""Files that hold documents (archives, JSON Lines, JSON arrays, mailboxes) in a library.

Their documents are added, brought up to date and removed together, since each is only a part of
the file: what was taken out alone would be back with the next update.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from index.errors import InputError, SourceError, UnreadableFileError
from index.members import file_of, is_member, members
from index.records import Source
from index.sources import read_info

MOST_PARTS = 5_000
"""Documents in one uploaded file; more are for the command, which shows how far it is."""
_TRIED = 20
"""Parts that are read to find one that can be."""


def checked(path: Path, most_bytes: int) -> str:
    """Look through a container before it is taken.

    Args:
        path: of it.
        most_bytes: that its documents may have together, unpacked.

    Returns:
        What tells it from others: the SHA-256 of its bytes.

    Raises:
        InputError: it has more documents, or larger ones, than are taken here.
        SourceError: it is damaged, or none of its first documents can be read.
    """
    parts = size = 0
    is_readable, trouble = False, None
    for member in members(path):
        if member.is_left_out:
            continue
        parts, size = parts + 1, size + len(member.data)
        if parts > MOST_PARTS or size > most_bytes:
            raise InputError(
                f"{path}: expected at most {MOST_PARTS:,} documents with {most_bytes:,} bytes in "
                "all, found more. Divide the file, or have it indexed with the command assistant "
                "index."
            )
        if not is_readable and parts <= _TRIED:
            try:
                _check_part(member.source, member.data, member.trouble)
                is_readable = True
            except SourceError as error:
                trouble = trouble or error
    if not is_readable:
        raise trouble or UnreadableFileError(
            f"{path}: expected documents in it, found none. Leave it out."
        )
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def container_of(sources: Sequence[Source]) -> Path | None:
    """The one file that a document is a part of; None where it has a file for itself."""
    files = {file_of(source.path) for source in sources if is_member(source.path)}
    is_part = len(files) == 1 and all(is_member(source.path) for source in sources)
    return files.pop() if is_part else None


def others_with(document_ids: Iterable[str], sources: Mapping[str, Sequence[Source]]) -> list[str]:
    """The documents that are parts of the same files, and of no other.

    Args:
        document_ids: of some documents.
        sources: of all documents, by their ids.
    """
    chosen = list(document_ids)
    containers = {container_of(sources.get(each, ())) for each in chosen} - {None}
    if not containers:
        return []
    known = set(chosen)
    return [
        each
        for each, own in sources.items()
        if each not in known and container_of(own) in containers
    ]


def _check_part(source: str, data: bytes, trouble: str) -> None:
    if trouble:
        raise UnreadableFileError(f"{source}: {trouble}")
    read_info(source, data)
