"""One page over HTTP: limits on time, size, redirects and kinds; no cookies, proxies, sign-in."""

import io
import ssl
import time
import zlib
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import create_connection
from socket import socket as Socket
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from index.errors import FetchError
from index.fetching.addresses import Allow, Resolve, Target, is_public, resolve, target_of

if TYPE_CHECKING:
    from typing_extensions import Buffer

_REDIRECTS = (301, 302, 303, 307, 308)
_BLOCK = 65_536
_ACCEPTED = "text/html,application/xhtml+xml,application/pdf;q=0.8,text/plain;q=0.8,*/*;q=0.5"
_AGENT = "Verbatim/0.1 (fetches a page that its user names)"
_USER_ERRORS = (OSError, HTTPException, ValueError)
"""What a connection and a server's wrong answer raise; `ssl.SSLError` is an `OSError`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take."""

    max_bytes: int = 32_000_000
    seconds: float = 30.0
    """For all of it, redirects included; the look-up of a name takes what the system lets it."""
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Response:
    """What a server sent."""

    url: str
    """After redirects."""
    is_unchanged: bool
    """The server says that the page is as it was: `data` is empty."""
    data: bytes
    headers: Mapping[str, str]
    """By names in lower case."""


def fetch(
    url: str,
    *,
    known: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    allow: Allow = is_public,
    lookup: Resolve = resolve,
) -> Response:
    """Fetch one page.

    Args:
        url: `http` or `https`.
        known: headers that ask whether the page has changed (`If-None-Match`, ...).
        limits: what it may take.
        allow: which addresses may be connected to.
        lookup: how names are resolved.

    Raises:
        FetchError: it is refused, cannot be reached, is too large or slow, or is not there.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    current = urldefrag(url)[0]
    for _ in range(limits.redirects + 1):
        target = target_of(current, allow, lookup)
        answer = _ask(target, known or {}, limits, deadline)
        if isinstance(answer, Response):
            return answer
        current = answer
    raise FetchError(f"{url}: expected a page, found more than {limits.redirects} redirects.")


def _ask(
    target: Target, known: Mapping[str, str], limits: Limits, deadline: float
) -> Response | str:
    """The answer of one server, or where it redirects to."""
    try:
        with closing(_connected(target, deadline)) as socket:
            connection = HTTPConnection(target.host, target.port)
            # It must not connect on its own, to an address of its own look-up.
            connection.auto_open = 0
            connection.sock = _Timed(socket, deadline)
            _send(connection, target, known)
            with connection.getresponse() as answer:
                if answer.status in _REDIRECTS and answer.headers.get("Location"):
                    return _redirected(target, answer.headers["Location"])
                return _received(target, answer, limits)
    except _USER_ERRORS as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= deadline
        reason = f"it took more than {limits.seconds:g} seconds" if late else _told(error)
        raise FetchError(f"{target.url}: could not be fetched: {reason}.") from error


def _connected(target: Target, deadline: float) -> "ssl.SSLSocket | Socket":
    last: OSError | None = None
    for address in target.addresses:
        try:
            plain = create_connection((str(address), target.port), _left(deadline))
        except OSError as error:
            last = error
            continue
        if not target.is_https:
            return plain
        try:
            plain.settimeout(_left(deadline))
            return _tls().wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise
    raise last or OSError("no address")


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not context.get_ca_certs():
        import certifi  # where the system has no certificates of authorities

        context.load_verify_locations(certifi.where())
    return context


def _send(connection: HTTPConnection, target: Target, known: Mapping[str, str]) -> None:
    connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
    headers = {
        "Host": target.authority,
        "User-Agent": _AGENT,
        "Accept": _ACCEPTED,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **known,
    }
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()


def _redirected(target: Target, location: str) -> str:
    # Servers send the bytes of UTF-8, which the library reads as Latin-1.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    return urldefrag(urljoin(target.url, location.strip().replace(" ", "%20")))[0]


def _received(target: Target, answer: HTTPResponse, limits: Limits) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status == 304:
        return Response(target.url, True, b"", headers)
    if answer.status != 200:
        raise FetchError(
            f"{target.url}: expected a page, and the server answered {answer.status} "
            f"{answer.reason}. Check the address in a browser."
        )
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limits.max_bytes:
        raise _too_large(target, limits)
    data = bytearray()
    while block := answer.read(_BLOCK):
        data += block
        if len(data) > limits.max_bytes:
            raise _too_large(target, limits)
    if answer.length:
        raise FetchError(f"{target.url}: expected a whole page, and its end is missing.")
    return Response(target.url, False, _decoded(target, bytes(data), headers, limits), headers)


def _decoded(target: Target, data: bytes, headers: Mapping[str, str], limits: Limits) -> bytes:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"{target.url}: expected a page packed by gzip, found {encoding!r}.")
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        unpacked = unpacking.decompress(data, limits.max_bytes + 1)
    except zlib.error as error:
        raise FetchError(f"{target.url}: expected a page packed by gzip, found damage.") from error
    if len(unpacked) > limits.max_bytes:
        raise _too_large(target, limits)
    if not unpacking.eof:
        raise FetchError(f"{target.url}: expected a whole page, and its end is missing.")
    return unpacked


def _too_large(target: Target, limits: Limits) -> FetchError:
    size = f"{limits.max_bytes / 1e6:g} MB"
    return FetchError(f"{target.url}: expected a page of at most {size}, found a larger one.")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _told(error: Exception) -> str:
    reason = str(getattr(error, "strerror", None) or error)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__


class _Timed:
    """A socket as `HTTPConnection` uses it, each wait on which ends with the deadline."""

    def __init__(self, socket: "ssl.SSLSocket | Socket", deadline: float) -> None:
        self.socket = socket
        self.deadline = deadline

    def sendall(self, data: bytes) -> None:
        self.socket.settimeout(_left(self.deadline))
        self.socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """For reading, which is all that is done with it; `mode` is `rb`."""
        return io.BufferedReader(_Reader(self), _BLOCK)

    def close(self) -> None:
        """Nothing: an answer is read after its connection is closed, and the socket after that."""


class _Reader(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        super().__init__()
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        self._timed.socket.settimeout(_left(self._timed.deadline))
        return self._timed.socket.recv_into(buffer)
