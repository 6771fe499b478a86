"""What the command says, and where: results on stdout, all else on stderr."""

import sys


def write(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(f"{encodable(text)}\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A message to the person at the terminal, on stderr."""
    sys.stderr.write(f"{encodable(text)}\n")
    sys.stderr.flush()


def encodable(text: str) -> str:
    """The text with lone surrogates, which answers made elsewhere may hold, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
