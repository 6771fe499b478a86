"""Who is signed in: kept on the server, so that a session can be ended from here."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

HOUR = 3600.0
IDLE = 12 * HOUR
"""Seconds after which a session ends that nobody used."""
LONGEST = 7 * 24 * HOUR
"""Seconds after which any session ends."""
MOST_OF_A_USER = 20
"""The one used longest ago ends when a user begins another."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody signed in."""

    user: str
    stamp: str
    """Of the account when it began: another password ends it."""
    begun: float
    used: float
    """Seconds of the clock."""


class Sessions:
    """All sessions of one server, by the hash of their key: the keys are in the browsers only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, user: str, stamp: str) -> str:
        """Begin a session.

        Returns:
            Its key, for the browser: 256 random bits.
        """
        key, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._sweep(now)
            own = [name for name, each in self._sessions.items() if each.user == user]
            own.sort(key=lambda name: self._sessions[name].used)
            for name in own[: max(0, len(own) - MOST_OF_A_USER + 1)]:
                del self._sessions[name]
            self._sessions[_hashed(key)] = Session(user, stamp, now, now)
        return key

    def find(self, key: str) -> Session | None:
        """The session of a key, if it has not ended; it counts as used now."""
        now, name = self._clock(), _hashed(key)
        with self._lock:
            session = self._sessions.get(name)
            if session is None:
                return None
            if _is_over(session, now):
                del self._sessions[name]
                return None
            self._sessions[name] = replace(session, used=now)
            return session

    def end(self, key: str) -> None:
        """End one session."""
        with self._lock:
            self._sessions.pop(_hashed(key), None)

    def end_all(self, user: str) -> None:
        """End all sessions of a user."""
        with self._lock:
            self._sessions = {
                name: each for name, each in self._sessions.items() if each.user != user
            }

    def _sweep(self, now: float) -> None:
        self._sessions = {
            name: each for name, each in self._sessions.items() if not _is_over(each, now)
        }


def _is_over(session: Session, now: float) -> bool:
    return now - session.used > IDLE or now - session.begun > LONGEST


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
