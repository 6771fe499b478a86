"""A chat in a process of its own for the load test: its memory, and its documents that change."""

import contextlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
BRIEFS = ROOT / "eval" / "datasets" / "briefs"
ASSISTANT = [sys.executable, "-m", "assistant.cli"]
_EVERY = 1.0
"""Seconds between two looks at the memory."""
_CHANGE = 3.0
"""Seconds between two changes of a document."""
_PATIENCE = 600.0
"""Seconds that the first change may take to be indexed."""
_MOST = 12
"""Documents added at a time; then each new one takes the place of the oldest."""


@dataclass(eq=False)
class Server:
    """A chat that runs."""

    url: str
    pid: int | None = None
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds and megabytes."""
    first_revision: float = 0.0
    """The index's revision, before anything was changed."""
    changes: int = 0
    """Documents that were written, edited or deleted meanwhile."""
    exit_code: int | None = None
    """Once it was told to end."""
    log: str = ""
    """What it logged of warnings and errors."""

    def revision(self) -> float | None:
        """The index's revision, where the server tells its metrics."""
        for line in httpx.get(f"{self.url}/metrics", timeout=30).text.splitlines():
            if line.startswith("verbatim_index_revision "):
                return float(line.split()[1])
        return None


@contextlib.contextmanager
def serving(port: int, changing: bool = True) -> Iterator[Server]:
    """A chat over an index of the briefs, while other documents are indexed into it.

    Args:
        port: to listen on.
        changing: whether they are.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "notes").mkdir()
        paths = [str(BRIEFS / "documents"), "notes"]
        made = [*ASSISTANT, "index", *paths, "--index", "briefs.index"]
        subprocess.run(made, check=True, cwd=work, capture_output=True)
        with _chat(work, port) as server, contextlib.ExitStack() as meanwhile:
            meanwhile.enter_context(_repeated(_EVERY, lambda: _measure(server)))
            if changing:
                server.first_revision = server.revision() or 0.0
                watcher = meanwhile.enter_context(_watching(work, paths))
                meanwhile.enter_context(_repeated(_CHANGE, lambda: _change(server, work / "notes")))
                _wait_for_change(server, watcher, work / "watch.log")
            yield server


@contextlib.contextmanager
def _chat(work: Path, port: int) -> Iterator[Server]:
    command = [*ASSISTANT, "chat", "--index", "briefs.index", "--port", str(port), "--metrics"]
    command += ["--questions-per-minute", "0", "--log-format", "json", "--log-level", "warning"]
    with (
        (work / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=work, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        try:
            said = process.stdout.readline() if process.stdout else ""
            if "ready at" not in said:
                raise SystemExit(f"The server ended early: {(work / 'log').read_text()}")
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                server.exit_code = process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
            server.log = (work / "log").read_text(encoding="utf-8")


@contextlib.contextmanager
def _watching(work: Path, paths: Sequence[str]) -> "Iterator[subprocess.Popen[bytes]]":
    command = [*ASSISTANT, "index", *paths, "--index", "briefs.index", "--watch", "--prune"]
    with (
        (work / "watch.log").open("wb") as log,
        subprocess.Popen(command, cwd=work, stdout=log, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def _repeated(seconds: float, work: Callable[[], None]) -> Iterator[None]:
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(seconds):
            work()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _wait_for_change(server: Server, watcher: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until what is written is indexed, so that it is from the first question on."""
    end = time.monotonic() + _PATIENCE
    while server.revision() == server.first_revision:
        if watcher.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"What was written is not indexed: {log.read_text('utf-8')}")
        time.sleep(1)


def _measure(server: Server) -> None:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                server.memory.append((time.monotonic(), int(line.split()[1]) / 1024))


def _change(server: Server, folder: Path) -> None:
    """Write a document, and now and then edit or delete one."""
    number = server.changes
    server.changes += 1
    path = folder / f"note-{number % _MOST}.md"
    if number % 5 == 4:
        path.unlink(missing_ok=True)
        return
    facts = [f"Ferry {number} carries {number + k} cars across sound {k}." for k in range(40)]
    text = "\n\n".join([f"# Ferries of harbor {number}", *facts])
    path.write_text(text, encoding="utf-8")


def slope_of(memory: Sequence[tuple[float, float]]) -> float:
    """Megabytes a minute by which memory grows, by least squares over the last two thirds."""
    late = memory[len(memory) // 3 :]
    if len(late) < 2:
        return 0.0
    middle = sum(at for at, _ in late) / len(late)
    mean = sum(size for _, size in late) / len(late)
    spread = sum((at - middle) ** 2 for at, _ in late)
    shared = sum((at - middle) * (size - mean) for at, size in late)
    return 60 * shared / spread if spread else 0.0
