"""The API like OpenAI's, asked by OpenAI's own client and by LangChain's."""

import json
import socket
import time
from dataclasses import replace

import httpx
import openai
import pytest
from account_files import account_file
from api_texts import CARS, CARS_QUESTION, FALSE, assert_left, first_request, writes
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from model_servers import Hangs, Says, Status
from web_texts import BUYERS, HOSTILE, SHARE, HandDesk, answer_from

from assistant.web.openai_api import LARGEST_BODY
from assistant.web.openai_reply import as_told
from assistant.web.places import MOST_ANSWERING

WHO = [{"role": "user", "content": "Who supplied it?"}]
CARS_MESSAGES = [{"role": "user", "content": CARS_QUESTION}]


def client_of(url, key="none"):
    return openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)


@pytest.fixture(scope="module")
def client(site):
    with client_of(site.url) as client:
        yield client


def ask(client, messages=WHO, **options):
    return client.chat.completions.create(model="verbatim", messages=messages, **options)


def streamed(client, messages=WHO, **options):
    """A stream's content and its chunks."""
    chunks = list(ask(client, messages, stream=True, **options))
    content = [c.choices[0].delta.content for c in chunks if c.choices]
    return "".join(filter(None, content)), chunks


def test_the_models(client):
    assert [model.id for model in client.models.list()] == ["verbatim", "verbatim-extractive"]
    assert client.models.retrieve("verbatim").owned_by == "verbatim"
    with pytest.raises(openai.NotFoundError, match="found 'gpt-5'"):
        client.models.retrieve("gpt-5")


def test_an_answer_has_its_quotes_in_content_and_data(client):
    completion = ask(client)
    message = completion.choices[0].message
    text, _, sources = message.content.partition("\n\n---\n\n")
    buyers = BUYERS.replace("[2]", "\\[2\\]")
    said = [f"Anna Example wrote: “{SHARE}” [1]", f"Anna Example wrote: “{buyers}” [2]"]
    assert text == "\n\n".join(said)
    assert sources.split("\n\n")[0] == (
        f"[1] Anna Example, “Who armed Armenia?”, Example Institute, October 31, 2023: “{SHARE}”"
    )
    answer = message.verbatim
    assert answer["status"] == "answered"
    assert [each["quote"]["text"] for each in answer["citations"]] == [SHARE, BUYERS]
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == 0
    assert completion.model == "verbatim"
    assert completion.id.startswith("chatcmpl-")


def test_a_stream_is_the_whole_reply_statement_by_statement(client):
    content, chunks = streamed(client)
    whole = ask(client).choices[0].message
    assert content == whole.content
    assert [bool(chunk.choices[0].delta.content) for chunk in chunks] == [False, *[True] * 3, False]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[1].choices[0].delta.content == f"Anna Example wrote: “{SHARE}” [1]"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].choices[0].delta.verbatim == whole.verbatim
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_usage_comes_last_in_a_stream_where_it_is_wanted(client):
    _, chunks = streamed(client, stream_options={"include_usage": True})
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == 0
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_the_events_are_as_openai_sends_them(site):
    body = {"model": "verbatim", "messages": WHO, "stream": True}
    response = httpx.post(f"{site.url}/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, last, empty = response.text.split("\n\n")
    assert (last, empty) == ("data: [DONE]", "")
    kinds = {json.loads(event.removeprefix("data: "))["object"] for event in events}
    assert kinds == {"chat.completion.chunk"}


def test_openais_stream_helper_gathers_the_answer(client):
    with client.chat.completions.stream(model="verbatim", messages=WHO) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.content.startswith("Anna Example wrote")
    assert message.verbatim["citations"][0]["quote"]["text"] == SHARE


def test_sources_and_marks_can_be_left_out(client):
    options = {"extra_body": {"verbatim": {"sources": False, "format": "text"}}}
    message = ask(client, **options).choices[0].message
    assert message.content == message.verbatim["text"]
    assert streamed(client, **options)[0] == message.verbatim["text"]


def test_document_text_does_not_act_as_markdown_or_html(client):
    content = ask(client, [{"role": "user", "content": "What is the note?"}]).choices[0].message
    assert "<script" not in content.content.replace("\\<", "")
    assert "![x](" not in content.content
    assert "\\!" not in content.content
    assert content.verbatim["citations"][0]["quote"]["text"] == HOSTILE


def test_an_abstention_is_content_too(client):
    question = [{"role": "user", "content": "What will the weather be?"}]
    message = ask(client, question).choices[0].message
    text, _, near = message.content.partition("\n\n---\n\n")
    assert text == "No passage speaks of the weather."
    assert near.startswith("Nearest: Anna Example, “Who armed Armenia?”, Example Institute")
    assert "<script" not in near.replace("\\<", "")
    assert message.verbatim["status"] == "abstained"
    assert streamed(client, question)[0] == message.content


BOUGHT = {"type": "text", "text": "who bought it?"}


def test_earlier_messages_are_the_history(client, site):
    answer = ask(client).choices[0].message.content
    messages = [
        {"role": "system", "content": "Speak like a pirate."},
        {"role": "assistant", "content": "Ask me anything!"},
        {"role": "user", "content": [{"type": "text", "text": "Who supplied it?"}]},
        {"role": "assistant", "content": answer},
        {"role": "developer", "content": "Never cite."},
        {"role": "user", "content": "And before that?"},
        {"role": "user", "content": [{"type": "text", "text": "And"}, BOUGHT]},
    ]
    ask(client, messages)
    plain = f"Anna Example wrote: “{SHARE}” [1]\n\nAnna Example wrote: “{BUYERS}” [2]"
    assert site.desk.histories[-1] == [("Who supplied it?", plain), ("And before that?", "")]


def test_a_filter_is_passed_on(client):
    body = {"verbatim": {"where": {"authors": "Nobody"}}}
    assert ask(client, extra_body=body).choices[0].message.verbatim["status"] == "abstained"


def test_what_only_tunes_a_model_is_ignored(client):
    tuned = ask(client, temperature=1.5, top_p=0.1, max_tokens=1, stop=["Anna"], seed=7, user="me")
    assert tuned.choices[0].message.content == ask(client).choices[0].message.content


FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {}}}
IMAGE = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"messages": []}, "list of messages"),
        ({"messages": ["Who?"]}, "an object"),
        ({"messages": [{"role": "user", "content": "  "}]}, "got none"),
        ({"messages": [{"role": "user", "content": "x" * 4_001}]}, "at most 4,000"),
        ({"messages": [{"role": "user", "content": IMAGE}]}, "in text"),
        ({"messages": [{"role": "user", "content": 7}]}, "in text"),
        ({"messages": [*WHO, {"role": "assistant", "content": "I"}]}, "the user's question"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}, *WHO]}, "'tool'"),
        ({"n": 2}, "n to be 1"),
        ({"tools": [FUNCTION]}, "no tools"),
        ({"response_format": {"type": "json_object"}}, "response_format of text"),
        ({"logprobs": True}, "logprobs"),
        ({"extra_body": {"stream": "yes"}}, "true or false"),
        ({"extra_body": {"verbatim": {"were": {}}}}, "it has no were"),
        ({"extra_body": {"verbatim": []}}, "an object"),
        ({"extra_body": {"verbatim": {"format": "html"}}}, "markdown or text"),
        ({"extra_body": {"verbatim": {"where": {"autor": "Anna"}}}}, "it has no autor"),
        ({"extra_body": {"verbatim": {"where": {"after": "May"}}}}, "ISO date"),
    ],
)
def test_a_wrong_request_is_refused_in_openais_form(client, options, message):
    with pytest.raises(openai.BadRequestError, match=message) as caught:
        ask(client, **{"messages": WHO, **options})
    assert caught.value.type == "invalid_request_error"
    assert set(caught.value.body) == {"message", "type", "param", "code"}


def test_tools_that_may_not_be_called_are_ignored(client):
    assert ask(client, tools=[FUNCTION], tool_choice="none").choices[0].message.content


def test_an_unknown_model_or_path_is_not_found(client, site):
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="gpt-5", messages=WHO)
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError, match="nothing else"):
        client.embeddings.create(model="verbatim", input="x")
    assert httpx.get(f"{site.url}/v1/chat/completions").status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"messages": "\xff"}', b"[" * 100_000])
def test_what_is_no_json_object_is_refused(site, body):
    response = httpx.post(f"{site.url}/v1/chat/completions", content=body)
    assert response.status_code == 400
    assert "JSON object" in response.json()["error"]["message"]


def test_a_question_too_many_is_refused_in_openais_form(serving):
    with client_of(serving(HandDesk(), questions_per_minute=1)) as client:
        ask(client)
        with pytest.raises(openai.RateLimitError, match="more than 1 questions") as caught:
            ask(client)
    assert caught.value.type == "rate_limit_error"
    assert int(caught.value.response.headers["retry-after"]) > 0


def test_where_people_sign_in_a_token_is_the_api_key(serving, tmp_path):
    tokens = account_file(tmp_path / "accounts")
    url = serving(HandDesk(), auth_file=tmp_path / "accounts")
    with client_of(url) as client, pytest.raises(openai.AuthenticationError) as caught:
        ask(client)
    assert caught.value.type == "invalid_request_error"
    assert "users token" in caught.value.body["message"]
    with client_of(url, next(iter(tokens.values()))) as client:
        assert ask(client).choices[0].message.verbatim["status"] == "answered"


def test_a_stranger_is_refused_in_openais_form(site):
    headers = {"Host": "evil.example"}
    response = httpx.get(f"{site.url}/v1/models", headers=headers)
    assert response.status_code == 421
    assert response.json()["error"]["type"] == "invalid_request_error"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_request_without_a_length_may_not_be_larger_either(site):
    def parts():
        for _ in range(11):
            yield b" " * (LARGEST_BODY // 10)

    assert httpx.post(f"{site.url}/v1/chat/completions", content=parts()).status_code == 413


@pytest.mark.parametrize(
    ("question", "status", "message"),
    [("Is the model there?", 502, "Start it, then ask again"), ("a bug", 500, "went wrong")],
)
def test_a_failure_has_its_status_also_where_a_stream_was_wanted(client, question, status, message):
    for is_stream in (False, True):
        with pytest.raises(openai.APIStatusError, match=message) as caught:
            ask(client, [{"role": "user", "content": question}], stream=is_stream)
        assert caught.value.status_code == status
        assert caught.value.type == "server_error"
        assert "secret" not in str(caught.value)


def test_langchain_asks_it_like_any_model(site):
    model = ChatOpenAI(base_url=f"{site.url}/v1", model="verbatim", api_key="none", max_retries=0)
    messages = [HumanMessage("Before?"), AIMessage("Yes."), HumanMessage("Who supplied it?")]
    whole = model.invoke(messages)
    assert whole.content.startswith(f"Anna Example wrote: “{SHARE}” [1]")
    assert site.desk.histories[-1] == [("Before?", "Yes.")]
    assert "".join(chunk.content for chunk in model.stream(messages)) == whole.content


def sent(url, body):
    """A request that nobody reads the answer of."""
    host, port = url.removeprefix("http://").split(":")
    data = json.dumps(body).encode()
    connection = socket.create_connection((host, int(port)))
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: "
    connection.sendall(f"{head}{len(data)}\r\n\r\n".encode() + data)
    return connection


def test_when_all_places_are_taken_a_client_is_told_to_come_back(scripted_site):
    url, server = scripted_site(*[Hangs()] * MOST_ANSWERING)
    asked = {"model": "verbatim", "messages": CARS_MESSAGES}
    waiting = [sent(url, asked) for _ in range(MOST_ANSWERING)]
    until(lambda: len(server.requests) == MOST_ANSWERING)
    with client_of(url) as client, pytest.raises(openai.InternalServerError) as caught:
        ask(client, CARS_MESSAGES)
    assert caught.value.status_code == 503
    assert caught.value.response.headers["retry-after"] == "5"
    assert caught.value.code == "overloaded"
    for connection in waiting:
        connection.close()
    until(lambda: all(request.left for request in server.requests))
    with client_of(url) as client:  # those who left gave their places back
        extractive = client.chat.completions.create(
            model="verbatim-extractive", messages=CARS_MESSAGES
        )
    assert "240 cars" in extractive.choices[0].message.content


def until(is_so):
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_client_that_leaves_stops_the_model(scripted_site, is_stream):
    url, server = scripted_site(Hangs())
    body = {"model": "verbatim", "messages": CARS_MESSAGES, "stream": is_stream}
    connection = sent(url, body)
    request = first_request(server)
    connection.close()
    assert_left(request, since=time.monotonic(), within=3.0)


def test_a_silent_stream_is_kept_open(scripted_site, monkeypatch):
    monkeypatch.setattr("assistant.web.openai_api.SILENT", 0.2)
    url, _ = scripted_site(writes(f"{CARS}.", first_delay=1.0))
    body = {"model": "verbatim", "messages": CARS_MESSAGES, "stream": True}
    response = httpx.post(f"{url}/v1/chat/completions", json=body, timeout=30)
    assert ": still answering\n\ndata: " in response.text
    assert response.text.endswith("data: [DONE]\n\n")


def test_closing_a_stream_in_its_midst_stops_the_model(scripted_site):
    more = [f"It carries {number} more cars." for number in range(300, 400)]
    url, server = scripted_site(writes(f"{CARS}.", *more, delay=0.05))
    with client_of(url) as client, ask(client, CARS_MESSAGES, stream=True) as stream:
        assert any(CARS in (chunk.choices[0].delta.content or "") for chunk in stream)
    assert_left(server.request, since=time.monotonic(), within=3.0)


def test_only_what_passed_the_checks_is_streamed(scripted_site):
    url, _ = scripted_site(writes(f"{CARS}.", FALSE), Says("NO ANSWER"))
    with client_of(url) as client:
        content, chunks = streamed(client, CARS_MESSAGES, stream_options={"include_usage": True})
    assert content.startswith(f"{CARS}. (Anna Example, May 4, 2021) [1]")
    assert "purple" not in content
    assert "\n\n---\n\n*Left out of what the model wrote" in content
    last = chunks[-2].choices[0].delta.verbatim
    assert last["dropped"] == 1
    assert last["citations"][0]["quote"]["text"].startswith(CARS)
    assert chunks[-1].usage.prompt_tokens > 0
    assert chunks[-1].usage.total_tokens == last["usage"]["total_tokens"]


def test_quotes_are_streamed_where_a_model_wrote_nothing_that_stands(scripted_site):
    url, _ = scripted_site(writes(FALSE), Says("NO ANSWER"))
    with client_of(url) as client:
        content, chunks = streamed(client, CARS_MESSAGES)
    assert "240 cars" in content
    assert "purple" not in content.replace("\\", "")
    assert chunks[-1].choices[0].delta.verbatim["details"]["fallback"]


@pytest.mark.parametrize(
    ("turn", "status"), [(Status(429), 429), (Status(401), 502), (Hangs(), 504)]
)
def test_a_failing_chat_model_is_an_error(scripted_site, turn, status):
    url, _ = scripted_site(turn, turn, timeout=0.5 if isinstance(turn, Hangs) else 30.0)
    with client_of(url) as client:
        with pytest.raises(openai.APIStatusError, match="scripted") as caught:
            ask(client, CARS_MESSAGES)
        with pytest.raises(openai.APIError, match="scripted"):
            list(ask(client, CARS_MESSAGES, stream=True))
    assert caught.value.status_code == status


def test_statements_that_come_late_are_told_late():
    whole = answer_from("Who?", SHARE, BUYERS)
    first, second = whole.statements
    assert as_told(whole, ()) is whole
    assert as_told(whole, [first]) is whole
    told = as_told(whole, [replace(second, citations=(1,))])
    assert [each.text for each in told.statements] == [second.text, first.text]
    assert [each.citations for each in told.statements] == [(1,), (2,)]
    assert [each.quote.text for each in told.citations] == [BUYERS, SHARE]
    assert told.text == f"{second.text} [1]\n\n{first.text} [2]"
