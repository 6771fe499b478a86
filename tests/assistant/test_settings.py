"""The command line wins over the environment, the environment over `assistant.toml`."""

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.model_types import ModelOptions
from assistant.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ASSISTANT_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_defaults():
    settings = load_settings({})
    assert settings.index == Path("verbatim.index")
    assert (settings.model, settings.embedding_model, settings.reranker) == (None, None, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.reports == Path("verbatim.reports")
    assert "reports" not in settings.model_fields_set


def test_precedence(folder, monkeypatch):
    (folder / "assistant.toml").write_text('port = 1001\nhost = "file"\nindex = "file.index"\n')
    assert load_settings({}).port == 1001
    monkeypatch.setenv("ASSISTANT_PORT", "1002")
    monkeypatch.setenv("ASSISTANT_HOST", "environment")
    monkeypatch.setenv("ASSISTANT_RERANKER", "own/model")
    settings = load_settings({"port": 1003, "host": None, "question": "no setting"})
    assert (settings.port, settings.host, str(settings.index)) == (
        *(1003, "environment", "file.index"),
    )
    assert settings.reranker == "own/model"


def test_the_folder_of_reports_is_known_to_be_named(folder, monkeypatch):
    (folder / "assistant.toml").write_text('reports = "file.reports"\n')
    assert load_settings({}).reports == Path("file.reports")
    monkeypatch.setenv("ASSISTANT_REPORTS", "environment.reports")
    assert load_settings({}).reports == Path("environment.reports")
    settings = load_settings({"reports": Path("option.reports")})
    assert settings.reports == Path("option.reports")
    assert "reports" in settings.model_fields_set


def test_how_a_model_is_used(folder, monkeypatch):
    assert load_settings({}).model_options() == ModelOptions()
    (folder / "assistant.toml").write_text(
        'base_url = "http://127.0.0.1:8080/v1"\nstructured = "off"\nprompts = "mine"\n'
    )
    monkeypatch.setenv("ASSISTANT_MODEL_TIMEOUT", "2.5")
    monkeypatch.setenv("ASSISTANT_CONTEXT_TOKENS", "8192")
    monkeypatch.setenv("ASSISTANT_MODEL_CACHE", "replies.db")
    settings = load_settings({"requests_per_second": 0.5, "structured": "on", "nli": "own/nli"})
    assert settings.model_options() == ModelOptions(
        base_url="http://127.0.0.1:8080/v1",
        timeout=2.5,
        requests_per_second=0.5,
        context_tokens=8192,
        structured="on",
        cache=Path("replies.db"),
    )
    assert (settings.prompts, settings.nli) == (Path("mine"), "own/nli")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("model_timeout", "0", "input should be greater than 0"),
        ("model_timeout", "inf", "input should be a finite number"),
        ("context_tokens", "100", "input should be greater than or equal to 256"),
        ("requests_per_second", "-1", "input should be greater than 0"),
        ("structured", "yes", "input should be 'auto', 'on' or 'off'"),
        ("base_url", "127.0.0.1:8080", "expected an address like http://127.0.0.1:8080/v1"),
        ("base_url", "http://", "expected an address like http://127.0.0.1:8080/v1"),
        ("base_url", "http://host:80a/v1", "expected an address like http://127.0.0.1:8080/v1"),
        ("base_url", "http://[::1/v1", "expected an address like http://127.0.0.1:8080/v1"),
    ],
)
def test_a_bad_value_of_a_model(monkeypatch, name, value, expected):
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings({})
    option = name.replace("_", "-")
    assert str(caught.value) == (
        f"--{option} (or ASSISTANT_{name.upper()}, or {name} in assistant.toml): {expected}, "
        f"found {value!r}. Correct it."
    )


@pytest.mark.parametrize(
    "text",
    [
        'api_key = "sk-abc"',
        'OPENAI_API_KEY = "sk-abc"',
        'token = "sk-abc"',
        '[api_keys]\nopenai = "sk-abc"',
        'client-secret = "sk-abc"',
        'password = "sk-abc"',
    ],
)
def test_no_key_in_a_file(folder, text):
    (folder / "assistant.toml").write_text(text)
    with pytest.raises(SettingsError, match="expected no key in a file") as caught:
        load_settings({})
    assert "such as OPENAI_API_KEY, in the environment" in str(caught.value)
    assert "sk-abc" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://ann:sk-abc@host/v1", "ann:sk-abc@host", "http://a:sk-abc/x@host"]
)
def test_no_password_in_an_address(monkeypatch, url):
    monkeypatch.setenv("ASSISTANT_BASE_URL", url)
    with pytest.raises(SettingsError, match="--base-url") as caught:
        load_settings({})
    assert "sk-abc" not in str(caught.value)
    assert "host" in str(caught.value)


def test_an_empty_variable_is_not_given(monkeypatch):
    monkeypatch.setenv("ASSISTANT_INDEX", "")
    monkeypatch.setenv("ASSISTANT_PORT", "")
    assert load_settings({}) == Settings()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "1.5"])
def test_a_bad_value_is_named_with_its_places(monkeypatch, port):
    monkeypatch.setenv("ASSISTANT_PORT", port)
    with pytest.raises(SettingsError) as caught:
        load_settings({})
    message = str(caught.value)
    assert message.startswith("--port (or ASSISTANT_PORT, or port in assistant.toml): input should")
    assert message.endswith(f"found '{port}'. Correct it.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"port = = 1", "expected a file in TOML"),
        (b"\xff\xfe", "expected a file in TOML"),
        (b"prot = 1", "expected the keys index, catalog, .*, found 'prot'. Correct or remove it."),
        (b"[port]\nnumber = 1", "input should be a valid integer"),
    ],
)
def test_a_broken_file_says_what_is_wrong(folder, text, message):
    (folder / "assistant.toml").write_bytes(text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings({})
    assert "assistant.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
