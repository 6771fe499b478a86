"""A chat completion's reply: whole, or in the chunks of a stream. Values only."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from assistant.citing import renumbered
from assistant.grounding import marked
from assistant.markdown import escaped
from assistant.types import Answer, Citation, DocumentInfo, Hit, Statement
from assistant.web.openai_request import RULE, Completion, Format
from assistant.wording import date_of, shown, voice_of

DONE = "data: [DONE]\n\n"
KEEP_ALIVE = ": still answering\n\n"
"""A comment: it keeps the connection open, and no client shows it."""
MOST_NEAR = 3
"""Passages shown below an abstention, each by its beginning."""
_BEGINNING = 240
"""Characters."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to one request."""

    id: str
    created: int
    """Seconds since 1970."""
    asked: Completion

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The whole reply."""
        content = told(answer, self.asked.format) + self._ending(answer)
        message = {
            "role": "assistant",
            "content": content,
            "refusal": None,
            "verbatim": answer.to_dict(),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._envelope("chat.completion"),
            "choices": [choice],
            "usage": usage_of(answer),
        }

    def begun(self) -> str:
        """The first event of a stream."""
        return self._delta({"role": "assistant", "content": ""})

    def stated(self, statement: Statement, is_first: bool) -> str:
        """The event of a statement that passed the checks."""
        separator = "" if is_first else "\n\n"
        return self._delta({"content": separator + line(statement, self.asked.format)})

    def rest(self, answer: Answer, said: Sequence[Statement]) -> Iterator[str]:
        """The events after the last statement: what the answer has besides, and its data.

        Args:
            answer: the answer.
            said: what was streamed of it.
        """
        told_so = as_told(answer, said)
        if not answer.statements:
            yield self._delta({"content": told(answer, self.asked.format)})
        for position in range(len(said), len(told_so.statements)):
            yield self.stated(told_so.statements[position], is_first=position == 0)
        if ending := self._ending(told_so):
            yield self._delta({"content": ending})
        yield self._delta({"verbatim": told_so.to_dict()}, finish="stop")
        if self.asked.wants_usage:
            yield self._event({"choices": [], "usage": usage_of(answer)})
        yield DONE

    def _ending(self, answer: Answer) -> str:
        """Notes and sources, or what was near where there is no answer, below a rule."""
        lines = [f"*{escaped(note)}*" for note in answer.notes]
        lines += map(_source, answer.citations)
        lines += map(_near, answer.nearest[:MOST_NEAR])
        if not lines or not self.asked.has_sources:
            return ""
        return RULE + "\n\n".join(lines)

    def _delta(self, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._event({"choices": [choice]})

    def _event(self, values: dict[str, Any]) -> str:
        return event_of({**self._envelope("chat.completion.chunk"), **values})

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.asked.model,
            "system_fingerprint": None,
        }


def event_of(value: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def line(statement: Statement, format: Format) -> str:  # noqa: A002 -- the parameter's name
    """A statement with its `[n]` markers; nothing in it acts as Markdown, unless text is wanted."""
    if format == "text":
        return marked(statement)
    return marked(replace(statement, text=escaped(statement.text)))


def told(answer: Answer, format: Format) -> str:  # noqa: A002
    """The text of an answer."""
    if answer.statements:
        return "\n\n".join(line(statement, format) for statement in answer.statements)
    if format == "text":
        return answer.text
    return "\n\n".join(map(escaped, answer.text.split("\n\n")))


def as_told(answer: Answer, said: Sequence[Statement]) -> Answer:
    """The answer with its statements in the order in which they were streamed, then the others.

    What a chat model states is streamed as it comes; only when it has ended is it known what its
    quotes differ in, which the whole answer says first.
    """
    texts = [statement.text for statement in said]
    early = [each for text in texts for each in answer.statements if each.text == text]
    late = [each for each in answer.statements if each.text not in texts]
    statements, citations = renumbered([*early, *late], answer.citations)
    if statements == answer.statements:
        return answer
    return replace(
        answer,
        text="\n\n".join(map(marked, statements)),
        statements=statements,
        citations=citations,
    )


def usage_of(answer: Answer) -> dict[str, int]:
    """Tokens that the chat model took; none where none was asked."""
    used = answer.usage or {}
    read, wrote = int(used.get("input_tokens", 0)), int(used.get("output_tokens", 0))
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


def _source(citation: Citation) -> str:
    """Where a quote is from, and the quote; nothing of it acts as Markdown."""
    return f"[{citation.number}] {escaped(_quoted(citation.document, citation.quote.text))}"


def _near(hit: Hit) -> str:
    """A passage that was near to a question nobody answers."""
    text = hit.passage.text
    return f"Nearest: {escaped(_quoted(hit.document, shorten(text, _BEGINNING, placeholder=' …')))}"


def _quoted(document: DocumentInfo, text: str) -> str:
    voice = f"{shown(voice_of(document))}, " if document.authors else ""
    publisher = f", {shown(document.publisher)}" if document.publisher else ""
    return f"{voice}“{shown(document.name)}”{publisher}, {date_of(document)}: “{shown(text)}”"
