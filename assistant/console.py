"""Printing on stdout and stderr, whatever their encoding is and whoever reads them."""

import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

told: Callable[[str], None] | None = None
"""Takes what is said, where stderr is not for people; see `assistant.logs`."""


def write(text: str) -> None:
    """Print on stdout."""
    _put(sys.stdout, text.rstrip("\n"), "backslashreplace")


def write_json(value: object) -> None:
    """Print one JSON document on stdout.

    What a terminal would obey, and what stdout cannot encode, is written as JSON's own escapes: the
    value stays the same.
    """
    text = _UNSEEN.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2))
    try:
        _put(sys.stdout, text, "strict")
    except UnicodeEncodeError:
        _put(sys.stdout, json.dumps(value, indent=2), "strict")


def say(text: str) -> None:
    """Print on stderr: progress, warnings and errors. What they cite is made inert, keys masked."""
    from assistant.redaction import redact
    from assistant.terminal import inert

    text = redact(text)
    if told is not None:
        told(inert(text))
        return
    _put(sys.stderr, inert(text), "backslashreplace")


def give_up_stdout() -> None:
    """Send what is still buffered nowhere: its reader is gone, or there is no room for it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _put(stream: TextIO, text: str, errors: str) -> None:
    from assistant.strays import real

    stream = real(stream)
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, errors).decode(encoding) + "\n")
    stream.flush()


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
