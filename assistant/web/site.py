"""What a web application is made of: whom it answers, from what, and where it keeps things."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.desk import Assistant

USER = "verbatim.user"
"""Key of an ASGI scope: the name of who is signed in."""


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What an operator decides."""

    examples: tuple[str, ...] = ()
    """Questions offered while a conversation is empty."""
    reports: Path | None = None
    """Folder of the evaluation reports, which need not exist; None for no Evaluation tab."""
    index: Path | None = None
    """Folder of the index; None where it cannot be written, and the Library tab only shows it."""
    data: Path | None = None
    """Folder of what visitors leave: uploads, feedback, conversations of those who sign in. It need
    not exist; None where nothing is kept."""


class Site:
    """One running web application. Safe to share between threads."""

    def __init__(self, desk: "Assistant", options: SiteOptions | None = None) -> None:
        """Serve answers.

        Args:
            desk: answers the questions; shared by all visitors, and stays the caller's to close.
            options: what the operator decided.
        """
        self._desk = desk
        self.options = options or SiteOptions()

    def desk(self, user: str | None = None) -> "Assistant":
        """Who answers a user's questions.

        Args:
            user: who is signed in; None where nobody needs to.
        """
        return self._desk


def user_of(scope: Mapping[str, Any]) -> str | None:
    """Who is signed in, by the ASGI scope of a request; None where nobody is."""
    name = scope.get(USER)
    return name if isinstance(name, str) else None
