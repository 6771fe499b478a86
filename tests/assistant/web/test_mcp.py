"""The tools of the Model Context Protocol, called by its official client over HTTP."""

import asyncio
import subprocess
import sys
import textwrap
import time

import httpx
import httpx2
import pytest
from account_files import account_file
from api_texts import CARS_QUESTION, assert_left, first_request
from jsonschema import validate
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp_types.version import LATEST_MODERN_VERSION
from model_servers import Hangs
from web_texts import BUYERS, SHARE, HandDesk

from assistant.settings import load_settings
from assistant.web.mcp_tools import TOOLS
from assistant.web.opening import site_options

MODES = ("auto", "legacy")
"""The protocol without a handshake, and the one with it that most programs still speak."""


@pytest.fixture(scope="module")
def desk():
    return HandDesk()


@pytest.fixture(scope="module")
def url(serving, desk):
    return serving(desk, mcp=True)


def call(url, name, arguments=None, mode="auto"):
    async def called():
        async with Client(f"{url}/mcp", mode=mode) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(called())


@pytest.mark.parametrize("mode", MODES)
def test_three_tools_that_read_are_listed(url, mode):
    async def listed():
        async with Client(f"{url}/mcp", mode=mode) as client:
            assert "verbatim quotes" in client.instructions
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == {"ask", "search", "documents"}
    assert tools["ask"].title == "Ask the documents"
    assert tools["ask"].input_schema["required"] == ["question"]
    assert tools["search"].input_schema["properties"]["k"]["default"] == 8
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema["type"] == "object"


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_has_its_citations_as_data(url, desk, mode):
    arguments = {
        "question": "Who supplied it – „Панцирь“ oder 防空?",
        "history": [["Before?", "Yes."]],
        "where": {"authors": "Anna"},
    }
    result = call(url, "ask", arguments, mode)
    answer = result.structured_content
    validate(answer, TOOLS["ask"]["output"])
    assert not result.is_error
    assert answer["question"] == arguments["question"]
    assert [each["quote"]["text"] for each in answer["citations"]] == [SHARE, BUYERS]
    assert answer["citations"][0]["document"]["authors"] == ["Anna Example"]
    assert SHARE in result.content[0].text
    assert desk.histories[-1] == [("Before?", "Yes.")]


def test_an_abstention_is_no_error(url):
    result = call(url, "ask", {"question": "What will the weather be?"})
    assert not result.is_error
    assert result.structured_content["status"] == "abstained"
    assert result.structured_content["reason"] == "No passage speaks of the weather."
    assert result.structured_content["nearest"][0]["document"]["title"] == "Who armed Armenia?"


def test_search_and_documents(url):
    found = call(url, "search", {"query": "arms", "k": 1}).structured_content
    validate(found, TOOLS["search"]["output"])
    assert [hit["rank"] for hit in found["hits"]] == [1]
    listed = call(url, "documents").structured_content
    validate(listed, TOOLS["documents"]["output"])
    assert listed["documents"][0]["published"] == "2023-10-31"


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("ask", {}, "argument question as text"),
        ("ask", {"question": "  "}, "got none"),
        ("ask", {"question": "x" * 5_000}, "at most 4,000"),
        ("ask", {"question": "Who?", "history": ["Before?"]}, "pairs"),
        ("ask", {"question": "Who?", "where": {"autor": "Anna"}}, "it has no autor"),
        ("ask", {"question": "Who?", "temperature": 1}, "it has no temperature"),
        ("ask", {"question": "Is the model there?"}, "Start it, then ask again"),
        ("search", {"query": "arms", "k": 51}, "from 1 to 50"),
        ("search", {"query": "arms", "k": "8"}, "from 1 to 50"),
        ("documents", {"all": True}, "takes no arguments"),
    ],
)
def test_what_a_caller_can_mend_is_said_in_the_result(url, name, arguments, message):
    result = call(url, name, arguments)
    assert result.is_error
    assert message in result.content[0].text


def test_an_unexpected_error_keeps_its_details(url):
    result = call(url, "ask", {"question": "a bug"})
    assert result.is_error
    assert "went wrong" in result.content[0].text
    assert "secret" not in result.content[0].text


def test_an_unknown_tool_is_an_error_of_the_protocol(url):
    async def called():
        async with Client(f"{url}/mcp") as client:
            with pytest.raises(MCPError, match="Expected a tool of ask, search, documents"):
                await client.call_tool("delete", {})
        return True

    assert asyncio.run(called())


@pytest.mark.parametrize("mode", MODES)
def test_a_client_that_leaves_stops_the_model(scripted_site, mode):
    url, server = scripted_site(Hangs(), site_options={"mcp": True})

    async def left():
        async with Client(f"{url}/mcp", mode=mode) as client:
            asking = asyncio.create_task(client.call_tool("ask", {"question": CARS_QUESTION}))
            request = await asyncio.to_thread(first_request, server)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            return request, time.monotonic()

    request, since = asyncio.run(left())
    assert_left(request, since, within=2.0)


def test_only_questions_are_counted(serving):
    url = serving(HandDesk(), mcp=True, questions_per_minute=1)
    assert not call(url, "ask", {"question": "Who?"}).is_error
    assert not call(url, "search", {"query": "arms"}).is_error
    refused = call(url, "ask", {"question": "Who?"})
    assert refused.is_error
    assert "ask again in" in refused.content[0].text


def test_pages_of_other_sites_are_refused(url):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    response = httpx.post(f"{url}/mcp", json=body, headers={"Origin": "http://evil.example"})
    assert response.status_code == 403


RPC = "application/json"
BOTH = "application/json, text/event-stream"


@pytest.mark.parametrize("version", [None, LATEST_MODERN_VERSION], ids=MODES[::-1])
@pytest.mark.parametrize(
    ("method", "kind", "accept", "body", "expected"),
    [
        ("POST", "text/plain", BOTH, b"{}", "Content-Type: application/json, found"),
        ("POST", "", BOTH, b"{}", "Content-Type: application/json, found"),
        ("POST", RPC, "text/html", b"{}", "application/json"),
        ("POST", RPC, BOTH, b"{", "Parse error: "),
        ("POST", RPC, BOTH, b"[]", ""),
        ("POST", RPC, BOTH, b'{"jsonrpc": "2.0", "id": 1, "method": 3}', ""),
        ("PUT", RPC, BOTH, b"{}", ""),
        ("DELETE", RPC, BOTH, b"", ""),
    ],
)
def test_every_refusal_is_json_with_a_sentence(url, version, method, kind, accept, body, expected):
    headers = {"Content-Type": kind, "Accept": accept}
    if version:
        headers["MCP-Protocol-Version"] = version
    response = httpx.request(method, f"{url}/mcp", content=body, headers=headers)
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/json"
    said = response.json()
    assert said["jsonrpc"] == "2.0"
    assert expected in said["error"]["message"]
    assert len(said["error"]["message"].split()) >= 3


def test_where_people_sign_in_strangers_are_refused(serving, tmp_path):
    account_file(tmp_path / "accounts")
    url = serving(HandDesk(), mcp=True, auth_file=tmp_path / "accounts")
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(f"{url}/mcp", json=body).status_code == 401


@pytest.mark.parametrize("mode", MODES)
def test_where_people_sign_in_a_token_opens_the_tools(serving, tmp_path, mode):
    token = account_file(tmp_path / "accounts")["anna"]
    url = serving(HandDesk(), mcp=True, auth_file=tmp_path / "accounts")

    async def asked(given):
        headers = {"Authorization": f"Bearer {given}"}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{url}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                return await client.call_tool("ask", {"question": "Who supplied it?"})

    answer = asyncio.run(asked(token)).structured_content
    assert [each["quote"]["text"] for each in answer["citations"]] == [SHARE, BUYERS]
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(asked(token[::-1]))
    assert caught.group_contains(MCPError, match="error response")


def test_there_is_nothing_without_the_option(site):
    assert httpx.post(f"{site.url}/mcp", json={}).status_code in (404, 405)


def test_the_option_says_what_to_install():
    code = """
        import sys
        sys.modules["mcp_types"] = None  # as where it is not installed
        from assistant.cli import main
        sys.exit(main(["chat", "--mcp", "--port", "7999"]))
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "pip install 'verbatim-assistant[mcp]'" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_option_reaches_the_site():
    settings = load_settings({"mcp": True})
    assert site_options(settings, lambda line: None).mcp
    assert not site_options(load_settings({}), lambda line: None).mcp
