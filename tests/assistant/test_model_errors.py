import email.utils
import importlib
import time

import anthropic
import httpx
import httpx2
import ollama
import openai
import pytest
from langchain_core.exceptions import ModelError as LangChainModelError

from assistant.errors import (
    ContextLengthError,
    ModelAccessError,
    ModelRateLimitError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from assistant.model_errors import diagnose, shown_cause, translate
from index.errors import IndexMissingError, ModelError

URL = "http://127.0.0.1:9/v1/chat/completions"
INTEGRATIONS = ("langchain_openai", "langchain_anthropic")
LIBRARIES = ("openai", "anthropic", "ollama", "httpx", "httpx2", *INTEGRATIONS)
CALLS = ["langchain_openai.chat_models.base", "langchain_anthropic.chat_models"]


def exceptions():
    """All exceptions of the libraries of chat models, made without what only a server sets."""
    for name in CALLS:
        importlib.import_module(name)
    seen, waiting = set(), [Exception]
    while waiting:
        kind = waiting.pop()
        found = set(kind.__subclasses__()) - seen
        seen |= found
        waiting += found
    for kind in sorted(seen, key=lambda kind: (kind.__module__, kind.__qualname__)):
        library = kind.__module__.partition(".")[0]
        # Tools of Anthropic's, which no call of ours uses.
        of_tools = kind.__module__.startswith("anthropic.lib.tools")
        if library in LIBRARIES and not of_tools and not issubclass(kind, Warning):
            yield kind.__new__(kind)
    for kind in LangChainModelError.__subclasses__():
        yield kind()


def test_every_exception_of_the_libraries_is_told_apart():
    found = list(exceptions())
    assert len(found) > 100
    assert [type(error) for error in found if type(translate(error, "m")) is ModelError] == []


def test_an_exception_of_nobody_is_a_model_error_all_the_same():
    class Strange(Exception):
        pass

    error = translate(Strange("odd"), "openai:m")
    assert type(error) is ModelError
    assert str(error) == (
        "Expected a reply of the model openai:m, but it failed (Strange: odd). "
        "Try another model, or none."
    )


def refused(status, message="no", code=None, headers=None, library=openai, request_library=httpx2):
    request = request_library.Request("POST", URL)
    response = request_library.Response(status, headers=headers, request=request)
    body = {"message": message, "code": code}
    names = {
        400: "BadRequestError",
        401: "AuthenticationError",
        403: "PermissionDeniedError",
        404: "NotFoundError",
        409: "ConflictError",
        422: "UnprocessableEntityError",
        429: "RateLimitError",
    }
    kind = getattr(library, names.get(status, "InternalServerError"))
    return kind(f"Error code: {status} - {body}", response=response, body=body)


@pytest.mark.parametrize("library", [openai, anthropic])
@pytest.mark.parametrize(
    ("status", "kind", "transient"),
    [
        (400, ModelUnavailableError, False),
        (401, ModelAccessError, False),
        (402, ModelRateLimitError, False),
        (403, ModelAccessError, False),
        (404, ModelUnavailableError, False),
        (408, ModelTimeoutError, True),
        (409, ModelUnavailableError, True),
        (413, ContextLengthError, False),
        (422, ModelUnavailableError, False),
        (429, ModelRateLimitError, True),
        (500, ModelUnavailableError, True),
        (501, ModelUnavailableError, False),
        (503, ModelUnavailableError, True),
        (504, ModelTimeoutError, True),
        (529, ModelUnavailableError, True),
    ],
)
def test_a_status_tells_what_went_wrong(library, status, kind, transient):
    failure = diagnose(refused(status, library=library), "m")
    assert type(failure.error) is kind
    assert failure.transient is transient
    assert f"HTTP {status}: no" in str(failure.error)


@pytest.mark.parametrize(
    ("error", "kind", "transient"),
    [
        (
            ollama.ResponseError("model not found, pull it", 404),
            "not found",
            False,
        ),
        (ollama.ResponseError("llama runner process has terminated"), "server failed", True),
        (ConnectionError("Failed to connect to Ollama."), "not be reached", True),
        (httpx.ReadTimeout("timed out"), "nothing came in time", True),
        (TimeoutError(), "nothing came in time", True),
        (httpx.RemoteProtocolError("peer closed"), "not be reached", True),
        (ConnectionResetError(104, "reset"), "not be reached", True),
        (ValueError("No generation chunks were returned"), "no reply of a chat model", False),
        (
            openai.OpenAIError("Missing credentials. Set OPENAI_API_KEY."),
            "Set OPENAI_API_KEY",
            False,
        ),
        (TypeError("Could not resolve authentication method."), "access was refused", False),
        (httpx.UnsupportedProtocol("no http://"), "address cannot be used", False),
    ],
    ids=str,
)
def test_other_errors_are_told_by_their_names_and_words(error, kind, transient):
    failure = diagnose(error, "m")
    assert kind in str(failure.error)
    assert failure.transient is transient


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "This model's maximum context length is 4096 tokens. However, you requested 5000"),
        (400, "request (5000 tokens) exceeds the available context size (4096 tokens)"),
        (400, "prompt is too long: 208310 tokens > 200000 maximum"),
        (400, "Please reduce the length of the messages or completion."),
        (400, "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
        (400, "Trying to keep the first 5000 tokens when context the overflows."),
        (413, "Request too large"),
        (500, "Requested tokens (5000) exceed context window of 2048"),
        (500, "the request exceeds the available context size, try increasing it"),
    ],
)
def test_a_prompt_too_long_is_known_in_the_words_of_each_server(status, message):
    failure = diagnose(refused(status, message), "m")
    assert type(failure.error) is ContextLengthError
    assert not failure.transient
    assert "--context-tokens" in str(failure.error)


def test_a_limit_on_tokens_a_minute_is_no_prompt_too_long():
    failure = diagnose(refused(429, "Too many tokens: reduce the length or wait."), "m")
    assert type(failure.error) is ModelRateLimitError


def test_a_used_up_quota_is_not_tried_again():
    failure = diagnose(refused(429, "You exceeded your current quota", "insufficient_quota"), "m")
    assert type(failure.error) is ModelRateLimitError
    assert not failure.transient
    assert "billing" in str(failure.error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_server_asks_for(headers, seconds):
    failure = diagnose(refused(429, headers=headers), "m")
    assert failure.retry_after == seconds
    assert failure.transient


def test_the_wait_a_server_asks_for_as_a_date():
    date = email.utils.formatdate(time.time() + 10, usegmt=True)
    assert 8 < diagnose(refused(429, headers={"retry-after": date}), "m").retry_after < 11
    past = email.utils.formatdate(time.time() - 10, usegmt=True)
    assert diagnose(refused(429, headers={"retry-after": past}), "m").retry_after == 0


def test_an_error_in_the_stream_is_told_by_its_body():
    request = httpx2.Request("POST", URL)
    body = {"message": "Provider returned error", "code": 429}
    failure = diagnose(openai.APIError("Provider returned error", request, body=body), "m")
    assert type(failure.error) is ModelRateLimitError
    assert "Provider returned error" in str(failure.error)


def test_the_address_that_does_not_answer_is_named_without_its_user():
    request = httpx2.Request("POST", "http://me:hush1234@127.0.0.1:9/v1/chat/completions")
    message = str(translate(openai.APIConnectionError(request=request), "m"))
    assert "Check that it runs at http://127.0.0.1:9." in message
    assert "hush1234" not in message


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-AbCd1234EfGh5678",
        "sk-ant-api03-AbCd1234",
        "gsk_AbCd1234EfGh",
        "AIzaSyAbCd1234EfGh5678",
        "value-of-a-variable",
        "http://me:hush1234@host/v1",
        "https://host/v1?api_key=hush1234",
        "Authorization: Bearer hush1234",
        "{'authorization': 'Basic hush1234=='}",
    ],
)
def test_keys_are_masked_in_messages_and_causes(monkeypatch, secret):
    monkeypatch.setenv("MY_SECRET_KEY", "value-of-a-variable")
    for padding in ("", "x" * 290 + " "):  # where the message is cut, too
        error = refused(400, f"{padding}Wrong: {secret} was given")
        message = str(translate(error, f"openai:{secret}"))
        assert "[hidden]" in message
        for part in (secret, "hush1234", "AbCd1234"):
            assert part not in message
        assert shown_cause(error) is None


def test_words_that_are_no_keys_stay(monkeypatch):
    monkeypatch.setenv("LOCAL_API_KEY", "none")
    monkeypatch.setenv("EMPTY_TOKEN", "")
    error = refused(400, "none of the basic authentication tokens: task-oriented, risk-averse")
    assert "none of the basic authentication tokens: task-oriented, risk-averse" in str(
        translate(error, "m")
    )
    assert shown_cause(error) is error


def test_a_key_in_the_cause_of_a_cause_hides_the_cause(monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "correct horse")
    error = ConnectionError("Connection error.")
    error.__cause__ = ValueError("Illegal header value b'Bearer correct horse\\n'")
    assert shown_cause(error) is None
    assert type(translate(error, "m")) is ModelAccessError


def test_long_words_of_a_server_are_cut():
    message = str(translate(refused(500, "long " * 1000), "m"))
    assert len(message) < 500
    assert "long ..." in message


def test_errors_of_our_own_stay_as_they_are():
    for error in (IndexMissingError("no index"), ModelReplyError("empty")):
        assert translate(error, "m") is error


@pytest.mark.parametrize(
    ("error", "refuses"),
    [
        (refused(400, "This response_format type is unavailable now"), True),
        (refused(400), True),
        (refused(422), True),
        (refused(500, "failed to parse grammar"), True),
        (refused(404, "No endpoints found that support response_format"), True),
        (refused(500), False),
        (refused(401), False),
        (refused(404), False),
        (refused(429), False),
        (TimeoutError(), False),
    ],
    ids=str,
)
def test_what_may_go_well_without_a_schema(error, refuses):
    assert diagnose(error, "m").refuses_schema is refuses
