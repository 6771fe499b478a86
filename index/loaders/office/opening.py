"""What is looked at before a library opens a file: that it is one, and how much is in it.

Office files are zip archives of XML. The libraries read a part whole, so an archive that unpacks to
more than is allowed, or XML that declares entities, is refused before.
"""

import io
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import UnreadableFileError

MOST_BYTES = 600_000_000
"""Of all parts, unpacked: pictures and videos are loaded along with the text."""
MOST_XML_BYTES = 60_000_000
"""Of one part in XML: as a tree it takes ten times as much; a thousand pages are about 5 MB."""
MOST_PARTS = 20_000
_HEAD = 2_000
"""Bytes of a part in which a declaration of entities would stand: before the first element."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_XML = (".xml", ".rels", ".vml")
_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
_FORBIDDEN = tuple(
    word.encode(coding) for word in _DECLARATIONS for coding in ("utf-8", "utf-16-le", "utf-16-be")
)


@contextmanager
def opened(
    data: bytes, name: str, kind: str, folder: str, most_xml_bytes: int = MOST_XML_BYTES
) -> Iterator[io.BytesIO]:
    """The file as a stream for a library, whose errors are told as ours.

    Args:
        data: the file.
        name: its path, for messages.
        kind: the format as users call it: `DOCX`.
        folder: the one in the archive that this format has: `word/`.
        most_xml_bytes: bound of one part.

    Raises:
        UnreadableFileError: it is not of that format, protected by a password, damaged or too
            large, or the library fails on it.
    """
    check(data, name, kind, folder, most_xml_bytes)
    try:
        yield io.BytesIO(data)
    except UnreadableFileError:
        raise
    except RecursionError as error:
        raise UnreadableFileError(
            f"{name}: its parts are nested too deeply to be read. Save it again as {kind}."
        ) from error
    except MemoryError as error:
        raise UnreadableFileError(
            f"{name}: takes more memory than there is. Divide it, or take large pictures out."
        ) from error
    except Exception as error:  # libraries raise whatever a damaged file leads them to
        if _is_ours(error):
            raise UnreadableFileError(f"{name}: {_bug(error, kind)}") from error
        raise UnreadableFileError(
            f"{name}: expected {_a(kind)} file, found one that is damaged "
            f"({type(error).__name__}: {_short(error)}). Open it and save it again as {kind}."
        ) from error


def check(data: bytes, name: str, kind: str, folder: str, most_xml_bytes: int) -> None:
    """Refuse what is no file of that format or too large; the arguments are those of `opened`."""
    if data.startswith(_OLE):
        raise UnreadableFileError(f"{name}: {_about_ole(data, kind)}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, name, kind, folder, most_xml_bytes)
    except UnreadableFileError:
        raise
    except Exception as error:  # zipfile raises many kinds for what is damaged
        if _is_ours(error):
            raise UnreadableFileError(f"{name}: {_bug(error, kind)}") from error
        found = "an empty file" if not data else f"a damaged one ({_short(error)})"
        raise UnreadableFileError(
            f"{name}: expected {_a(kind)} file, found {found}. Open it and save it again as "
            f"{kind}, or leave it out."
        ) from error


def _check_parts(
    archive: zipfile.ZipFile, name: str, kind: str, folder: str, most_xml_bytes: int
) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(each.startswith(folder) for each in names):
        raise UnreadableFileError(
            f"{name}: expected {_a(kind)} file, found {_kind_of(names)}. Give it the right suffix, "
            f"or save it as {kind}."
        )
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES or len(parts) > MOST_PARTS:
        raise UnreadableFileError(
            f"{name}: expected at most {MOST_BYTES:,} bytes in {MOST_PARTS:,} parts when unpacked, "
            f"found {size:,} in {len(parts):,}. Divide it, or take large pictures out."
        )
    for part in parts:
        if part.filename.lower().endswith(_XML):
            _check_xml(archive, part, name, kind, most_xml_bytes)


def _check_xml(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, kind: str, most_xml_bytes: int
) -> None:
    if part.flag_bits & 1:
        raise UnreadableFileError(f"{name}: {_protected(kind)}")
    if part.file_size > most_xml_bytes:
        raise UnreadableFileError(
            f"{name}: expected at most {most_xml_bytes:,} bytes in a part, found "
            f"{part.file_size:,} in {part.filename}. Divide the file."
        )
    with archive.open(part) as stream:
        head = stream.read(_HEAD).upper()
    if any(word in head for word in _FORBIDDEN):
        raise UnreadableFileError(
            f"{name}: {part.filename} declares XML entities, which no {kind} file needs and which "
            f"can be harmful. Open it and save it again as {kind}."
        )


def _about_ole(data: bytes, kind: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _protected(kind)
    return (
        f"expected {_a(kind)} file, found one of the format that Office used before 2007. Open it "
        f"and save it as {kind}."
    )


def _protected(kind: str) -> str:
    return f"it is protected by a password. Save it as {kind} without one."


def _kind_of(names: set[str]) -> str:
    folders = {"word/": "a DOCX", "ppt/": "a PPTX", "xl/": "an XLSX"}
    for folder, kind in folders.items():
        if any(each.startswith(folder) for each in names):
            return f"{kind} file"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "a file of OpenDocument"
    return "a zip archive of something else"


def _a(kind: str) -> str:
    return f"{'an' if kind == 'XLSX' else 'a'} {kind}"


def _is_ours(error: Exception) -> bool:
    """Whether an error was raised by our own lines, and not in those of a library."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    is_library = type(error).__module__ != "builtins"
    return not is_library and str(frames[-1].f_globals.get("__name__")).startswith("index.")


def _bug(error: Exception, kind: str) -> str:
    """What is said of an error of our own: that the file is damaged would be a guess."""
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    where = f"{frame.f_globals.get('__name__')}, line {line}"
    return (
        f"reading it failed where it should not ({type(error).__name__}: {_short(error)}; "
        f"{where}): a bug here. Please report it; saving the file again as {kind} may help."
    )


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or "no details"


def with_text(text: str, name: str) -> str:
    """The text, if it says anything.

    Raises:
        UnreadableFileError: there is no letter and no digit in it.
    """
    if not any(map(str.isalnum, text)):
        raise UnreadableFileError(
            f"{name}: expected text, found none (pictures are not read). Leave the file out."
        )
    return text
