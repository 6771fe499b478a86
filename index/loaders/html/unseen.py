"""Takes out of a page what readers do not see: by its tags, its attributes, and its stylesheets."""

import re

from index.loaders.html.covered import Surroundings, covered
from index.loaders.html.tree import Element, words

_UNSEEN_TAGS = words(
    "applet area audio base button canvas datalist dialog embed frame frameset head iframe img"
    " input link map meta meter noembed noframes noscript object optgroup option output param"
    " picture progress rp rt script select source style svg template textarea title track video"
    " del s strike annotation annotation-xml"
)
"""Not shown as text, to be filled in, or struck through: what is taken back is no evidence."""
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?(?![.\d])"
    r"|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.\d])",
    re.I,
)
_UNSEEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|screen-reader-only|screenreader|offscreen"
    r"|a11y-hidden|mw-editsection|headerlink|anchorjs-link|anchor-link|noprint|d-none|is-hidden"
    r"|hidden)(?:\s|$)",
    re.I,
)
_SEEN_WIDE = re.compile(r":(?:block|flex|grid|inline|table|contents)|d-[a-z]{2,3}-")
"""What only small screens hide: `hidden md:block`, `d-none d-md-block`."""
_DECORATION = 200
"""Longer text that is hidden from screen readers only is the page behind an open dialog."""

_SENTENCE = 40
"""Letters: what is shorter is a label of the page's own, and not worth a note."""


def without_hidden(root: Element, surroundings: Surroundings | None = None) -> int:
    """Take out what readers do not see, in place.

    Args:
        root: of the page.
        surroundings: what is beside it; by default nothing.

    Returns:
        The letters of sentences that only a stylesheet of the page, or a color, hid.
    """
    letters = 0
    for element in covered(root, surroundings or Surroundings()):
        count = len("".join(element.itertext()).strip())
        letters += count if count >= _SENTENCE and not _is_hidden(element) else 0
        element.drop_tree()
    for element in list(root.iter()):
        if element.getparent() is not None and _is_hidden(element):
            element.drop_tree()
    return letters


def told(letters: int) -> tuple[str, ...]:
    """A note on what `without_hidden` took out, if there is anything to be told."""
    text = f"{letters:,} characters that the page hides by its styles, left out"
    return (text,) if letters else ()


def _is_hidden(element: Element) -> bool:
    tag = element.tag
    if not isinstance(tag, str):
        return True
    if tag in _UNSEEN_TAGS:
        return not (tag == "dialog" and element.get("open") is not None)
    attributes = element.attrib
    if not attributes or tag in ("body", "html"):
        return False
    if "hidden" in attributes or attributes.get("role") == "doc-backlink":
        return True
    if "style" in attributes and _UNSEEN_STYLE.search(attributes["style"]):
        return True
    if "class" in attributes and _UNSEEN_CLASS.search(attributes["class"]):
        return not _SEEN_WIDE.search(attributes["class"])
    if attributes.get("aria-hidden") == "true":
        return len(element.text_content().strip()) < _DECORATION
    return False
