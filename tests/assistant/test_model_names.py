import logging

import pytest
from model_calls import ADDRESSES, ASKED, KEYS, TEXT, Seen, both, chain_of, opened, ran, text_of
from model_servers import Says, Status

from assistant.errors import (
    ModelAccessError,
    ModelUnavailableError,
    SettingsError,
)
from assistant.model_types import ModelOptions
from assistant.models import ChatModel


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in (*KEYS, *ADDRESSES):
        monkeypatch.delenv(name, raising=False)


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
        # LangChain would look into its community package, which an evaluation may have brought.
        f"import sys; sys.modules[{missing!r}] = sys.modules['langchain_community'] = None\n"
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


def test_importing_types_and_errors_loads_no_library():
    program = (
        "import sys, assistant.model_types, assistant.model_errors, assistant.model_providers\n"
        "print([name for name in ('langchain', 'langchain_core', 'openai') if name in sys.modules])"
    )
    told = ran(program)
    assert told.strip() == "[]"
