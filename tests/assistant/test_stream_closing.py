"""A stream that is left early ends the model's reply, and leaves nothing open."""

import asyncio
import gc
import re
from contextlib import aclosing
from types import AsyncGeneratorType

import pytest
from model_servers import Says

from assistant import Assistant
from assistant.model_types import ModelOptions
from assistant.types import Answer, Stated

QUESTION = "How many cars does the ferry to Alsen carry?"
CARS = "The ferry to Alsen carries 240 cars"


def writes_on(body):
    """A model that states one thing and then writes for a long time."""
    prompt = "\n".join(message["content"] for message in body["messages"])
    number = re.search(rf"^\[(\d+\.\d+)\] {CARS}", prompt, re.M)[1]
    more = [f"It carries {count} more cars." for count in range(300, 400)]
    return Says("\n".join(f"{line} [{number}]" for line in (f"{CARS}.", *more)), delay=0.05)


@pytest.mark.parametrize("turns", range(5))
async def test_cancelled_between_two_events_it_ends_the_reply(index, scripted_server, turns):
    server = scripted_server(writes_on)
    options = ModelOptions(base_url=server.base_url, retries=0)
    stream = Assistant.open(index, "openai:scripted", options=options).astream(QUESTION)
    async for event in stream:
        if isinstance(event, Stated):
            break
    step = asyncio.create_task(anext(stream))
    for _ in range(turns):  # each step of the chain waits for the next in a task of its own
        await asyncio.sleep(0)
    step.cancel()
    # The exception is held on to, and with it what LangChain left open.
    [cancelled] = await asyncio.gather(step, return_exceptions=True)
    assert isinstance(cancelled, asyncio.CancelledError)
    assert await asyncio.to_thread(server.request.wait, 2.0)
    assert server.request.left


def open_generators():
    found = (each for each in gc.get_objects() if type(each) is AsyncGeneratorType)
    return {id(each) for each in found if each.ag_frame}


async def test_who_leaves_with_the_answer_leaves_nothing_open(desk):
    gc.disable()  # which would close them, sooner or later
    try:
        before = open_generators()
        async with aclosing(desk.astream(QUESTION)) as stream:
            async for event in stream:
                if isinstance(event, Answer):
                    break
        assert open_generators() <= before
    finally:
        gc.enable()
