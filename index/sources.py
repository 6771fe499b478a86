"""From paths to files, and from a file to a document with its passages."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.bylines import from_text
from index.canonical import canonical_text, text_sha256
from index.errors import InputError, SourceError, UnsupportedFormatError
from index.markup import front_matter_end
from index.metadata import Metadata, from_mapping
from index.segmentation import split
from index.types import Document, DocumentInfo, Passage

SUFFIXES = (".txt", ".md", ".markdown", ".text")
SIDECAR_SUFFIX = ".meta.yaml"
_YAML_BRACKETS = 1_000
"""More are no metadata, and nested ones take PyYAML a time that grows with their square."""


def find_files(paths: Sequence[str | Path]) -> list[Path]:
    """The files to index under these paths: files as given, folders searched for known suffixes.

    Returns:
        Absolute paths, each once, in the order given and by name within a folder; hidden files and
        sidecars left out.

    Raises:
        InputError: a path does not exist, or nothing under the paths can be indexed.
    """
    files: dict[Path, None] = {}
    for given in map(Path, paths):
        for file in _walk(given) if _is_folder(given) else [given]:
            files[Path(os.path.abspath(file))] = None
    if not files:
        places = ", ".join(map(str, paths)) or "no paths"
        raise InputError(
            f"Expected documents ({', '.join(SUFFIXES)}) under {places}, found none. "
            "Put some there or name another folder."
        )
    return list(files)


def read_document(path: Path) -> tuple[Document, list[Passage]]:
    """Read one file into a document and its passages.

    Raises:
        UnsupportedFormatError: there is no loader for the file's suffix.
        UnreadableFileError: the file is missing, not permitted, binary or empty.
        SourceError: its front matter or sidecar is not a YAML mapping.
    """
    text, metadata = _read(path)
    info = _info(path, text, metadata)
    document = Document(info, text, (str(path),), tuple(metadata.spans))
    return document, split(text, info.id, info.language, metadata.byline_lines)


def read_info(path: Path) -> DocumentInfo:
    """What a file states about itself, without dividing its text; raises as `read_document`."""
    return _info(path, *_read(path))


def _read(path: Path) -> tuple[str, Metadata]:
    if path.suffix.lower() not in SUFFIXES:
        raise UnsupportedFormatError(
            f"{path}: expected one of {', '.join(SUFFIXES)}, found {path.suffix or 'no suffix'!r}. "
            "Convert the file to text or Markdown."
        )
    text = canonical_text(path)
    return text, _metadata(path, text)


def _info(path: Path, text: str, metadata: Metadata) -> DocumentInfo:
    sha256 = text_sha256(text)
    values = metadata.values
    return DocumentInfo(
        id=sha256[:16],
        title=values.get("title"),
        authors=values.get("authors", ()),
        publisher=values.get("publisher"),
        published=values.get("published"),
        source=str(path),
        sha256=sha256,
        language=values.get("language"),
        found=tuple(sorted(metadata.found.items())),
    )


def sidecar(path: Path) -> Path:
    """Where a file's metadata may be stated beside it: `NAME.meta.yaml`."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def _metadata(path: Path, text: str) -> Metadata:
    metadata = Metadata()
    beside = next(
        (p for p in (sidecar(path), path.with_suffix(SIDECAR_SUFFIX)) if p.is_file()), None
    )
    if beside:
        from_mapping(metadata, _yaml(canonical_text(beside), str(beside)), "sidecar")
    end = front_matter_end(text)
    if end:
        block = text[:end].rstrip().partition("\n")[2].rpartition("\n")[0]
        values = _yaml(block, f"{path} (front matter)")
        from_mapping(metadata, values, "front_matter", text[:end])
    from_text(metadata, text)
    return metadata


def _yaml(text: str, name: str) -> dict[str, Any]:
    """Read a YAML mapping, every scalar as it is written: `no` is a language, `1984` a title."""
    import yaml

    if text.count("[") + text.count("{") > _YAML_BRACKETS:
        raise SourceError(
            f"{name}: expected YAML, found an error: more than {_YAML_BRACKETS} brackets. "
            "Correct it."
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


def _is_folder(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        raise InputError(
            f"{path}: expected a file or folder, found nothing. Check the path."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{path}: the path cannot be used ({reason}). Check that it is right and that you may "
            "read it."
        ) from error
    return path.is_dir()


def _walk(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
