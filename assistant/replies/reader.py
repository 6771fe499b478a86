"""The reader of a reply: text in as it comes, sentences with ids out."""

import re

from assistant.replies.asides import is_no_answer, is_refusal
from assistant.replies.cleaning import THOUGHTS_ENDED, Cleaner
from assistant.replies.json_form import JsonReader, Value, begins_json
from assistant.replies.lines import Part, read_part
from assistant.replies.parts import PREVIEW_CHARACTERS, opening, part_end, preview
from assistant.replies.pieces import Declined, Draft, Piece, Statement, Writing
from assistant.replies.repeats import Repeats, words

_WORD = re.compile(r"\w\w")


class ReplyReader:
    """Reads a reply of a model while it is written, whatever form it takes.

    The drafts do not depend on how the reply is cut into pieces; only the `Writing` in between
    does. A sentence comes as a draft once its ids are certain: when the next sentence has begun,
    because ids may still follow on a line of their own, or when the reply is closed.

    Args:
        question: what was asked; a reply's echo of it is dropped.
        language: ISO 639-1 code of the reply's language, for the ends of sentences.
    """

    def __init__(self, question: str = "", language: str = "en") -> None:
        self._question = words(question)
        self._language = language
        self._cleaner = Cleaner()
        self._repeats = Repeats()
        self._buffer = ""
        self._json: JsonReader | None = None
        self._at_line_start = True
        self._pending: list[Statement] = []
        self._carried: tuple[str, ...] = ()
        self._refused: list[str] = []
        self._searched = 0
        self._written = ""
        self._is_cited = False
        self._has_declined = False

    @property
    def is_looping(self) -> bool:
        """Whether the model repeats itself: three sentences again in a row, or words on end."""
        return self._repeats.is_looping

    def feed(self, text: str) -> list[Piece]:
        """What the next part of a reply adds."""
        return self._read(self._cleaner.feed(text), final=False)

    def close(self) -> list[Piece]:
        """What is left when the reply has ended, or has broken off."""
        pieces = self._read(self._cleaner.feed("", final=True), final=True)
        if self._json is not None and not self._has_declined:
            self._take_values(self._json.close(), pieces)
        self._flush(pieces)
        if self._refused and not (self._is_cited or self._has_declined):
            self._decline("\n".join(self._refused), pieces)
        return pieces

    def _read(self, text: str, *, final: bool) -> list[Piece]:
        pieces: list[Piece] = []
        self._repeats.watch(text)
        self._buffer += text
        while not self._has_declined and self._advance(pieces, final=final):
            pass
        if self._has_declined:
            self._buffer = ""
        elif not final:
            self._preview(pieces)
        return pieces

    def _advance(self, pieces: list[Piece], *, final: bool) -> bool:
        """Take the next part from the buffer, if it is complete. Whether there may be another."""
        if self._json is not None:
            return self._advance_json(self._json, pieces)
        if self._at_line_start:
            self._buffer = self._buffer.lstrip(" \t\n")
            if not self._buffer:
                return False
            begins = begins_json(self._buffer, final=final)
            if begins:
                self._json = JsonReader()
            if begins is not False:
                return begins is True
            self._at_line_start = False
        line_end = _line_end(self._buffer)
        line = self._buffer if line_end is None else self._buffer[:line_end]
        end = part_end(line, self._searched)
        self._searched = len(line) if end is None else 0
        if end is None and line_end is None and not final:
            return False
        self._searched = 0
        raw, rest = line[:end], self._buffer[len(line) if end is None else end :]
        is_thought = end is None and rest.startswith(THOUGHTS_ENDED)
        self._buffer = rest[1:] if end is None else rest
        self._at_line_start = end is None
        part = read_part(raw, self._language)
        if not part.statements and self._may_have_been_shown(raw):
            self._flush(pieces)  # as where the part came a piece at a time
        self._take(part, pieces, is_thought=is_thought)
        return bool(self._buffer)

    def _advance_json(self, reader: JsonReader, pieces: list[Piece]) -> bool:
        values = reader.feed(self._buffer)
        self._buffer = reader.rest
        self._take_values(values, pieces)
        if reader.is_over:
            self._json, self._at_line_start = None, True
            if reader.is_empty:
                self._refused.append("[]")
        return bool(self._buffer)

    def _take_values(self, values: list[Value], pieces: list[Piece]) -> None:
        for value in values:
            part = read_part(" ".join(value.text.split()), self._language)
            statements = tuple(
                Statement(s.text, tuple(dict.fromkeys((*value.ids, *s.ids))), value.raw)
                for s in part.statements
            )
            self._take(Part(statements), pieces)
            self._flush(pieces)

    def _take(self, part: Part, pieces: list[Piece], *, is_thought: bool = False) -> None:
        """What a part says comes once it is known that no ids follow it."""
        if part.ids:
            self._attach(part.ids)
        if not part.statements:
            return
        self._flush(pieces)
        statements = part.statements
        if is_thought:
            statements = tuple(Statement(s.text, (), s.raw) for s in statements)
        elif self._carried and not any(s.ids for s in statements):
            statements = tuple(Statement(s.text, self._carried, s.raw) for s in statements)
        self._carried = ()
        self._pending = list(statements)

    def _attach(self, ids: tuple[str, ...]) -> None:
        """Ids on a line of their own belong to the sentences before, or else to the next line."""
        if not self._pending:
            self._carried = tuple(dict.fromkeys((*self._carried, *ids)))
            return
        takes = [not statement.ids for statement in self._pending]
        takes[-1] = takes[-1] or not any(takes)
        self._pending = [
            Statement(s.text, tuple(dict.fromkeys((*s.ids, *ids))), s.raw) if takes_ids else s
            for s, takes_ids in zip(self._pending, takes, strict=True)
        ]

    def _flush(self, pieces: list[Piece]) -> None:
        """The sentences that waited for ids come as they are."""
        pending, self._pending = self._pending, []
        if pending:
            self._written = ""
        for statement in pending:
            if not self._has_declined:
                self._settle(statement, pieces)

    def _settle(self, statement: Statement, pieces: list[Piece]) -> None:
        if is_no_answer(statement.text):
            if not self._is_cited:
                self._decline(statement.raw, pieces)
        elif self._is_known(statement):
            return
        elif is_refusal(statement.text):
            self._refused.append(statement.raw)
        else:
            self._is_cited = self._is_cited or bool(statement.ids)
            pieces.append(Draft(statement.text, statement.ids, statement.raw))

    def _is_known(self, statement: Statement) -> bool:
        """Whether a sentence was there already, in the reply or as the question."""
        if self._question and words(statement.text) == self._question:
            return True
        return self._repeats.drops(statement.text, has_ids=bool(statement.ids))

    def _decline(self, raw: str, pieces: list[Piece]) -> None:
        self._has_declined = True
        pieces.append(Declined(raw))

    def _preview(self, pieces: list[Piece]) -> None:
        """Show as much of the sentence that is being written as is safe."""
        if self._at_line_start and self._json is None:
            return
        shown = self._shown(self._json.text if self._json else self._buffer)
        if not shown:
            return
        self._flush(pieces)
        held = self._has_declined or (not self._written and self._repeats.may_repeat(shown))
        if not held and shown != self._written and shown.startswith(self._written):
            pieces.append(Writing(shown[len(self._written) :]))
            self._written = shown

    def _may_have_been_shown(self, raw: str) -> bool:
        """Whether some of a part was shown, had it come in the smallest pieces."""
        word = _WORD.search(raw)
        ends = range(word.end(), min(len(raw), PREVIEW_CHARACTERS)) if word else ()
        return any(self._shown(raw[:end]) for end in ends)

    def _shown(self, text: str) -> str:
        body = opening(text) if len(text) < PREVIEW_CHARACTERS else None
        return preview(body, self._language) if body else ""


def _line_end(text: str) -> int | None:
    ends = [at for mark in "\n" + THOUGHTS_ENDED if (at := text.find(mark)) >= 0]
    return min(ends, default=None)
