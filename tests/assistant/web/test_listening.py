import asyncio

import pytest
from web_texts import in_loop

from assistant.web.listening import Ended, Listening


async def numbers(*items, pause=0.0):
    for item in items:
        await asyncio.sleep(pause)
        if isinstance(item, Exception):
            raise item
        yield item


@in_loop
async def test_events_come_in_order_and_then_it_ends():
    async with Listening(numbers(1, 2)) as events:
        assert [await events.next(1), await events.next(1)] == [1, 2]
        for _ in range(2):
            with pytest.raises(Ended):
                await events.next(1)


@in_loop
async def test_a_limit_does_not_lose_what_comes_later():
    async with Listening(numbers(1, pause=0.1)) as events:
        assert await events.next(0.01) is None
        assert await events.next(1) == 1


@in_loop
async def test_an_error_comes_after_what_was_before_it():
    async with Listening(numbers(1, ValueError("broken"))) as events:
        await asyncio.sleep(0.05)
        assert await events.next(1) == 1
        with pytest.raises(ValueError, match="broken"):
            await events.next(1)


@in_loop
async def test_an_error_nobody_listened_to_is_dropped():
    async with Listening(numbers(1, ValueError("broken"))):
        await asyncio.sleep(0.05)


@in_loop
async def test_leaving_cancels_the_source():
    ended = []

    async def source():
        try:
            yield 1
            await asyncio.sleep(3600)
        finally:
            ended.append(True)

    async with Listening(source()) as events:
        assert await events.next(1) == 1
    assert ended == [True]
