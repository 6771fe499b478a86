"""The file of accounts: a line for each password and each token, none of which it tells.

# Verbatim accounts, version 1
anna password scrypt:32768:8:3:SALT:HASH
anna token 2026-05-01:SHA256
"""

import os
import re
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from assistant.accounts import NAME, TOKEN_RECORD, Account, Accounts, parsed
from assistant.errors import AccountsError

HEADING = "# Verbatim accounts, version 1"
_NEWER = re.compile(r"# Verbatim accounts, version ([2-9]|[1-9][0-9]{1,5})")


def load(path: Path) -> Accounts:
    """The accounts in a file.

    Raises:
        AccountsError: it cannot be read, or a line of it is no record.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AccountsError(
            f"Expected a file of accounts, found nothing at {path}. Make one with: assistant users "
            f"add NAME --auth-file {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise AccountsError(f"The file of accounts {path} cannot be read: {error}.") from error
    lines = text.splitlines()
    if lines and (newer := _NEWER.fullmatch(lines[0].strip())):
        raise AccountsError(
            f"{path}, line 1: expected accounts of version 1, found version {newer[1]}. A newer "
            "release of Verbatim made the file, and it is left as it is: use that release."
        )
    if not lines or lines[0].strip() != HEADING:
        raise AccountsError(
            f"{path}, line 1: expected {HEADING!r}, found "
            f"{'something else' if lines else 'an empty file'}. Name a file made by 'assistant "
            "users add'."
        )
    accounts: dict[str, Account] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() and not line.lstrip().startswith("#"):
            _read_line(line, f"{path}, line {number}", accounts)
    return Accounts(MappingProxyType(accounts))


def _read_line(line: str, place: str, accounts: dict[str, Account]) -> None:
    """Add what a line says. No message repeats a record: it may have been a password."""
    fields = line.split()
    if len(fields) != 3 or not NAME.fullmatch(fields[0]):
        raise AccountsError(
            f"{place}: expected a name, 'password' or 'token', and a record; found something else. "
            "Correct the line, or remove it and add that user again."
        )
    name, kind, record = fields
    account = accounts.get(name, Account(name))
    if kind == "password" and account.password is None and parsed(record) is not None:
        accounts[name] = replace(account, password=record)
    elif kind == "token" and TOKEN_RECORD.fullmatch(record):
        accounts[name] = replace(account, tokens=(*account.tokens, record))
    else:
        raise AccountsError(
            f"{place}: expected one password record of {name}, or a token record, and this is "
            "neither, or a second password. Remove the line, and set the password again with: "
            "assistant users password"
        )


def save(accounts: Accounts, path: Path) -> None:
    """Write a file of accounts, at once or not at all; only its owner may read it.

    Raises:
        AccountsError: it cannot be written.
    """
    text = "\n".join([HEADING, *_lines(accounts.by_name.values()), ""])
    try:
        # mkstemp gives mode 600, whatever the umask.
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise AccountsError(
            f"The file of accounts {path} cannot be written: {error.strerror or error}. Name one "
            "in a folder that exists and that you may write to."
        ) from error


def _lines(accounts: Iterable[Account]) -> Iterable[str]:
    for account in accounts:
        if account.password is not None:
            yield f"{account.name} password {account.password}"
        yield from (f"{account.name} token {record}" for record in account.tokens)


class AccountFile:
    """The accounts in a file as they are now: read again when it has changed. Thread safe."""

    def __init__(self, path: Path) -> None:
        """Read it for the first time.

        Raises:
            AccountsError: it cannot be used.
        """
        self._path = path
        self._lock = threading.Lock()
        self._seen = self._state()
        self._accounts = load(path)

    def current(self) -> Accounts:
        """The accounts now.

        Raises:
            AccountsError: the file was changed into one that cannot be used. Nobody is let in by
                what it said before: somebody may just have been removed.
        """
        with self._lock:
            state = self._state()
            if state != self._seen:
                self._accounts = load(self._path)
                self._seen = state
            return self._accounts

    def _state(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
