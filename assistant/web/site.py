"""What a web application is made of: whom it answers, from what, and where it keeps things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assistant.web.also_models import AlsoModels
from assistant.web.eval_options import Evaluating
from assistant.web.libraries import Libraries
from assistant.web.places import Places

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
    """Folder of the shared index; None where there is none on disk."""
    data: Path | None = None
    """Folder of what visitors leave: uploads, feedback, conversations of those who sign in. It need
    not exist; None where nothing is kept."""
    read_only: bool = False
    """Whether the Library tab only shows what there is."""
    auth_file: Path | None = None
    """File of those who may sign in; None where nobody needs to."""
    private_libraries: bool = False
    """Whether each user has an index of their own; needs `auth_file` and `data`."""
    allowed_hosts: tuple[str, ...] = ()
    """Names under which browsers find the server, besides those of this machine."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose word is taken for who asks, and by which scheme."""
    largest_upload: int = 50_000_000
    """Bytes of one uploaded file."""
    questions_per_minute: int = 0
    """Of one user, or of one address where nobody signs in; 0 for any number."""
    also_models: AlsoModels = field(default_factory=AlsoModels)
    """Chat models to choose from, besides the desk's own."""
    evaluating: Evaluating = field(default_factory=Evaluating)
    """What evaluations may be run from the page; needs `reports`."""
    mcp: bool = False
    """Whether other programs are offered tools by the Model Context Protocol."""
    metrics: bool = False
    """Whether Prometheus is told how the server is, at `/metrics`."""
    metrics_token: str | None = field(default=None, repr=False)
    """What Prometheus has to bring where nobody signs in; None for nothing."""

    @property
    def may_evaluate(self) -> bool:
        """Whether evaluations may be run from the page."""
        return bool(self.evaluating.datasets) and not self.read_only


class Site:
    """One running web application. Safe to share between threads."""

    def __init__(self, desk: "Assistant", options: SiteOptions | None = None) -> None:
        """Serve answers.

        Args:
            desk: answers the questions; shared by all visitors, and stays the caller's to close.
                With private libraries, its chat model and its embedding model answer for all, and
                its own documents are shown to nobody who has signed in.
            options: what the operator decided.
        """
        self._desk = desk
        # Not before a server is made: to load what counts takes time.
        from assistant.web.answers import Answers
        from assistant.web.metrics import Metrics

        self.options = options or SiteOptions()
        self.metrics = Metrics()
        self.answers = Answers(self.metrics)
        self.answering = Places(refused=self.metrics.refused.labels("busy").inc)
        self._libraries = Libraries(desk) if self.options.private_libraries else None

    def desk(self, user: str | None = None) -> "Assistant":
        """Who answers a user's questions; a private library is opened, or made, when first needed.

        Args:
            user: who is signed in; None where nobody needs to.

        Raises:
            IndexStoreError: a private library cannot be opened.
        """
        folder = self._private(user)
        if self._libraries is None or folder is None:
            return self._desk
        return self._libraries.open(folder / "verbatim.index")

    def index_folder(self, user: str | None = None) -> Path | None:
        """Folder of the index that a user may change; None where it is only shown."""
        if self.options.read_only:
            return None
        if self._libraries is None:
            return self.options.index
        folder = self._private(user)
        return folder and folder / "verbatim.index"

    def files_folder(self, user: str | None = None) -> Path | None:
        """Folder for the files a user uploads, which need not exist; None where none are taken."""
        if self.options.read_only or self.options.data is None:
            return None
        folder = self.options.data if self._libraries is None else self._private(user)
        return folder and folder / "files"

    def data_folder(self, user: str | None = None) -> Path | None:
        """Folder for what else a user leaves, which need not exist; None where nothing is kept."""
        if self.options.data is None or user is None:
            return self.options.data
        return self.options.data / "users" / folder_name(user)

    def close(self) -> None:
        """Close the private libraries."""
        if self._libraries is not None:
            self._libraries.close()

    def _private(self, user: str | None) -> Path | None:
        return None if self._libraries is None or user is None else self.data_folder(user)


def folder_name(user: str) -> str:
    """A user's name as the name of a folder: no two share one, and none leads elsewhere.

    Raises:
        ValueError: the name is empty.
    """
    if not user:
        raise ValueError("Expected the name of a user, found none.")
    name = quote(user, safe="@")
    return name if name[0] != "." else f"%2E{name[1:]}"


def user_of(scope: Mapping[str, Any]) -> str | None:
    """Who is signed in, by the ASGI scope of a request; None where nobody is."""
    name = scope.get(USER)
    return name if isinstance(name, str) else None
