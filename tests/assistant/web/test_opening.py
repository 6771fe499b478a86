import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from account_files import account_file

from assistant import Assistant
from assistant.account_file import save
from assistant.accounts import Accounts
from assistant.errors import AccountsError, SettingsError
from assistant.settings import load_settings
from assistant.web.opening import is_loopback, library_index, site_options


def opened(**options):
    warnings = []
    return site_options(load_settings(options), warnings.append), warnings


@pytest.fixture
def accounts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    account_file(tmp_path / "accounts")
    return tmp_path / "accounts"


def test_settings_become_options(accounts, tmp_path):
    options, warnings = opened(
        auth_file=accounts, data=tmp_path / "d", read_only=True, private_libraries=True,
        allowed_host=["desk.example", " other.example"], trusted_proxy=["10.0.0.0/8"],
        largest_upload=2.5, questions_per_minute=7, host="0.0.0.0",
    )  # fmt: skip
    assert warnings == []
    assert options.auth_file == accounts
    assert options.read_only
    assert options.private_libraries
    assert options.allowed_hosts == ("desk.example", "other.example")
    assert options.trusted_proxies == ("10.0.0.0/8",)
    assert (options.largest_upload, options.questions_per_minute) == (2_500_000, 7)


def test_lists_in_the_environment_have_commas(accounts, monkeypatch):
    monkeypatch.setenv("ASSISTANT_ALLOWED_HOST", "desk.example, other.example,")
    monkeypatch.setenv("ASSISTANT_TRUSTED_PROXY", "")
    options, _ = opened()
    assert options.allowed_hosts == ("desk.example", "other.example")
    assert options.trusted_proxies == ()
    assert options.questions_per_minute == 30


@pytest.mark.parametrize(
    ("host", "read_only", "words"),
    [
        ("0.0.0.0", False, "may ask and change the documents"),
        ("192.168.1.5", True, "may ask, for nobody has to sign in"),
        ("127.0.0.1", False, None),
        ("localhost", False, None),
        ("::1", False, None),
    ],
)
def test_who_serves_others_without_accounts_is_warned(accounts, host, read_only, words):
    _, warnings = opened(host=host, read_only=read_only)
    assert len(warnings) == (words is not None)
    assert words is None or words in warnings[0]
    assert is_loopback(host) == (words is None)


def test_what_cannot_work_is_said_before_anything_is_loaded(accounts, tmp_path):
    with pytest.raises(SettingsError, match="--auth-file FILE with --private-libraries"):
        opened(private_libraries=True)
    with pytest.raises(AccountsError, match="assistant users add"):
        opened(auth_file=tmp_path / "missing")
    save(Accounts(), tmp_path / "empty")
    with pytest.raises(SettingsError, match="nobody could sign in"):
        opened(auth_file=tmp_path / "empty")
    with pytest.raises(SettingsError, match=r"10\.0\.0\.0/24, found 'proxy'"):
        opened(trusted_proxy=["proxy"])


def test_private_libraries_begin_with_an_empty_index(accounts, tmp_path):
    private = {"auth_file": accounts, "private_libraries": True, "data": tmp_path / "d"}
    settings = load_settings(private)
    for _ in range(2):
        folder = library_index(settings)
        with Assistant.open(folder) as desk:
            assert desk.documents() == []
    shared = load_settings({"index": tmp_path / "shared"})
    assert library_index(shared) == tmp_path / "shared"


@pytest.mark.slow
def test_a_served_private_library_is_empty_at_first_and_its_owners_alone(accounts, tmp_path):
    tokens = account_file(accounts)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant.cli", "chat", "--port", str(port)]
    command += ["--auth-file", "accounts", "--private-libraries"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert "ready" in process.stdout.readline()
            message = {"role": "user", "content": "Who supplied the arms?"}
            headers = {"Authorization": f"Bearer {tokens['anna']}"}
            answer = httpx.post(
                f"http://127.0.0.1:{port}/v1/chat/completions",
                json={"model": "verbatim", "messages": [message]},
                headers=headers,
                timeout=60,
            ).json()
        finally:
            os.kill(process.pid, signal.SIGINT)
    said = answer["choices"][0]["message"]["content"]
    assert said == "The collection holds no text to answer from."
    assert [each.name for each in (tmp_path / "verbatim.data" / "users").iterdir()] == ["anna"]
    assert process.returncode == 0
