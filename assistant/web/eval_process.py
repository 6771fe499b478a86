"""A command of the evaluation suite as a process of its own, which can be ended as a whole."""

import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 5.0
"""Seconds that a process has to end by itself."""
COMPARING = 120.0
"""Seconds that a short command may take."""
_NICENESS = 10

_log = logging.getLogger("assistant.web")


def is_installed() -> bool:
    """Whether there is an evaluation suite."""
    return find_spec("eval") is not None


def begin(command: Sequence[str], folder: Path, messages: Path) -> "subprocess.Popen[bytes]":
    """Start a command that takes a while, behind everything else that the machine does.

    Args:
        command: from `eval_command`.
        folder: to work in: a neutral one, so that no `assistant.toml` adds to the command.
        messages: gets what the process says on stderr.

    Raises:
        OSError: it cannot be started.
    """
    with messages.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # over already
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all it started: asked first, then forced."""
    _signal(process, "SIGTERM")
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        _log.warning("An evaluation did not end by itself, and was killed.")
        _signal(process, "SIGKILL")
        process.wait()


def output_of(command: Sequence[str], folder: Path) -> tuple[int, str, str]:
    """Run a short command; its exit code and what it said on stdout and stderr.

    Raises:
        OSError: it cannot be started, or takes too long.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMPARING,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"it took longer than {COMPARING:.0f} s") from error
    return (
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
    )


def environment() -> dict[str, str]:
    """That of the server, where what is said of the chat is left out and folders are absolute.

    Keys of providers stay: chat models need them.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    if cache := os.environ.get("ASSISTANT_CACHE"):
        kept["ASSISTANT_CACHE"] = str(Path(cache).expanduser().absolute())
    if path := os.environ.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, path.split(os.pathsep)))
    return kept


def _signal(process: "subprocess.Popen[bytes]", name: str) -> None:
    """Send a signal to the group of a process; where there are no groups, end the process."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, getattr(signal, name))
        else:
            process.kill()
