"""Reading an exported index, of which nothing is believed before it was checked."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from index.carrying.lines import numbered
from index.carrying.manifest import BESIDE, Manifest, Member, manifest_of
from index.carrying.originals import Original
from index.carrying.packing import COMMENT
from index.errors import IndexDamagedError, InputError

ROWS = ("documents.jsonl", "passages.jsonl", "vectors.bin", "sources.jsonl", "files.jsonl")
_MANIFEST = "manifest.json"
_SMALL = 1 << 20
"""Bytes of what is read at once."""
_BLOCK = 1 << 20
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises over archives that are damaged, or made to harm."""


class Packed:
    """An exported index, opened."""

    def __init__(self, archive: zipfile.ZipFile, place: str) -> None:
        self._zip = archive
        self.place = place
        """The file, for messages."""
        self.manifest = self._manifest()
        self._check_names()

    def check(self) -> None:
        """Compare every member with its size and hash.

        Raises:
            IndexDamagedError: one is not as it was written.
        """
        for name, wanted in self.manifest.members.items():
            self._compare(name, wanted)
        for original in self.originals():
            self._compare(original.member, Member(original.size, original.sha256))

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Read a member from its beginning.

        Raises:
            IndexDamagedError: it cannot be unpacked.
        """
        with self._translated(), self._zip.open(name) as stream:
            yield stream

    def originals(self) -> Iterator[Original]:
        """The files that are in it.

        Raises:
            IndexDamagedError: the list of them is none.
        """
        count = 0
        with self.open("files.jsonl") as stream:
            for _, values in numbered(stream, "files.jsonl"):
                count += 1
                yield self._original(values)
        if count != self.manifest.files:
            raise self._damaged(f"a list of {count} files in place of {self.manifest.files}")

    def beside(self) -> dict[str, bytes]:
        """The small files that were beside the catalog, by name.

        Raises:
            IndexDamagedError: one is not small.
        """
        found: dict[str, bytes] = {}
        for name in set(BESIDE) & set(self.manifest.members):
            with self.open(name) as stream:
                found[name] = stream.read(_SMALL)
                if stream.read(1):
                    raise self._damaged(f"more than {_SMALL:,} bytes of {name}")
        return found

    @property
    def rows_size(self) -> int:
        """Bytes of the catalog's rows, unpacked."""
        return sum(each.size for each in self.manifest.members.values())

    @property
    def files_size(self) -> int:
        """Bytes of all files, unpacked."""
        names = (info for info in self._zip.infolist() if info.filename.startswith("files/"))
        return sum(info.file_size for info in names)

    def _manifest(self) -> Manifest:
        with self._translated():
            found = self._zip.getinfo(_MANIFEST) if _MANIFEST in self._zip.namelist() else None
            if found is None or found.file_size > _SMALL:
                raise self._damaged("no manifest")
            with self._zip.open(found) as stream:
                data = stream.read(_SMALL)
        # Its format is looked at first: a newer one may say otherwise what it holds.
        manifest = manifest_of(data, self.place)
        if self._zip.comment != COMMENT + sha256(data).hexdigest().encode():
            raise self._damaged("a manifest that is not the one it was made with")
        return manifest

    def _check_names(self) -> None:
        infos = self._zip.infolist()
        names = [info.filename for info in infos]
        if len(set(names)) != len(names):
            raise self._damaged("two members of one name")
        files = [name for name in names if name.startswith("files/")]
        own = {*ROWS, *(name for name in BESIDE if name in names)}
        if set(names) != {_MANIFEST, *own, *files} or set(self.manifest.members) != own:
            raise self._damaged("other members than those of such a file")
        if len(files) != self.manifest.files:
            raise self._damaged(f"{len(files)} files in place of {self.manifest.files}")
        for info in infos:
            if info.compress_type not in _KINDS or info.flag_bits & _ENCRYPTED:
                raise self._damaged(f"{info.filename} in a form that is not used")

    def _original(self, values: dict[str, Any]) -> Original:
        try:
            original = Original(**values)
            texts = (original.member, original.path, original.sha256)
            numbers = (original.size, original.mtime_ns)
            is_usable = all(type(each) is str for each in texts)
            is_usable = is_usable and all(type(each) is int for each in numbers)
        except TypeError:
            is_usable = False
        if not is_usable or not original.member.startswith("files/"):
            raise self._damaged("a list of files that cannot be used")
        return original

    def _compare(self, name: str, wanted: Member) -> None:
        digest, size = sha256(), 0
        if name not in self._zip.NameToInfo:
            raise self._damaged(f"no {name}")
        if self._zip.NameToInfo[name].file_size != wanted.size:
            raise self._damaged(f"{name} with another size than was written")
        with self.open(name) as stream:
            while size <= wanted.size and (block := stream.read(_BLOCK)):
                digest.update(block)
                size += len(block)
        if (size, digest.hexdigest()) != (wanted.size, wanted.sha256):
            raise self._damaged(f"{name} with other content than was written")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except _BROKEN as error:
            raise self._damaged(str(error) or type(error).__name__) from error

    def _damaged(self, found: str) -> IndexDamagedError:
        return IndexDamagedError(
            f"Expected an index as 'assistant export' made it in {self.place}, found {found}. "
            "Nothing was imported. Take another copy."
        )


@contextmanager
def opened(file: Path, wanted_sha256: str | None = None) -> Iterator[Packed]:
    """Open an exported index; all of it is checked before it is lent.

    Args:
        file: as it was exported.
        wanted_sha256: of the whole file, if it is known.

    Raises:
        InputError: there is no such file, or it has another hash.
        IndexFormatError: a newer release made it.
        IndexDamagedError: it is no exported index, or not as it was written.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        raise InputError(
            f"{file}: expected a file that can be read, and it cannot be: {error}. Check the path."
        ) from error
    with stream:
        if wanted_sha256 is not None:
            _check_whole(stream, file, wanted_sha256)
        try:
            archive = zipfile.ZipFile(stream)
        except _BROKEN as error:
            raise IndexDamagedError(
                f"Expected an index that 'assistant export' made in {file}, found something else "
                f"or a part of one: {error}. Take another copy."
            ) from error
        with archive:
            packed = Packed(archive, str(file))
            packed.check()
            yield packed


def _check_whole(stream: IO[bytes], file: Path, wanted: str) -> None:
    digest = sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    if digest.hexdigest() != wanted.strip().lower():
        raise InputError(
            f"{file} was expected to have SHA-256 {wanted}, and has {digest.hexdigest()}. Take "
            "another copy."
        )
