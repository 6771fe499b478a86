"""Which pieces of a page are its text, and which are menus, banners and lists of other pages.

trafilatura (Barbaresi 2021, https://aclanthology.org/2021.acl-demo.15) finds where the text is.
What it leaves out inside of that (notes, captions, rows, short paragraphs) is taken from the page
itself, so that the text is whole and each sentence is as the page has it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.loaders.html.notes import type_of
from index.loaders.html.pieces import Piece
from index.loaders.html.tree import Element, tokens, words

_LEAST = 200
"""Letters of a text. Where less is found, the page is short or of another kind: all counts."""
_SMALL_SHARE = 0.25
"""Less than this of what is not marked as marginal: the extraction missed the text."""
_MOST = 0.9
"""Share of the found text that the container has to hold."""
_ELEMENTS = 20_000
_LETTERS = 4_000_000
"""For larger pages, books and standards, the search for the text would take minutes."""
_MARGINAL_SHARE = 0.4
"""What holds more of the page than this is no margin, whatever its class says."""

_MARGINAL_TAGS = frozenset(("nav", "aside", "menu"))
_MARGINAL_ROLES = words(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar"
    " alert tablist doc-toc doc-pagelist"
)
_MARGINAL_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menus?|breadcrumbs?|side-?bar|cookies?|cookie-?\w+|consent"
    r"|gdpr|newsletter|subscri\w+|signup|sign-up|social|share|sharing|sharedaddy|related|recommend\w*"
    r"|read-?more|comments?|comment-?list|respond|disqus\w*|advert\w*|ads?|promo|sponsored|banner"
    r"|popup|modal|overlay|toolbar|pagination|pager|prevnext|tag-?cloud|tags|widgets?|footer|masthead"
    r"|skip-?link|outbrain|taboola|paywall|toc|table-of-contents|trending|most-?read|topbar|site-?map"
    r"|login|search-?form|edit-?link|print-?link|copyright)(?:$|[\s_-])",
    re.I,
)
_LINKS = 0.6
"""A piece of which more than this is links, and that is short, is a menu's."""
_ALL_LINKS = 0.9
"""Lines that are nothing else are a menu, even where it stands amid the text."""
_SHORT = 220
_SENTENCE = re.compile(r"[.!?…:;。！？।؟][\"'”’»)\]]*(?:\[\^\w+\])*$")
_STRUCTURED = frozenset(("heading", "table", "note", "caption", "code", "quote", "item"))


def main_pieces(root: Element, pieces: Sequence[Piece], title: str | None = None) -> list[Piece]:
    """The pieces of the page's text, in order.

    Args:
        root: the page, without its hidden parts.
        pieces: all its pieces.
        title: what the page states as its title: where it is shown, it is a heading.
    """
    margins = _margins(root)
    pieces = _with_title(pieces, title)
    central = [piece for piece in pieces if not _is_in(piece.element, margins)]
    if _size(central) < _LEAST and _size(pieces) > 2 * _size(central):
        central = list(pieces)
    found = _found(root, central)
    if _size(found) < max(_LEAST, _SMALL_SHARE * _size(central)):
        return _without_menus(central, frozenset())
    matched = frozenset(map(id, found))
    container = _container(found)
    inside = [
        piece
        for piece in central
        if id(piece) in matched or piece.kind == "note" or _is_in(piece.element, {container})
    ]
    return _without_menus([*_title(central, inside), *inside], matched)


def _with_title(pieces: Sequence[Piece], title: str | None) -> list[Piece]:
    """The pieces, the first of the title's words made a heading where there is none."""
    wanted = _folded(title or "")
    if not wanted or any(piece.level == 1 for piece in pieces):
        return list(pieces)
    same = next((each for each in pieces if _folded(each.text) == wanted), None)
    return [
        replace(each, text=f"# {each.text.lstrip('# ')}", kind="heading", level=1)
        if each is same
        else each
        for each in pieces
    ]


def _margins(root: Element) -> set[Element]:
    """The outermost elements that say they are not the text."""
    total = _letters(root)
    margins: set[Element] = set()
    for element in root.iter():
        if (
            element.tag not in ("html", "body", "main", "article", "h1")
            and _says_marginal(element)
            and _letters(element) <= _MARGINAL_SHARE * total
        ):
            margins.add(element)
    return margins


def _says_marginal(element: Element) -> bool:
    tag, kind = element.tag, type_of(element)
    if "note" in kind or any(role in kind for role in ("doc-pullquote", "doc-epigraph")):
        return False
    if tag in _MARGINAL_TAGS or _MARGINAL_ROLES & set(kind.split()):
        return True
    if tag in ("header", "footer"):
        within = {each.tag for each in element.iterancestors()}
        is_of_text = within & {"article", "main", "blockquote", "figure", "section"}
        return not is_of_text and (tag == "footer" or element.find(".//h1") is None)
    return bool(element.attrib) and _MARGINAL_CLASS.search(tokens(element)) is not None


def _found(root: Element, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that trafilatura takes for the text."""
    texts = [_folded(text) for text in _extracted(root)]
    whole, single = "\n".join(texts), set(texts)
    found = []
    for piece in pieces:
        parts = [_folded(line) for line in piece.original.split("\n")]
        parts = [part for part in parts if part]
        known = [part in single or (len(part) >= 20 and part in whole) for part in parts]
        if known and sum(known) * 2 >= len(known):
            found.append(piece)
    return found


def _extracted(root: Element) -> list[str]:
    """The texts of the blocks that trafilatura finds; none where it finds nothing."""
    if _letters(root) > _LETTERS or sum(1 for _ in root.iter()) > _ELEMENTS:
        return []
    import logging
    from copy import deepcopy

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is no error
    copy = deepcopy(root)
    for cell in copy.iter("td", "th"):
        cell.attrib.pop("colspan", None)  # it would write out each column, hundreds to a row
    try:
        document = trafilatura.bare_extraction(
            copy, include_comments=False, include_tables=True, with_metadata=False
        )
    except Exception:  # any page must be readable: the page's own marks decide then
        return []
    body = getattr(document, "body", None)
    if body is None:
        return []
    blocks = body.iter("p", "head", "item", "quote", "cell", "row", "code", "list")
    return [text for block in blocks if (text := "".join(block.itertext()).strip())]


def _container(found: Sequence[Piece]) -> Element:
    """The smallest element that holds nearly all of the text that was found."""
    weights: dict[Element, int] = {}
    for piece in found:
        size = len(piece.original)
        for element in (piece.element, *piece.element.iterancestors()):
            weights[element] = weights.get(element, 0) + size
    total = sum(len(piece.original) for piece in found)
    holding = [element for element, weight in weights.items() if weight >= _MOST * total]
    return max(holding, key=lambda element: sum(1 for _ in element.iterancestors()))


def _title(central: Sequence[Piece], inside: Sequence[Piece]) -> list[Piece]:
    """The page's title and what stands between it and the text, where that is outside."""
    if any(piece.level == 1 for piece in inside):
        return []
    first = next(place for place, piece in enumerate(central) if piece is inside[0])
    titles = [place for place in range(first) if central[place].level == 1]
    between = central[titles[-1] : first] if titles else []
    return [piece for piece in between if piece.level == 1 or len(piece.text) <= _SHORT]


def _without_menus(pieces: Sequence[Piece], matched: frozenset[int]) -> list[Piece]:
    """Without lists of links, short lines that were not found, and the headings over them."""
    top = _top(pieces, matched)
    kept = [place in top or _is_text(piece, matched) for place, piece in enumerate(pieces)]
    if not matched and not any(
        k and p.kind != "heading" for k, p in zip(kept, pieces, strict=True)
    ):
        return list(pieces)
    for place in range(len(pieces) - 1, -1, -1):
        if kept[place] and pieces[place].kind == "heading" and pieces[place].level != 1:
            kept[place] = _heads_something(pieces, kept, place)
    return [piece for piece, is_kept in zip(pieces, kept, strict=True) if is_kept]


def _top(pieces: Sequence[Piece], matched: frozenset[int]) -> range:
    """The places between the title and the first paragraph that was found: a byline's."""
    title = next((place for place, piece in enumerate(pieces) if piece.level == 1), None)
    if title is None:
        return range(0)
    after = range(title + 1, len(pieces))
    found = (p for p in after if id(pieces[p]) in matched and pieces[p].kind == "paragraph")
    return range(title, next(found, title))


def _is_text(piece: Piece, matched: frozenset[int]) -> bool:
    if piece.linked > _ALL_LINKS and piece.links > 1 and piece.kind == "paragraph":
        return False
    if id(piece) in matched:
        return True
    if piece.linked > _LINKS and len(piece.text) <= _SHORT and piece.kind not in ("note", "table"):
        return piece.kind == "heading"
    if piece.kind in _STRUCTURED or not matched:
        return True
    return len(piece.text) >= 60 or _SENTENCE.search(piece.text) is not None


def _heads_something(pieces: Sequence[Piece], kept: Sequence[bool], place: int) -> bool:
    """Whether anything under a heading is kept; a heading over nothing at all stays."""
    below = range(place + 1, len(pieces))
    has_text = False
    for other in below:
        if pieces[other].kind == "heading" and pieces[other].level <= pieces[place].level:
            break
        if kept[other]:
            return True
        has_text = has_text or pieces[other].kind != "heading"
    return not has_text


def _is_in(element: Element, others: set[Element]) -> bool:
    return element in others or any(each in others for each in element.iterancestors())


def _letters(element: Element) -> int:
    return sum(map(len, element.itertext()))


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.original) for piece in pieces)


def _folded(text: str) -> str:
    """A text for comparing: letters and digits only, marks of notes left out."""
    return "".join(filter(str.isalnum, re.sub(r"\[\^\w+\]:?", "", text))).casefold()
