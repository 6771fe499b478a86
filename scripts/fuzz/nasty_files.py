"""Files that were made to break a reader, each with what is expected of it."""

import json
import os
import socket
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from scripts.fuzz import seeds
from scripts.fuzz.changes import packed

Outcome = Literal["read", "refused", "passed over", "either"]
"""`read`: it is indexed. `refused`: a sentence says why not. `passed over`: it is no document, and
nobody is told. `either`: read or refused, but nothing else."""
Make = Callable[[Path], None]

SENTENCE = "The harbor of Norvik was built in 1954. "
CODECS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-7"),
    *(
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "iso8859-2",
        "iso8859-15",
        "koi8-r",
        "cp437",
    ),
    *(
        "cp850",
        "mac-roman",
        "shift_jis",
        "euc-jp",
        "iso2022-jp",
        "gb18030",
        "big5",
        "euc-kr",
        "cp037",
    ),
    *("cp1255", "cp1256", "tis-620", "hz", "cp1140"),
)
_SAID = {
    "cp1251": "Гавань была построена в 1954 году. ",
    "koi8-r": "Гавань была построена в 1954 году. ",
    "cp1253": "Το λιμάνι χτίστηκε το 1954. ",
    "cp1250": "Přístav byl postaven v roce 1954. ",
    "iso8859-2": "Přístav byl postaven v roce 1954. ",
    "cp1254": "Liman bin dokuz yüz elli dörtte inşa edildi. ",
    "cp1255": "הנמל נבנה בשנת אלף. ",
    "cp1256": "بني الميناء عام ألف. ",
    "shift_jis": "港は千九百五十四年に建てられました。",
    "euc-jp": "港は千九百五十四年に建てられました。",
    "iso2022-jp": "港は千九百五十四年に建てられました。",
    "gb18030": "港口建于一九五四年。",
    "hz": "港口建于一九五四年。",
    "big5": "港口建於一九五四年。",
    "euc-kr": "항구는 천구백오십사 년에 지어졌다. ",
    "tis-620": "ท่าเรือสร้างขึ้นในปี ",
}


@dataclass(frozen=True)
class Nasty:
    """A file that goes wrong."""

    name: str
    make: Make
    outcome: Outcome


def of_bytes(name: str, data: bytes, outcome: Outcome) -> Nasty:
    """A file of these bytes."""
    return Nasty(name, lambda path: _write(path, data), outcome)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def small_files() -> Iterator[Nasty]:
    """Files of a few bytes, or of a few megabytes at most."""
    yield from _texts()
    yield from _encodings()
    yield from _records()
    yield from _pages()
    yield from _office()
    yield from _archives()
    yield from _special()
    yield from _names()


def _texts() -> Iterator[Nasty]:
    yield of_bytes("empty.txt", b"", "refused")
    yield of_bytes("one byte.txt", b"a", "read")
    yield of_bytes("one byte that is none.txt", b"\xff", "either")
    yield of_bytes("spaces.md", b" \n\t\r\n" * 1_000, "refused")
    yield of_bytes("null bytes.txt", b"a\x00b" * 100, "refused")
    yield of_bytes("null byte in a text.md", SENTENCE.encode() + b"\x00", "refused")
    yield of_bytes("escapes.txt", b"\x1b]0;owned\x07\x1b[31m" + SENTENCE.encode() * 20, "either")
    yield of_bytes("one line.txt", SENTENCE.encode() * 300, "read")
    yield of_bytes("no white space.txt", b"a" * 10_000, "read")
    yield of_bytes("line breaks.txt", b"a" + b"\n" * 60_000, "read")
    yield of_bytes("carriage returns.txt", b"a\rb\r\n" * 1_000, "read")
    yield of_bytes("damaged utf-8.txt", "é".encode() * 100 + b"\xff", "refused")
    yield of_bytes("only marks.md", b"#*|_->`" * 5_000, "read")
    yield of_bytes("front matter.md", b"---\n" + b"a: [" * 900 + b"\n---\n\nText.", "refused")
    yield of_bytes("front matter twice.md", b"---\na: &a [*a]\n<<: *b\n---\n\nText.", "refused")
    yield of_bytes("quotes.md", ("> " * 1_000 + "a\n\n").encode() * 3, "read")


def _encodings() -> Iterator[Nasty]:
    for codec in CODECS:
        said = _SAID.get(
            codec, SENTENCE if codec.startswith(("utf", "cp0", "cp11")) else "Où fût-il né? "
        )
        data = (said * 20).encode(codec, "ignore")
        yield of_bytes(f"in {codec}.txt", data, "either")


def _records() -> Iterator[Nasty]:
    yield of_bytes("deep.json", b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "refused")
    yield of_bytes("deep list.json", b"[" * 100_000, "refused")
    yield of_bytes("deep line.jsonl", b'{"a":' * 50_000 + b"\n" + b'{"text": "Fine."}\n', "either")
    yield of_bytes("surrogate.json", b'{"text": "a \\ud800 b"}', "either")
    yield of_bytes("digits.json", b'{"text": "a", "n": ' + b"9" * 100_000 + b"}", "either")
    yield of_bytes(
        "keys.json",
        json.dumps({f"k{n}": n for n in range(100_000)} | {"text": "Fine."}).encode(),
        "read",
    )
    yield of_bytes(
        "columns.csv",
        b",".join(b"c%d" % n for n in range(600)) + b"\n" + b"1," * 599 + b"1\n",
        "either",
    )
    yield of_bytes("quote never closed.csv", b'a,b\n"' + b"x,y\n" * 50_000, "either")
    yield of_bytes("ragged.csv", b"\n".join(b"a," * n for n in range(40)), "either")


def _pages() -> Iterator[Nasty]:
    yield of_bytes("deep.html", b"<div>" * 50_000 + b"Fine.", "either")
    yield of_bytes("deep spans.html", b"<p>" + b"<b><i>" * 20_000 + b"Fine.", "either")
    yield of_bytes("tables in tables.html", b"<table><tr><td>" * 3_000 + b"Fine.", "either")
    yield of_bytes(
        "huge spans.html",
        b"<table><tr><td rowspan=65000 colspan=65000>Fine.</td></tr></table>",
        "either",
    )
    yield of_bytes(
        "scripts.html", b"<script>alert(1)</script><p onclick=x>Fine.</p><iframe src=//a>", "read"
    )
    yield of_bytes("attributes.html", b"<p " + b"a=1 " * 50_000 + b">Fine.", "either")
    yield of_bytes("entities.xhtml", _bomb("html", "<body><p>&h;</p></body>"), "either")
    yield of_bytes("parts.eml", mail_of_parts(10_000), "either")
    yield of_bytes("nested.eml", nested_mail(500), "either")
    yield of_bytes("headers.eml", b"X-A: b\r\n" * 100_000 + b"\r\nFine.", "either")
    yield of_bytes(
        "boundary.mhtml", b'Content-Type: multipart/related; boundary=""\n\n--\n--\n--', "refused"
    )


def _bomb(root: str, inside: str) -> bytes:
    entities = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    declared = f'<!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">{entities}]>'
    return f'<?xml version="1.0"?>{declared}<{root}>{inside}</{root}>'.encode()


def mail_of_parts(count: int) -> bytes:
    """A mail of so many parts."""
    part = b"--b\nContent-Type: text/plain\n\nFine.\n"
    return (
        b'Subject: A\nContent-Type: multipart/mixed; boundary="b"\n\n' + part * count + b"--b--\n"
    )


def nested_mail(depth: int) -> bytes:
    """A mail in a mail, and so on."""
    return (
        b"".join(b"Subject: A\nContent-Type: message/rfc822\n\n" for _ in range(depth))
        + b"Subject: B\n\nFine."
    )


def office_parts() -> Iterator[tuple[str, str, bytes, str]]:
    """(name, suffix, file, the part of it that has its text) for each packed format."""
    yield "word", ".docx", seeds.word(), "word/document.xml"
    yield "sheets", ".xlsx", seeds.sheets(), "xl/worksheets/sheet1.xml"
    yield "slides", ".pptx", seeds.slides(), "ppt/slides/slide1.xml"
    yield "book", ".epub", seeds.book(), "o/a.xhtml"


def _office() -> Iterator[Nasty]:
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for name, suffix, data, part in office_parts():
        bomb = _bomb("x", "&h;" * 100)
        yield of_bytes(
            f"entities in {name}{suffix}",
            with_part(data, part, lambda old, new=bomb: new),
            "either",
        )
        yield of_bytes(
            f"entity of a file in {name}{suffix}",
            with_part(data, part, lambda old: old.replace(b"?>", b"?>" + entity, 1)),
            "either",
        )
        yield of_bytes(f"cut {name}{suffix}", data[: len(data) // 2], "refused")
        yield of_bytes(f"empty {name}{suffix}", packed([("a", b"")]), "refused")
        yield of_bytes(f"text named {name}{suffix}", SENTENCE.encode(), "refused")
    yield of_bytes("encrypted.docx", _OLE + b"\x00" * 5_000, "refused")
    yield of_bytes("encrypted.xlsx", _OLE + b"\x00" * 5_000, "refused")
    pdf = seeds.pdfs()[0]
    yield of_bytes("cut.pdf", pdf[: len(pdf) // 2], "either")
    yield of_bytes("head only.pdf", b"%PDF-1.7\n", "refused")
    yield of_bytes("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400, "refused")
    yield of_bytes(
        "pages of itself.pdf", pdf.replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [2 0 R 2 0 R]"), "either"
    )


_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A packed file with one of its parts changed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    assert any(part == name for part, _ in parts), (name, [part for part, _ in parts])
    return packed([(part, change(old) if part == name else old) for part, old in parts])


def _archives() -> Iterator[Nasty]:
    right = packed([("a.txt", SENTENCE.encode())])
    yield of_bytes("encrypted.zip", _flagged(right), "refused")
    yield of_bytes("cut.zip", right[:-30], "refused")
    yield of_bytes("text.zip", SENTENCE.encode(), "refused")
    yield of_bytes("nested.zip", nested_zip(8), "refused")
    yield of_bytes("names.zip", _odd_names(), "either")
    yield of_bytes("many.zip", packed([(f"{n}.png", b"") for n in range(70_000)]), "either")
    yield of_bytes("sizes.zip", _lying(right), "refused")
    yield of_bytes("twice.zip", packed([("a.txt", b"One."), ("a.txt", b"Two.")]), "either")


def nested_zip(depth: int) -> bytes:
    """An archive in an archive, and so on."""
    data = packed([("deep.txt", SENTENCE.encode())])
    for _ in range(depth):
        data = packed([("in.zip", data)])
    return data


def _odd_names() -> bytes:
    names = (
        "../out.txt",
        "/etc/out.txt",
        "a\nb.txt",
        "a\x1b[31m.txt",
        "C:\\a.txt",
        "a!/b.txt",
        "a#line=3.txt",
    )
    return packed([(name, SENTENCE.encode() + name.encode()) for name in names])


def _flagged(data: bytes) -> bytes:
    """An archive that says that its members are encrypted."""
    made = bytearray(data)
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def _lying(data: bytes) -> bytes:
    """An archive whose directory gives another size than there is."""
    made = bytearray(data)
    at = made.index(b"PK\x01\x02")
    struct.pack_into("<I", made, at + 24, 5)
    return bytes(made)


def _special() -> Iterator[Nasty]:
    yield Nasty("pipe.txt", os.mkfifo, "passed over")
    yield Nasty("socket.txt", _socket, "passed over")
    yield Nasty("device.txt", lambda path: path.symlink_to("/dev/zero"), "passed over")
    yield Nasty("loop.txt", lambda path: path.symlink_to(path), "passed over")
    yield Nasty("broken link.txt", lambda path: path.symlink_to("nothing"), "passed over")
    yield Nasty("loop folder", lambda path: path.symlink_to("."), "passed over")
    yield Nasty("folder.txt", Path.mkdir, "passed over")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        before = os.getcwd()
        os.chdir(path.parent)  # a path of a socket has 107 bytes at most
        try:
            made.bind(path.name)
        finally:
            os.chdir(before)


def _names() -> Iterator[Nasty]:
    odd = (
        "a\nb.txt",
        "\x1b[31mred\x07.txt",
        "up\\..\\up.txt",
        "‮txt.exe.txt",
        "$(id);'\".txt",
        " .txt",
        "-h.txt",
    )
    for number, name in enumerate(
        (*odd, "a!" + ".txt", "x#line=3.txt", "n" * 251 + ".txt", "%00%2e%2e.txt")
    ):
        yield of_bytes(name, f"{SENTENCE}Number {number}.".encode(), "read")
    yield Nasty("not utf-8", _odd_byte_name, "either")


def _odd_byte_name(path: Path) -> None:
    with open(os.path.join(os.fsencode(path.parent), b"odd \xff\xfe.txt"), "wb") as file:
        file.write(SENTENCE.encode() + b"An odd name.")


def deep_folders(folder: Path, depth: int) -> None:
    """A document below so many folders."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        Path("deep.txt").write_text(f"{SENTENCE}Far below.", encoding="utf-8")
    finally:
        os.chdir(before)


def make_all(folder: Path, files: Sequence[Nasty]) -> None:
    """Make files in a folder."""
    for each in files:
        each.make(folder / each.name)
