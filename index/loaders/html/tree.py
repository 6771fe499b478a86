"""From a page's bytes to a tree. The one module that parses by lxml."""

import codecs
import html
import re
from typing import Any

from index.canonical import decode
from index.errors import UnreadableFileError

Element = Any
"""An element of lxml, which has no types."""


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


PAGE_BYTES = 32_000_000
"""The longest pages, a book or the HTML standard on one page, have 10 to 15 MB."""
_SHEET_BYTES = 2_000_000
_DEPTH = 240
"""Newsletters nest some 100 elements; deeper trees would exhaust the stack of who walks them."""
_ELEMENTS = 1_000_000

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_DECLARED_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})")
_DECLARATIONS = 4_096
# What browsers take for the names that pages use: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
}
_ESCAPING = ("iso2022", "hz", "utf-7")
"""Encodings whose bytes are ASCII: they would pass for UTF-8."""
_PROLOG = re.compile(
    r"^\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)?", re.I | re.S
)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read_page(data: bytes, name: str) -> str:
    """Decode a page: by byte order mark, as UTF-8, by what it declares, else by detection.

    Raises:
        UnreadableFileError: it is too large, binary or empty.
    """
    if len(data) > PAGE_BYTES:
        raise UnreadableFileError(
            f"{name}: expected a page of at most {PAGE_BYTES // 1_000_000} MB, found "
            f"{len(data) / 1e6:.0f} MB. Divide it, or leave it out."
        )
    encoding = _declared(data)
    if encoding and not data.startswith(_BOMS):
        try:
            if encoding.startswith(_ESCAPING) or not _is_utf8(data):
                data = data.decode(encoding).encode("utf-8", "replace")
        except (UnicodeDecodeError, LookupError):
            pass  # a wrong declaration: found out like one that is missing
    return _CONTROL.sub("", decode(data, name))


def read_sheet(data: bytes) -> str | None:
    """Decode a stylesheet; None where it cannot be told how, or it is far too long."""
    if len(data) > _SHEET_BYTES:
        return None
    try:
        return decode(data) if data.strip() else ""
    except UnreadableFileError:
        return None


def parse_page(source: str, name: str, *, is_xhtml: bool | None = None) -> Element:
    """Parse HTML, forgiving as browsers are; XHTML by its own rules where it keeps to them.

    Args:
        source: the decoded page.
        name: of the file, for messages.
        is_xhtml: None where its beginning tells.

    Raises:
        UnreadableFileError: it has too many elements, or is nested too deep.
    """
    from lxml import etree
    from lxml import html as lxml_html

    root = None
    if is_xhtml or (is_xhtml is None and source.lstrip().startswith("<?xml")):
        root = _xhtml(source)
    if root is None:
        parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        body = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
        try:
            root = lxml_html.document_fromstring(body.encode() or b"<p>", parser=parser)
        except (etree.LxmlError, ValueError) as error:
            raise UnreadableFileError(
                f"{name}: expected HTML, found no element ({error}). Leave it out."
            ) from error
    _check_size(root, name)
    return root


def parse_xml(data: bytes, name: str) -> Element:
    """Parse XML without entities of its own and without network.

    Raises:
        UnreadableFileError: it is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFileError(
            f"{name}: expected well-formed XML, found an error: {error}. Make the file anew."
        ) from error
    _check_size(root, name)
    return root


def tokens(element: Element) -> str:
    """Class and id of an element."""
    return f"{element.get('class', '')} {element.get('id', '')}"


def _declared(data: bytes) -> str | None:
    """The codec a page declares, as browsers understand its name."""
    head = data[:_DECLARATIONS]
    match = _DECLARED.search(head) or _DECLARED_XML.match(head)
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode()).name
    except LookupError:
        return None
    # A declaration that can be read as ASCII is in no encoding of two bytes a character.
    return None if name.startswith(("utf-16", "utf-32")) else _MEANT.get(name, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _xhtml(source: str) -> Element | None:
    """The tree, or None where the page is not well-formed."""
    from lxml import etree
    from lxml import html as lxml_html

    # Without the document type nothing can define an entity; those of HTML are written out.
    body = _ENTITY.sub(lambda match: html.escape(html.unescape(match[0])), _PROLOG.sub("", source))
    parser = lxml_html.XHTMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body.encode(), parser)
    except (etree.LxmlError, ValueError):
        return None
    lxml_html.xhtml_to_html(root)
    return root if root.tag == "html" else None


def _check_size(root: Element, name: str) -> None:
    depth = deepest = count = 0
    from lxml import etree

    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        deepest = max(deepest, depth)
        if deepest > _DEPTH or count > _ELEMENTS:
            raise UnreadableFileError(
                f"{name}: expected at most {_ELEMENTS} elements, nested at most {_DEPTH} deep, "
                f"found more. Divide the page or leave it out."
            )
