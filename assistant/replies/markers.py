"""Finding the ids that a model put into its text, in the many forms that models use."""

import re

import regex

from index.segmentation import find_sentences

_S = r"[ \t]?"
_NUMBER = r"[#§SEse]?\d{1,3}(?:\.\d{1,3}){0,2}"
_DOTTED = r"\d{1,3}\.\d{1,3}"
_BETWEEN = rf"(?:{_S}(?:[,;/&+]|and\b|to\b|[-–—]){_S}|[ \t])"
_LIST = rf"{_NUMBER}(?:{_BETWEEN}{_NUMBER}){{0,15}}"
_DOTTED_LIST = rf"{_DOTTED}(?:{_BETWEEN}{_DOTTED}){{0,15}}"
_WORD = (
    r"(?:evidence|sources?|sentences?|ids?|refs?|references?|statements?|documents?|docs?|"
    r"passages?|citations?|cited|cf|see|from|lines?)"
)
_WORDS = rf"(?:{_WORD}\b[ \t.:#=]{{0,3}}){{1,2}}"
_LEAD = r"(?:\b(?:according to|as (?:stated|noted|shown|seen) in|based on|per)[ \t])?"

MARKER_PATTERN = (
    rf"(?i:{_LEAD}(?:"
    rf"\^?[\[【{{]{{1,2}}{_S}\^?(?:{_WORDS})?{_LIST}(?:†[^\]】\n]{{0,24}})?{_S}[\]】}}]{{1,2}}"
    r"(?:\(#[^()\s]{0,40}\))?"
    rf"|\({_S}(?:{_WORDS}{_LIST}|{_DOTTED_LIST}){_S}\)"
    rf"|\^\{{?{_DOTTED}(?:{_S},{_S}\^?{_DOTTED}){{0,7}}\}}?))"
)
MARKER = re.compile(MARKER_PATTERN)
"""A marker: `[1.2]`, `[1.2; 2.1]`, `[1.2-1.4]`, `(1.2)`, `[Source: 1.2]`, `【1.2】`, `^1.2`."""
LABEL = regex.compile(
    rf"(?:{_WORDS})?{_DOTTED}\s?(?:[:)\]]\s?|[-–—]\s)(?=\D)"
    rf"|(?:{_WORDS})?{_DOTTED}\.?\s{{1,4}}(?=(?-i:[A-Z\"“]))"
    rf"|{_WORDS}{_DOTTED}\s(?=(?:states?|says|shows|mentions|notes|reports|indicates)\b)",
    regex.IGNORECASE | regex.ASCII,
)
"""Ids without brackets in front of a line: `1.2: `, `1.2) `, `Evidence 1.2: `."""
_TRAILING = re.compile(
    rf"(?:(?<=[.!?…\"”)])\s+{_DOTTED_LIST}|\s*[-–—]?\s*\b{_WORDS}{_DOTTED_LIST})\.?\s*$",
    re.IGNORECASE,
)
_DANGLING = re.compile(rf"\s*\^?[\[【({{]{_S}(?:{_WORDS})?[\d.,; ]{{0,40}}$", re.IGNORECASE)
"""A marker that broke off: which ids it was to hold cannot be told."""
ALONE = regex.compile(rf"\W*(?:{_WORDS})?{_DOTTED_LIST}\W*", regex.IGNORECASE)
"""Ids and nothing else: `Sources: 1.1, 1.2`."""
_VALUE = re.compile(rf"\W*(?:{_WORDS})?{_LIST}\W*", re.IGNORECASE)
SAYING = re.compile(
    r"(?:states?|says|shows?|mentions?|notes?|reports?|indicates?)(?:\sthat)?[\s:,]+", re.IGNORECASE
)
_EMPHASIS = re.compile(
    r"\*{2,}|`+|(?<![\w*])\*(?=\w)|(?<=[\w.,!?\])])\*(?!\w)|(?<!\w)__|__(?!\w)"
    r"|\\(?=[\[\]().*_#])"
)
_RANGE = re.compile(rf"({_NUMBER})\s?(?:[-–—]|to\b)\s?({_NUMBER})")
_WIDEST_RANGE = 20
_STOPS = (".", "!", "?")


def without_emphasis(text: str) -> str:
    """A text without the marks of bold, italics and code, and without escaping backslashes."""
    return _EMPHASIS.sub("", text)


def read_ids(text: str) -> list[str]:
    """The ids named in a marker or a value, in order: `1.2-1.4` names three."""
    ids: list[str] = []
    position = 0
    for match in _RANGE.finditer(text):
        ids += _numbers(text[position : match.start()])
        ids += _between(*_numbers(match[0]))
        position = match.end()
    return ids + _numbers(text[position:])


def read_value(text: str) -> list[str]:
    """The ids in a value of a structured reply; a text that only holds numbers has none."""
    if _VALUE.fullmatch(text):
        return read_ids(text)
    return [name for match in MARKER.finditer(text) for name in read_ids(match[0])]


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d{1,9}(?:\.\d{1,9}){0,2}", text)


def _between(first: str, last: str) -> list[str]:
    head, _, start = first.rpartition(".")
    last_head, _, stop = last.rpartition(".")
    width = int(stop) - int(start)
    if last_head not in (head, "") or not 0 < width < _WIDEST_RANGE:
        return [first, last]
    lead = f"{head}." if head else ""
    return [f"{lead}{number}" for number in range(int(start), int(stop) + 1)]


def take_marks(text: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """Separate a text from its markers.

    Returns:
        The text in display form, with single spaces; and for each marker where it stood in it (a
        character offset) and its ids. Offset 0 is in front of the text.
    """
    text = " ".join(without_emphasis(text).split())
    if ALONE.fullmatch(text):
        return "", [(0, read_ids(text))]
    dangling = _DANGLING.search(text, max(0, len(text) - 100))
    text = text[: dangling.start()] if dangling else text
    tail: list[str] = []
    trailing = _TRAILING.search(text, max(0, len(text) - 200))
    if trailing and not MARKER.search(text, trailing.start()):
        tail, text = read_ids(trailing[0]), text[: trailing.start()]
    plain = ""
    marks: list[tuple[int, list[str]]] = []
    position = 0
    for match in MARKER.finditer(text):
        plain = _joined(plain, text[position : match.start()])
        opens = plain[-1:] in _STOPS and text.startswith(",", match.end())
        marks.append((len(plain) + opens, read_ids(match[0].partition("†")[0])))
        position = match.end()
    plain = _joined(plain, text[position:])
    if tail:
        marks.append((len(plain), tail))
    return plain, marks


def _joined(plain: str, piece: str) -> str:
    """Text before and after a marker put together, without the space that stood before it."""
    if not plain:
        saying = SAYING.match(piece.lstrip())
        if saying:  # "[1.2] states that ..."
            return capitalized(piece.strip()[saying.end() :])
        rest = piece.lstrip(" :,;-–—.)").rstrip()
        return capitalized(rest) if piece.startswith(",") else rest
    if plain[-1] in _STOPS and piece.startswith(","):  # "According to [1.2], it ..."
        return f"{plain} {capitalized(piece.lstrip(' ,'))}"
    apart = piece[:1].isspace() or (plain[-1] in ".!?,;:" and piece[:1].isalnum())
    return plain + (" " if apart and piece.strip(" .,;:!?") else "") + piece.strip()


def capitalized(text: str) -> str:
    """A text with its first letter in upper case: a sentence again, after its opening was cut."""
    return text[:1].upper() + text[1:]


def attribute(text: str, language: str = "en") -> list[tuple[str, tuple[str, ...]]]:
    """The sentences of a text with the ids of each.

    A marker belongs to the sentence that it stands in or behind; sentences without one share the
    next marker of the text. In a text that begins with a marker, each belongs to what follows it.

    Returns:
        Pairs of a sentence and its ids. A text of markers alone is one pair with an empty sentence.
    """
    plain, marks = take_marks(text)
    spans = find_sentences(plain, 0, len(plain), language) if plain else []
    if not spans:
        ids = [name for _, found in marks for name in found]
        return [("", _once(ids))] if ids else []
    own: list[list[str]] = [[] for _ in spans]
    leads = bool(marks) and marks[0][0] == 0
    for position, ids in marks:
        own[_place(spans, position, leads)] += ids
    sharing = own if leads else own[::-1]
    shared: list[str] = []
    for names in sharing:
        if names:
            shared = names
        else:
            names += shared
    return [(plain[s:e], _once(ids)) for (s, e), ids in zip(spans, own, strict=True)]


def _place(spans: list[tuple[int, int]], position: int, leads: bool) -> int:
    """The number of the sentence that a marker belongs to."""
    for number, (_, end) in enumerate(spans):
        between = end <= position and number + 1 < len(spans)
        if position < end or (position == end and not (leads and between)):
            return number
        if not leads and between and position < spans[number + 1][0]:
            return number
    return len(spans) - 1


def _once(ids: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
