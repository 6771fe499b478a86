"""The files that documents were read from, on their way with an index."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from stat import S_ISREG
from typing import IO

from index.carrying.packing import Pack
from index.errors import IndexDamagedError, InputError
from index.members import file_of, is_member
from index.sidecars import sidecar_of

_BLOCK = 1 << 20
_IN_MEMORY = 1 << 22
_SUFFIX = 12
"""Characters of a suffix that a member's name shows."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file in an exported index."""

    member: str
    path: str
    """Where it was."""
    size: int
    """Bytes."""
    mtime_ns: int
    sha256: str


@dataclass(slots=True)
class Packed:
    """What became of the files."""

    count: int = 0
    missing: list[str] = field(default_factory=list)
    """Those that could not be read, or are no files any more."""


def pack_files(pack: Pack, sources: Iterable[str], *, with_sources: bool) -> Packed:
    """Write sidecars and, if they are wanted, the files themselves, and the list of them.

    Args:
        pack: the archive.
        sources: as the catalog names them, see `index.members`.
        with_sources: whether the files are wanted.

    Raises:
        OSError: the archive cannot be written.
    """
    done = Packed()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as listed:
        for path in _files(sources, with_sources):
            original = _pack(pack, path, done.count + 1)
            if original is None:
                done.missing.append(str(path))
                continue
            done.count += 1
            listed.write(json.dumps(asdict(original)).encode() + b"\n")
        listed.seek(0)
        with pack.member("files.jsonl") as out:
            while block := listed.read(_BLOCK):
                out.write(block)
    return done


def _files(sources: Iterable[str], with_sources: bool) -> Iterator[Path]:
    seen: set[Path] = set()  # of what several sources may share, and only of that
    for source in sources:
        shared = [file_of(source)] if is_member(source) and with_sources else []
        if not is_member(source):
            beside = sidecar_of(Path(source))
            shared += [beside] if beside is not None else []
            if with_sources:
                yield Path(source)
        for path in shared:
            if path not in seen:
                seen.add(path)
                yield path


def _pack(pack: Pack, path: Path, number: int) -> Original | None:
    """Write a file; None where it cannot be opened."""
    try:
        # A pipe would be waited for.
        stream = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
    except (OSError, ValueError):
        return None
    with stream:
        found = os.fstat(stream.fileno())
        if not S_ISREG(found.st_mode):
            return None
        name = f"files/{number:07d}{_shown_suffix(path)}"
        with pack.member(name) as out:
            while block := stream.read(_BLOCK):
                out.write(block)
    return Original(name, str(path), out.size, found.st_mtime_ns, out.sha256.hexdigest())


def _shown_suffix(path: Path) -> str:
    suffix = path.suffix
    is_plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _SUFFIX
    return suffix if is_plain else ""


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders of sources that are elsewhere now."""

    pairs: tuple[tuple[str, str], ...] = ()
    """What a source's path began with, and what it begins with now; longer ones come first."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Roots":
        """From what a user wrote.

        Raises:
            InputError: one is not an absolute path.
        """
        given = list(pairs)
        for old, new in given:
            if not _is_absolute(old) or not _is_absolute(new):
                raise InputError(
                    f"--documents expects two absolute paths as OLD=NEW, and found {old}={new}. "
                    "Correct it."
                )
        cut = [(old.rstrip("/\\"), new.rstrip("/\\")) for old, new in given]
        return cls(tuple(sorted(cut, key=lambda pair: -len(pair[0]))))

    def moved(self, source: str) -> str:
        """Where a source is now."""
        for old, new in self.pairs:
            if source == old or source.startswith((f"{old}/", f"{old}\\")):
                return new + source[len(old) :]
        return source


def common_folder(originals: Iterable[Original], place: str) -> PurePath | None:
    """The innermost folder that all files were in; None where there are none.

    Raises:
        IndexDamagedError: a path is none that a file can have had.
    """
    found: PurePath | None = None
    for original in originals:
        parent = _checked_path(original.path, place).parent
        if found is None:
            found = parent
        while type(found) is not type(parent) or not parent.is_relative_to(found):
            if found == found.parent:
                raise _no_path(original.path, place)
            found = found.parent
    return found


def unpack_file(
    stream: IO[bytes], original: Original, root: PurePath, folder: Path, place: str
) -> None:
    """Write a file to where it was, as seen from a folder that stands for `root`.

    Raises:
        IndexDamagedError: its path is none, or another file has it.
        OSError: it cannot be written.
    """
    target = folder.joinpath(*_checked_path(original.path, place).relative_to(root).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        out = target.open("xb")
    except FileExistsError as error:
        raise _no_path(original.path, place) from error
    with out:
        while block := stream.read(_BLOCK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    os.utime(target, ns=(original.mtime_ns, original.mtime_ns))


def _checked_path(text: str, place: str) -> PurePath:
    is_windows = PureWindowsPath(text).is_absolute()
    path = PureWindowsPath(text) if is_windows else PurePosixPath(text)
    if not path.is_absolute() or ".." in path.parts or "\0" in text or not path.name:
        raise _no_path(text, place)
    return path


def _is_absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _no_path(path: str, place: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"Expected absolute paths of files in {place}, found {path!r}. Nothing was imported. Take "
        "another copy, or import it without --files."
    )
