"""Where an index keeps what, and how its derived stores are stamped and switched.

catalog.sqlite3          the truth; everything else can be made again from it
lock                     held by the one process that writes
writer                   the process id of the latest writer
CURRENT                  the name of the generation in use
generations/NAME/        one state of the derived stores, never changed once in use
    chroma/  terms/  STAMP.json
"""

import json
import os
import secrets
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from index.chroma_address import ChromaAddress
from index.errors import IndexStoreError, InputError

FORMAT = 4
"""Format of the whole folder; raised when an older release could not read it."""

_LONGEST_NAME, _LARGEST_STAMP = 1_000, 10_000_000
"""Bytes of `CURRENT` and of a stamp; a file that a fault blew up is not read."""
_ROOM = 64_000_000
"""Bytes that the readers of a store may add to a file of it."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The paths of one generation."""

    folder: Path

    @property
    def name(self) -> str:
        """A growing number and a random part, so that no path is ever used twice."""
        return self.folder.name

    @property
    def number(self) -> int:
        """Generations are ordered by it."""
        digits = self.name.partition("-")[0]
        return int(digits) if digits.isdigit() else 0

    @property
    def chroma(self) -> Path:
        """Folder of the vector store."""
        return self.folder / "chroma"

    @property
    def terms(self) -> Path:
        """Folder of the term store."""
        return self.folder / "terms"

    @property
    def stamp(self) -> Path:
        """What the generation holds, see `Stamp`."""
        return self.folder / "STAMP.json"


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one index, and the addresses of what servers keep of it."""

    folder: Path
    DAMAGED: ClassVar[str] = "damaged-"
    """How the names of folders begin in which damaged catalogs are set aside."""

    catalog_url: str | None = field(default=None, repr=False)
    """Of the PostgreSQL database that has the catalog; None where it is in the folder."""
    chroma: ChromaAddress | None = None
    """Of the server that has the vectors; None where they are in the folder."""

    @classmethod
    def at(cls, place: "str | Path | Layout") -> "Layout":
        """Of an index folder; a layout stays what it is."""
        return place if isinstance(place, Layout) else cls(Path(place).expanduser().absolute())

    def __str__(self) -> str:
        """The folder, and the servers without passwords."""
        from index.catalog.server import shown

        servers = [shown(self.catalog_url)] if self.catalog_url else []
        servers += [str(self.chroma)] if self.chroma else []
        return f"{self.folder} ({', '.join(servers)})" if servers else str(self.folder)

    @property
    def catalog_address(self) -> Path | str:
        """The SQLite file, or the URL of the database."""
        return self.catalog_url or self.catalog

    @property
    def catalog(self) -> Path:
        """The SQLite file."""
        return self.folder / "catalog.sqlite3"

    @property
    def lock(self) -> Path:
        """Locked by the writer, through the kernel."""
        return self.folder / "lock"

    @property
    def writer(self) -> Path:
        """Process id of the latest writer."""
        return self.folder / "writer"

    @property
    def current(self) -> Path:
        """Names the generation in use."""
        return self.folder / "CURRENT"

    @property
    def generations(self) -> Path:
        """Folder of all generations."""
        return self.folder / "generations"

    @property
    def server(self) -> Path:
        """Names the socket of a chat that is open on the index; see `assistant.warm`."""
        return self.folder / "server.json"

    def owns(self, path: Path) -> bool:
        """Whether a file in the folder is part of an index."""
        names = ("lock", "writer", "CURRENT", "generations")
        beginnings = ("catalog.sqlite3", "CURRENT.", "question-", "server.json", self.DAMAGED)
        return path.name in names or path.name.startswith(beginnings)

    @property
    def is_writable(self) -> bool:
        """Whether this process may change the index."""
        return os.access(self.folder, os.W_OK) and (
            self.catalog_url is not None
            or not self.catalog.exists()
            or os.access(self.catalog, os.W_OK)
        )

    def make_folder(self) -> None:
        """Make the folder where there is none.

        Raises:
            InputError: it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{self.folder} cannot be written to: {error}. Name another folder."
            ) from error

    def all_generations(self) -> list[Generation]:
        """Every generation on disk, finished or not, oldest first."""
        if not self.generations.is_dir():
            return []
        found = [Generation(path) for path in self.generations.iterdir() if path.is_dir()]
        return sorted(found, key=lambda generation: (generation.number, generation.name))

    def new_generation(self) -> Generation:
        """Paths for a generation that does not exist yet."""
        latest = max((generation.number for generation in self.all_generations()), default=0)
        return Generation(self.generations / f"{latest + 1:06d}-{secrets.token_hex(3)}")

    def current_generation(self) -> Generation | None:
        """The generation in use; None where `CURRENT` is missing or names nothing."""
        try:
            name = _small_text(self.current, _LONGEST_NAME).strip()
        except (OSError, ValueError):
            return None
        folder = self.generations / name
        is_plain = bool(name) and Path(name).name == name and "\0" not in name
        return Generation(folder) if is_plain and folder.is_dir() else None

    def switch(self, generation: Generation) -> None:
        """Put a finished generation into use, atomically and durably."""
        replace_file(self.current, generation.name + "\n")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a generation holds."""

    clean: bool
    """False while it is written."""
    index: str
    """Identity of the catalog it was made from."""
    revision: int
    """Revision of the catalog it holds."""
    passages: int = 0
    dead: int = 0
    """Deleted vectors that still take room in the vector store."""
    files: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    """Size in bytes and CRC-32 of each file; no CRC for files that readers change."""


def read_stamp(generation: Generation) -> Stamp | None:
    """The stamp, or None where it is missing or unreadable."""
    try:
        values = json.loads(_small_text(generation.stamp, _LARGEST_STAMP))
        files = {name: (int(size), crc) for name, (size, crc) in values.pop("files").items()}
        return Stamp(**values, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_stamp(generation: Generation, stamp: Stamp) -> None:
    """Write the stamp, atomically and durably."""
    replace_file(generation.stamp, json.dumps(asdict(stamp), indent=1) + "\n")


def measure(generation: Generation) -> dict[str, tuple[int, int | None]]:
    """Flush every file of a generation to disk and return its size and CRC-32."""
    files: dict[str, tuple[int, int | None]] = {}
    for path in sorted(generation.folder.rglob("*")):
        _fsync(path)
        if path.is_file() and path != generation.stamp and path.suffix != ".lock":
            crc = None if _is_changed_by_readers(path) else _crc32(path)
            files[path.relative_to(generation.folder).as_posix()] = (path.stat().st_size, crc)
    _fsync(generation.folder)
    _fsync(generation.folder.parent)
    return files


def damage(generation: Generation, stamp: Stamp) -> str | None:
    """What is wrong with the files of a clean generation, or None.

    Chroma maps its files into memory unchecked: a truncated one passes unnoticed, and one with
    other bytes can end the process. So they are compared before it opens them.
    """
    for name, (size, crc) in stamp.files.items():
        path = generation.folder / name
        try:
            found = path.stat().st_size
            if found < size or found > (size if crc is not None else _grown(size)):
                return f"{name} has {found} bytes instead of {size}"
            if crc is not None and _crc32(path) != crc:
                return f"{name} has changed"
        except OSError as error:
            return f"{name} cannot be read: {error}"
    return None


def replace_file(path: Path, text: str) -> None:
    """Write a small file so that at any moment either the old or the new one is there.

    Raises:
        IndexStoreError: the file cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
        _fsync(path.parent)
    except OSError as error:
        raise IndexStoreError(
            f"{path} could not be written: {error}. Check free space and permissions."
        ) from error


def _is_changed_by_readers(path: Path) -> bool:
    return path.name.startswith("chroma.sqlite3")


def _grown(size: int) -> int:
    """How large a file may be by now that readers change."""
    return 2 * size + _ROOM


def _small_text(path: Path, most: int) -> str:
    """The text of a file that is small, unless something is wrong with it.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, or not UTF-8.
    """
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{path}: expected at most {most} bytes")
    return data.decode("utf-8")


def _crc32(path: Path) -> int:
    crc = 0
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


def _fsync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows cannot open folders; it has no need to
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
