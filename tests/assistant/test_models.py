import asyncio
import time

import pytest
from langchain_core.language_models import FakeListChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage
from model_calls import (
    ADDRESSES,
    ASKED,
    JSON,
    KEYS,
    SCHEMA,
    TEXT,
    Seen,
    both,
    chain_of,
    collected,
    opened,
    text_of,
    usage_of,
)
from model_servers import CutOff, Says, Status, WithReasoning
from model_wires import anthropic_events, ollama_lines, serving

from assistant.errors import (
    ModelUnavailableError,
)
from assistant.model_types import Chunk, ModelOptions, Usage
from assistant.models import ChatModel


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in (*KEYS, *ADDRESSES):
        monkeypatch.delenv(name, raising=False)


def test_text_streams_and_its_usage_and_cost_come_last(scripted_server):
    server = scripted_server(lambda _: Says(TEXT, cost=0.25))
    for chunks in both(opened(server)):
        assert text_of(chunks) == TEXT
        assert len(chunks) > 3
        assert chunks[-1].usage == usage_of(chunks)
        assert usage_of(chunks).output_tokens == 10
        assert usage_of(chunks).cost == 0.25
        assert not any(chunk.cached for chunk in chunks)


def test_text_is_passed_on_as_it_comes(scripted_server):
    server = scripted_server(lambda _: Says("abcd" * 50, delay=0.3))
    started = time.monotonic()
    chunks = opened(server).stream(ASKED)
    assert [next(chunks), next(chunks)] == [Chunk("abcd")] * 2
    assert time.monotonic() - started < 5  # all of it takes 15
    chunks.close()


def test_options_reach_an_openai_compatible_server(scripted_server):
    server = scripted_server(Says(TEXT))
    model = opened(server, temperature=0.3, max_output_tokens=99, context_tokens=2000)
    list(model.stream(ASKED))
    body = server.request.body
    assert (body["temperature"], body["max_tokens"], body["model"]) == (0.3, 99, server.model)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert (model.context_tokens, model.max_output_tokens) == (2000, 99)


def test_a_reply_takes_half_of_a_small_context_at_most(scripted_server):
    assert opened(scripted_server(), context_tokens=400).max_output_tokens == 200


def test_ollama_is_told_its_context_and_reports_usage():
    with serving(ollama_lines(TEXT)) as server:
        options = ModelOptions(base_url=server.url, context_tokens=2048, max_output_tokens=64)
        model = ChatModel.open("ollama:qwen3:4b", options)
        chunks = list(model.stream(ASKED, SCHEMA))
    body = server.bodies[0]
    assert text_of(chunks) == TEXT
    assert usage_of(chunks) == Usage(7, 3)
    assert body["model"] == "qwen3:4b"
    assert (body["options"]["num_ctx"], body["options"]["num_predict"]) == (2048, 64)
    assert body["format"] == {"title": "reply", "description": "The reply.", **SCHEMA}
    assert model.takes_schema


def test_anthropic_streams_and_its_thinking_is_no_text():
    with serving(anthropic_events(TEXT, thinking="Let me see who sold what.")) as server:
        options = ModelOptions(base_url=server.url, structured="on", max_output_tokens=64)
        model = ChatModel.open("anthropic:claude-haiku-4-5", options)
        chunks = list(model.stream(ASKED, SCHEMA))
    body = server.bodies[0]
    assert text_of(chunks) == TEXT
    assert usage_of(chunks) == Usage(7, 3)
    assert body["max_tokens"] == 64
    assert body["output_config"]["format"]["schema"]["required"] == ["ids"]


def test_reasoning_in_the_stream_is_no_text(scripted_server):
    server = scripted_server(lambda _: WithReasoning("Who sold what? " * 9, TEXT))
    assert [text_of(chunks) for chunks in both(opened(server))] == [TEXT, TEXT]


def test_a_schema_is_sent_and_the_json_streams_as_text(scripted_server):
    server = scripted_server(lambda _: Says(JSON))
    model = opened(server, structured="on")
    for chunks in both(model, SCHEMA):
        assert text_of(chunks) == JSON
        assert len(chunks) > 2
    assert server.request.body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert model.takes_schema


def test_json_cut_at_the_limit_still_comes_as_text(scripted_server):
    server = scripted_server(lambda _: Says(JSON[:8], finish="length"))
    for chunks in both(opened(server, structured="on"), SCHEMA):
        assert text_of(chunks) == JSON[:8]


@pytest.mark.parametrize(
    "refusal",
    [
        Status(400),
        Status(422),
        Status(500, {"error": {"message": "failed to parse grammar", "type": "server_error"}}),
    ],
    ids=lambda refusal: str(refusal.code),
)
def test_a_refused_schema_is_left_out_from_then_on(scripted_server, refusal):
    for stream in ("sync", "async"):
        server = scripted_server(lambda body: refusal if "response_format" in body else Says(TEXT))
        model = opened(server, structured="on")
        for turn in (1, 2):
            chunks = (
                list(model.stream(ASKED, SCHEMA))
                if stream == "sync"
                else asyncio.run(collected(model, SCHEMA))
            )
            assert text_of(chunks) == TEXT
            assert len(server.requests) == turn + 1
        assert not model.takes_schema


def test_a_call_refused_for_another_reason_keeps_the_schema(scripted_server):
    model = opened(scripted_server(lambda _: Status(400)), structured="on")
    with pytest.raises(ModelUnavailableError, match="HTTP 400"):
        list(model.stream(ASKED, SCHEMA))
    assert model.takes_schema


def test_a_schema_is_left_out_where_the_model_is_not_known_to_take_one(scripted_server):
    server = scripted_server(lambda _: Says(TEXT))
    for structured in ("auto", "off"):
        model = opened(server, structured=structured)
        assert not model.takes_schema
        list(model.stream(ASKED, SCHEMA))
        assert "response_format" not in server.request.body


def test_profiles_tell_context_and_schema(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none-at-all")
    model = ChatModel.open("openai:gpt-4o-mini")
    assert model.context_tokens == 128000
    assert model.takes_schema
    assert ChatModel.open("openai:gpt-5-mini").max_output_tokens > 4096


def test_another_server_is_not_taken_for_the_provider_of_the_name(scripted_server):
    server = scripted_server()
    server.model = "gpt-4o-mini"
    model = opened(server)
    assert model.context_tokens == 4096
    assert not model.takes_schema


async def test_many_calls_at_once_keep_their_texts_apart(scripted_server):
    server = scripted_server(lambda body: Says(body["messages"][0]["content"] * 9, delay=0.01))
    model = opened(server)

    async def asked(word):
        return text_of([chunk async for chunk in model.astream([("user", word)])])

    words = [f"word{number} " for number in range(8)]
    assert await asyncio.gather(*map(asked, words)) == [word * 9 for word in words]


def test_one_model_serves_several_event_loops(scripted_server):
    model = opened(scripted_server(lambda _: Says(TEXT)))
    for _ in range(3):
        assert text_of(asyncio.run(collected(model))) == TEXT


def test_calls_are_spread_over_time_when_asked(scripted_server):
    server = scripted_server(lambda _: Says(TEXT))
    model = opened(server, requests_per_second=2)
    started = time.monotonic()
    for _ in range(3):
        list(model.stream(ASKED))
    assert server.requests[0].at - started < 0.4
    assert 0.8 < server.requests[2].at - started < 5


def test_callbacks_of_a_chain_see_the_model(scripted_server):
    model = opened(scripted_server(lambda _: Says(TEXT)))

    chain = chain_of(model)
    seen, async_seen = Seen(), Seen()
    list(chain.stream("go", config={"callbacks": [seen]}))

    async def run():
        return [chunk async for chunk in chain.astream("go", config={"callbacks": [async_seen]})]

    assert text_of(asyncio.run(run())) == TEXT
    for each in (seen, async_seen):
        assert [event[:2] for event in each.events] == [("start", ASKED[1][1]), ("end", TEXT)]


def test_a_model_of_langchain_is_used_as_it_is():
    model = ChatModel.open(GenericFakeChatModel(messages=iter([AIMessage(TEXT)])))
    assert model.name == "generic-fake-chat-model"
    assert not model.takes_schema
    assert model.context_tokens == 4096
    assert text_of(model.stream(ASKED, SCHEMA)) == TEXT


def test_a_model_of_langchain_that_takes_no_schema_is_not_given_one():
    model = ChatModel.open(FakeListChatModel(responses=[TEXT]), ModelOptions(structured="on"))
    assert not model.takes_schema
    assert text_of(model.stream(ASKED, SCHEMA)) == TEXT


class Failing(FakeListChatModel):
    failures: int = 0

    def _stream(self, *args, **options):
        if self.failures:
            self.failures -= 1
            raise ConnectionResetError("peer")
        yield from super()._stream(*args, **options)


def test_a_model_of_langchain_is_tried_again_too():
    model = ChatModel.open(Failing(responses=[TEXT], failures=1), ModelOptions(retries=1))
    assert text_of(model.stream(ASKED)) == TEXT


def test_replies_are_kept_only_when_asked_and_complete(scripted_server, tmp_path):
    server = scripted_server(lambda _: Says(TEXT))
    kept = opened(server, cache=tmp_path)
    assert [text_of(chunks) for chunks in both(kept)] == [TEXT, TEXT]
    again = opened(server, cache=tmp_path)
    (chunk,) = again.stream(ASKED)
    assert chunk == Chunk(TEXT, Usage(0, 0), cached=True)
    assert len(server.requests) == 1
    list(opened(server).stream(ASKED))
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "turn",
    [Says(TEXT, finish="length"), Says(TEXT, finish="content_filter"), CutOff(TEXT, after=8)],
    ids=["limit", "filter", "cut"],
)
def test_parts_of_replies_are_not_kept(scripted_server, tmp_path, turn):
    server = scripted_server(lambda _: turn)
    model = opened(server, cache=tmp_path)
    list(both(model))
    assert len(server.requests) == 2


def test_a_reply_that_was_stopped_is_not_kept(scripted_server, tmp_path):
    server = scripted_server(lambda _: Says(TEXT))
    model = opened(server, cache=tmp_path)
    chunks = model.stream(ASKED)
    next(chunks)
    chunks.close()
    assert not next(iter(model.stream(ASKED))).cached


@pytest.mark.parametrize(
    "other",
    [
        {"temperature": 0.7},
        {"max_output_tokens": 100},
        {"structured": "on"},
    ],
    ids=str,
)
def test_other_parameters_are_another_call(scripted_server, tmp_path, other):
    server = scripted_server(lambda _: Says(JSON))
    for options in ({}, other):
        list(opened(server, cache=tmp_path, **options).stream(ASKED, SCHEMA))
    assert len(server.requests) == 2


def test_another_model_is_another_call_and_another_timeout_is_not(scripted_server, tmp_path):
    server = scripted_server(lambda body: Says(f"I am {body['model']}."))
    list(opened(server, cache=tmp_path).stream(ASKED))
    assert text_of(opened(server, cache=tmp_path, timeout=9, retries=0).stream(ASKED)) == (
        "I am scripted."
    )
    assert len(server.requests) == 1
    server.model = "other"
    assert text_of(opened(server, cache=tmp_path).stream(ASKED)) == "I am other."


def test_a_provider_without_an_extra_works_when_its_package_is_there(monkeypatch):
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "none-at-all")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_VERSION", "1")
    model = ChatModel.open("azure_openai:gpt-4o")
    assert (model.name, model.context_tokens) == ("azure_openai:gpt-4o", 128000)
