"""The package of an e-book: its files in reading order, and its metadata."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from index.dates import normalize_date
from index.errors import UnreadableFileError
from index.loaders.epub.archive import Archive, locked
from index.loaders.html.fields import clean_title
from index.loaders.html.tree import Element, parse_xml

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways of hiding fonts, which leave the text as it is."""
_PAGES = ("application/xhtml+xml", "text/html", "application/html", "text/x-oeb1-document")
_NOBODY = re.compile(r"(?:unknown(?: author)?|anonymous|n/?a|none|null|[\W_]*)$", re.I)
_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Book:
    """What the package says."""

    spine: tuple[str, ...]
    """Paths of the files with text, in reading order."""
    nav: str | None
    """Path of the table of contents of EPUB 3."""
    ncx: str | None
    """Path of the one of EPUB 2."""
    fields: Mapping[str, Any]


def read_book(archive: Archive, name: str) -> Book:
    """Read the package.

    Raises:
        UnreadableFileError: it is missing, damaged, or its text is encrypted.
    """
    path = _package_path(archive, name)
    data = archive.read(path)
    if data is None:
        raise UnreadableFileError(
            f"{name}: expected the package {path} in the book, found none. Get the book once more."
        )
    package = parse_xml(data, f"{name} ({path})")
    files = {
        item.get("id", ""): (inside(path, item.get("href", "")), item)
        for item in _all(package, "item")
    }
    spine = [
        files[ref.get("idref", "")][0] for ref in _all(package, "itemref") if _is_page(ref, files)
    ]
    _refuse_locked(archive, spine, name)
    toc = next((element.get("toc") for element in _all(package, "spine")), None)
    navs = (p for p, item in files.values() if "nav" in item.get("properties", "").split())
    ncxs = (p for p, item in files.values() if item.get("media-type") == "application/x-dtbncx+xml")
    return Book(
        spine=tuple(dict.fromkeys(spine))[:_FILES],
        nav=next(navs, None),
        ncx=files[toc][0] if toc in files else next(ncxs, None),
        fields=_fields(package),
    )


def _package_path(archive: Archive, name: str) -> str:
    data = archive.read(_CONTAINER)
    if data is not None:
        for file in parse_xml(data, f"{name} ({_CONTAINER})").iter("{*}rootfile"):
            if file.get("full-path"):
                return str(file.get("full-path"))
    found = next((path for path in archive.paths if path.endswith(".opf")), None)
    if found is None:
        raise UnreadableFileError(
            f"{name}: expected an EPUB with {_CONTAINER}, found another zip archive. Give the file "
            "the suffix of its format, or get the book once more."
        )
    return found


def inside(package: str, href: str) -> str:
    """The path in the archive of what one of its files calls by an address."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(href)))


def _all(package: Element, tag: str) -> list[Element]:
    return list(package.iter(f"{{*}}{tag}"))


def _is_page(reference: Element, files: Mapping[str, tuple[str, Element]]) -> bool:
    found = files.get(reference.get("idref", ""))
    return found is not None and found[1].get("media-type", "") in _PAGES


def _refuse_locked(archive: Archive, spine: list[str], name: str) -> None:
    data = archive.read(_ENCRYPTION)
    if data is None:
        return
    pages = {posixpath.normpath(path) for path in spine}
    for part in parse_xml(data, f"{name} ({_ENCRYPTION})").iter("{*}EncryptedData"):
        ways = {way.get("Algorithm") for way in part.iter("{*}EncryptionMethod")}
        paths = {unquote(each.get("URI", "")) for each in part.iter("{*}CipherReference")}
        if not ways & set(_FONTS) and pages & {posixpath.normpath(path) for path in paths}:
            raise UnreadableFileError(locked(name))


def _fields(package: Element) -> dict[str, Any]:
    refined = _refinements(package)
    fields = {
        "title": _title(package, refined),
        "authors": _creators(package, refined),
        "publisher": next((text for _, text in _texts(package, "publisher")), None),
        "published": _date(package),
        "language": next((text for _, text in _texts(package, "language") if text != "und"), None),
    }
    return {key: value for key, value in fields.items() if value}


def _texts(package: Element, tag: str) -> list[tuple[Element, str]]:
    found = [(e, " ".join("".join(e.itertext()).split())) for e in package.iter(_DC + tag)]
    return [(element, text) for element, text in found if text and not _NOBODY.match(text)]


def _refinements(package: Element) -> dict[tuple[str, str], str]:
    """What `<meta refines="#id" property="...">` says, by id and property."""
    return {
        (str(meta.get("refines")).removeprefix("#"), meta.get("property", "")): (
            meta.text or ""
        ).strip()
        for meta in _all(package, "meta")
        if meta.get("refines")
    }


def _title(package: Element, refined: Mapping[tuple[str, str], str]) -> str | None:
    titles = [
        (refined.get((e.get("id", ""), "title-type")), t) for e, t in _texts(package, "title")
    ]
    main = [text for kind, text in titles if kind in (None, "main")] or [text for _, text in titles]
    return clean_title(main[0]) if main else None


def _creators(package: Element, refined: Mapping[tuple[str, str], str]) -> list[str]:
    """The authors: creators without a role or with that of one."""
    names = []
    for element, text in _texts(package, "creator"):
        role = refined.get((element.get("id", ""), "role")) or element.get(f"{_OPF}role") or "aut"
        if role in ("aut", "edt", "cre"):
            names.append((role == "edt", text))
    authors = [name for is_editor, name in names if not is_editor]
    return list(dict.fromkeys(authors or [name for _, name in names]))


def _date(package: Element) -> str | None:
    """The date of publication: not one of creation or of a change."""
    for wanted in ("publication", "original-publication", None):
        for element, text in _texts(package, "date"):
            if element.get(f"{_OPF}event") == wanted:
                return normalize_date(re.sub(r"T.*$", "", text))
    return None
