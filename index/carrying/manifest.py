"""What an exported index says of itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from index.errors import IndexDamagedError, IndexFormatError
from index.layout import FORMAT as CATALOG_FORMAT

FORMAT = 1
"""Of the exported file; raised when an older release could not read it."""
BESIDE = ("weights.json",)
"""Small files that an index folder may have beside the catalog, and that nothing can make again."""
_MARK = "verbatim_export"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the archive's members, as it was written."""

    size: int
    """Bytes, unpacked."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an exported index."""

    made: str
    """When, as ISO date and time in UTC."""
    model: str
    """Name or folder of the embedding model."""
    fingerprint: str
    """Of the embedding model."""
    dimension: int
    """Of its vectors; 0 where there are none."""
    revision: int
    documents: int
    passages: int
    sources: int
    files: int
    """Original files and sidecars."""
    catalog_format: int = CATALOG_FORMAT
    release: str = ""
    members: Mapping[str, Member] = field(default_factory=dict)
    """All but the manifest and the files, by name."""

    def to_json(self) -> bytes:
        """As the member `manifest.json`."""
        return (json.dumps({_MARK: FORMAT, **asdict(self)}, indent=1) + "\n").encode()


def manifest_of(data: bytes, place: str) -> Manifest:
    """Read a manifest.

    Args:
        data: the member `manifest.json`.
        place: the file, for messages.

    Raises:
        IndexFormatError: a newer release made it.
        IndexDamagedError: it is none.
    """
    try:
        values = json.loads(data)
        found, release = values.pop(_MARK), str(values.get("release", ""))
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise _none(place) from error
    if type(found) is not int or found < 1:
        raise _none(place)
    _refuse_newer(place, "an exported index", found, FORMAT, release)
    try:
        manifest = _parsed(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _none(place) from error
    _refuse_newer(place, "a catalog", manifest.catalog_format, CATALOG_FORMAT, release)
    return manifest


def release() -> str:
    """Of this package; empty where it is not installed."""
    try:
        return version("verbatim-assistant")
    except PackageNotFoundError:
        return ""


def _parsed(values: dict[str, Any]) -> Manifest:
    members = {
        str(name): Member(_count(each["size"]), str(each["sha256"]))
        for name, each in values.pop("members").items()
    }
    for name in ("made", "model", "fingerprint", "release"):
        if not isinstance(values[name], str):
            raise TypeError("a text expected")
    for name in set(values) - {"made", "model", "fingerprint", "release"}:
        _count(values[name])
    return Manifest(**values, members=members)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise ValueError("a count expected")
    return value


def _refuse_newer(place: str, kind: str, found: int, known: int, release: str) -> None:
    if found > known:
        made = f" (made by release {release})" if release else ""
        raise IndexFormatError(
            f"{place} holds {kind} of format {found}{made}, and this release reads up to {known}. "
            "Nothing was changed. Install a newer release and import it again."
        )


def _none(place: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"Expected an index that 'assistant export' made in {place}, found something else, or a "
        "damaged one. Check the path, or take another copy."
    )
