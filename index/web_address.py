"""Addresses of documents on the web, as files state them: kept and shown, never asked for."""

import re
from urllib.parse import urlsplit

LONGEST = 2_000
"""Characters; browsers and servers take about as many."""
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def web_address(text: object) -> str | None:
    """The address that a value is, without space around it; None where it is none.

    Only `http` and `https`, with a host and without a user's name or password: what a document
    states is shown as a link, and must not lead anywhere else.
    """
    address = text.strip() if isinstance(text, str) else ""
    if not 0 < len(address) <= LONGEST or _UNSEEN.search(address):
        return None
    try:
        parts = urlsplit(address)
        is_plain = parts.username is None and parts.port != 0  # reading it raises where it is none
        is_address = is_plain and parts.scheme in ("http", "https") and bool(parts.hostname)
        address.encode()
    except ValueError:  # also halves of surrogate pairs
        return None
    return address if is_address else None
