"""An evaluation that a visitor runs, as a value."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.web.eval_datasets import Dataset
from assistant.web.eval_progress import Phase
from assistant.web.eval_wanted import Wanted

RUN_ID = re.compile(r"\d{4}-\d{2}-\d{2}-\d{6}(?:-\d{1,3})?")
"""When it was begun, in UTC; with a number where another one was begun in the same second."""

State = Literal["running", "stopping", "done", "failed", "canceled", "interrupted"]


class RunBusy(Exception):
    """Another evaluation runs, or was begun by somebody else; the message says so."""


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation, as of now."""

    id: str
    """The name of its folder below the reports' folder."""
    wanted: Wanted
    user: str | None
    """Who began it; None where nobody signs in, or the server was started again since."""
    of: int
    """How many cases there are."""
    state: State = "running"
    phase: Phase = "preparing"
    done: int = 0
    failed: int = 0
    """Cases on which the assistant failed."""
    indexed: tuple[int, int] | None = None
    """While it is prepared: how many documents are indexed, and of how many."""
    per_second: float | None = None
    seconds: float = 0.0
    problem: str = ""
    """Why it ended early."""

    @property
    def is_over(self) -> bool:
        """Whether nothing runs any more."""
        return self.state not in ("running", "stopping")

    @property
    def may_go_on(self) -> bool:
        """Whether what was answered can be used for going on."""
        return self.state in ("failed", "canceled", "interrupted")

    @property
    def report(self) -> str:
        """Where its report is, below the reports' folder; there once it is done."""
        return f"{self.id}/{self.wanted.dataset}"


def count(wanted: Wanted, dataset: Dataset) -> int:
    """How many cases are asked."""
    return dataset.cases if wanted.cases is None else min(wanted.cases, dataset.cases)
