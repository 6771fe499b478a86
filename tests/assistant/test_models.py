import asyncio
import json
import logging
import subprocess
import sys
import time
from contextlib import aclosing
from itertools import count

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import FakeListChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableGenerator
from model_servers import CutOff, Empty, Garbage, Hangs, Says, Status, WithReasoning
from model_wires import anthropic_events, ollama_lines, serving

from assistant.errors import (
    ModelAccessError,
    ModelCutOffError,
    ModelRateLimitError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnavailableError,
    SettingsError,
)
from assistant.model_types import Chunk, ModelOptions, Usage
from assistant.models import ChatModel
from index.errors import ModelError, VerbatimError

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


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in (*KEYS, *ADDRESSES):
        monkeypatch.delenv(name, raising=False)


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
    server = scripted_server(lambda _: Says("abcd" * 5, delay=0.1))
    started = time.monotonic()
    chunks = opened(server).stream(ASKED)
    assert next(chunks) == Chunk("abcd")
    assert time.monotonic() - started < 0.3
    assert text_of(chunks) == "abcd" * 4


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


@pytest.mark.parametrize("fault", [Status(429, retry_after=0.05), Status(500), Status(503)])
def test_passing_faults_are_tried_again(scripted_server, fault):
    server = scripted_server(fault, Says(TEXT), fault, Says(TEXT))
    assert [text_of(chunks) for chunks in both(opened(server))] == [TEXT, TEXT]
    assert len(server.requests) == 4


@pytest.mark.parametrize("how", ["closed", "reset", "quietly", "error"])
def test_a_break_before_any_text_is_tried_again(scripted_server, how):
    cut = CutOff(TEXT, after=0, how=how)
    server = scripted_server(cut, Says(TEXT), cut, Says(TEXT))
    assert [text_of(chunks) for chunks in both(opened(server))] == [TEXT, TEXT]


@pytest.mark.parametrize("how", ["closed", "reset", "quietly", "error"])
def test_a_break_after_text_is_reported_at_once(scripted_server, how):
    server = scripted_server(lambda _: CutOff(TEXT, after=8, how=how))
    model = opened(server)
    chunks = model.stream(ASKED)
    assert next(chunks).text == TEXT[:4]
    with pytest.raises(ModelCutOffError, match="broke off after 8 characters"):
        list(chunks)
    with pytest.raises(ModelCutOffError, match="broke off after 8 characters"):
        asyncio.run(collected(model))
    assert len(server.requests) == 2


def test_retries_wait_longer_each_time_and_end(scripted_server):
    server = scripted_server(lambda _: Status(503))
    with pytest.raises(ModelUnavailableError, match="HTTP 503"):
        list(opened(server, retries=2).stream(ASKED))
    first, second, third = (request.at for request in server.requests)
    assert 0.4 < second - first < 1.5
    assert 0.9 < third - second < 2.0


def test_a_server_that_asks_for_a_long_wait_is_not_waited_for(scripted_server):
    server = scripted_server(lambda _: Status(429, retry_after=3600))
    for error in both(opened(server)):
        assert isinstance(error, ModelRateLimitError)
        assert "asks to wait 3600 seconds" in str(error)
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_refusals_are_not_tried_again(scripted_server, code):
    server = scripted_server(lambda _: Status(code))
    for error in both(opened(server)):
        assert isinstance(error, ModelError)
        assert f"HTTP {code}" in str(error)
    assert len(server.requests) == 2


def test_silence_runs_into_the_timeout(scripted_server):
    server = scripted_server(lambda _: Hangs())
    started = time.monotonic()
    for error in both(opened(server, timeout=0.3, retries=0)):
        assert isinstance(error, ModelTimeoutError)
    assert time.monotonic() - started < 3


def test_silence_in_the_middle_runs_into_the_timeout_and_slowness_does_not(scripted_server):
    server = scripted_server(lambda _: Hangs(before="Russia"))
    for error in both(opened(server, timeout=0.3)):
        assert isinstance(error, ModelCutOffError)
    server = scripted_server(lambda _: Says("abcd" * 6, delay=0.1))
    for chunks in both(opened(server, timeout=0.3)):
        assert text_of(chunks) == "abcd" * 6


@pytest.mark.parametrize(
    "reply",
    [
        Garbage(),
        Garbage(b"data: {\n\n", "text/event-stream"),
        Garbage(b"data: [1, 2]\n\n", "text/event-stream"),
        Garbage(b"\xff\xfe\x00", "application/octet-stream"),
        Empty(),
        Says(" \n"),
    ],
    ids=count(),
)
def test_what_is_no_reply_is_an_error(scripted_server, reply):
    for error in both(opened(scripted_server(lambda _: reply), retries=0)):
        assert isinstance(error, ModelReplyError)
        assert "Expected a reply of the model openai:scripted" in str(error)


def test_nobody_listens(scripted_server):
    server = scripted_server()
    server.close()
    for error in both(opened(server, retries=0)):
        assert isinstance(error, ModelUnavailableError)
        assert f"Check that it runs at http://127.0.0.1:{server.port}." in str(error)


def test_closing_the_stream_closes_the_connection(scripted_server):
    server = scripted_server(lambda _: Says("abcd" * 100, delay=0.05))
    chunks = opened(server).stream(ASKED)
    next(chunks)
    chunks.close()
    assert server.request.wait(2)
    assert server.request.left


async def test_closing_the_async_stream_closes_the_connection(scripted_server):
    server = scripted_server(lambda _: Says("abcd" * 100, delay=0.05))
    async with aclosing(opened(server).astream(ASKED)) as chunks:
        await anext(chunks)
    assert await asyncio.to_thread(server.request.wait, 2)
    assert server.request.left


@pytest.mark.parametrize("turn", [Says("abcd" * 100, delay=0.05), Hangs()], ids=["text", "silence"])
async def test_a_cancelled_task_closes_the_connection(scripted_server, turn):
    server = scripted_server(lambda _: turn)
    task = asyncio.create_task(collected(opened(server, timeout=30)))
    while not server.requests:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.request.wait, 2)
    assert server.request.left


@pytest.mark.parametrize(
    ("name", "events"),
    [("ollama:m", ollama_lines("abcd" * 99)), ("anthropic:m", anthropic_events("abcd" * 99))],
)
def test_closing_the_stream_closes_other_providers_connections(name, events):
    with serving(events, delay=0.02) as server:
        chunks = ChatModel.open(name, ModelOptions(base_url=server.url)).stream(ASKED)
        assert next(chunks).text == "abcd"
        chunks.close()
        assert server.left.wait(2)


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
    model = opened(server, requests_per_second=4)
    started = time.monotonic()
    for _ in range(3):
        list(model.stream(ASKED))
    assert server.requests[0].at - started < 0.2
    assert 0.4 < server.requests[2].at - started < 1.2


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


@pytest.mark.parametrize("name", ["", " ", "openai:", ":gpt-4o", "openai: ", "foo:bar", "qwen3:4b"])
def test_a_name_that_names_no_model(name):
    with pytest.raises(ModelUnavailableError, match=r"such as openai:gpt-4o-mini.*found '"):
        ChatModel.open(name)


def test_a_thing_that_is_no_model():
    with pytest.raises(ModelUnavailableError, match="or a BaseChatModel of LangChain, found int"):
        ChatModel.open(3)


def test_a_package_that_is_not_installed():
    with pytest.raises(ModelUnavailableError, match="Run: pip install langchain-fireworks"):
        ChatModel.open("fireworks:some-model")


@pytest.mark.parametrize("missing", ["langchain", "langchain_ollama"])
def test_an_extra_that_is_not_installed(missing):
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from assistant.models import ChatModel\n"
        "try: ChatModel.open('ollama:qwen3:4b')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    told = ran(program)
    assert told.startswith("ModelUnavailableError Expected the packages for ollama models")
    assert 'pip install "verbatim-assistant[ollama]"' in told


@pytest.mark.parametrize(
    ("name", "variable"),
    [("openai:gpt-4o-mini", "OPENAI_API_KEY"), ("anthropic:claude-haiku-4-5", "ANTHROPIC_API_KEY")],
)
def test_a_missing_key_is_named(name, variable):
    with pytest.raises(ModelAccessError, match=f"environment variable {variable}"):
        ChatModel.open(name)


def test_a_server_of_ones_own_needs_no_key_but_gets_one_that_is_there(scripted_server, monkeypatch):
    server = scripted_server(lambda _: Says(TEXT))
    assert text_of(opened(server).stream(ASKED)) == TEXT
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    assert text_of(ChatModel.open("openai:scripted").stream(ASKED)) == TEXT


SECRETS = {"OPENAI_API_KEY": "sk-proj-AbCd1234EfGh5678", "OTHER_TOKEN": "correct horse battery"}


def test_keys_are_in_no_message_log_trace_or_name(scripted_server, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    echoes = " and ".join(SECRETS.values())
    server = scripted_server(
        lambda _: Status(401, {"error": {"message": f"Incorrect API key provided: {echoes}"}})
    )
    model, seen = opened(server), Seen()
    shown = [repr(model), model.name]
    with pytest.raises(ModelAccessError) as caught:
        list(chain_of(model).stream("go", config={"callbacks": [seen]}))
    error = caught.value
    shown += [repr(error), repr(error.__cause__), str(error.__suppress_context__), caplog.text]
    shown += [str(event) for event in seen.events]
    assert error.__suppress_context__
    assert server.request.keyed
    for value in SECRETS.values():
        assert not any(value in text for text in shown)


def test_a_key_with_a_line_break_is_reported_without_it(scripted_server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret\nkey-of-mine")
    for error in both(opened(scripted_server(), retries=0)):
        assert isinstance(error, ModelAccessError)
        assert "key-of-mine" not in f"{error!r} {error.__cause__!r}"


@pytest.mark.parametrize(
    "address", ["http://user:pass1234@127.0.0.1/v1", "http://127.0.0.1/v1?api_key=abc12345"]
)
def test_an_address_with_a_password_is_refused_and_not_shown(address):
    with pytest.raises(ModelAccessError, match="without a password") as caught:
        ChatModel.open("openai:m", ModelOptions(base_url=address))
    assert "pass1234" not in str(caught.value)
    assert "abc12345" not in str(caught.value)


def test_an_address_without_a_scheme_is_refused():
    with pytest.raises(ModelUnavailableError, match=r"like http://127.0.0.1:8080/v1, found 'local"):
        ChatModel.open("openai:m", ModelOptions(base_url="localhost:8080"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": 0},
        {"retries": -1},
        {"requests_per_second": 0},
        {"context_tokens": 10},
        {"max_output_tokens": 0},
        {"temperature": 3},
        {"structured": "maybe"},
    ],
    ids=str,
)
def test_options_out_of_range(wrong):
    with pytest.raises(SettingsError, match=r"Expected .* found"):
        ModelOptions(**wrong)


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


def test_importing_types_and_errors_loads_no_library():
    program = (
        "import sys, assistant.model_types, assistant.model_errors, assistant.model_providers\n"
        "print([name for name in ('langchain', 'langchain_core', 'openai') if name in sys.modules])"
    )
    told = ran(program)
    assert told.strip() == "[]"
