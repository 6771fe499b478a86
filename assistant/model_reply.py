"""One reply of a chat model, as its messages come."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from assistant.errors import ModelCutOffError
from assistant.model_errors import diagnose, shown_cause
from assistant.model_types import Chunk, Usage

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

ENDS = ("finish_reason", "stop_reason", "done_reason", "status")
"""What providers call the reason for which a reply ended."""

_WELL = ("stop", "end_turn", "stop_sequence", "completed", "eos", "")


class UnfinishedError(ConnectionError):
    """The stream ended, but the reply had not."""


class Reply:
    """Gathers a reply.

    Args:
        name: the model's, for messages.
        tells_end: whether the model's library passes on why a reply ended.
    """

    def __init__(self, name: str, tells_end: bool) -> None:
        self.text = ""
        """What has come."""
        self._name = name
        self._tells_end = tells_end
        self._end: str | None = None

    @property
    def complete(self) -> bool:
        """Whether there is text, and the model ended by itself, not for a limit or a filter."""
        return bool(self.text.strip()) and (self._end or "").lower() in _WELL

    def take(self, message: "BaseMessage") -> Iterator[Chunk]:
        """What a message adds; thinking is no text."""
        metadata = message.response_metadata
        self._end = next((str(metadata[key]) for key in ENDS if metadata.get(key)), self._end)
        text, usage = str(message.text), usage_of(message)
        self.text += text
        if text or usage:
            yield Chunk(text, usage)

    def end(self) -> None:
        """Say that nothing more comes. A reply without text is one all the same.

        Raises:
            ModelCutOffError: the stream ended before the reply did.
            UnfinishedError: the stream ended before any text.
        """
        if self._tells_end and self._end is None:
            unfinished = UnfinishedError("the stream ended without the end of the reply")
            if self.text:
                self.broke_off(unfinished)
            raise unfinished

    def broke_off(self, error: Exception) -> NoReturn:
        """Report a failure after text has come.

        Raises:
            ModelCutOffError: always.
        """
        reason = diagnose(error, self._name).reason
        raise ModelCutOffError(
            f"Expected the whole reply of the model {self._name}, but it broke off after "
            f"{len(self.text)} characters: {reason}. Ask again."
        ) from shown_cause(error)


def usage_of(message: "BaseMessage") -> Usage | None:
    """What a message says it took, or None."""
    counted: Mapping[str, Any] = getattr(message, "usage_metadata", None) or {}
    metadata = message.response_metadata
    costs = (
        counted.get("total_cost"),
        sum(metadata.get("costs") or ()) or None,
        metadata.get("cost"),
        *(
            (metadata.get(key) or {}).get("cost")
            for key in ("token_usage", "usage")
            if isinstance(metadata.get(key), Mapping)
        ),
    )
    cost = next((float(each) for each in costs if isinstance(each, int | float)), None)
    taken = int(counted.get("input_tokens") or 0), int(counted.get("output_tokens") or 0)
    return Usage(*taken, cost) if any(taken) or cost is not None else None
