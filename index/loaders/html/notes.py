"""Footnotes: which links are marks of notes, and which elements are the notes they lead to."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from index.loaders.html.tree import Element, words

_LABEL = re.compile(r"[\[(]?\s?(?:note\s)?(?P<label>\d{1,4}|[ivxlc]{1,7}|[a-z])\s?[\])]?", re.I)
_MARKED = re.compile(r"foot-?note|fn-?ref|end-?note|note-?ref|cite|reference|\bfn\b", re.I)
_BLOCKS = words("li p dd div aside td section blockquote tr")
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_CLIMB = 4


@dataclass(frozen=True, slots=True)
class Notes:
    """The footnotes of one or several pages."""

    marks: Mapping[Element, str] = field(default_factory=dict)
    """The label that a link shows, by the link."""
    bodies: Mapping[Element, str] = field(default_factory=dict)
    """The label of a note, by the block that holds its text."""
    returns: frozenset[Element] = frozenset()
    """The links within notes that lead back."""


def find_notes(pages: Iterable[tuple[str, Element]]) -> Notes:
    """Find marks and notes: a mark leads forward, to an element that is not a heading.

    Args:
        pages: path and tree of each page, in reading order.
    """
    pages = list(pages)
    targets, order = _targets(pages)
    marks: dict[Element, str] = {}
    bodies: dict[Element, str] = {}
    for path, root in pages:
        for link in root.iter("a"):
            target = targets.get(_resolved(path, link.get("href", "")))
            label = _label(link)
            if target is None or label is None or order[target] <= order[link]:
                continue
            body = _body(target)
            if body is not None:
                marks[link] = bodies.setdefault(body, label)
    returns = {link for path, link in _links_in(pages, bodies) if _leads_back(path, link, targets)}
    return Notes(marks, bodies, frozenset(returns - marks.keys()))


def type_of(element: Element) -> str:
    """What an element says that it is: its role, and its type in an e-book."""
    spelled = element.get(_EPUB_TYPE) or element.get("epub:type") or ""
    return f"{element.get('role', '')} {spelled}"


def _targets(
    pages: list[tuple[str, Element]],
) -> tuple[dict[tuple[str, str], Element], dict[Element, int]]:
    targets: dict[tuple[str, str], Element] = {}
    order: dict[Element, int] = {}
    for path, root in pages:
        for element in root.iter():
            order[element] = len(order)
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    targets.setdefault((path, name), element)
    return targets, order


def _resolved(path: str, href: str) -> tuple[str, str]:
    """The page and the id that a link within the document leads to."""
    file, _, fragment = href.partition("#")
    file = "" if file == path else file
    if not fragment or ":" in file or file.startswith("/"):
        return "", ""
    joined = posixpath.join(posixpath.dirname(path), unquote(file))
    return posixpath.normpath(joined) if file else path, unquote(fragment)


def _label(link: Element) -> str | None:
    """What a mark of a note shows, or None where the link is none."""
    text = link.text_content().strip()
    match = _LABEL.fullmatch(text) if len(text) <= 12 else None
    if match is None:
        return None
    parent = link.getparent()
    around = [link, *([parent] if parent is not None else [])]
    is_raised = any(each.tag == "sup" for each in around) or link.find(".//sup") is not None
    says_so = any(
        "noteref" in type_of(each) or _MARKED.search(each.get("class", "")) for each in around
    )
    is_bracketed = text[:1] in "[("
    is_number = match["label"].isdigit()
    return match["label"] if is_raised or says_so or (is_bracketed and is_number) else None


def _body(target: Element) -> Element | None:
    """The block of a note: the target, or what its anchor stands in."""
    element = target
    for _ in range(_CLIMB):
        if element is None or element.tag in ("body", "html"):
            return None
        if element.tag in _BLOCKS:
            return element
        if re.fullmatch(r"h[1-6]", str(element.tag)):
            return None
        element = element.getparent()
    return None


def _links_in(
    pages: list[tuple[str, Element]], bodies: Mapping[Element, str]
) -> Iterable[tuple[str, Element]]:
    for path, root in pages:
        for body in bodies:
            if body.getroottree().getroot() is root:
                yield from ((path, link) for link in body.iter("a"))


def _leads_back(path: str, link: Element, targets: Mapping[tuple[str, str], Element]) -> bool:
    """Whether a link in a note is the way back: a short one to an element of the document."""
    is_inside = _resolved(path, link.get("href", "")) in targets
    return (is_inside or "backlink" in type_of(link)) and len(link.text_content().strip()) <= 20
