import asyncio

import pytest

from assistant.driving import NEXT, STOP, Call, adrive, arun, drive, run
from assistant.errors import ModelUnavailableError
from assistant.model_types import Chunk
from assistant.types import Token

CALL = Call((("user", "Say something."),))


class Replies:
    """A model whose replies are lists of chunks or errors; says whether they were closed."""

    def __init__(self, *chunks):
        self.chunks, self.closed, self.kept = chunks, False, []

    def stream(self, messages, schema=None):
        self.kept.append(self.reply())  # else the end of its life would close it, too
        return self.kept[-1]

    def reply(self):
        try:
            for chunk in self.chunks:
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
        finally:
            self.closed = True

    async def astream(self, messages, schema=None):
        try:
            for chunk in self.reply():
                await asyncio.sleep(0)
                yield chunk
        finally:
            self.closed = True


async def thread(function, *arguments):
    return await asyncio.to_thread(function, *arguments)


def reader():
    """Passes on what the model writes; returns how many chunks there were."""
    count = 0
    yield CALL
    while (chunk := (yield NEXT)) is not None:
        count += 1
        yield Token(chunk.text)
    return count


async def events_of(made, model):
    done = []
    return [event async for event in adrive(made, model, thread, done.append)], done


async def test_both_drivers_pass_on_the_same_events():
    chunks = [Chunk("one "), Chunk("two")]
    texts = [event.text for event in drive(reader(), Replies(*chunks))]
    events, done = await events_of(reader(), Replies(*chunks))
    assert texts == [event.text for event in events] == ["one ", "two"]
    assert done == [2] == [run(reader(), Replies(*chunks))]
    assert await arun(reader(), Replies(*chunks), thread) == 2


async def test_an_error_of_the_model_is_raised_where_the_reader_waits():
    def careful():
        yield CALL
        try:
            yield NEXT
        except ModelUnavailableError as error:
            return str(error)

    error = ModelUnavailableError("gone")
    assert run(careful(), Replies(error)) == "gone"
    assert await arun(careful(), Replies(error), thread) == "gone"
    with pytest.raises(ModelUnavailableError, match="gone"):
        run(reader(), Replies(error))
    with pytest.raises(ModelUnavailableError, match="gone"):
        await arun(reader(), Replies(error), thread)


async def test_stop_ends_the_reply():
    def impatient():
        yield CALL
        yield NEXT
        yield STOP
        return "enough"

    sync, other = Replies(Chunk("a"), Chunk("b")), Replies(Chunk("a"), Chunk("b"))
    assert run(impatient(), sync) == await arun(impatient(), other, thread) == "enough"
    assert sync.closed
    assert other.closed


async def test_closing_the_events_ends_the_reply():
    sync, other = Replies(*[Chunk("a")] * 9), Replies(*[Chunk("a")] * 9)
    events = drive(reader(), sync)
    next(events)
    events.close()
    async_events = adrive(reader(), other, thread)
    await anext(async_events)
    await async_events.aclose()
    assert sync.closed
    assert other.closed


async def test_cancelling_ends_a_reply_that_does_not_come():
    begun = asyncio.Event()

    class Hanging(Replies):
        async def astream(self, messages, schema=None):
            try:
                begun.set()
                await asyncio.sleep(60)
                yield Chunk()
            finally:
                self.closed = True

    model = Hanging()
    task = asyncio.create_task(events_of(reader(), model))
    await asyncio.wait_for(begun.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.closed
