"""Nasty files that take long, or much memory, with a reader that takes all that it is given."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from scripts.fuzz.changes import packed
from scripts.fuzz.nasty_files import (
    SENTENCE,
    Nasty,
    mail_of_parts,
    nested_mail,
    of_bytes,
    office_parts,
    with_part,
)


def _pdf_bomb() -> bytes:
    """A page whose drawing commands unpack to 200 MB."""
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(b"0 0 m " * 1_000_000) for _ in range(33)) + packer.flush()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
    )
    body = b"%PDF-1.7\n" + b"".join(
        b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1)
    )
    body += b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        len(stream),
        stream,
    )
    return body + b"trailer\n<< /Root 1 0 R /Size 5 >>\n%%EOF\n"


def large_files() -> Iterator[Nasty]:
    """Files that take a reader long."""
    yield Nasty(
        "200 MB in one line.txt",
        lambda path: _long(path, SENTENCE.encode(), 200_000_000),
        "refused",
    )
    yield Nasty(
        "200 MB without white space.txt", lambda path: _long(path, b"a", 200_000_000), "refused"
    )
    yield Nasty("200 MB of zeros.txt", lambda path: _long(path, b"\x00", 200_000_000), "refused")
    yield Nasty(
        "70 GB that is not there.txt",
        lambda path: os.truncate(_touched(path), 70_000_000_000),
        "refused",
    )
    yield Nasty("a million columns.csv", _columns, "either")
    yield Nasty("a million rows.csv", lambda path: _long(path, b"a,b,c\n", 6_000_000), "either")
    yield from _bombs()
    yield of_bytes("deep messages.eml", nested_mail(20_000), "either")
    yield of_bytes("parts.eml", mail_of_parts(200_000), "either")
    yield Nasty("a record of 100 MB.jsonl", lambda path: _record(path, 100_000_000), "either")


def _bombs() -> Iterator[Nasty]:
    for name, suffix, data, part in office_parts():
        bomb = with_part(data, part, lambda old: b" " * 400_000_000)
        yield of_bytes(f"bomb in {name}{suffix}", bomb, "refused")
    yield of_bytes("bomb.zip", packed([("a.txt", b" " * 600_000_000)]), "refused")
    yield of_bytes("bomb.pdf", _pdf_bomb(), "either")


def _touched(path: Path) -> Path:
    path.touch()
    return path


def _long(path: Path, pattern: bytes, size: int) -> None:
    block = pattern * (1_000_000 // len(pattern))
    with path.open("wb") as file:
        for _ in range(size // len(block)):
            file.write(block)


def _columns(path: Path) -> None:
    head = b",".join(b"c%d" % n for n in range(1_000_000))
    path.write_bytes(head + b"\n" + b"1," * 999_999 + b"1\n")


def _record(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(b'{"text": "Fine."}\n{"text": "')
        file.write(SENTENCE.encode() * (size // len(SENTENCE)))
        file.write(b'"}\n')
