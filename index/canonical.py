r"""Canonical text: what spans and quotes are counted in.

Bytes are decoded, the byte order mark is dropped, `\r\n` and `\r` become `\n`, and nothing else
changes. Files of other formats are converted once, by `index.loading`. Cleaning for matching
happens on a copy (`matching_text`), never on the canonical text.
"""

import hashlib
import re
from pathlib import Path

from index.bounded import open_file
from index.encodings import detect
from index.errors import UnreadableFileError

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.05
FOOTNOTE_MARK = re.compile(
    r"\[\\\[\d{1,4}\\\]\]\([^)\n]{0,200}\)|\^?\[\^?\d{1,3}\](?!\()|\[\^[\w-]{1,20}\](?!:)"
)
"""`[\\[1\\]](#)`, `^[7]`, `[7]` and `[^7]`, as converters leave them in running text."""
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_PLAIN = str.maketrans("‘’‚‛“”„‟«»–—‑−\u00a0\u202f", '\'\'\'\'""""""----  ')


def canonical_text(source: str | Path, sha256: str | None = None) -> str:
    """The canonical text of a source: decoded, or converted from its format.

    See `index.loading` for formats, and `index.members` for sources that are parts of files.

    Args:
        source: the file, or a part of one.
        sha256: of the text that is looked for. A scan has one only where its text is recognized:
            that is done if it is not found without.

    Raises:
        UnreadableFileError: the file is missing, not permitted, binary, damaged or empty.
    """
    from index.loading import can_recognize, load  # the loaders decode by this module

    data, name = read_bytes(source), str(source)
    is_sought = sha256 is not None and name.lower().endswith(".pdf") and can_recognize()
    try:
        loaded = load(data, name)
    except UnreadableFileError:
        if not is_sought:
            raise
        return load(data, name, ocr=True).text
    if is_sought and loaded.notes and text_sha256(loaded.text) != sha256:
        recognized = load(data, name, ocr=True).text
        return recognized if text_sha256(recognized) == sha256 else loaded.text
    return loaded.text


def read_bytes(source: str | Path) -> bytes:
    """The bytes of a file, or of a part of one (see `index.members`).

    Raises:
        UnreadableFileError: it is missing, or may not be read.
    """
    from index.members import part_of, read_member

    part = part_of(source)
    if part.is_member:
        return read_member(source)
    path = part.file
    try:
        with open_file(path) as file:
            return file.read()
    except FileNotFoundError:
        raise UnreadableFileError(
            f"{path}: expected a file, found nothing. Check the path."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFileError(
            f"{path}: the file could not be read ({reason}). Check that it is a file and that you "
            "may read it."
        ) from error


def decode(data: bytes, name: str = "the text") -> str:
    """Decode bytes into canonical text: by byte order mark, else UTF-8, else by detection.

    Raises:
        UnreadableFileError: the bytes are not text, or hold nothing but white space.
    """
    text = _decode_bytes(data, name).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFileError(f"{name}: expected text, found an empty file. Leave it out.")
    if "\x00" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise UnreadableFileError(
            f"{name}: expected text, found binary data. Convert it to text or leave it out."
        )
    return text


def text_sha256(text: str) -> str:
    """SHA-256 of a canonical text as UTF-8, 64 hex digits. Its first 16 are the document's id."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def matching_text(text: str) -> str:
    """A copy for comparing: no footnote marks or invisible characters, plain quotes and dashes."""
    plain = FOOTNOTE_MARK.sub("", text).translate(INVISIBLE).translate(_PLAIN)
    return " ".join(plain.split())


def _decode_bytes(data: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableFileError(
                    f"{name}: the byte order mark says {encoding}, but byte {error.start} is not. "
                    "Save the file as UTF-8."
                ) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise UnreadableFileError(
                f"{name}: expected UTF-8, found an invalid byte at {error.start} ({error.reason}). "
                "Save the file as UTF-8."
            ) from error
    text = None if b"\x00" in data else detect(data)
    if text is None:
        raise UnreadableFileError(
            f"{name}: expected text, found binary data or an unknown encoding. Save it as UTF-8 "
            "or leave it out."
        )
    return text


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether nearly all that is not ASCII is UTF-8: another encoding would garble the rest."""
    text = data.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= character <= "\udcff" for character in text)
    good = sum(not character.isascii() for character in text) - bad
    return good > 3 * bad
