"""Which addresses may be connected to: public ones, whatever name or spelling leads to them.

A page that somebody names, or that a server redirects to, must not reach services of this machine
or its network (server-side request forgery). A name is resolved once, every address it has is
checked, and the connection goes to the address that was checked: a second look-up could give
another one (DNS rebinding).
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from index.errors import FetchError

Address = IPv4Address | IPv6Address
Allow = Callable[[Address], bool]
"""Whether an address may be connected to."""
Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host name, for a port; raises `OSError` where it has none."""

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_REFUSED = (
    *(IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("2002::/16")),
    *(IPv6Network("3fff::/20"), IPv6Network("5f00::/16"), IPv6Network("100::/64")),
    *(IPv6Network("fec0::/10"), IPv6Network("::/96")),
)
"""Tunnels (Teredo, 6to4), which lead to an address of version 4 within, and what is reserved."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes."""

    url: str
    is_https: bool
    host: str
    """As the server is asked for it: in ASCII, an IPv6 address without its brackets."""
    port: int
    path: str
    """With the query."""
    addresses: tuple[Address, ...]
    """Checked: no other address is connected to."""

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == _PORTS["https" if self.is_https else "http"]
        return host if is_usual else f"{host}:{self.port}"


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, which also reads `0x7f.1` as an address."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet: neither of this machine nor its network."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _NAT64):
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.scope_id or any(address in network for network in _REFUSED):
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or address.is_unspecified
    )


def target_of(url: str, allow: Allow = is_public, lookup: Resolve = resolve) -> Target:
    """Check a URL, and the addresses of its host.

    Raises:
        FetchError: it is no address of a web page, or leads to an address that is refused.
    """
    parts = _split(url)
    host, port = _host(url, parts), _port(url, parts)
    try:
        found = [ip_address(address) for address in lookup(host, port)]
    except (OSError, ValueError) as error:  # ValueError: a label that is too long
        raise FetchError(
            f"{url}: the name {host!r} could not be resolved ({_reason(error)}). Check the address "
            "and the network."
        ) from error
    refused = [address for address in found if not allow(address)]
    if refused or not found:
        told = f"{refused[0]}, which is private or reserved" if refused else "no address"
        raise FetchError(
            f"{url}: expected a page on a public address, found {host!r} at {told}. Pages of this "
            "machine and its network are not fetched: save the page, and index the file."
        )
    query = f"?{parts.query}" if parts.query else ""
    path = _ascii((parts.path or "/") + query)
    return Target(url, parts.scheme == "https", host, port, path, tuple(found))


def _split(url: str) -> SplitResult:
    if any(ord(character) <= 32 or character in "\\\x7f" for character in url):
        raise FetchError(
            f"{url!r}: expected an address without spaces and backslashes. Correct it."
        )
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FetchError(f"{url}: expected an address, found an error ({error}).") from error
    if parts.scheme not in _PORTS:
        raise FetchError(f"{url}: expected http:// or https://, found {parts.scheme!r}.")
    if "@" in parts.netloc:
        raise FetchError(
            f"{url}: expected an address without a user name or password. Pages that need a "
            "sign-in have to be saved by a browser."
        )
    return parts


def _host(url: str, parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not name or not all(c.isalnum() or c in ".-_:" for c in name):
        raise FetchError(
            f"{url}: expected the name of a host, found {host!r}. Correct the address."
        )
    return name


def _port(url: str, parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise FetchError(f"{url}: expected a port from 1 to 65535. Correct the address.")
    return port or _PORTS[parts.scheme]


def _ascii(path: str) -> str:
    """A path in which everything that is not ASCII is percent-encoded."""
    from urllib.parse import quote

    return quote(path, safe="%/:?#[]@!$&'()*+,;=~-._|^`{}\"<>")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
