"""Changes of a collection that take a while: one at a time, each in a thread of its own."""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.errors import LibraryBusyError
from index.errors import VerbatimError

JobState = Literal["running", "done", "failed", "stopped"]

MOST_NOTES = 500
"""Of one job; of more only the first are kept."""

_log = logging.getLogger("assistant.library")


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one file or document."""

    name: str
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A change of the collection, as of now."""

    id: str
    kind: str
    """`index`, `reindex`, `edit`, `remove` or `undo`."""
    title: str
    """What is being done, for people."""
    state: JobState = "running"
    may_stop: bool = False
    """Whether it can be stopped between two files."""
    is_stopping: bool = False
    """Whether it was told to."""
    done: int = 0
    of: int = 0
    """Files; 0 where there is nothing to count."""
    passages: int = 0
    notes: tuple[Note, ...] = ()
    result: str = ""
    """What was done, or why not."""
    seconds: float = 0.0


class Stopped(Exception):
    """A job ends because somebody stopped it; the message says what was done."""


@dataclass(eq=False)
class Progress:
    """What a job tells while it runs."""

    _jobs: "Jobs"

    def count(self, done: int, of: int, passages: int) -> None:
        """Say how far it is; made to be `index.build`'s `on_progress`.

        Raises:
            Stopped: it is to end here.
        """
        self._jobs._change(done=done, of=of, passages=passages)
        self.check()

    def check(self) -> None:
        """Nothing, unless the job is to end.

        Raises:
            Stopped: it is.
        """
        if self._jobs._now().is_stopping:
            raise Stopped("Stopped.")

    def note(self, name: str, text: str, *, is_error: bool = False) -> None:
        """Say what became of a file or document."""
        notes = self._jobs._now().notes
        if len(notes) < MOST_NOTES:
            self._jobs._change(notes=(*notes, Note(name, text, is_error)))


Work = Callable[[Progress], str]
"""Does it, and says in a sentence what was done."""


@dataclass(eq=False)
class Jobs:
    """The jobs of one collection. Safe to share between threads."""

    shown: Callable[[str], str] = str
    """Makes an error's message fit to be shown."""
    _job: Job | None = None
    _began: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _is_closed: bool = False
    ended: Counter[JobState] = field(default_factory=Counter)
    """How many ended, by how."""

    def latest(self) -> Job | None:
        """The one that runs, else the one that ran last."""
        with self._lock:
            if self._job is not None and self._job.state == "running":
                return replace(self._job, seconds=time.monotonic() - self._began)
            return self._job

    def start(self, kind: str, title: str, work: Work, *, may_stop: bool = False) -> Job:
        """Begin a job.

        Args:
            kind: see `Job`.
            title: see `Job`.
            work: does it.
            may_stop: whether it ends where `Progress` raises `Stopped`, and leaves all in order.

        Raises:
            LibraryBusyError: another one runs; nothing was begun.
        """
        with self._lock:
            if self._is_closed:
                raise LibraryBusyError(
                    "The server is about to end. Try again when it has been started anew."
                )
            if self._job is not None and self._job.state == "running":
                raise LibraryBusyError(
                    f"The documents are being changed already ({self._job.title}). "
                    "Wait until that is done, then try again."
                )
            self._job = Job(secrets.token_hex(8), kind, title, may_stop=may_stop)
            self._began, job = time.monotonic(), self._job
            # A server that ends does not wait for it: an index may be killed at any moment.
            self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
            self._thread.start()
        return job

    def stop(self, job_id: str) -> Job | None:
        """Have a job end after the file it is at; one that cannot, or has ended, stays as it is.

        Returns:
            What `latest` returns.
        """
        with self._lock:
            job = self._job
            if job is not None and job.id == job_id and job.may_stop and job.state == "running":
                self._job = replace(job, is_stopping=True)
        return self.latest()

    def close(self) -> None:
        """Begin none anymore, and have the one that runs end after the file it is at."""
        with self._lock:
            self._is_closed = True
            job = self._job
        if job is not None:
            self.stop(job.id)

    @property
    def is_running(self) -> bool:
        """Whether one runs."""
        with self._lock:
            return self._job is not None and self._job.state == "running"

    def wait(self, seconds: float | None = None) -> None:
        """Wait until none runs, or so long."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self, work: Work) -> None:
        state: JobState = "done"
        try:
            result = work(Progress(self))
        except Stopped as stop:
            result, state = str(stop), "stopped"
        except VerbatimError as error:
            result, state = self.shown(str(error)), "failed"
        except Exception:
            _log.exception("A change of the documents failed")
            result, state = "Something went wrong on the server; its log says what.", "failed"
        seconds = time.monotonic() - self._began
        self._change(state=state, result=result, seconds=seconds)
        self.ended[state] += 1
        fields = {"kind": self._now().kind, "state": state, "seconds": round(seconds, 3)}
        fields["files"] = self._now().done
        _log.info("a change of the documents ended", extra={"fields": fields})

    def _now(self) -> Job:
        assert self._job is not None
        return self._job

    def _change(self, **values: object) -> None:
        with self._lock:
            self._job = replace(self._now(), **values)  # type: ignore[arg-type]
