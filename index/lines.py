"""A text's lines, and the authors and the date that one line can state."""

import re
from dataclasses import dataclass
from functools import cached_property

from index.dates import find_date, stated_date
from index.markup import front_matter_end, plain_line
from index.names import leading_names
from index.types import Span

_READ = 1_000
"""A longer line is running text: it is not looked into."""
_BYLINE = 160
_AUTHOR = re.compile(
    r"(?:(?:(?:written|posted|published|authored)\s+)?by\s*:?\s+"
    r"|authors?\s*:\s*(?:by\s+)?|author\s+)(?P<rest>\S.*)",
    re.I,
)
_AFTER_DATE = re.compile(r"[\s|,•·–—-]*(?P<author>(?:(?:written|posted)\s+)?by\s+\S.*)", re.I)
_AFTER_NAMES = re.compile(r"[|•·(/*†\d]|\s[-–—]\s|\s(?:on|in|for|at|via)\s", re.I)
_SEGMENTS = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+")
_OTHER_DATE = re.compile(
    r"(?:last\s+)?(?:updated|modified|revised|edited|reviewed|accessed|retrieved|visited|viewed"
    r"|copyright|©|expires?|event)\b",
    re.I,
)
_ASIDE = re.compile(
    r"\d{1,3}[\s-]min(?:ute)?s?(?:\s+read)?|\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?",
    re.I,
)
_ROLE = re.compile(
    r"(?:(?:an?|the|senior|junior|chief|deputy|former|non-?resident|visiting|associate|assistant"
    r"|adjunct|research|staff|policy|political|emeritus|managing|executive|special)\s+)*"
    r"(?:intern|fellow|professor|lecturer|researcher|analyst|editor|reporter|correspondent"
    r"|columnist|director|scholar|economist|historian|journalist|writer|commentator|expert"
    r"|advis[eo]r|ambassador|dr\.|ph\.?d\.?)(?:$|[\s,;.|])",
    re.I,
)


@dataclass(frozen=True)
class Line:
    """A line that is not blank, without the white space around it."""

    start: int
    text: str
    is_followed: bool
    """The next line is not blank."""

    @property
    def span(self) -> Span:
        """The line in the canonical text."""
        return self.start, self.start + len(self.text)

    @cached_property
    def plain(self) -> str:
        """The line without marks of emphasis, links, footnotes and headings; empty if very long."""
        return plain_line(self.text) if len(self.text) <= _READ else ""

    @cached_property
    def bare(self) -> str:
        """The line without a mark of a note at its end: `Jane Doe*`."""
        return self.plain.rstrip("*†‡0123456789 ")

    @cached_property
    def title(self) -> str:
        """The line as a title: the value alone, where it begins with `Title:`."""
        return re.sub(r"^title\s*:\s*", "", self.plain, flags=re.I)

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors that a byline names; none, if it is no byline."""
        if len(self.plain) > _BYLINE or self.text.startswith(("##", ">", "-", "|")):
            return ()
        names, rest = _byline(self.plain)
        return () if _is_sentence(rest) else names

    @cached_property
    def date(self) -> str | None:
        """The publication date that a dateline or a byline states."""
        if len(self.plain) > _BYLINE:
            return None
        segments = [part for part in _SEGMENTS.split(self.plain) if part]
        segments = [part for part in segments if not _OTHER_DATE.match(part)]
        dated = [(part, stated_date(part)) for part in segments]
        labeled = [stated[0] for _, stated in dated if stated and stated[1]]
        if labeled:
            return labeled[0]
        if self.authors:
            rest = [part for part in segments if find_date(part)]
            found = find_date(rest[0]) if len(rest) == 1 else None
            return found[0] if found and not _is_other(rest[0][: found[1]]) else None
        alone = [stated[0] for _, stated in dated if stated]
        others = [part for part, stated in dated if not stated and not _ASIDE.fullmatch(part)]
        return alone[0] if len(alone) == 1 and not others else None

    @property
    def is_metadata(self) -> bool:
        """Whether it is a byline or a dateline."""
        return bool(self.authors) or self.date is not None


def lines_of(text: str) -> list[Line]:
    """The lines of a canonical text after its front matter, blank ones left out."""
    start = front_matter_end(text)
    raw = text[start:].split("\n")
    lines = []
    for line, following in zip(raw, [*raw[1:], ""], strict=True):
        stripped = line.strip()
        if stripped:
            begin = start + len(line) - len(line.lstrip())
            lines.append(Line(begin, stripped, bool(following.strip())))
        start += len(line) + 1
    return lines


def is_role(text: str) -> bool:
    """Whether a line says who an author is ("Senior Fellow at ...")."""
    return _ROLE.match(text) is not None


def _byline(plain: str) -> tuple[tuple[str, ...], str]:
    """The names in a byline, and what follows them."""
    match = _AUTHOR.match(plain)
    if match is None:
        found = find_date(plain)
        if found is None or stated_date(plain[: found[2]]) is None:
            return (), ""
        after = _AFTER_DATE.fullmatch(plain, found[2])
        match = _AUTHOR.match(after["author"]) if after else None
        if match is None:
            return (), ""
    rest = match["rest"]
    found = find_date(rest)
    until = found[1] if found else len(rest)
    end = _AFTER_NAMES.search(rest, 0, until)
    until = end.start() if end else until
    names = leading_names(rest[:until].strip(" ,;*†"))
    if not names:
        return (), ""
    return names, rest[rest.find(names[-1]) + len(names[-1]) :]


def _is_sentence(rest: str) -> bool:
    """Whether what follows the names makes a sentence of the line, and no byline."""
    if rest.rstrip().endswith((".", "!", "?", ":", ",")) and len(rest.split()) > 3:
        return True
    rest = rest.lstrip(" ,;*†")
    return rest[:1].islower() and not (
        is_role(rest) or _OTHER_DATE.match(rest) or re.match(r"(?:on|in|for|at|via|and)\s", rest)
    )


def _is_other(before: str) -> bool:
    """Whether a date belongs to something else, by the words before it."""
    return any(map(_OTHER_DATE.match, before.split()))
