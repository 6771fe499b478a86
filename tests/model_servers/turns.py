"""What the scripted server does with a request: speak, break off, refuse, hang, send nonsense."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from .wire import Wire

How = Literal["closed", "reset", "quietly", "error"]


@runtime_checkable
class Turn(Protocol):
    """One reply of the script."""

    def play(self, wire: Wire) -> None:
        """Replies over `wire`."""


@dataclass(frozen=True)
class Says:
    """A reply as a working model gives it."""

    text: str
    chunk: int = 4
    """Characters an event."""

    delay: float = 0.0
    """Seconds between events."""

    first_delay: float = 0.0
    """Seconds before the first event."""

    finish: str = "stop"
    """Why the model ended: stop, length, content_filter."""

    cost: float | None = None
    """US dollars, which some providers add to the usage."""

    reasoning: str = ""
    """Thoughts that come before the text, in the field `reasoning_content`."""

    def play(self, wire: Wire) -> None:
        """Sends the text, in events or whole."""
        wire.pause(self.first_delay)
        if not wire.request.streamed:
            return self._whole(wire)
        wire.start_events()
        wire.event(_event(wire, {"role": "assistant", "content": ""}))
        for piece in _pieces(self.reasoning, self.chunk):
            wire.event(_event(wire, {"reasoning_content": piece}))
            wire.pause(self.delay)
        _say(wire, self.text, self.chunk, self.delay)
        wire.event(_event(wire, {}, self.finish))
        if (wire.request.body.get("stream_options") or {}).get("include_usage"):
            wire.event({**_event(wire, None), "usage": self._usage(wire)})
        wire.event("[DONE]")
        wire.end_events()
        return None

    def _whole(self, wire: Wire) -> None:
        message = {"role": "assistant", "content": self.text}
        if self.reasoning:
            message["reasoning_content"] = self.reasoning
        wire.pause(self.delay * len(list(_pieces(self.text, self.chunk))))
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        reply = {**_envelope(wire, "chat.completion"), "choices": [choice]}
        wire.json({**reply, "usage": self._usage(wire)})
        wire.request.text = self.text

    def _usage(self, wire: Wire) -> dict[str, Any]:
        spent: dict[str, Any] = {
            "prompt_tokens": len(wire.request.prompt.split()),
            "completion_tokens": len(list(_pieces(self.reasoning + self.text, self.chunk))),
        }
        spent["total_tokens"] = sum(spent.values())
        return spent if self.cost is None else {**spent, "cost": self.cost}


def WithReasoning(reasoning: str, text: str, **options: Any) -> Says:
    """A reply of a model that thinks aloud first."""
    return Says(text, reasoning=reasoning, **options)


@dataclass(frozen=True)
class CutOff:
    """A stream that breaks off after some characters of the text."""

    text: str
    after: int
    """Characters that still come; 0: headers and the empty first event only."""

    how: How = "closed"
    """closed: the connection ends in mid-stream; reset: with an RST, as of a killed server;
    quietly: HTTP ends well, but no finish reason and no [DONE] came; error: an event says so."""

    chunk: int = 4
    delay: float = 0.0

    def play(self, wire: Wire) -> None:
        """Sends the text's beginning, then stops."""
        wire.start_events()
        wire.event(_event(wire, {"role": "assistant", "content": ""}))
        _say(wire, self.text[: self.after], self.chunk, self.delay)
        # A reset discards what the client has not read yet.
        wire.pause(0.05)
        if self.how == "error":
            wire.event({"error": {"message": "the engine died", "type": "server_error"}})
        if self.how in ("error", "quietly"):
            wire.end_events()
        else:
            wire.drop(reset=self.how == "reset")


@dataclass(frozen=True)
class Status:
    """An HTTP error."""

    code: int
    body: Any = None
    """Text, or an object sent as JSON; None: an error as OpenAI words it."""

    retry_after: float | None = None
    """Seconds, for the header Retry-After."""

    def play(self, wire: Wire) -> None:
        """Sends the error."""
        after = None if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        if isinstance(self.body, str):
            wire.whole(self.body.encode(), "text/plain; charset=utf-8", self.code, after)
        else:
            error = {"message": f"scripted status {self.code}", "type": "scripted", "code": None}
            wire.json(self.body or {"error": error}, self.code, after)


TOO_LONG = Status(
    400,
    {
        "error": {
            "message": "This model's maximum context length is 4096 tokens. However, your "
            "messages resulted in 5000 tokens. Please reduce the length of the messages.",
            "type": "invalid_request_error",
            "param": "messages",
            "code": "context_length_exceeded",
        }
    },
)
"""A prompt too long, as OpenAI says it."""

TOO_LONG_LLAMA_CPP = Status(
    400,
    {
        "error": {
            "code": 400,
            "message": "request (5000 tokens) exceeds the available context size (4096 tokens), "
            "try increasing it",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": 5000,
            "n_ctx": 4096,
        }
    },
)
"""A prompt too long, as llama.cpp says it."""


@dataclass(frozen=True)
class Garbage:
    """Bytes that are no reply: a proxy's page, half of a JSON, events of another protocol."""

    body: bytes = b"<!doctype html><title>Sign in</title><p>Please sign in.</p>"
    content_type: str = "text/html"
    status: int = 200

    def play(self, wire: Wire) -> None:
        """Sends the bytes."""
        wire.whole(self.body, self.content_type, self.status)


@dataclass(frozen=True)
class Hangs:
    """A server that takes the request, sends `before`, and then nothing for a time."""

    seconds: float = 3600.0
    before: str = ""
    """Text that is sent first; empty: not even the headers come."""

    def play(self, wire: Wire) -> None:
        """Waits, then drops the connection."""
        if self.before:
            wire.start_events()
            _say(wire, self.before, 4, 0.0)
        wire.pause(self.seconds)
        wire.drop()


def Empty() -> Says:
    """A reply without text."""
    return Says("")


def _say(wire: Wire, text: str, chunk: int, delay: float) -> None:
    for number, piece in enumerate(_pieces(text, chunk)):
        if number:
            wire.pause(delay)
        wire.event(_event(wire, {"content": piece}))
        wire.request.events += 1
        wire.request.text += piece


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def _event(wire: Wire, delta: dict[str, str] | None, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    choices = [] if delta is None else [choice]
    return {**_envelope(wire, "chat.completion.chunk"), "choices": choices}


def _envelope(wire: Wire, kind: str) -> dict[str, Any]:
    model = wire.request.body.get("model")
    return {"id": "chatcmpl-scripted", "object": kind, "created": 0, "model": model}
