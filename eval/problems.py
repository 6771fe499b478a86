"""Collecting what is wrong with a file, so that all of it is reported at once."""

import json
from collections.abc import Callable
from pathlib import Path

from index.errors import InputError

Complain = Callable[[str], None]
"""Takes one problem: what was expected, what was found, what to do."""

LISTED = 20
"""How many problems a message lists; the rest are counted."""


class Problems:
    """The problems found in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.messages: list[str] = []

    def on_line(self, line: int) -> Complain:
        """A function that takes the problems of one line."""
        return lambda message: self.messages.append(f"{self.path}:{line}: {message}")

    def add(self, message: str) -> None:
        """Take a problem of the file as a whole."""
        self.messages.append(f"{self.path}: {message}")

    def raise_any(self, error: type[InputError]) -> None:
        """Raise all problems as one error, if there are any.

        Raises:
            InputError: of the given type, listing the first 20 problems.
        """
        if self.messages:
            raise error(listed(self.messages))


def listed(messages: list[str]) -> str:
    """The first problems, one a line, and how many more there are."""
    if len(messages) == 1:
        return messages[0]
    lines = [f"{len(messages)} problems:", *messages[:LISTED]]
    if len(messages) > LISTED:
        lines.append(f"... and {len(messages) - LISTED} more.")
    return "\n  ".join(lines)


def shown(value: object, limit: int = 70) -> str:
    """A value as JSON on one line, shortened in the middle, for use in a message."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    if len(text) <= limit:
        return text
    half = (limit - 5) // 2
    return f"{text[:half]} ... {text[-half:]}"
