"""`NAME.meta.yaml`: a file's metadata, stated beside it, and how they are edited there."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.canonical import canonical_text
from index.errors import InputError, SourceError
from index.members import is_member
from index.metadata import EDITED, edited_fields

SIDECAR_SUFFIX = ".meta.yaml"
_BRACKETS = 1_000
"""More are no metadata, and nested ones take PyYAML a time that grows with their square."""


def sidecar(path: Path) -> Path:
    """Where a file's metadata may be stated beside it: `NAME.meta.yaml`."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def sidecar_of(path: Path) -> Path | None:
    """The sidecar that a file has: its own, else the one of its name without suffix.

    None also where the file is named so long that no name for a sidecar is left, and for a part of
    a file: a sidecar says the same of the whole file.
    """
    if is_member(path):
        return None
    candidates = (sidecar(path), path.with_suffix(SIDECAR_SUFFIX))
    return next((candidate for candidate in candidates if os.path.isfile(candidate)), None)


def stated(path: Path) -> dict[str, Any]:
    """What a file's sidecar states; nothing where it has none.

    Raises:
        UnreadableFileError: it cannot be read.
        SourceError: it is not a YAML mapping.
    """
    beside = sidecar_of(path)
    return read_yaml(canonical_text(beside), str(beside)) if beside is not None else {}


def edit(path: Path, values: Mapping[str, str | list[str] | None]) -> None:
    """State metadata in a file's own sidecar, as a user does who edits them.

    What else it states stays, without its comments. The file itself is not touched.

    Args:
        path: the file.
        values: by field; None for what is to be unknown, whatever the file states.

    Raises:
        SourceError: the sidecar there is cannot be read.
        InputError: the new one cannot be written.
    """
    import yaml

    mapping = stated(path)
    edited = {*edited_fields(mapping), *values}
    kept = {key: value for key, value in mapping.items() if key not in {*values, EDITED}}
    new = {key: value for key, value in values.items() if value is not None}
    whole = {**new, **kept, EDITED: sorted(edited)}
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=1_000)
    _replace(sidecar(path), text)


def record(path: Path, values: Mapping[str, str]) -> None:
    """State where a file came from, in its own sidecar. What a user stated there stays.

    Args:
        path: the file.
        values: by field; an empty one is forgotten.

    Raises:
        SourceError: the sidecar there is cannot be read.
        InputError: the new one cannot be written.
    """
    import yaml

    mapping = stated(path)
    edited = edited_fields(mapping)
    kept = {key: value for key, value in mapping.items() if key in edited or key not in values}
    new = {key: value for key, value in values.items() if value and key not in edited}
    text = yaml.safe_dump({**kept, **new}, allow_unicode=True, sort_keys=False, width=1_000)
    _replace(sidecar(path), text)


def read_yaml(text: str, name: str) -> dict[str, Any]:
    """Read a YAML mapping, every scalar as it is written: `no` is a language, `1984` a title.

    Raises:
        SourceError: it is something else.
    """
    import yaml

    if text.count("[") + text.count("{") > _BRACKETS:
        raise SourceError(
            f"{name}: expected YAML, found an error: more than {_BRACKETS} brackets. Correct it."
        )
    try:
        value = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        found = " ".join(str(error).split())
        raise SourceError(
            f"{name}: expected YAML, found an error: {found}. Correct it; a value that holds a "
            "colon needs quotation marks."
        ) from error
    if not value:
        return {}
    if not isinstance(value, dict):
        raise SourceError(
            f"{name}: expected a YAML mapping such as 'title: ...', found a "
            f"{type(value).__name__}. Correct it."
        )
    return value


def _replace(path: Path, text: str) -> None:
    """Write the file so that at any moment either the old or the new one is there."""
    beside = path.with_name(f".{secrets.token_hex(4)}{SIDECAR_SUFFIX}.new")
    try:
        try:
            with beside.open("x", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"{path}: expected a file that can be written beside the document, and it cannot be "
            f"({error.strerror or error}). Have the folder made writable, or put the metadata "
            "into the document."
        ) from error
