"""The generative reader: a chat model writes, the program checks each sentence and quotes.

The model points, the program quotes: it is shown numbered sentences and writes statements that end
in their numbers. Each is checked as soon as it is whole. What fails is withdrawn and put to the
model once more; what fails again is dropped. Where nothing is left the extractive reader answers.
See docs/generative.md.
"""

import time
from collections.abc import Generator
from contextlib import suppress

from assistant.details import Drafted
from assistant.drafting import Judge, with_replaced
from assistant.driving import NEXT, STOP, Call, Reader, Step
from assistant.errors import ContextLengthError, ModelCutOffError
from assistant.model_types import Chunk, Message
from assistant.prompting import (
    Shown,
    answer_messages,
    budget_for,
    evidence_for,
    repair_messages,
)
from assistant.replies import SCHEMA, Declined, Draft, Piece, ReplyReader, Writing
from assistant.task import Task, Writer, Written
from assistant.types import Stated, Token, Withdrawn
from index.errors import DocumentGoneError, ModelError
from index.segmentation import count_tokens

MOST_DRAFTS = 24
"""Sentences taken from one reply: a model that writes more does not end by itself."""
MOST_REPAIRED = 6
"""Sentences put to the model once more, at most."""
_SHORTENED = 2
"""How often the evidence is halved for a model that says it is too long."""


def read(task: Task, writer: Writer, written: Written) -> Reader[None]:
    """Have the model write, and check it; yields events and what it wants of the model.

    Args:
        task: the question and what it is answered from.
        writer: the model that is asked.
        written: grows by what comes of it.

    Raises:
        ModelError: the model failed before a statement was shown.
        DocumentGoneError: a document was removed before it was quoted.
        GroundingError: a quote would not have been verbatim.
    """
    budget = _budget(task, writer)
    for attempt in range(_SHORTENED + 1):
        shown = written.shown = evidence_for(task.evidence, task.scores, budget)
        try:
            yield from _Reply(task, writer, written, shown).first()
        except ContextLengthError:
            if attempt == _SHORTENED:
                raise
            budget = min(budget, count_tokens(shown.text)) // 2
        else:
            return


def _budget(task: Task, writer: Writer) -> int:
    frame = Shown({}, "=" * 20, "")
    messages = answer_messages(writer.prompts, frame, task.question, is_json=writer.takes_schema)
    texts = (text for _, text in messages)
    return budget_for(writer.context_tokens, writer.output_tokens, *texts)


class _Reply:
    """The turns of one attempt, all on the same evidence."""

    def __init__(self, task: Task, writer: Writer, written: Written, shown: Shown) -> None:
        self._task = task
        self._written = written
        self._shown = shown
        self._prompts = writer.prompts
        self._is_json = writer.takes_schema
        self._judge = Judge(task.question, shown, task.index, writer.entailment)
        self._provisional = ""
        self._failed: list[Drafted] = []
        self._said: set[str] = set()

    def first(self) -> Generator[Step, Chunk | None, None]:
        """The answer, asked for once more where it broke off before anything could be shown."""
        try:
            yield from self._answered()
        except DocumentGoneError:
            yield STOP
            yield from self._withdrawn("a document that it is from was removed")
            raise

    def _answered(self) -> Generator[Step, Chunk | None, None]:
        messages = answer_messages(
            self._prompts, self._shown, self._task.question, is_json=self._is_json
        )
        yield from self._asked(messages, is_repair=False)
        if self._written.is_cut_off and not self._written.cited.statements:
            self._written.is_cut_off = False
            yield from self._asked(messages, is_repair=False, is_last=True)
        if self._failed and not self._written.is_cut_off:
            yield from self._repaired()

    def _repaired(self) -> Generator[Step, Chunk | None, None]:
        """One turn for what failed. What the model makes good counts as repaired."""
        failures = [(draft.text, draft.reason) for draft in self._failed[:MOST_REPAIRED]]
        messages = repair_messages(
            self._prompts, self._shown, self._task.question, failures, is_json=self._is_json
        )
        # An answer stands without its repair, so whatever the model fails at here is no failure.
        written = self._written
        before = len(written.drafts)
        with suppress(ModelError):
            yield from self._asked(messages, is_repair=True)
        repairs = [draft for draft in written.drafts[before:] if draft.outcome == "repaired"]
        written.drafts[:before] = with_replaced(written.drafts[:before], repairs)

    def _asked(
        self, messages: tuple[Message, ...], *, is_repair: bool, is_last: bool = False
    ) -> Generator[Step, Chunk | None, None]:
        reader, written = ReplyReader(question=self._task.question), self._written
        most, is_cut_off = len(written.drafts) + MOST_DRAFTS, False
        written.calls += 1
        yield Call(messages, SCHEMA if self._is_json else None)
        try:
            while (chunk := (yield from self._next())) is not None:
                for piece in reader.feed(chunk.text):
                    yield from self._taken(piece, is_repair)
                if reader.is_looping or len(written.drafts) >= most:
                    yield STOP
                    break
        except ModelCutOffError:
            if is_last and not written.cited.statements:
                raise
            is_cut_off = True
            written.is_cut_off |= not is_repair
        for piece in reader.close():
            if not (is_cut_off and isinstance(piece, Draft) and not piece.ids):
                yield from self._taken(piece, is_repair)
        yield from self._withdrawn("it is no whole sentence with its evidence")

    def _next(self) -> Generator[Step, Chunk | None, Chunk | None]:
        """The next chunk; what it took counts as the model's time."""
        written = self._written
        started = time.perf_counter()
        try:
            chunk = yield NEXT
        finally:
            written.waited += time.perf_counter() - started
        if chunk is None:
            return None
        if chunk.text and written.first_waited is None:
            written.first_waited = written.waited
        if chunk.usage is not None:
            written.usage = chunk.usage if written.usage is None else written.usage + chunk.usage
        written.cached_calls += chunk.cached
        return chunk

    def _taken(self, piece: Piece, is_repair: bool) -> Generator[Step, Chunk | None, None]:
        match piece:
            case Writing(text):
                self._provisional += text
                self._note_first()
                yield Token(text)
            case Draft():
                yield from self._judged(piece, is_repair)
            case Declined():
                self._written.declined |= not is_repair
                yield from self._withdrawn("the model found no answer in the evidence")

    def _note_first(self) -> None:
        if self._written.first_shown is None:
            self._written.first_shown = time.perf_counter() - self._written.started
            self._written.shown_waited = self._written.waited

    def _judged(self, draft: Draft, is_repair: bool) -> Generator[Step, Chunk | None, None]:
        if draft.text in self._said:
            yield from self._withdrawn("it was written before")
            return
        self._said.add(draft.text)
        verdict = self._judge.verdict(draft, is_repair=is_repair)
        self._written.drafts.append(verdict.drafted)
        if not verdict.is_shown or verdict.checked is None:
            if not is_repair:
                self._failed.append(verdict.drafted)
            # All of it, though its end may have been held back until it could be judged.
            self._provisional = draft.text
            yield from self._withdrawn(verdict.drafted.reason)
            return
        cited = self._written.cited
        statement = cited.state(verdict.checked, verdict.cuts)
        if not self._provisional:
            self._note_first()
            yield Token(verdict.checked.text)
        self._provisional = ""
        yield Stated(statement, cited.latest)

    def _withdrawn(self, reason: str) -> Generator[Step, Chunk | None, None]:
        text, self._provisional = self._provisional, ""
        if text.strip():
            yield Withdrawn(text, reason)
