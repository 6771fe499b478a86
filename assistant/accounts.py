"""Who may sign in, and how a name, a password and a token are checked.

A password is stretched by scrypt (Percival, 2009; parameters by the OWASP password storage cheat
sheet, 2024), with parameters and salt of its own, so that later releases may choose others. A token
has 256 random bits: one SHA-256 keeps it as secret as stretching would.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from assistant.errors import AccountsError

FEWEST_CHARACTERS, MOST_CHARACTERS = 8, 512
"""Of a password."""
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?", re.ASCII)
TOKEN = re.compile(r"verbatim-[A-Za-z0-9_-]{43}", re.ASCII)
COST = (2**15, 8, 3)
"""N, r and p of scrypt: 32 MB, and about a quarter of a second."""
_MOST_COST = (2**20, 32, 16)
TOKEN_RECORD = re.compile(r"\d{4}-\d{2}-\d{2}:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account:
    """One user."""

    name: str
    password: str | None = None
    """As the file has it: scheme, parameters, salt and hash; None for one who has only tokens."""
    tokens: tuple[str, ...] = ()
    """As the file has them: the day each was made, and its SHA-256."""

    @property
    def stamp(self) -> str:
        """Changes with the password: sessions that began before it are over."""
        return hashlib.sha256((self.password or "").encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Accounts:
    """All users, in the order of the file."""

    by_name: Mapping[str, Account] = field(default_factory=lambda: MappingProxyType({}))

    def with_account(self, account: Account) -> "Accounts":
        """These, with one added or replaced."""
        return Accounts(MappingProxyType({**self.by_name, account.name: account}))

    def without(self, name: str) -> "Accounts":
        """These, without one."""
        kept = {other: account for other, account in self.by_name.items() if other != name}
        return Accounts(MappingProxyType(kept))

    def by_password(self, name: str, password: str) -> Account | None:
        """The account of a name, if this is its password; as slow where there is no such name."""
        account = self.by_name.get(normal_name(name))
        record = account.password if account else None
        matches = _matches(password, record or _NOBODY)
        return account if matches and record is not None else None

    def by_token(self, token: str) -> Account | None:
        """Whose token this is."""
        if not TOKEN.fullmatch(token):
            return None
        digest, found = token_digest(token), None
        for account in self.by_name.values():
            for record in account.tokens:
                if hmac.compare_digest(record.rpartition(":")[2], digest):
                    found = account
        return found


def normal_name(name: str) -> str:
    """A name as accounts have it: without outer spaces, in lower case."""
    return name.strip().lower()


def checked_name(name: str) -> str:
    """A name that an account may have.

    Raises:
        AccountsError: it has other characters, or too many.
    """
    normal = normal_name(name)
    if not NAME.fullmatch(normal):
        raise AccountsError(
            f"Expected a name of 1 to 64 letters a-z, digits, '.', '_', '-' and '@', the first and "
            f"the last a letter or a digit; found {name!r}. Choose another."
        )
    return normal


def checked_password(password: str) -> str:
    """A password that is long enough.

    Raises:
        AccountsError: it is too short or too long.
    """
    if not FEWEST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise AccountsError(
            f"Expected a password of {FEWEST_CHARACTERS} to {MOST_CHARACTERS} characters, found "
            f"{len(password)}. Choose another; a few words together are good."
        )
    return password


def password_record(password: str, cost: tuple[int, int, int] = COST) -> str:
    """What the file keeps of a password.

    Args:
        password: in any Unicode form.
        cost: N, r and p of scrypt.
    """
    salt = secrets.token_bytes(16)
    parameters = ":".join(map(str, cost))
    return f"scrypt:{parameters}:{_text(salt)}:{_text(_stretched(password, salt, cost))}"


def new_token() -> str:
    """A token, to be shown once."""
    return f"verbatim-{secrets.token_urlsafe(32)}"


def token_digest(token: str) -> str:
    """What the file keeps of a token, besides its day."""
    return hashlib.sha256(token.encode()).hexdigest()


def with_token(account: Account, token: str, day: date) -> Account:
    """The account with one more token."""
    return replace(account, tokens=(*account.tokens, f"{day.isoformat()}:{token_digest(token)}"))


def _stretched(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)


def _matches(password: str, record: str) -> bool:
    found = parsed(record)
    if found is None or len(password) > MOST_CHARACTERS:
        return False
    cost, salt, expected = found
    return hmac.compare_digest(_stretched(password, salt, cost), expected)


def parsed(record: str) -> tuple[tuple[int, int, int], bytes, bytes] | None:
    """Cost, salt and hash of a password record; None if it is none, or would stop the server."""
    scheme, *rest = record.split(":")
    if scheme != "scrypt" or len(rest) != 5 or not all(each.isdecimal() for each in rest[:3]):
        return None
    n, r, p = (int(each) for each in rest[:3])
    most_n, most_r, most_p = _MOST_COST
    if n < 2 or n & (n - 1) or n > most_n or not 1 <= r <= most_r or not 1 <= p <= most_p:
        return None
    try:
        salt, digest = (base64.b64decode(each, validate=True) for each in rest[3:])
    except ValueError:
        return None
    return ((n, r, p), salt, digest) if len(salt) >= 8 and len(digest) == 32 else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


_NOBODY = f"scrypt:{':'.join(map(str, COST))}:{_text(bytes(16))}:{_text(bytes(32))}"
"""Compared with where there is no such account: it takes as long, and no password matches."""
