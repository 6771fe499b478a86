"""What a PDF states about itself: its information dictionary, XMP packet and language."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PACKET, _PACKET_END = re.compile(rb"<x:xmpmeta\b"), b"</x:xmpmeta>"
_LONGEST_PACKET = 500_000
_DC = "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PRISM = re.compile(r"\{http://prismstandard\.org/namespaces/[^}]*\}")
_PUBLISHED = ("publicationDate", "coverDate")
_JUNK = re.compile(
    r"untitled(?:[\s-]?\d+)?|(?:microsoft|ms)\s.*|document\d*|dokument\d*|slide \d+"
    r"|powerpoint presentation|presentation\d*|title|\(?unknown\)?|about:blank|data:.*|https?://\S+"
    r"|\S+\.(?:docx?|pptx?|xlsx?|odt|ods|odp|rtf|indd|qxd|tex|dvi|ps|pdf|html?|txt|md|wpd|pages)",
    re.I,
)
_NOBODY = re.compile(
    r"admin(?:istrator)?|user|owner|unknown|anonymous|author|default|microsoft.*|root|\(?none\)?|-",
    re.I,
)


def read_fields(document: "PdfDocument", data: bytes) -> dict[str, Any]:
    """The fields of a document that the file carries; what programs put there by themselves is not.

    The dates in it say when the file was made, which is not when it was published: only PRISM's
    dates in XMP say that.

    Args:
        document: open.
        data: the whole file, for its XMP packet.
    """
    information = document.get_metadata_dict(skip_empty=True)
    packet = _packet(data)
    fields: dict[str, Any] = {}
    for title in (*packet.get("title", ()), information.get("Title", "")):
        if _is_told(title, _JUNK):
            fields.setdefault("title", " ".join(title.split()))
    authors = [each for each in packet.get("creator", ()) if _is_told(each, _NOBODY)]
    author = information.get("Author", "")
    if len(authors) > 1:
        fields["authors"] = authors
    elif authors or _is_told(author, _NOBODY):
        fields["authors"] = authors[0] if authors else author
    for name in ("publisher", "published"):
        if packet.get(name):
            fields[name] = packet[name][0]
    language = _language(document) or next(iter(packet.get("language", ())), "")
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", language):
        fields["language"] = language
    return fields


def _is_told(value: str, junk: re.Pattern[str]) -> bool:
    value = value.strip().strip("\ufeff\x00")
    return any(map(str.isalpha, value)) and not junk.fullmatch(value)


def _language(document: "PdfDocument") -> str:
    import ctypes

    from pypdfium2 import raw

    buffer = ctypes.create_string_buffer(100)
    # A buffer of UTF-16 in PDFium's interface.
    pointer = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    length = raw.FPDFCatalog_GetLanguage(document.raw, pointer, 100)
    return buffer.raw[: max(min(length, 100) - 2, 0)].decode("utf-16-le", "replace").strip()


def _packet(data: bytes) -> dict[str, list[str]]:
    """The fields of the last XMP packet that speaks of a document, not of an image in it."""
    for packet in reversed(list(_packets(data))):
        if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
            continue
        try:
            found = dict(_fields(ElementTree.fromstring(packet)))
        except (ElementTree.ParseError, ValueError, LookupError):
            continue
        if not any(kind.startswith("image/") for kind in found.get("format", ())):
            return found
    return {}


def _packets(data: bytes) -> Iterator[bytes]:
    """Each from its first tag that is closed soon enough; the data is gone through once."""
    done = close = 0
    for match in _PACKET.finditer(data):
        if match.start() < done:
            continue
        if close < match.end():
            close = data.find(_PACKET_END, match.end())
        if close < 0:
            return
        if close - match.end() <= _LONGEST_PACKET:
            done = close + len(_PACKET_END)
            yield data[match.start() : done]


def _fields(root: ElementTree.Element) -> Iterator[tuple[str, list[str]]]:
    for element in root.iter():
        if element.tag.startswith(_DC):
            items = [item.text or "" for item in element.iter(f"{_RDF}li")] or [element.text or ""]
            yield element.tag.removeprefix(_DC), [item.strip() for item in items if item.strip()]
        elif _PRISM.match(element.tag) and _PRISM.sub("", element.tag) in _PUBLISHED:
            yield "published", [(element.text or "").strip()[:10]]
