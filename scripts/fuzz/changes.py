"""Changes to what is right: bytes, JSON values and the parts of packed files."""

import copy
import io
import zipfile
from collections.abc import Sequence
from random import Random
from typing import Any

from scripts.fuzz.texts import text, word

_TOKENS = (
    *(
        b"\x00",
        b"\xff",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"/",
        b"(",
        b")",
    ),
    *(b"<<", b">>", b"[", b"]", b"{", b"}", b"\n", b"\r\n", b"\n\n", b"-1", b"0", b"4294967295"),
    *(b"9999999999999999999", b"1e309", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#0;", b"&x;"),
    *(b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<p>", b"</p>", b"<table><tr><td>", b"%PDF-", b"endobj"),
    *(b"stream\n", b"endstream", b"PK\x03\x04", b"=?utf-8?q?=ff?=", b"charset=utf-7", b"boundary="),
)


def changed_bytes(random: Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """The data with some of it flipped, cut out, doubled, moved, or something put in."""
    made = bytearray(data)
    for _ in range(1 if random.random() < 0.5 else random.randint(2, 12)):
        at = random.randint(0, len(made))
        end = min(len(made), at + int((len(made) + 1) ** random.random()))
        choice = random.randint(0, 8)
        if choice <= 1 and made:
            made[min(at, len(made) - 1)] = random.randint(0, 255)
        elif choice == 2:
            made[at:at] = random.choice(_TOKENS)
        elif choice == 3:
            made[at:end] = b""
        elif choice == 4:
            made[at:at] = made[at:end] * random.randint(1, 3)
        elif choice == 5:
            made[at : at + 8] = random.choice(_TOKENS)
        elif choice == 6 and others:
            other = random.choice(others)
            start = random.randint(0, len(other))
            made[at:end] = other[start : start + random.randint(1, 400)]
        elif choice == 7:
            made[at:at] = text(random, 100).encode("utf-8", "surrogatepass")
        elif random.random() < 0.2:
            made = made[:at]
    return bytes(made[:2_000_000])


def value(random: Random, depth: int = 3) -> Any:  # noqa: ANN401
    """A JSON value that somebody might send instead of the right one."""
    choice = random.randint(0, 13)
    if choice <= 3:
        return text(random, 200)
    if choice == 4:
        return random.choice(
            ("", " ", "\ud800", "\x00", "a" * 5_000, "-1", "null", "../../x", "1e9")
        )
    if choice <= 6:
        return random.choice((0, -1, 1, 2, 10**6, 2**31, 2**63, 10**30, -(10**30), 5_000))
    if choice == 7:
        return random.choice((0.0, -0.5, 1.5, 1e308, -1e-308, float("inf"), float("nan")))
    if choice == 8:
        return random.choice((None, True, False))
    if choice == 9 and random.random() < 0.1:
        nested: Any = []
        for _ in range(random.choice((10, 40, 400))):
            nested = [nested] if random.random() < 0.5 else {"a": nested}
        return nested
    if depth and choice <= 11:
        return [value(random, depth - 1) for _ in range(random.randint(0, 4))]
    if depth:
        return {word(random): value(random, depth - 1) for _ in range(random.randint(0, 4))}
    return {}


def changed_value(random: Random, whole: Any) -> Any:  # noqa: ANN401
    """A copy of a JSON value with a few places replaced, left out, added, doubled or swapped."""
    made = [copy.deepcopy(whole)]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 8))):
        _change_one(random, made)
    return made[0]


def _change_one(random: Random, root: list[Any]) -> None:
    holder: Any = root
    key: Any = 0
    while isinstance(holder[key], dict | list) and holder[key] and random.random() < 0.85:
        holder = holder[key]
        key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    found, choice = holder[key], random.randint(0, 9)
    if choice == 0 and holder is not root:
        del holder[key]
    elif choice == 1 and isinstance(found, dict):
        found[word(random)] = value(random)
    elif choice == 1 and isinstance(found, list):
        found.insert(random.randint(0, len(found)), value(random))
    elif choice == 2:
        holder[key] = [found]
    elif choice == 3 and isinstance(found, int) and not isinstance(found, bool):
        holder[key] = found + random.choice((-1, 1, 7, -1_000, 10**9))
    elif choice <= 5 and isinstance(found, str):
        at = random.randint(0, len(found))
        holder[key] = found[:at] + text(random, 60) + found[random.randint(at, len(found)) :]
    elif choice == 6 and isinstance(holder, list):
        holder.append(copy.deepcopy(found))
    else:
        holder[key] = value(random)


def changed_zip(random: Random, data: bytes) -> bytes:
    """A packed file of which parts are changed, lost, doubled or renamed; or its bytes are."""
    if random.random() < 0.15:
        return changed_bytes(random, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for _ in range(random.randint(1, 3)):
        at = random.randint(0, len(parts) - 1)
        name, content = parts[at]
        choice = random.randint(0, 11)
        if choice == 0 and len(parts) > 1:
            del parts[at]
        elif choice == 1:
            parts[at] = (random.choice(parts)[0], content)
        elif choice == 2:
            parts[at] = (name, random.choice(parts)[1])
        elif choice <= 6 and name.endswith((".xml", ".rels", ".xhtml", ".opf", ".html", ".ncx")):
            parts[at] = (name, changed_markup(random, content))
        else:
            parts[at] = (name, changed_bytes(random, content))
    return packed(parts)


def changed_markup(random: Random, data: bytes) -> bytes:
    """XML or HTML with tags lost, doubled, swapped or renamed, and with other texts."""
    pieces = data.replace(b"<", b"\x01<").replace(b">", b">\x01").split(b"\x01")
    for _ in range(random.randint(1, 6)):
        at, other = random.randrange(len(pieces)), random.randrange(len(pieces))
        choice = random.randint(0, 5)
        if choice == 0:
            pieces[at] = b""
        elif choice == 1:
            pieces[at] *= random.choice((2, 2, 2, 50))
        elif choice == 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif choice == 3 and not pieces[at].startswith(b"<"):
            pieces[at] = text(random, 100).encode("utf-8", "surrogatepass")
        elif choice == 4:
            pieces[at] = changed_bytes(random, pieces[at])
        else:
            pieces[at:at] = pieces[min(at, other) : max(at, other)][:30]
    return b"".join(pieces)


def packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A packed file of these parts; two may have one name."""
    import warnings

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in parts:
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
