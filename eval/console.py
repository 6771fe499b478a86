"""What the command says, and where: results on stdout, all else on stderr."""

import re
import sys

from assistant.redaction import redact
from assistant.terminal import inert

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal would obey."""


def write(text: str) -> None:
    """A result, on stdout. What a terminal would obey is written as JSON's escapes."""
    sys.stdout.write(f"{encodable(_CONTROL.sub(_escaped, text))}\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A message to the person at the terminal, on stderr."""
    sys.stderr.write(f"{encodable(inert(redact(text)))}\n")
    sys.stderr.flush()


def encodable(text: str) -> str:
    """The text with lone surrogates, which answers made elsewhere may hold, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
