"""From paths to files, and from a file to a document with its passages."""

from collections.abc import Sequence
from pathlib import Path

from index.bylines import from_text
from index.canonical import read_bytes, text_sha256
from index.comments import without_comments
from index.errors import InputError, UnreadableFileError, UnsupportedFormatError
from index.left_out import remedy
from index.loading import SUFFIXES, Loaded, load
from index.markup import front_matter_end
from index.members import part_of, suffix_of
from index.metadata import Metadata, edited_fields, from_mapping, overrule
from index.segmentation import split
from index.sidecars import read_yaml, stated
from index.types import Document, DocumentInfo, Passage
from index.walking import Selection

LARGEST_TEXT = 30_000_000
"""Characters of a document: the vectors of its sentences are in memory at once."""


def find_files(paths: Sequence[str | Path]) -> list[Path]:
    """The files to index under these paths: files as given, folders searched for known suffixes.

    Returns:
        Absolute paths, each once, in the order given and by name within a folder; hidden files and
        sidecars left out.

    Raises:
        InputError: a path does not exist, or nothing under the paths can be indexed.
    """
    files = list(Selection.of(paths, SUFFIXES).walk())
    if not files:
        places = ", ".join(map(str, paths)) or "no paths"
        raise InputError(
            f"Expected documents ({', '.join(SUFFIXES)}) under {places}, found none. "
            "Put some there or name another folder."
        )
    return files


def read_document(source: str | Path, data: bytes | None = None) -> tuple[Document, list[Passage]]:
    """Read a file, or a part of one, into a document and its passages.

    Args:
        source: see `index.members`.
        data: its bytes, if they were read.

    Raises:
        UnsupportedFormatError: there is no loader for the file's suffix.
        UnreadableFileError: it is missing, not permitted, damaged, empty or too long.
        SourceError: its front matter or sidecar is not a YAML mapping.
    """
    loaded, metadata = _read(source, data)
    text, info = loaded.text, _info(source, loaded.text, metadata)
    spans = tuple(metadata.spans)
    document = Document(info, text, (str(source),), spans, loaded.places, loaded.notes)
    return document, split(text, info.id, info.language, metadata.byline_lines, loaded.asides)


def read_info(source: str | Path, data: bytes | None = None) -> DocumentInfo:
    """What a source states about itself, without dividing its text; see `read_document`."""
    loaded, metadata = _read(source, data)
    return _info(source, loaded.text, metadata)


def _read(source: str | Path, data: bytes | None) -> tuple[Loaded, Metadata]:
    suffix = suffix_of(source)
    if suffix not in SUFFIXES:
        raise UnsupportedFormatError(
            f"{source}: expected one of {', '.join(SUFFIXES)}, found {suffix or 'no suffix'!r}. "
            f"{remedy(suffix) or 'Convert the file to one of them.'}"
        )
    loaded = load(read_bytes(source) if data is None else data, str(source))
    if len(loaded.text) > LARGEST_TEXT:
        raise UnreadableFileError(
            f"{source}: expected at most {LARGEST_TEXT:,} characters of text, found "
            f"{len(loaded.text):,}. Divide the document."
        )
    return loaded, _metadata(source, loaded)


def _info(source: str | Path, text: str, metadata: Metadata) -> DocumentInfo:
    sha256 = text_sha256(text)
    values = metadata.values
    return DocumentInfo(
        id=sha256[:16],
        title=values.get("title"),
        authors=values.get("authors", ()),
        publisher=values.get("publisher"),
        published=values.get("published"),
        source=str(source),
        sha256=sha256,
        language=values.get("language"),
        url=values.get("url"),
        found=tuple(sorted(metadata.found.items())),
    )


def _metadata(source: str | Path, loaded: Loaded) -> Metadata:
    metadata, text = Metadata(), loaded.text
    part = part_of(source)
    beside = {} if part.is_member else stated(part.file)  # what is in a container has no sidecar
    edited = edited_fields(beside)
    from_mapping(metadata, {key: beside[key] for key in beside if key not in edited}, "sidecar")
    end = front_matter_end(text)
    if end:
        block = text[:end].rstrip().partition("\n")[2].rpartition("\n")[0]
        values = read_yaml(block, f"{source} (front matter)")
        from_mapping(metadata, values, "front_matter", text[:end])
    from_mapping(metadata, loaded.fields, "embedded")
    from_text(metadata, without_comments(text))
    overrule(metadata, beside)
    return metadata
