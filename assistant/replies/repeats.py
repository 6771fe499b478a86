"""Telling that a model repeats itself."""

from bisect import bisect_left

LOOP = 3
"""So many repeats in a row are a loop."""
_TAIL = 480
_EVERY = 64


class Repeats:
    """Remembers the sentences of a reply, and whether it goes round in circles."""

    def __init__(self) -> None:
        self.is_looping = False
        self._seen: dict[str, bool] = {}
        self._sorted: list[str] = []
        self._in_a_row = 0
        self._tail = ""
        self._unlooked = 0

    def drops(self, text: str, *, has_ids: bool) -> bool:
        """Whether a sentence is there already: with ids, unless the new one has none either."""
        key = words(text)
        known = key in self._seen
        self._in_a_row = self._in_a_row + 1 if known else 0
        self.is_looping = self.is_looping or self._in_a_row >= LOOP
        if not known:
            self._sorted.insert(bisect_left(self._sorted, key), key)
        had_ids = self._seen.get(key, False)
        self._seen[key] = had_ids or has_ids
        return known and (had_ids or not has_ids)

    def may_repeat(self, beginning: str) -> bool:
        """Whether a sentence that begins so may become one that is there already."""
        key = words(beginning)
        place = bisect_left(self._sorted, key)
        return place < len(self._sorted) and self._sorted[place].startswith(key)

    def watch(self, text: str) -> None:
        """Look for a loop inside a sentence: the same words over and over, without a full stop."""
        self._unlooked += len(text)
        self._tail = (self._tail + text)[-_TAIL:]
        if self._unlooked >= _EVERY and len(self._tail) == _TAIL:
            self._unlooked = 0
            self.is_looping = self.is_looping or _is_periodic(self._tail)


def _is_periodic(text: str) -> bool:
    return any(text[period:] == text[:-period] for period in range(1, len(text) // LOOP))


def words(text: str) -> str:
    """The words of a text alone: two sentences are the same if these are."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
