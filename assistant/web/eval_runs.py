"""Evaluations that visitors run: one at a time, each a process of its own that outlives the page.

REPORTS/2026-11-26-101500/wanted.json     what was wanted
REPORTS/2026-11-26-101500/messages.txt    what the process said
REPORTS/2026-11-26-101500/DATASET/        the run, as `assistant-eval run --out` writes it
REPORTS/.samples/...                      datasets of which only some cases are asked
"""

import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.logs import Plain
from assistant.web.eval_datasets import Dataset, datasets_in, sample
from assistant.web.eval_options import Evaluating
from assistant.web.eval_process import begin, end
from assistant.web.eval_progress import REPORT, SETTINGS, Tally, answered_in, indexed_by, problem_of
from assistant.web.eval_run import RUN_ID, Run, RunBusy, count
from assistant.web.eval_wanted import Wanted, kept_in, run_command
from index.errors import InputError

MESSAGES, SAMPLES = "messages.txt", ".samples"
_LOOK = 0.25
"""Seconds between two looks at a run."""
_CHANGED = "The dataset or what may be chosen has changed since. Discard it, and begin a new run."

_log = logging.getLogger("assistant.web")


@dataclass(eq=False)
class Runs:
    """The evaluations of one server. Safe to share between threads."""

    reports: Path
    options: Evaluating
    index: Path | None = None
    """Folder of the library's index, where it may be asked."""
    _run: Run | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _has_looked: bool = False
    _is_closed: bool = False

    def latest(self) -> Run | None:
        """The one that runs, else the one that ran last, if it is known or was left unfinished."""
        with self._lock:
            return self._latest()

    def start(self, wanted: Wanted, user: str | None = None) -> Run:
        """Begin an evaluation.

        Raises:
            InputError: it is none of those that may be run.
            RunBusy: another one runs.
            OSError: the folder cannot be written, or no process started.
        """
        dataset = self._checked(wanted)
        with self._lock:
            self._refuse_second()
            return self._begin(self._new_folder(), wanted, dataset, user)

    def resume(self, run_id: str, user: str | None = None) -> Run:
        """Go on with the latest evaluation, which ended early.

        Raises:
            InputError: it is another one, or may no longer be run.
            RunBusy: one runs.
            OSError: the folder cannot be written, or no process started.
        """
        with self._lock:
            self._refuse_second()
            run = self._unfinished(run_id)
            try:
                dataset = self._checked(run.wanted)
            except InputError as error:
                raise InputError(_CHANGED) from error
            return self._begin(self.reports / run.id, run.wanted, dataset, user)

    def cancel(self, user: str | None = None) -> Run | None:
        """End the evaluation that runs; what was answered stays.

        Raises:
            RunBusy: somebody else began it.
        """
        with self._lock:
            run = self._run
            if run is not None and run.state == "running":
                if run.user != user:
                    raise RunBusy("Somebody else began this evaluation. Only they can end it here.")
                self._run = replace(run, state="stopping")
                self._stop.set()
            return self._run

    def discard(self, run_id: str) -> None:
        """Delete an evaluation that ended early.

        Raises:
            InputError: it is not the latest one, or is not unfinished.
            RunBusy: one runs.
        """
        with self._lock:
            self._refuse_second()
            run = self._unfinished(run_id)
            shutil.rmtree(self.reports / run.id, ignore_errors=True)
            self._run = None

    def wait(self, seconds: float | None = None) -> None:
        """Wait until none runs, or so long."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def close(self) -> None:
        """End what runs, and begin nothing more. It can be gone on with by another server."""
        with self._lock:
            self._is_closed = True
            self._stop.set()
        self.wait()

    def names(self) -> Mapping[str, str]:
        """What visitors read instead of the server's folders."""
        places = {str(self.reports.absolute()): "the reports' folder"}
        if self.index is not None:
            places[str(self.index.absolute())] = "the library's index"
        for dataset in datasets_in(self.options.datasets):
            places[str(dataset.folder)] = dataset.name
        return places

    def _latest(self) -> Run | None:
        if not self._has_looked:
            self._has_looked = True
            self._run = self._left()
        return self._run

    def _left(self) -> Run | None:
        """The newest evaluation of an earlier server, if it is unfinished."""
        try:
            folders = [each for each in self.reports.iterdir() if RUN_ID.fullmatch(each.name)]
        except OSError:
            return None
        for folder in sorted(folders, reverse=True)[:1]:
            wanted = kept_in(folder)
            try:
                of = count(wanted, self._checked(wanted)) if wanted else 0
            except InputError:
                return None
            if wanted is None or (folder / wanted.dataset / REPORT).exists():
                return None
            done = answered_in(folder / wanted.dataset)
            return Run(folder.name, wanted, None, of, state="interrupted", done=done)
        return None

    def _checked(self, wanted: Wanted) -> Dataset:
        """The dataset that is wanted."""
        if wanted.model not in self.options.models:
            raise InputError("Expected one of the models of the list, found another. Reload.")
        if wanted.documents == "library" and self.index is None:
            raise InputError("Expected a dataset's own documents: the library is not asked here.")
        for dataset in datasets_in(self.options.datasets):
            if dataset.name == wanted.dataset:
                return dataset
        raise InputError("Expected one of the datasets of the list, found another. Reload.")

    def _refuse_second(self) -> None:
        run = self._latest()
        if self._is_closed:
            raise RunBusy("The server is about to end. Try again when it is back.")
        if run is not None and not run.is_over:
            raise RunBusy(
                f"An evaluation runs already ({run.wanted.dataset}, {run.done:,} of {run.of:,} "
                "questions). Wait until it is done, then try again."
            )

    def _unfinished(self, run_id: str) -> Run:
        run = self._latest()
        if run is None or run.id != run_id or not run.may_go_on:
            raise InputError("This evaluation is not there any more, or is done. Reload the page.")
        return run

    def _new_folder(self) -> Path:
        self.reports.mkdir(parents=True, exist_ok=True)
        now = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
        for name in (now, *(f"{now}-{number}" for number in range(2, 1_000))):
            try:
                (self.reports / name).mkdir()
            except FileExistsError:
                continue
            return self.reports / name
        raise FileExistsError("there are too many evaluations of this second")

    def _begin(self, folder: Path, wanted: Wanted, dataset: Dataset, user: str | None) -> Run:
        """Start the process and the thread that watches it; the lock is held."""
        wanted.save(folder)
        run = Run(folder.name, wanted, user, count(wanted, dataset))
        cases = dataset.folder
        if run.of < dataset.cases:
            cases = sample(dataset, run.of, self.reports / SAMPLES)
        index = self.index if wanted.documents == "library" else None
        command = run_command(wanted, cases, folder, self.options, index)
        tally = Tally(folder / dataset.name, run.of)
        process = begin(command, self.reports, folder / MESSAGES)
        self._run, self._stop = run, threading.Event()
        watching = (process, tally, self._stop)
        self._thread = threading.Thread(target=self._watch, args=watching, daemon=True)
        self._thread.start()
        return run

    def _watch(
        self, process: "subprocess.Popen[bytes]", tally: Tally, stop: threading.Event
    ) -> None:
        began = time.monotonic()
        while process.poll() is None:
            if stop.wait(_LOOK):
                end(process)
            self._look(tally, began)
        self._look(tally, began)
        with self._lock:
            self._run = self._ended(self._now(), process.returncode, stop.is_set())
        if self._now().state == "failed":
            _log.warning("The evaluation %s failed; its page says why.", Plain(self._now().id))

    def _look(self, tally: Tally, began: float) -> None:
        pace = tally.look()
        is_preparing = pace.phase == "preparing"
        indexed = indexed_by(self.reports / self._now().id / MESSAGES) if is_preparing else None
        with self._lock:
            self._run = replace(
                self._now(),
                phase=pace.phase,
                done=pace.done,
                failed=pace.failed,
                indexed=indexed,
                per_second=pace.per_second,
                seconds=time.monotonic() - began,
            )

    def _ended(self, run: Run, exit_code: int, is_stopped: bool) -> Run:
        folder = self.reports / run.id / run.wanted.dataset
        if (folder / REPORT).is_file() and (folder / SETTINGS).is_file():
            return replace(run, state="done")
        answered = replace(run, done=answered_in(folder))
        if is_stopped:
            return replace(answered, state="interrupted" if self._is_closed else "canceled")
        problem = problem_of(self.reports / run.id / MESSAGES, exit_code, self.names())
        return replace(answered, state="failed", problem=problem)

    def _now(self) -> Run:
        assert self._run is not None
        return self._run
