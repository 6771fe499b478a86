"""What goes into a chat model and comes out of it."""

from dataclasses import dataclass
from typing import Literal, Self

from assistant.errors import SettingsError

Role = Literal["system", "user", "assistant"]
Message = tuple[Role, str]
"""Who speaks, and the text."""

SMALLEST_CONTEXT = 256
"""Tokens below which no question fits into a prompt."""


@dataclass(frozen=True)
class Usage:
    """What a call took."""

    input_tokens: int
    """Tokens of the prompt, as the provider counts them."""
    output_tokens: int
    """Tokens of the reply, those of its thinking included."""
    cost: float | None = None
    """US dollars, where the provider tells."""

    def __add__(self, other: Self) -> "Usage":
        costs = [each for each in (self.cost, other.cost) if each is not None]
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True)
class Chunk:
    """One piece of a reply."""

    text: str = ""
    usage: Usage | None = None
    """What is to be added to the call's usage; mostly on the last chunks."""
    cached: bool = False
    """Whether it was kept from an identical call."""


@dataclass(frozen=True)
class ModelOptions:
    """How a chat model is used.

    Raises:
        SettingsError: a number is out of its range.
    """

    base_url: str | None = None
    """Address of the server, for one other than the provider's own."""
    timeout: float = 60.0
    """Seconds without anything from the model, also before its first token."""
    retries: int = 2
    """Further attempts when a call fails before any text has come."""
    requests_per_second: float | None = None
    """Most calls a second; None: as many as come."""
    context_tokens: int | None = None
    """Tokens of prompt and reply together; None: as the model is known to take, or 4,096."""
    max_output_tokens: int = 512
    """Most tokens of a reply."""
    temperature: float = 0.0
    """0 for the likeliest reply; up to 2."""
    structured: Literal["auto", "on", "off"] = "auto"
    """Whether replies may be held to a JSON schema; auto: where the model is known to take one."""
    cache: object | None = None
    """Where replies to identical calls are kept: a file, a folder, or a LangChain `BaseCache`."""

    def __post_init__(self) -> None:
        context = self.context_tokens
        rate = self.requests_per_second
        _check("time-out", self.timeout > 0, "more than 0 seconds", self.timeout)
        _check("retries", self.retries >= 0, "0 or more retries", self.retries)
        _check("rate", rate is None or rate > 0, "more than 0 requests per second", rate)
        _check(
            "context",
            context is None or context >= SMALLEST_CONTEXT,
            f"a context of at least {SMALLEST_CONTEXT} tokens",
            context,
        )
        _check(
            "output", self.max_output_tokens > 0, "1 output token or more", self.max_output_tokens
        )
        _check(
            "temperature", 0 <= self.temperature <= 2, "a temperature from 0 to 2", self.temperature
        )
        known = self.structured in ("auto", "on", "off")
        _check("structured", known, "structured: auto, on or off", self.structured)


def _check(name: str, holds: bool, expected: str, found: object) -> None:
    if not holds:
        raise SettingsError(f"Expected {expected}, found {found!r}. Correct the model's {name}.")
