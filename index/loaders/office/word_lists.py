"""The numbers and bullets before paragraphs, which Word counts and does not store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.loaders.office.word_names import Element, child, number, value, w

_PLACEHOLDER = re.compile(r"%([1-9])")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    """`decimal`, `bullet`, ..."""
    text: str
    """`%1.%2)`: what is shown, with a place for the number of each level."""
    start: int


class Lists:
    """Counts the items of each list of a document, in the order they stand in."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[int, Mapping[int, _Level]] = {}
        self._counted_as: dict[int, str] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is None:
            return
        abstract = {each.get(w("abstractNumId")): each for each in root.findall(w("abstractNum"))}
        for each in root.findall(w("num")):
            list_id = each.get(w("numId")) or ""
            abstract_id = value(each, "abstractNumId") or ""
            if not list_id.isdecimal() or abstract_id not in abstract:
                continue
            changes = each.findall(w("lvlOverride"))
            own = [level for level in (child(each, "lvl") for each in changes) if level is not None]
            found = [*abstract[abstract_id].findall(w("lvl")), *own]
            levels = dict(map(_read_level, found))
            starts = {
                _index(each): start
                for each in changes
                if (start := number(each, "startOverride")) is not None
            }
            self._levels[int(list_id)] = {
                level: replace(settings, start=starts.get(level, settings.start))
                for level, settings in levels.items()
            }
            # A list that begins anew counts for itself; others go on with their numbers.
            self._counted_as[int(list_id)] = f"{abstract_id}/{list_id if starts else ''}"

    def label(self, list_id: int, level: int) -> str | None:
        """What stands before the next item: `-` for a bullet, `2.`, `iv)`; None for no list."""
        levels = self._levels.get(list_id)
        level = max(0, min(level, _LEVELS - 1))
        if list_id == 0 or levels is None or level not in levels:
            return None
        counts = self._counts.setdefault(self._counted_as[list_id], [None] * _LEVELS)
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        own = levels[level]
        if own.form == "bullet":
            return "-"
        if own.form == "none":
            return ""

        def shown(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            settings = levels.get(other, own)
            count = counts[other]
            return written(settings.start if count is None else count, settings.form)

        return _PLACEHOLDER.sub(shown, own.text).strip()


def written(count: int, form: str) -> str:
    """A number as a list shows it: `4`, `d`, `IV`."""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        # After z come aa, bb, cc.
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 20)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        digits = ""
        for size, sign in _ROMAN:
            digits += sign * (count // size)
            count %= size
        return digits.upper() if form == "upperRoman" else digits
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _read_level(element: Element) -> tuple[int, _Level]:
    return _index(element), _Level(
        form=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "",
        start=number(element, "start") or 0,
    )


def _index(element: Element) -> int:
    level = element.get(w("ilvl")) or "0"
    return int(level) if level.isdecimal() else 0
