"""How often somebody may do something: sign in wrongly, or ask."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

MOST_KEPT = 10_000
"""Users and addresses remembered; beyond it, those heard of longest ago are forgotten."""


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: float


class Lockout:
    """Failed tries by user and by address, and the growing time until the next is looked at.

    A user who does not exist is treated as one who does. Safe to share between threads.
    """

    FREE: ClassVar[Mapping[str, int]] = {"user": 5, "address": 15}
    """Tries without a wait. More for an address: an office has one."""
    LONGEST = 900.0
    """Seconds of the longest wait."""
    FORGOTTEN = 3600.0
    """Seconds after the last try until the count begins anew."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, user: str, address: str) -> float:
        """Note a try before it is looked at, so that many at once do not slip through.

        Args:
            user: as typed.
            address: of the browser.

        Returns:
            0 if the password may be looked at; else the seconds to wait, and nothing is noted.
        """
        keys, now = self._keys(user, address), self._clock()
        with self._lock:
            wait = max(self._wait(key, now) for key in keys)
            if wait > 0:
                return wait
            for key in keys:
                known = self._known(key, now)
                self._failures[key] = _Failures(known.count + 1 if known else 1, now)
                self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEPT:
                self._failures.popitem(last=False)
            return 0.0

    def succeed(self, user: str, address: str) -> None:
        """Take back a try that was right: the user's count begins anew, the address's is one less.

        Else whoever has one account could try another's password forever.
        """
        of_user, of_address = self._keys(user, address)
        with self._lock:
            self._failures.pop(of_user, None)
            known = self._failures.get(of_address)
            if known is not None:
                self._failures[of_address] = replace(known, count=max(0, known.count - 1))

    def _keys(self, user: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("user", user[:64]), ("address", address)

    def _known(self, key: tuple[str, str], now: float) -> _Failures | None:
        known = self._failures.get(key)
        return known if known is not None and now - known.last <= self.FORGOTTEN else None

    def _wait(self, key: tuple[str, str], now: float) -> float:
        known = self._known(key, now)
        excess = known.count - self.FREE[key[0]] if known else -1
        if known is None or excess < 0:
            return 0.0
        return max(0.0, known.last + min(self.LONGEST, 2.0 ** min(excess, 20)) - now)


class Rate:
    """At most so many a minute by each, in any order: a token bucket. Safe between threads."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing was done yet.

        Args:
            per_minute: how many; 0 for any number.
            clock: seconds.
        """
        self.per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """Do it once more, if it may be done.

        Returns:
            0 if it may; else the whole seconds until it may.
        """
        if not self.per_minute:
            return 0
        now, speed = self._clock(), self.per_minute / 60
        with self._lock:
            left, then = self._left.get(key, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - then) * speed)
            may = left >= 1
            self._left[key] = (left - may, now)
            self._left.move_to_end(key)
            if len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)
        return 0 if may else max(1, math.ceil((1 - left) / speed))


def address_of(scope: Mapping[str, Any]) -> str:
    """Whom to count a request to: its address, or the network of one household where it is IPv6."""
    client = scope.get("client")
    host = str(client[0]) if client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
