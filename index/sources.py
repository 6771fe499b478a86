"""From paths to files, and from a file to a document with its passages."""

import os
from collections.abc import Sequence
from pathlib import Path

from index.bylines import from_text
from index.canonical import read_bytes, text_sha256
from index.errors import InputError, UnsupportedFormatError
from index.loading import SUFFIXES, Loaded, load
from index.markup import front_matter_end
from index.metadata import Metadata, edited_fields, from_mapping, overrule
from index.segmentation import split
from index.sidecars import read_yaml, stated
from index.types import Document, DocumentInfo, Passage


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
    loaded, metadata = _read(path)
    text, info = loaded.text, _info(path, loaded.text, metadata)
    document = Document(info, text, (str(path),), tuple(metadata.spans), loaded.places)
    return document, split(text, info.id, info.language, metadata.byline_lines)


def read_info(path: Path) -> DocumentInfo:
    """What a file states about itself, without dividing its text; raises as `read_document`."""
    loaded, metadata = _read(path)
    return _info(path, loaded.text, metadata)


def _read(path: Path) -> tuple[Loaded, Metadata]:
    if path.suffix.lower() not in SUFFIXES:
        raise UnsupportedFormatError(
            f"{path}: expected one of {', '.join(SUFFIXES)}, found {path.suffix or 'no suffix'!r}. "
            "Convert the file to one of them."
        )
    loaded = load(read_bytes(path), str(path))
    return loaded, _metadata(path, loaded)


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


def _metadata(path: Path, loaded: Loaded) -> Metadata:
    metadata, text = Metadata(), loaded.text
    beside = stated(path)
    edited = edited_fields(beside)
    from_mapping(metadata, {key: beside[key] for key in beside if key not in edited}, "sidecar")
    end = front_matter_end(text)
    if end:
        block = text[:end].rstrip().partition("\n")[2].rpartition("\n")[0]
        values = read_yaml(block, f"{path} (front matter)")
        from_mapping(metadata, values, "front_matter", text[:end])
    from_mapping(metadata, loaded.fields, "embedded")
    from_text(metadata, text)
    overrule(metadata, beside)
    return metadata


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
