import asyncio
import time
from contextlib import aclosing
from itertools import count

import pytest
from model_calls import (
    ADDRESSES,
    ASKED,
    KEYS,
    TEXT,
    both,
    collected,
    opened,
    text_of,
    usage_of,
)
from model_servers import CutOff, Empty, Garbage, Hangs, Says, Status
from model_wires import anthropic_events, ollama_lines, serving

from assistant.errors import (
    ModelCutOffError,
    ModelRateLimitError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from assistant.model_types import ModelOptions
from assistant.models import ChatModel
from index.errors import ModelError


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in (*KEYS, *ADDRESSES):
        monkeypatch.delenv(name, raising=False)


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
    assert 0.4 < second - first < 10
    assert 0.9 < third - second < 10


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
    server = scripted_server(lambda _: Says("abcd" * 8, delay=0.15))
    for chunks in both(opened(server, timeout=1.0)):  # all of it takes longer
        assert text_of(chunks) == "abcd" * 8


@pytest.mark.parametrize(
    "reply",
    [
        Garbage(),
        Garbage(b"data: {\n\n", "text/event-stream"),
        Garbage(b"data: [1, 2]\n\n", "text/event-stream"),
        Garbage(b"\xff\xfe\x00", "application/octet-stream"),
    ],
    ids=count(),
)
def test_what_is_no_reply_is_an_error(scripted_server, reply):
    for error in both(opened(scripted_server(lambda _: reply), retries=0)):
        assert isinstance(error, ModelReplyError)
        assert "Expected a reply of the model openai:scripted" in str(error)


def test_a_model_may_write_nothing_and_that_is_not_kept(scripted_server, tmp_path):
    server = scripted_server(lambda _: Empty())
    for chunks in both(opened(server, cache=tmp_path)):
        assert text_of(chunks) == ""
        assert usage_of(chunks).input_tokens > 0
    assert len(server.requests) == 2


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
