"""Calls of chat models, as their tests make them."""

import asyncio
import json
import subprocess
import sys

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableGenerator

from assistant.model_types import ModelOptions, Usage
from assistant.models import ChatModel
from index.errors import VerbatimError

ASKED = [("system", "Answer from the evidence."), ("user", "Who sold the tanks?")]
TEXT = "Russia sold the tanks in 2019. [1.2]\n"
SCHEMA = {
    "type": "object",
    "properties": {"ids": {"type": "array", "items": {"type": "string"}}},
    "required": ["ids"],
    "additionalProperties": False,
}
JSON = '{"ids": ["1.2"]}'
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_API_KEY")
ADDRESSES = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "OLLAMA_HOST")


def opened(server, **options):
    given = {"base_url": server.base_url, "timeout": 2.0, **options}
    return ChatModel.open(f"openai:{server.model}", ModelOptions(**given))


def text_of(chunks):
    return "".join(chunk.text for chunk in chunks)


def usage_of(chunks):
    return sum((chunk.usage for chunk in chunks if chunk.usage), Usage(0, 0))


def ran(program):
    """What a program prints in a process of its own."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def collected(model, schema=None):
    return [chunk async for chunk in model.astream(ASKED, schema)]


def both(model, schema=None):
    """What the model does as a stream and as its async twin: chunks, or the error."""
    for stream in (
        lambda: list(model.stream(ASKED, schema)),
        lambda: asyncio.run(collected(model, schema)),
    ):
        try:
            yield stream()
        except VerbatimError as error:
            yield error


class Seen(BaseCallbackHandler):
    def __init__(self):
        self.events = []

    def on_chat_model_start(self, serialized, messages, **details):
        told = json.dumps(serialized) + str(details)
        self.events.append(("start", messages[0][-1].content, told))

    def on_llm_end(self, response, **details):
        self.events.append(("end", response.generations[0][0].text))


def chain_of(model):
    def read(questions):
        for _ in questions:
            yield from model.stream(ASKED)

    async def aread(questions):
        async for _ in questions:
            async for chunk in model.astream(ASKED):
                yield chunk

    return RunnableGenerator(read, aread)
