"""Commands in processes of their own: seconds and peak memory, run in turn."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SERVER = """
import sys
from assistant import Assistant
from assistant.warm_server import answering
with Assistant.open(sys.argv[1]) as desk, answering(desk):
    desk.answer("Is it warm?")
    print("ready", flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    seconds: float
    """From start to end."""
    megabytes: float
    """Of memory, at most."""
    processor: float = 0.0
    """Seconds of all its threads together: what a busy machine changes least."""


def measured(
    commands: Mapping[str, str | Sequence[str]], rounds: int, python: str = sys.executable
) -> dict[str, list[Run]]:
    """Run commands in turn, some rounds after one that is not counted.

    Args:
        commands: by name, the arguments of `assistant`, or a program in Python.
        rounds: how many are counted.
        python: what runs them.
    """
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + (rounds > 1)):
        for name, command in commands.items():
            run = _run(command, python)
            if number or rounds == 1:
                found[name].append(run)
    return found


def report(name: str, runs: Sequence[Run], reference: Sequence[Run] | None = None) -> None:
    """Print the median of a command, and its ratio to another's."""
    seconds, memory = _median(runs)
    line = f"{name:<44} {seconds:8.2f} s {memory:8.0f} MB"
    if reference is not None:
        line += f" {seconds / _median(reference)[0]:7.2f} x"
    print(line, flush=True)


class EndedBadlyError(SystemExit):
    """A process failed; the message has what it wrote to stderr."""


@contextmanager
def open_chat(index: str) -> Iterator[None]:
    """A process that answers `assistant ask`, as `assistant chat` does."""
    command = [sys.executable, "-c", _SERVER, index]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        yield
        child.stdin.close()


def run(
    arguments: Sequence[str], python: str = sys.executable, more: Mapping[str, str] | None = None
) -> Run:
    """Run Python once.

    Args:
        arguments: of Python's.
        python: which one.
        more: variables of its environment, beside those of this process.

    Raises:
        EndedBadlyError: it failed.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        [python, *arguments],
        cwd=ROOT,
        env={**os.environ, **(more or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stderr is not None
        errors = child.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise EndedBadlyError(f"{arguments} ended with {child.returncode}:\n{errors}")
    seconds = time.perf_counter() - started
    return Run(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def _run(command: str | Sequence[str], python: str) -> Run:
    arguments = ["-c", command] if isinstance(command, str) else ["-m", "assistant.cli", *command]
    return run(arguments, python)


def _median(runs: Sequence[Run]) -> tuple[float, float]:
    return (
        statistics.median(run.seconds for run in runs),
        statistics.median(run.megabytes for run in runs),
    )
