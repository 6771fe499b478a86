"""On the path of a process, forbids it the network: only this machine's own addresses are reached.

Each attempt is written to the file that VERBATIM_NETWORK_LOG names, names that are looked up too.
"""

import os
import sys

_OWN = ("127.", "::1", "localhost", "::ffff:127.")
_PLACES = {
    "socket.connect": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
}
"""Where the address stands among the arguments of an audit event."""


def _forbid(event, arguments):
    place = _PLACES.get(event)
    if place is None:
        return
    address = arguments[place]
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if host is None or host in ("", "0.0.0.0", "::") or str(host).startswith(("/", "\0", *_OWN)):
        return
    with open(os.environ["VERBATIM_NETWORK_LOG"], "a", encoding="utf-8") as log:
        log.write(f"{event} {host}\n")
    raise OSError(f"The network is forbidden here: {event} {host!r}")


sys.addaudithook(_forbid)
