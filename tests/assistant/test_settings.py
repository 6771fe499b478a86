"""The command line wins over the environment, the environment over `assistant.toml`."""

from pathlib import Path

import pytest

from assistant.errors import SettingsError
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
        (b"prot = 1", "expected the keys index, model, .*, found 'prot'. Correct or remove it."),
        (b"[port]\nnumber = 1", "input should be a valid integer"),
    ],
)
def test_a_broken_file_says_what_is_wrong(folder, text, message):
    (folder / "assistant.toml").write_bytes(text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings({})
    assert "assistant.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
