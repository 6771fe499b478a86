"""The scripted server, through LangChain's client for OpenAI-compatible servers."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import openai
import pytest
from langchain_openai import ChatOpenAI
from model_servers import (
    TOO_LONG,
    TOO_LONG_LLAMA_CPP,
    CutOff,
    Empty,
    Garbage,
    Hangs,
    Says,
    Status,
    WithReasoning,
)

TEXT = "Russia sold the tanks in 2019. [1.2] [2.1]\nNobody paid “in full”. [3.1]"
SCHEMA = {"name": "reply", "schema": {"type": "object"}}


def client(server, **options):
    defaults = {"api_key": "sk-secret", "max_retries": 0, "timeout": 5, "stream_usage": True}
    return ChatOpenAI(base_url=server.base_url, model=server.model, **{**defaults, **options})


def read(model, prompt="Who sold them?"):
    return "".join(chunk.text for chunk in model.stream(prompt))


def test_speaks_in_events_with_the_usage_last(scripted_server):
    server = scripted_server(Says(TEXT, chunk=5, cost=0.002))
    chunks = list(client(server).stream("Who sold them?"))
    assert "".join(chunk.text for chunk in chunks) == TEXT
    assert len([chunk for chunk in chunks if chunk.text]) == -(-len(TEXT) // 5)
    usage = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    assert [(one["input_tokens"], one["output_tokens"]) for one in usage] == [(3, 15)]
    assert [c.response_metadata.get("finish_reason") for c in chunks].count("stop") == 1


def test_speaks_whole(scripted_server):
    server = scripted_server(Says(TEXT))
    message = client(server, streaming=False).invoke("Who sold them?")
    assert message.text == TEXT
    assert message.usage_metadata["input_tokens"] == 3
    assert not server.request.streamed


def test_sends_no_usage_unasked(scripted_server):
    server = scripted_server(Says(TEXT))
    chunks = list(client(server, stream_usage=False).stream("Who sold them?"))
    assert not any(chunk.usage_metadata for chunk in chunks)


def test_records_requests_without_their_key(scripted_server):
    server = scripted_server(Says("A."), Says("B."))
    assert read(client(server), "first") == "A."
    assert read(client(server, temperature=0.5), "second") == "B."
    first, second = server.requests
    assert (first.prompt, second.prompt) == ("first", "second")
    assert second.body["temperature"] == 0.5
    assert first.keyed
    assert first.headers["content-type"] == "application/json"
    assert "sk-secret" not in repr(server.requests)


def test_refuses_what_is_beyond_the_script(scripted_server):
    server = scripted_server(Says("A."))
    read(client(server))
    with pytest.raises(openai.BadRequestError, match="script is over"):
        read(client(server))


def test_follows_a_function(scripted_server):
    def script(body):
        if "response_format" in body:
            return Status(400, {"error": {"message": "response_format is not supported"}})
        return Says(body["messages"][-1]["content"].upper())

    server = scripted_server(script)
    assert read(client(server), "hello") == "HELLO"
    form = {"type": "json_schema", "json_schema": SCHEMA}
    with pytest.raises(openai.BadRequestError, match="not supported"):
        read(client(server).bind(response_format=form))
    assert server.request.body["response_format"]["type"] == "json_schema"


def test_takes_its_time(scripted_server):
    server = scripted_server(Says("abcd", chunk=1, first_delay=0.2, delay=0.05))
    begun = time.monotonic()
    times = [time.monotonic() - begun for chunk in client(server).stream("?") if chunk.text]
    assert times[0] >= 0.2
    assert times[-1] >= 0.35


@pytest.mark.parametrize("how", ["closed", "reset"])
def test_cuts_the_connection_in_mid_stream(scripted_server, how):
    server = scripted_server(CutOff(TEXT, after=20, how=how))
    got = []
    with pytest.raises((httpx2.TransportError, openai.APIConnectionError)):
        got.extend(chunk.text for chunk in client(server).stream("?"))
    assert server.request.text == TEXT[:20]
    assert not server.request.left


def test_ends_a_stream_without_a_word(scripted_server):
    server = scripted_server(CutOff(TEXT, after=20, how="quietly"))
    chunks = list(client(server).stream("?"))
    assert "".join(chunk.text for chunk in chunks) == TEXT[:20]
    assert not any(chunk.response_metadata.get("finish_reason") for chunk in chunks)


def test_reports_an_error_in_mid_stream(scripted_server):
    server = scripted_server(CutOff(TEXT, after=20, how="error"))
    with pytest.raises(openai.APIError, match="engine died"):
        read(client(server))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (401, openai.AuthenticationError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_refuses_with_a_status(scripted_server, code, error):
    with pytest.raises(error) as raised:
        read(client(scripted_server(Status(code, retry_after=1.5))))
    assert raised.value.response.headers["retry-after"] == "1.5"


def test_refuses_with_text(scripted_server):
    with pytest.raises(openai.InternalServerError, match="upstream gone"):
        read(client(scripted_server(Status(502, "upstream gone"))))


@pytest.mark.parametrize("turn", [TOO_LONG, TOO_LONG_LLAMA_CPP])
def test_refuses_long_prompts_as_servers_do(scripted_server, turn):
    with pytest.raises(openai.BadRequestError, match="context"):
        read(client(scripted_server(turn)))


def test_recovers_for_a_client_that_tries_again(scripted_server):
    server = scripted_server(Status(429, retry_after=0.05), Status(500), Says("Here."))
    assert read(client(server, max_retries=2)) == "Here."
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("turn", "error"),
    [
        (Garbage(), ValueError),
        (Garbage(b'data: {"id": "x", "choi\n\n', "text/event-stream"), ValueError),
        (Garbage(b'data: [1]\n\ndata: "x"\n\n', "text/event-stream"), AttributeError),
        (Garbage(b"\xff\xfe\x00", "application/octet-stream"), UnicodeDecodeError),
    ],
)
def test_sends_garbage(scripted_server, turn, error):
    with pytest.raises(error):
        read(client(scripted_server(turn)))


def test_hangs(scripted_server):
    server = scripted_server(Hangs(), Hangs(before="Russia"))
    with pytest.raises(openai.APITimeoutError):
        read(client(server, timeout=0.3))
    got = []
    with pytest.raises((httpx2.ReadTimeout, openai.APITimeoutError)):
        got.extend(chunk.text for chunk in client(server, timeout=0.3).stream("?"))
    assert all(request.wait() and request.left for request in server.requests)


def test_says_nothing(scripted_server):
    assert read(client(scripted_server(Empty()))) == ""


def test_thinks_first(scripted_server):
    server = scripted_server(WithReasoning("Let me see.", "Russia."))
    assert read(client(server)) == "Russia."
    assert server.request.text == "Russia."
    assert server.request.events == 2


def test_notices_at_once_that_the_client_stopped(scripted_server):
    server = scripted_server(Says("x" * 1000, chunk=1, delay=0.02))
    stream = client(server).stream("?")
    for _ in range(5):
        next(stream)
    stream.close()
    assert server.request.wait(2)
    assert server.request.left
    assert server.request.left_after < 1
    assert server.request.events < 50


async def test_serves_async_clients_side_by_side(scripted_server):
    server = scripted_server(lambda body: Says(body["messages"][0]["content"], delay=0.3))

    async def read_async(prompt):
        return "".join([chunk.text async for chunk in client(server).astream(prompt)])

    begun = time.monotonic()
    prompts = [f"question {number}" for number in range(10)]
    assert await asyncio.gather(*map(read_async, prompts)) == prompts
    assert time.monotonic() - begun < 5  # one after the other they take ten


def test_serves_threads_side_by_side(scripted_server):
    server = scripted_server(lambda body: Says(body["messages"][0]["content"], delay=0.02))
    model = client(server)
    prompts = [f"question {number}" for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda prompt: read(model, prompt), prompts)) == prompts


def test_lists_its_model(scripted_server):
    server = scripted_server(model="tiny", context=4096)
    (entry,) = httpx2.get(f"{server.base_url}/models").json()["data"]
    assert (entry["id"], entry["max_model_len"]) == ("tiny", 4096)


def test_closing_ends_replies_and_frees_the_port(scripted_server):
    server = scripted_server(Hangs())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(read, client(server))
        while not server.requests:
            time.sleep(0.01)
        server.close()
        with pytest.raises(openai.APIConnectionError):
            waiting.result(5)
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{server.base_url}/models")
