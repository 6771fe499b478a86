"""Office files for tests: converted by LibreOffice and pandoc, or put together part by part."""

import io
import random
import re
import subprocess
import zipfile
from pathlib import Path

from document_programs import program

FILES = Path(__file__).parent / "office"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
"""How a file of Office before 2007 begins, and one that is protected by a password."""
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512)

NO_PARTS = b"PK\x05\x06" + bytes(18)


def libreoffice(source: Path, suffix: str, folder: Path) -> bytes:
    """A file as LibreOffice saves it in another format."""
    command = [
        *(program("soffice"), f"-env:UserInstallation=file://{folder.parent}/libreoffice"),
        *("--headless", "--convert-to", suffix, "--outdir", str(folder), str(source)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / source.name).with_suffix(f".{suffix}").read_bytes()


def pandoc(source: Path, suffix: str, folder: Path, *options: str) -> bytes:
    """A file as pandoc writes it."""
    target = folder / f"{source.stem}.{suffix}"
    command = [program("pandoc"), str(source), *options, "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return target.read_bytes()


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """An archive with some of its parts replaced, or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def scrambled(data: bytes, seed: int) -> bytes:
    """A file in whose XML some attributes have odd values and some empty elements are missing."""
    chance = random.Random(seed)
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [each for each in archive.namelist() if each.endswith(".xml")]
        for name in chance.sample(names, min(3, len(names))):
            xml = archive.read(name).decode("utf-8", "replace")
            share = chance.choice((0.01, 0.1, 0.5))
            odd = [f'="{value}"' for value in ("", "-1", "junk", "99999999999", "0.5", "true")]
            xml = _changed(r'(?<=\w)="[^":/]*"', odd, xml, share, chance)
            parts[name] = _changed(r"<\w+:\w+[^<>]*/>", [""], xml, share, chance).encode()
    return with_parts(data, parts)


def _changed(pattern, values, text, share, chance):
    return re.sub(
        pattern,
        lambda found: chance.choice(values) if chance.random() < share else found[0],
        text,
    )


def part_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def hostile(data: bytes, part: str) -> dict[str, tuple[bytes, str]]:
    """What a file can be made into, and what the error has to say.

    Args:
        data: a good file.
        part: the name of its main part.
    """
    entities = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        "<x>&b;</x>"
    )
    external = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
    return {
        "empty": (b"", "found an empty file"),
        "no archive": (b"just text", "found a damaged one"),
        "cut off": (data[: len(data) // 2], "found a damaged one"),
        "old": (OLE, "before 2007"),
        "password": (ENCRYPTED, "protected by a password"),
        "entities": (with_parts(data, {part: entities.encode()}), "declares XML entities"),
        "external": (with_parts(data, {part: external.encode("utf-16")}), "declares XML entities"),
        "no XML": (with_parts(data, {part: b"<a><b></a>"}), "is damaged"),
        "something else": (with_parts(NO_PARTS, {"a.txt": b"a"}), "a zip archive of something"),
    }
