"""The title that a text's first lines state, if they do."""

import re
from collections.abc import Sequence

from index.dates import find_date
from index.lines import Line
from index.names import ORGANIZATION, is_name

_LEAD = 160
_SENTENCE_END = re.compile(r"[.!…][\"'”’»)\]]*$")
_INNER_END = re.compile(r"[^\W\d_]{4}\.[\"”’)]* +[A-ZÀ-Þ]")
_SECTION = re.compile(
    r"(?:(?:executive )?summary|introduction|overview|abstract|background|(?:table of )?contents"
    r"|key (?:points|takeaways|findings)|foreword|preface|conclusions?|notes|references"
    r"|(?:image|photo|read (?:also|more)|share|tweet|follow|subscribe|sign (?:up|in)|log in|skip"
    r"|menu|home|advertisement|copyright|by|from|to|cc|subject|re|attn|dear|hello|hi"
    r"|accessed|retrieved|updated|last|published|posted|date|authors?|publisher|tags?|category"
    r"|source|credit|filed under|issn|isbn|doi|vol(?:ume)?\.?|page)\b.*)$",
    re.I,
)
_LIST_ITEM = re.compile(r"(?:[-+•>|<!©]|\(c\)|\(?\d{1,3}[.)]\s|\(?[ivx]{1,4}[.)]\s)")
_SMALL = re.compile(
    r"(?:an?|and|as|at|but|by|for|from|in|into|is|nor|of|off|on|or|over|per|so|than|the|to|up|via"
    r"|vs\.?|with|yet)"
)
_HEAD_NOUN = re.compile(
    r"(?:The )?(?:Cent(?:er|re)|Institute|University|Council|Foundation|Ministry|Association"
    r"|Academy|Society|Committee|Commission|Agency|Department|Office) (?:for|of|on)\b",
    re.I,
)


def find_title(top: Sequence[Line], body: Sequence[Line], author: Line | None) -> Line | None:
    """The line that states the title.

    Args:
        top: the lines before the first one that reads as running text.
        body: the line after them, if there is one.
        author: the byline, if there is one: a title stands above it.
    """
    labeled = [line for line in top if re.match(r"title\s*:\s*\S", line.plain, re.I)]
    marked = [line for line in [*top, *body] if _is_marked(line, [*top, *body])]
    if labeled or marked:
        return (labeled or marked)[0]
    above = [line for line in top if author is None or line.start < author.start]
    candidates = [line for line in above if _may_be_title(line, author)]
    for line in candidates:
        same = [other for other in candidates if other.plain.casefold() == line.plain.casefold()]
        if len(same) > 1:
            return next((other for other in same if not other.plain.islower()), None)
    following = [*top, *body]
    named = [line for line in candidates if not is_masthead(line.plain)]
    for line in named[:1]:
        position = following.index(line) + 1
        after = following[position] if position < len(following) else None
        if _stands_out(line, after):
            return line
    return None


def is_running(line: Line, after: Line | None) -> bool:
    """Whether a line reads as running text and not as title, byline or the like."""
    if _reads_on(line):
        return True
    if after is None or not line.is_followed or line.is_metadata or after.is_metadata:
        return False
    if line.text.startswith("# ") or is_title_case(line.plain):
        return False
    return after.text[0].islower() or (len(after.text) <= _LEAD and _reads_on(after))


def is_masthead(plain: str) -> bool:
    """Whether a line is the name of an organization or a newspaper."""
    words = plain.split()
    if not 2 <= len(words) <= 8 or plain.endswith("?") or not is_title_case(plain, 1.0):
        return False
    last = re.sub(r"\([^()]*\)$", "", plain).rstrip().rpartition(" ")[2]
    return bool(_HEAD_NOUN.search(plain) or ORGANIZATION.fullmatch(last))


def is_title_case(plain: str, share: float = 0.75) -> bool:
    """Whether the words of a line, small ones aside, are capitalized."""
    words = [word.strip("\"'“”‘’«»(),:;") for word in plain.split()]
    words = [word for word in words if word[:1].isalpha() and not _SMALL.fullmatch(word)]
    capitals = sum(not word[0].islower() for word in words)
    return len(words) >= 2 and capitals >= share * len(words)


def _reads_on(line: Line) -> bool:
    if len(line.text) > _LEAD:
        return True
    if line.text.startswith("# "):
        return False
    words = len(line.plain.split())
    ends = words > 5 and _SENTENCE_END.search(line.plain) and not line.is_metadata
    return bool(ends or _INNER_END.search(line.plain))


def _is_marked(line: Line, lines: Sequence[Line]) -> bool:
    """A Markdown heading of the first level, before any of another level."""
    if _SECTION.match(line.plain) or not any(map(str.isalnum, line.plain)):
        return False
    headings = [other for other in lines if re.match(r"#{1,6}\s", other.text)]
    if line.text.startswith("# "):
        return len(line.text) <= 2 * _LEAD and headings[:1] == [line]
    below = lines[lines.index(line) + 1 :][:1]
    return line.is_followed and not headings and any(set(o.text) == {"="} for o in below)


def _may_be_title(line: Line, author: Line | None) -> bool:
    plain = line.plain
    words = plain.split()
    if len(words) < 3 or len(words) > 25 or line.is_metadata or _LIST_ITEM.match(line.text):
        return False
    if (
        _SECTION.match(plain)
        or "://" in plain
        or "@" in plain
        or re.search(r"[|>»]|[,;:–—-]$", plain)
    ):
        return False
    if _SMALL.fullmatch(words[-1]) or find_date(plain):
        return False
    if _SENTENCE_END.search(plain) and not (plain.endswith("!") and is_title_case(plain)):
        return False
    surnames = {name.rpartition(" ")[2].casefold() for name in author.authors} if author else set()
    is_other = bool(surnames) and words[-1].casefold() not in surnames
    return is_other or not is_name(line.bare)


def _stands_out(line: Line, after: Line | None) -> bool:
    """Whether the form of a line, or what comes below it, shows a title."""
    if after is not None and after.is_metadata:
        return not line.plain[0].islower()
    if line.is_followed and after is not None and not _reads_on(after):
        return False
    if is_title_case(line.plain):
        return True
    is_apart = not line.is_followed or (after is not None and len(after.text) > _LEAD)
    return (
        after is not None and is_apart and line.plain[0].isupper() and not line.plain.endswith("?")
    )
