"""Title, authors, publisher and date of a document, and how each was found.

Front matter and a sidecar state them; without those, the text's own lines do: a byline, a dateline,
a masthead, a recommended citation, a copyright line. What no line states stays unknown. A date the
page was accessed, and the years of a copyright, are not a publication date.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from index.blocks import front_matter_end, unmarked
from index.canonical import FOOTNOTE_MARK
from index.dates import find_date, find_month_day, normalize_date
from index.types import Span

_NAME_WORD = r"(?:[^\W\d_a-z][\w'’.-]*|(?:de|da|del|di|van|von|der|den|al|el|bin|ibn|la|le)\b)"
_NAME = rf"[^\W\d_a-z][\w'’.-]*(?:\s+{_NAME_WORD}){{1,4}}"
_AUTHOR_LINE = re.compile(
    rf"(?:written\s+by|by|authors?\s*:|author\s+|from:)\s*(?P<names>{_NAME}"
    rf"(?:\s*(?:,|&|\band\b)\s*{_NAME})*)\s*[*†]?\s*(?:[|•·,–—-]\s*(?P<rest>.*))?$"
)
_BARE_NAME = re.compile(rf"{_NAME}\s*[*†\d]?$")
_ROLE = re.compile(
    r"(?:senior|junior|non-?resident|visiting|associate|assistant|research|staff|intern|fellow"
    r"|professor|researcher|analyst|editor|reporter|correspondent|columnist|director|dr\b|phd\b)",
    re.I,
)
_ORGANIZATION = re.compile(
    r"\b(?:cent(?:er|re)|institute|university|foundation|council|agency|society|association"
    r"|press|news|times|post|journal|review|tribune|gazette|herald|magazine|weekly|daily"
    r"|ministry|committee|commission|think ?tank|observatory|academy)\b",
    re.I,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}(?:\s*[-–]\s*\d{4})?)?,?\s*(?:by\s+)?"
    r"(?P<owner>[^\W\d_][^\n.|]{2,80}?)\s*(?:[.|]|all rights reserved|$)",
    re.I,
)
_CITATION = re.compile(
    r"(?:to cite this[^:\n]*|(?:please )?cite (?:this )?as|suggested citation)\s*:\s*", re.I
)
_ACCESSED = re.compile(r"(?:accessed|retrieved|last (?:visited|viewed))\b[^<\n]*", re.I)
_SERIES_YEAR = re.compile(r"\bno\.?\s*((?:19|20)\d{2})\s*/\s*\d+", re.I)
_DATE_LINE = re.compile(
    r"(?:published|posted|date|updated|first published|on)?\s*(?:on|:)?\s*(?:\w+day,?\s+)?$", re.I
)
_TOP_LINES = 14
_LEAD_LENGTH = 160


@dataclass(slots=True)
class Metadata:
    """What was found: values by field, how, and where in the text."""

    values: dict[str, Any] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    spans: list[tuple[str, Span]] = field(default_factory=list)
    byline_lines: list[Span] = field(default_factory=list)
    """The lines that carry the metadata, and those between them at the top of the text."""

    def state(self, name: str, value: object, how: str, span: Span | None = None) -> None:
        """Record a field unless a better source stated it already."""
        if value and name not in self.values:
            self.values[name] = value
            self.found[name] = how
        if value and span and self.values.get(name) == value:
            self.spans.append((name, span))


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def plain(self) -> str:
        return unmarked(self.text)

    @property
    def span(self) -> Span:
        return self.start, self.start + len(self.text)


_KEYS = {
    "title": ("title",),
    "authors": ("authors", "author"),
    "publisher": ("publisher", "site"),
    "published": ("published", "date"),
    "language": ("language", "lang"),
}


def from_mapping(
    metadata: Metadata, mapping: Mapping[str, Any], how: str, block: str | None = None
) -> None:
    """Take the fields a front matter or sidecar states.

    Args:
        metadata: what is known so far; a field it has stays.
        mapping: the YAML mapping.
        how: `front_matter` or `sidecar`.
        block: the text's own beginning that holds the mapping, if it does: the lines can be quoted.
    """
    keys = {str(key).lower(): value for key, value in mapping.items()}
    for name, spellings in _KEYS.items():
        key = next((spelling for spelling in spellings if keys.get(spelling) is not None), None)
        if key:
            read = {"authors": _names, "published": normalize_date}.get(name, _text)
            metadata.state(name, read(keys[key]), how, _line_of(key, block or ""))


def _line_of(key: str, block: str) -> Span | None:
    match = re.search(rf"^{key}[ \t]*:.*(?:\n[ \t]+.*|\n-[ \t].*)*$", block, re.I | re.M)
    return match.span() if match else None


def from_text(metadata: Metadata, text: str) -> None:
    """Take the fields the text's own lines state."""
    lines = _lines(text)
    top = _top(lines)
    _title(metadata, top)
    _author(metadata, lines, top)
    _date(metadata, top)
    _citation(metadata, text)
    _publisher(metadata, text, top)
    metadata.byline_lines = [*_top_span(metadata, top), *(span for _, span in metadata.spans)]


def _lines(text: str) -> list[_Line]:
    start = front_matter_end(text)
    lines = []
    for line in text[start:].split("\n"):
        stripped = line.strip()
        if stripped:
            lines.append(_Line(start + len(line) - len(line.lstrip()), stripped))
        start += len(line) + 1
    return lines


def _top(lines: list[_Line]) -> list[_Line]:
    """The lines before the first one that reads as running text."""
    top: list[_Line] = []
    for line in lines[:_TOP_LINES]:
        if len(line.text) > _LEAD_LENGTH or (line.text.count(" ") > 7 and line.text.endswith(".")):
            break
        top.append(line)
    return top


def _title(metadata: Metadata, top: list[_Line]) -> None:
    candidates = [line for line in top if _may_be_title(line)]
    marked = [line for line in candidates if re.match(r"#\s", line.text)]
    twice = [
        line
        for line in candidates
        if not line.text.islower()
        and any(o is not line and o.text.casefold() == line.text.casefold() for o in candidates)
    ]
    named = [line for line in candidates if not _is_masthead(line)]
    chosen = next(iter(marked or twice or named[:1]), None)
    if chosen and (marked or len(top) > 1 or len(chosen.plain.split()) > 2):
        metadata.state("title", chosen.plain.lstrip("# ").strip(), "byline", chosen.span)


def _may_be_title(line: _Line) -> bool:
    plain = line.plain.lstrip("# ")
    return (
        len(plain) > 3
        and not _AUTHOR_LINE.match(plain)
        and not _BARE_NAME.fullmatch(plain)
        and not _dates_whole_line(plain)
        and not plain.endswith((".", ",", ";"))
        and ("://" not in plain)
        and not re.match(r"(?:image|photo|read also|share|by\b)", plain, re.I)
    )


def _is_masthead(line: _Line) -> bool:
    plain = line.plain
    return bool(_ORGANIZATION.search(plain)) and len(plain.split()) <= 8 and not plain.endswith("?")


def _author(metadata: Metadata, lines: list[_Line], top: list[_Line]) -> None:
    short = [line for line in lines if len(line.text) <= _LEAD_LENGTH]
    for line in [*top, *short]:
        match = _AUTHOR_LINE.match(line.plain) or _AUTHOR_LINE.match(_lower_by(line.plain))
        if match and (line in top or line.plain[:3].lower() == "by " or ":" in line.plain[:9]):
            names = tuple(_names(match["names"]) or ())
            metadata.state("authors", names, "byline", line.span)
            return
    bare = [line for line in top if _BARE_NAME.fullmatch(line.plain)]
    confirmed = [line for line in bare if _is_confirmed(line, lines, top)]
    if confirmed:
        surname = _surname(confirmed[0].plain)
        same = [line for line in confirmed if _surname(line.plain) == surname]
        fullest = max(same, key=lambda line: len(_bare(line)))
        metadata.state("authors", (_as_written(_bare(fullest), lines),), "byline", fullest.span)


def _lower_by(line: str) -> str:
    return re.sub(r"^(By|BY|Written By|Written by|Authors?)\b", lambda m: m[0].lower(), line)


def _bare(line: _Line) -> str:
    return line.plain.rstrip("*†0123456789 ")


def _surname(name: str) -> str:
    return name.rstrip("*†0123456789 ").rpartition(" ")[2].casefold()


def _is_confirmed(line: _Line, lines: list[_Line], top: list[_Line]) -> bool:
    """Whether another line shows that a bare name is the author's."""
    surname = _surname(line.plain)
    after = top[top.index(line) + 1 :][:2]
    if any(_ROLE.match(other.plain) for other in after):
        return True
    return any(
        surname in other.text.casefold()
        for other in lines
        if other is not line and _CITATION.match(other.plain)
    )


def _as_written(name: str, lines: list[_Line]) -> str:
    """`Jane DOE` as `Jane Doe`, where the text itself writes it so."""
    for line in lines:
        position = line.text.casefold().find(name.casefold())
        written = line.text[position : position + len(name)] if position >= 0 else ""
        if written.casefold() == name.casefold() and not written.rpartition(" ")[2].isupper():
            return written
    return name


def _date(metadata: Metadata, top: list[_Line]) -> None:
    for line in top:
        plain = FOOTNOTE_MARK.sub("", line.text)
        found = _dates_whole_line(plain)
        if not found:
            author = _AUTHOR_LINE.match(line.plain) or _AUTHOR_LINE.match(_lower_by(line.plain))
            found = find_date(author["rest"] or "") if author else None
        if found:
            iso, start, end = found
            place = line.text.find(plain[start:end])
            span = (line.start + place, line.start + place + end - start) if place >= 0 else None
            metadata.state("published", iso, "byline", span or line.span)
            return


def _dates_whole_line(line: str) -> tuple[str, int, int] | None:
    """The date of a line that holds nothing else ("Published on Oct 31, 2023, 10:15")."""
    found = find_date(line)
    if not found or _ACCESSED.search(line):
        return None
    before, after = line[: found[1]], line[found[2] :]
    is_whole = _DATE_LINE.fullmatch(before.strip(" |•·*_#-–—")) is not None and (
        re.fullmatch(r"[\s|•·,*_–—-]*(?:(?:at )?\d{1,2}[:.]\d{2}.{0,12})?\s*", after) is not None
    )
    return found if is_whole else None


def _citation(metadata: Metadata, text: str) -> None:
    """Date and publisher from the citation a page recommends for itself."""
    match = _CITATION.search(text)
    if not match:
        return
    end = text.find("\n", match.end())
    line = text[match.start() : end if end >= 0 else len(text)]
    stated = _ACCESSED.sub("", line)
    found = find_date(stated)
    series = _SERIES_YEAR.search(stated)
    iso = found[0] if found else find_month_day(stated, series[1]) if series else None
    span = (match.start(), match.start() + len(line))
    metadata.state("published", iso, "byline", span)
    quoted = re.search(r"[\"”]\.?\s*(?P<publisher>[^,.\n]{4,80}),", stated)
    if quoted:
        metadata.state("publisher", quoted["publisher"].strip(), "byline", span)


def _publisher(metadata: Metadata, text: str, top: list[_Line]) -> None:
    match = None
    for match in _COPYRIGHT.finditer(text):
        pass
    if match and _ORGANIZATION.search(match["owner"]):
        metadata.state("publisher", match["owner"].strip(), "byline", match.span())
    title = metadata.values.get("title")
    for line in top:
        if _is_masthead(line) and line.plain != title and not _AUTHOR_LINE.match(line.plain):
            name = re.sub(r"^[A-Z]{2,8}\s*[-–—|:]\s*", "", line.plain)
            metadata.state("publisher", name, "byline", line.span)
            return


def _top_span(metadata: Metadata, top: list[_Line]) -> list[Span]:
    """From the first line to the last of the top ones that states something."""
    starts = {span[0] for _, span in metadata.spans}
    stated = [
        position
        for position, line in enumerate(top)
        if any(line.start <= start <= line.span[1] for start in starts)
        or line.text.startswith("# ")
    ]
    if not stated:
        return []
    last = stated[-1]
    # The line after an author's name may say who the author is.
    if last + 1 < len(top) and _ROLE.match(top[last + 1].plain):
        last += 1
    return [(top[0].start, top[last].span[1])]


def _text(value: object) -> str | None:
    text = " ".join(str(value).split()) if value is not None else ""
    return text or None


def _names(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        parts: Iterable[object] = re.split(r"\s*(?:,|;|&|\band\b)\s*", value)
    elif isinstance(value, Iterable):
        parts = [v.get("name") if isinstance(v, Mapping) else v for v in value]
    else:
        parts = [value]
    return tuple(text for part in parts if (text := _text(part)))
