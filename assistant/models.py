"""`ChatModel`: any chat model LangChain knows, as a stream of text that ends or fails cleanly.

Calls run inside LangChain's configuration of the caller (a context variable), so that callbacks
given to a chain see them, and LangSmith or OpenTelemetry trace them, without further ado.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Self, cast

from langchain_core.messages import BaseMessage
from langchain_core.rate_limiters import InMemoryRateLimiter
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from assistant.model_errors import Failure, diagnose, shown_cause
from assistant.model_making import Made, made_ready, with_schema
from assistant.model_reply import Reply
from assistant.model_types import Chunk, Message, ModelOptions, Usage
from assistant.reply_cache import ReplyCache

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

DEFAULTS = ModelOptions()

_BACK_OFF = wait_exponential(multiplier=0.5, max=8.0) + wait_random(0.0, 0.5)
"""Seconds before the second attempt, and twice as many before each further one."""


class _FailedError(Exception):
    """An attempt failed before any text had come."""

    def __init__(self, failure: Failure, cause: Exception) -> None:
        super().__init__(str(failure.error))
        self.failure = failure
        self.cause = cause


@dataclass(frozen=True)
class _Call:
    messages: Sequence[Message]
    schema: Mapping[str, Any] | None
    """None also where the model takes no schema."""

    @property
    def prompt(self) -> list[tuple[str, str]]:
        return list(self.messages)


@dataclass(frozen=True)
class _Started:
    """A reply whose first text has come, or which is over."""

    source: Generator[BaseMessage, None, None]
    reply: Reply
    chunks: Sequence[Chunk]


@dataclass(frozen=True)
class _AsyncStarted:
    source: AsyncGenerator[BaseMessage, None]
    reply: Reply
    chunks: Sequence[Chunk]


class ChatModel:
    """A chat model that streams text; made by `open`. Safe to share between threads and tasks."""

    def __init__(self, made: Made, options: ModelOptions) -> None:
        self.name = made.name
        """As the user gave it, without anything secret."""
        self.context_tokens = made.context_tokens
        """Most tokens of prompt and reply together."""
        self.max_output_tokens = made.max_output_tokens
        """Most tokens of a reply."""
        self.takes_schema = made.takes_schema
        """Whether a schema is passed on; False once the server has refused one."""
        self._made = made
        self._timeout = options.timeout
        self._attempts = stop_after_attempt(options.retries + 1)
        self._limiter = _limiter(options.requests_per_second)
        self._kept = ReplyCache(options.cache, made.identity)

    def __repr__(self) -> str:
        return f"ChatModel({self.name!r})"

    @classmethod
    def open(cls, model: object, options: ModelOptions | None = None) -> Self:
        """Make a chat model ready; nothing is sent to it yet.

        Args:
            model: a name that LangChain's `init_chat_model` takes, or a `BaseChatModel`. One of
                those keeps its own parameters; of the options, `retries`, `requests_per_second`,
                `context_tokens`, `structured` and `cache` hold for it, and `timeout` in `astream`.
            options: how it is used.

        Raises:
            ModelUnavailableError: no such model, or its packages are not installed.
            ModelAccessError: it needs a key, and the environment has none.
            SettingsError: the cache cannot be used.
        """
        options = options or DEFAULTS
        return cls(made_ready(model, options), options)

    def stream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None
    ) -> Iterator[Chunk]:
        """The reply, as it comes. Closing the iterator closes the connection to the model.

        Args:
            messages: of the conversation, oldest first.
            schema: a JSON schema for the reply; left out where the model takes none.

        Raises:
            ModelCutOffError: it broke off after text had come.
            ModelError: another of its kinds, before any text; transient failures were tried again.
        """
        call = self._call(messages, schema)
        if (text := self._kept.lookup(call.messages, call.schema)) is not None:
            yield Chunk(text, Usage(0, 0), cached=True)
            return
        started = self._start(call)
        with closing(started.source):
            yield from started.chunks
            while (message := self._next(started)) is not None:
                yield from started.reply.take(message)
        started.reply.end()
        if started.reply.complete:
            self._kept.update(call.messages, call.schema, started.reply.text)

    async def astream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Chunk]:
        """Async twin of `stream`; a cancelled task closes the connection as well."""
        call = self._call(messages, schema)
        if (text := await self._kept.alookup(call.messages, call.schema)) is not None:
            yield Chunk(text, Usage(0, 0), cached=True)
            return
        started = await self._astart(call)
        async with aclosing(started.source):
            for chunk in started.chunks:
                yield chunk
            while (message := await self._anext(started)) is not None:
                for chunk in started.reply.take(message):
                    yield chunk
        started.reply.end()
        if started.reply.complete:
            await self._kept.aupdate(call.messages, call.schema, started.reply.text)

    def _call(self, messages: Sequence[Message], schema: Mapping[str, Any] | None) -> _Call:
        return _Call(tuple(messages), schema if self.takes_schema else None)

    def _start(self, call: _Call) -> _Started:
        tries = Retrying(retry=_RETRY, stop=self._attempts, wait=_wait, reraise=True)
        try:
            return tries(self._attempt, call)
        except _FailedError as failed:
            plain = _without_schema(call, failed)
        try:
            started = tries(self._attempt, plain)
        except _FailedError as failed:
            _raise(failed)
        self.takes_schema = False
        return started

    async def _astart(self, call: _Call) -> _AsyncStarted:
        tries = AsyncRetrying(retry=_RETRY, stop=self._attempts, wait=_wait, reraise=True)
        try:
            first: _AsyncStarted = await tries(self._aattempt, call)
            return first
        except _FailedError as failed:
            plain = _without_schema(call, failed)
        try:
            started: _AsyncStarted = await tries(self._aattempt, plain)
        except _FailedError as failed:
            _raise(failed)
        self.takes_schema = False
        return started

    def _attempt(self, call: _Call) -> _Started:
        if self._limiter:
            self._limiter.acquire()
        reply = Reply(self.name, self._made.tells_end)
        source = cast("Generator[BaseMessage, None, None]", self._bound(call).stream(call.prompt))
        chunks: list[Chunk] = []
        try:
            for message in source:
                chunks += reply.take(message)
                if reply.text:
                    break
            else:
                reply.end()
        except Exception as error:
            source.close()
            raise _FailedError(diagnose(error, self.name), error) from error
        return _Started(source, reply, chunks)

    async def _aattempt(self, call: _Call) -> _AsyncStarted:
        if self._limiter:
            await self._limiter.aacquire()
        reply = Reply(self.name, self._made.tells_end)
        source = cast("AsyncGenerator[BaseMessage, None]", self._bound(call).astream(call.prompt))
        chunks: list[Chunk] = []
        try:
            while not reply.text and (message := await self._timed(source)) is not None:
                chunks += reply.take(message)
            if not reply.text:
                reply.end()
        except BaseException as error:
            await source.aclose()
            if not isinstance(error, Exception):
                raise
            raise _FailedError(diagnose(error, self.name), error) from error
        return _AsyncStarted(source, reply, chunks)

    def _next(self, started: _Started) -> BaseMessage | None:
        try:
            return next(started.source, None)
        except Exception as error:
            started.reply.broke_off(error)

    async def _anext(self, started: _AsyncStarted) -> BaseMessage | None:
        try:
            return await self._timed(started.source)
        except Exception as error:
            started.reply.broke_off(error)

    async def _timed(self, source: AsyncGenerator[BaseMessage, None]) -> BaseMessage | None:
        async with asyncio.timeout(self._timeout):
            try:
                return await anext(source)
            except StopAsyncIteration:
                return None

    def _bound(self, call: _Call) -> "Runnable[Any, Any]":
        model = self._made.model
        return model if call.schema is None else with_schema(model, call.schema)


def _limiter(rate: float | None) -> InMemoryRateLimiter | None:
    if rate is None:
        return None
    limiter = InMemoryRateLimiter(requests_per_second=rate, check_every_n_seconds=0.02)
    # The first call of all need not wait.
    limiter.available_tokens = 1.0
    return limiter


def _without_schema(call: _Call, failed: _FailedError) -> _Call:
    if call.schema is None or not failed.failure.refuses_schema:
        _raise(failed)
    return _Call(call.messages, None)


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, _FailedError) and error.failure.transient


_RETRY = retry_if_exception(_is_transient)


def _wait(state: RetryCallState) -> float:
    """Seconds before the next attempt: as the server asks, or ever longer; never in step."""
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.failure.retry_after if isinstance(failed, _FailedError) else None
    return _BACK_OFF(state) if asked is None else asked + random.uniform(0, 0.1)


def _raise(failed: _FailedError) -> NoReturn:
    raise failed.failure.error from shown_cause(failed.cause)
