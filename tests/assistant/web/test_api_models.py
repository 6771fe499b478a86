"""Which model answers programs: each way in takes the names of the page, and no other."""

import asyncio

import openai
import pytest
from api_texts import CARS, CARS_QUESTION, writes
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import Client as ToolsClient

from assistant.model_types import ModelOptions
from assistant.web.also_models import AlsoModels

OTHER = "openai:team/other"
MESSAGES = [{"role": "user", "content": CARS_QUESTION}]


@pytest.fixture
def other(scripted_site, scripted_server):
    """A site whose own model has nothing to say; another one answers two questions."""
    reply = writes(f"{CARS}.")
    server = scripted_server(reply)
    also = AlsoModels((OTHER,), ModelOptions(base_url=server.base_url, retries=0))
    url, own = scripted_site(site_options={"also_models": also, "mcp": True})
    yield url
    assert own.requests == []
    assert {request.body["model"] for request in server.requests} <= {"team/other"}


def called(url, **arguments):
    async def call():
        async with ToolsClient(f"{url}/mcp") as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            return tools, await client.call_tool("ask", {"question": CARS_QUESTION, **arguments})

    return asyncio.run(call())


def test_the_endpoint_answers_with_the_model_that_is_named(other):
    client = Client(other, verbose=False, analytics_enabled=False)
    answer = client.predict(CARS_QUESTION, model=OTHER, api_name="/ask")
    assert answer["model"] == OTHER
    assert CARS in answer["text"]
    assert client.predict(CARS_QUESTION, model="extractive", api_name="/ask")["citations"]
    with pytest.raises(AppError, match=rf"openai:scripted, {OTHER}, extractive.*found 'gpt-5'"):
        client.predict(CARS_QUESTION, model="gpt-5", api_name="/ask")


def test_the_tool_answers_with_the_model_that_is_named(other):
    tools, result = called(other, model=OTHER)
    assert result.structured_content["model"] == OTHER
    assert f"{OTHER}, extractive" in tools["ask"].input_schema["properties"]["model"]["description"]
    assert "model" not in tools["search"].input_schema["properties"]
    _, result = called(other, model="extractive")
    assert result.structured_content["model"] == "extractive"
    for wrong in ("gpt-5", 7):
        _, result = called(other, model=wrong)
        assert result.is_error
        assert f"openai:scripted, {OTHER}, extractive" in result.content[0].text


def test_a_chat_front_end_answers_with_the_model_that_is_named(other):
    with openai.OpenAI(base_url=f"{other}/v1", api_key="none", max_retries=0) as client:
        names = [model.id for model in client.models.list()]
        assert names == ["verbatim", "verbatim-extractive", OTHER]
        assert client.models.retrieve(OTHER).id == OTHER
        completion = client.chat.completions.create(model=OTHER, messages=MESSAGES)
        assert completion.model == OTHER
        assert completion.choices[0].message.verbatim["details"]["model"] == OTHER
        with pytest.raises(openai.NotFoundError, match=f"verbatim-extractive or {OTHER}, found"):
            client.chat.completions.create(model="gpt-5", messages=MESSAGES)
