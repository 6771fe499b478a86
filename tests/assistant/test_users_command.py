"""`assistant users`, as it is typed."""

import io
import json
import os
import pty
import subprocess
import sys

import pytest

from assistant.account_file import load
from assistant.cli import main


@pytest.fixture
def users(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = main(["users", *arguments, "--auth-file", "accounts"])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_users_are_added_listed_changed_and_removed(users, tmp_path):
    assert users("add", "Anna", stdin="correct horse\n")[0] == 0
    assert users("add", "ben", stdin="battery staple\n")[0] == 0
    assert json.loads(users("list", "--json")[1])[0] == {"name": "anna", "tokens": 0}
    assert load(tmp_path / "accounts").by_password("anna", "correct horse")
    assert users("password", "anna", stdin="another horse\n")[0] == 0
    found = load(tmp_path / "accounts")
    assert found.by_password("anna", "another horse")
    assert found.by_password("anna", "correct horse") is None
    assert users("remove", "ben")[0] == 0
    assert users("list")[1] == "anna  (0 tokens)\n"


def test_a_token_is_shown_once_and_kept_as_a_hash(users, tmp_path):
    users("add", "anna", stdin="correct horse\n")
    _, token, note = users("token", "anna")
    assert "Authorization: Bearer" in note
    assert load(tmp_path / "accounts").by_token(token.strip()).name == "anna"
    assert token.strip() not in (tmp_path / "accounts").read_text()
    assert "1 token of anna revoked" in users("token", "anna", "--revoke")[1]
    assert load(tmp_path / "accounts").by_token(token.strip()) is None


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (("add", "anna"), "short\n", "8 to 512 characters"),
        (("add", "an na"), "correct horse\n", "Choose another"),
        (("add", "ben"), "correct horse\n", "is in accounts already"),
        (("remove", "carl"), "", "expected the name of a user"),
        (("password", "carl"), "correct horse\n", "expected the name of a user"),
        (("token", "carl"), "", "expected the name of a user"),
    ],
)
def test_what_cannot_be_done_is_said(users, tmp_path, arguments, stdin, message):
    users("add", "ben", stdin="correct horse\n")
    before = (tmp_path / "accounts").read_bytes()
    code, _, printed = users(*arguments, stdin=stdin)
    assert code == 2
    assert message.lower() in printed.lower()
    assert (tmp_path / "accounts").read_bytes() == before


def test_a_file_is_needed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["users", "list"]) == 2
    assert "--auth-file" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_terminal_is_asked_twice_and_shows_nothing(tmp_path):
    def add(name, *lines):
        mine, theirs = pty.openpty()
        command = [sys.executable, "-m", "assistant.cli", "users", "add", name]
        with subprocess.Popen(
            [*command, "--auth-file", str(tmp_path / "accounts")],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        ) as process:  # fmt: skip
            os.close(theirs)
            shown = b""
            for line in lines:
                while not shown.endswith(b": "):
                    shown += os.read(mine, 1)
                os.write(mine, line.encode() + b"\n")
                shown += os.read(mine, 1)
            while process.poll() is None or not shown.endswith(b"\n"):
                try:
                    shown += os.read(mine, 1)
                except OSError:
                    break
        os.close(mine)
        return process.returncode, shown.decode()

    code, shown = add("anna", "correct horse", "correct horse")
    assert (code, "anna added" in shown, "horse" in shown) == (0, True, False)
    assert load(tmp_path / "accounts").by_password("anna", "correct horse")
    code, shown = add("ben", "correct horse", "correct house")
    assert (code, "the same password twice" in shown.lower()) == (2, True)
