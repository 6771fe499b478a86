"""What the log says of an answer: how it went and how long it took, and nothing of what it says."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from assistant.logs import REQUEST
from assistant.types import Answer
from index.errors import InputError

Outcome = Literal["answered", "abstained", "stopped", "cut", "failed"]
"""`stopped` by who asked, `cut` by a server that ends, `failed` by an error."""

_log = logging.getLogger("assistant.answers")


@dataclass(frozen=True, slots=True)
class Report:
    """One answer, as the log and the metrics know it."""

    reader: str
    """The chat model, or `extractive`."""
    outcome: Outcome
    seconds: float
    """Until it was whole, or was not to be."""
    answer: Answer | None = None
    error: BaseException | None = None

    @property
    def kind(self) -> str | None:
        """The kind of the error, if there was one."""
        return None if self.error is None else type(self.error).__name__

    def fields(self) -> dict[str, Any]:
        """What may be logged."""
        values: dict[str, Any] = {
            "outcome": self.outcome,
            "reader": self.reader,
            "seconds": round(self.seconds, 4),
        }
        if self.kind is not None:
            values["error"] = self.kind
        return values if self.answer is None else values | _counted(self.answer)


def log_answer(report: Report) -> None:
    """Write the line; a failed request is a warning, unless it is the fault of who asked.

    Without a request, the error goes to the caller, who knows of it then.
    """
    is_fault = report.outcome in ("failed", "cut") and not isinstance(report.error, InputError)
    level = logging.WARNING if is_fault and REQUEST.get() else logging.INFO
    _log.log(level, "answer", extra={"fields": report.fields()})


@contextmanager
def logging_answer(reader: str) -> Generator[list[Answer], None, None]:
    """Log the answer that is put into the list while the block lasts, or the error that ends it."""
    started, answers = time.perf_counter(), list[Answer]()
    outcome: Outcome = "stopped"
    failed: BaseException | None = None
    try:
        yield answers
        outcome = answers[-1].status if answers else "stopped"
    except Exception as error:
        outcome, failed = "failed", error
        raise
    finally:
        answer = answers[-1] if answers else None
        log_answer(Report(reader, outcome, time.perf_counter() - started, answer, failed))


def _counted(answer: Answer) -> dict[str, Any]:
    values: dict[str, Any] = {
        "timings": {name: round(seconds, 4) for name, seconds in answer.timings.items()},
        "statements": len(answer.statements),
        "quotes": len(answer.citations),
        "documents": len({citation.document.id for citation in answer.citations}),
        "dropped": answer.dropped,
    }
    if answer.retrieved is not None:
        values["passages"] = len(answer.retrieved)
    if answer.usage is not None:
        names = ("calls", "cached_calls", "input_tokens", "output_tokens")
        values["model"] = {name: answer.usage[name] for name in names if name in answer.usage}
    return values
