"""Reading a reply piece by piece: text to show meanwhile, and each sentence once it is whole."""

import re
from collections.abc import Iterable

from assistant.replies.cleaning import Cleaner, without_fences
from assistant.replies.lines import is_refusal, refuses, statements_in, without_lead
from assistant.replies.markers import MARKER, take_marks
from assistant.replies.pieces import Declined, Draft, Piece, Statement, Writing
from assistant.replies.structured import JsonReader

_LONGEST_LINE = 2_000
"""Code points after which a line is taken to end: some models never break one."""
_FEWEST = 4
"""Characters before which a line may still become a label or a refusal."""
_LOOPS = 3
"""Repeats of sentences in a row from which a model is taken to write nothing else."""
_END = re.compile(
    rf"(?:[.!?…][\"”’»)]*\s*(?:{MARKER.pattern}\s*)+|(?:{MARKER.pattern}\s*)+[.!?…])\s+(?=[^\s\[【(^])",
    re.I,
)
"""Where a sentence with its markers ends within a line."""
_OPEN = re.compile(r"\s*(?:[\[【(^][^\]】)\n]{0,60}|[“«„\"`][^”»\"`\n]{0,400}|\*+|\d+\.?)$")
"""The end of a line that may become a marker, or a quotation that nobody has checked yet."""
_PREFIX = re.compile(
    r"^\s*(?:[\W\d]{0,12}|(?:final |the )?(?:ans|resp|repl|outp)\w{0,8}\W{0,4}|no\b.{0,10})$", re.I
)
"""A line so far, of which it cannot be told yet whether it is a label, a number or a refusal."""
_JSON = re.compile(r"\s*(?:json\s*)?[\[{]\s*[\"{]?")


class ReplyReader:
    """Takes a reply as it comes; see `assistant.replies` for what it tolerates.

    The texts of `Writing` since the last `Draft` are a beginning of the next one, or close to it:
    the `Draft` is what counts.
    """

    def __init__(self) -> None:
        self._cleaner = Cleaner()
        self._line = ""
        self._shown = ""
        self._waiting: list[Statement] = []
        self._json: JsonReader | None = None
        self._has_begun = False
        self._said: set[str] = set()
        self._repeats = 0
        self._declined = False

    @property
    def is_looping(self) -> bool:
        """Whether the model only repeats itself: what follows is not worth waiting for."""
        return self._repeats >= _LOOPS

    def feed(self, text: str) -> list[Piece]:
        """What more of the reply gives."""
        return self._taken(self._cleaner.feed(text))

    def close(self) -> list[Piece]:
        """What is left at the end of the reply."""
        pieces = self._taken(self._cleaner.close())
        if self._json is not None:
            pieces += self._drafts(self._json.close())
            if not self._json.found and not self._said and not self._declined:
                pieces.append(Declined("an empty list"))
            return pieces
        line, self._line = self._line, ""
        return pieces + self._ended(line) + self._released()

    def _taken(self, text: str) -> list[Piece]:
        self._line += text
        if not self._has_begun and not self._begun():
            return []
        if self._json is not None:
            text, self._line = self._line, ""
            return self._structured(self._json, text)
        pieces: list[Piece] = []
        while (cut := self._cut()) > 0:
            line, self._line = self._line[:cut], self._line[cut:]
            pieces += self._ended(line)
        return pieces + self._growing()

    def _begun(self) -> bool:
        """Whether it can be told if the reply is JSON: from its first character, but for fences."""
        if self._line.lstrip().startswith("`"):
            if "\n" not in self._line.lstrip():
                return False
            self._line = without_fences(self._line)
        start = self._line.lstrip()
        if not start:
            return False
        if _JSON.match(start) and not MARKER.match(start):
            if len(start) < 2 or (start[0] == "[" and start[1].isdigit() and "]" not in start):
                return False
            if start[0] == "{" or re.match(r"\[\s*\{|\[\s*\]", start):
                self._json = JsonReader()
        self._has_begun = True
        return True

    def _structured(self, reader: JsonReader, text: str) -> list[Piece]:
        pieces = self._drafts(reader.feed(text))
        pieces += self._writing(take_marks(_safe(reader.growing))[0])
        return pieces

    def _cut(self) -> int:
        """Where the first line, or the first sentence with its markers, ends; 0 for nowhere yet."""
        newline = self._line.find("\n") + 1
        within = _END.search(self._line, 0, newline or _LONGEST_LINE)
        if within:
            return within.end()
        if not newline and len(self._line) > _LONGEST_LINE:
            space = self._line.rfind(" ", 1, _LONGEST_LINE) + 1
            return space or _LONGEST_LINE
        return newline

    def _growing(self) -> list[Piece]:
        """The part of the line so far that can be shown."""
        if len(self._line.strip()) < _FEWEST or _PREFIX.match(self._line) or "```" in self._line:
            return []
        return self._writing(take_marks(_safe(without_lead(self._line)))[0])

    def _writing(self, text: str) -> list[Piece]:
        more = text[len(self._shown) :]
        if not more or not text.startswith(self._shown):
            return []
        self._shown = text
        return [Writing(more)]

    def _ended(self, line: str) -> list[Piece]:
        line, self._shown = without_fences(line).strip(), ""
        if not line:
            return []
        if is_refusal(without_lead(line)):
            self._declined = True
            return [*self._released(), Declined(line)]
        found = statements_in(line)
        if found and not found[0].text:  # ids alone: those of the sentences before
            self._waiting = [Statement(each.text, found[0].ids, each.raw) for each in self._waiting]
            return self._released()
        pieces = self._released()
        if found and not any(each.ids for each in found):
            self._waiting = found
            return pieces
        return pieces + self._drafts(found)

    def _released(self) -> list[Piece]:
        """The drafts that waited for a line of ids."""
        waiting, self._waiting = self._waiting, []
        return self._drafts(waiting)

    def _drafts(self, statements: Iterable[Statement]) -> list[Piece]:
        pieces: list[Piece] = []
        for statement in statements:
            self._shown = ""
            if not statement.text:
                continue
            if refuses(statement):
                self._declined = True
                pieces.append(Declined(statement.raw))
                continue
            key = " ".join(statement.text.casefold().split())
            if key in self._said:
                self._repeats += 1
                continue
            self._said.add(key)
            self._repeats = 0
            pieces.append(Draft(statement.text, statement.ids, statement.raw))
        return pieces


def _safe(line: str) -> str:
    """A line without an end that may become a marker, or a quotation that is not closed."""
    match = _OPEN.search(line)
    return line[: match.start()] if match else line
