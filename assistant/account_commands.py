"""`assistant users`: making and changing the file of those who may sign in."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

from assistant.account_file import load, save
from assistant.accounts import (
    Account,
    Accounts,
    checked_name,
    checked_password,
    new_token,
    password_record,
    with_token,
)
from assistant.console import say, write, write_json
from assistant.errors import AccountsError
from assistant.settings import Settings


def run_users(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what the command `assistant users` was asked to."""
    path = settings.auth_file
    if path is None:
        raise AccountsError("Expected --auth-file FILE (or ASSISTANT_AUTH_FILE), found none.")
    actions: dict[str, Callable[[argparse.Namespace, Path], None]] = {
        "add": _add, "remove": _remove, "list": _list, "password": _password, "token": _token,
    }  # fmt: skip
    actions[arguments.action](arguments, path)
    return 0


def _add(arguments: argparse.Namespace, path: Path) -> None:
    accounts = load(path) if path.exists() else Accounts()
    name = checked_name(arguments.name)
    if name in accounts.by_name:
        raise AccountsError(
            f"Expected a new name, and {name} is in {path} already. Another password is set with: "
            f"assistant users password {name}"
        )
    record = password_record(checked_password(_asked_password()))
    save(accounts.with_account(Account(name, record)), path)
    write(f"{path}: {name} added")


def _remove(arguments: argparse.Namespace, path: Path) -> None:
    accounts = load(path)
    account = _known(accounts, arguments.name, path)
    save(accounts.without(account.name), path)
    write(f"{path}: {account.name} removed; what they uploaded is still there")


def _list(arguments: argparse.Namespace, path: Path) -> None:
    accounts = load(path).by_name.values()
    if arguments.json:
        write_json([{"name": each.name, "tokens": len(each.tokens)} for each in accounts])
        return
    lines = [f"{each.name}  ({_counted(len(each.tokens))})" for each in accounts]
    write("\n".join(lines) or "no users")


def _password(arguments: argparse.Namespace, path: Path) -> None:
    accounts = load(path)
    account = _known(accounts, arguments.name, path)
    record = password_record(checked_password(_asked_password()))
    save(accounts.with_account(replace(account, password=record)), path)
    write(f"{path}: {account.name} has another password, and is signed out everywhere")


def _token(arguments: argparse.Namespace, path: Path) -> None:
    accounts = load(path)
    account = _known(accounts, arguments.name, path)
    if arguments.revoke:
        save(accounts.with_account(replace(account, tokens=())), path)
        write(f"{path}: {_counted(len(account.tokens))} of {account.name} revoked")
        return
    token = new_token()
    save(accounts.with_account(with_token(account, token, datetime.now(UTC).date())), path)
    say("Send it as 'Authorization: Bearer TOKEN'. It is shown this once:")
    write(token)


def _known(accounts: Accounts, name: str, path: Path) -> Account:
    account = accounts.by_name.get(checked_name(name))
    if account is None:
        raise AccountsError(
            f"Expected the name of a user in {path}, found {name!r}. See who there is with: "
            "assistant users list"
        )
    return account


def _asked_password() -> str:
    """From the terminal, twice and unseen; else the first line of stdin."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise AccountsError("Expected the same password twice, found two. Try again.")
    return password


def _counted(tokens: int) -> str:
    return "1 token" if tokens == 1 else f"{tokens} tokens"
