"""A Ray cluster of the tests' own, and the processes that are of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

ROOT = Path(__file__).parents[2]


@contextmanager
def ray_cluster(folder: Path, cores: int = 2):
    """`ray start --head`, as on the first of several machines; gives the process and variables."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    access = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token_hex(32)}
    options = ("--head", f"--port={port}", f"--temp-dir={folder}", "--include-dashboard=false")
    with _node(access, cores, *options) as pid:
        yield pid, access | {"RAY_ADDRESS": f"127.0.0.1:{port}"}


@contextmanager
def ray_node(variables: dict[str, str], cores: int = 1):
    """`ray start --address`, as on each other machine; gives the process."""
    access = {name: value for name, value in variables.items() if name != "RAY_ADDRESS"}
    with _node(access, cores, f"--address={variables['RAY_ADDRESS']}") as pid:
        yield pid


@contextmanager
def _node(access: dict[str, str], cores: int, *options: str):
    started = subprocess.Popen(
        [
            *(sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *options),
            *(f"--num-cpus={cores}", "--num-gpus=0", "--disable-usage-stats"),
            "--object-store-memory=100000000",
        ],
        env=os.environ | access,
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        lines = []
        for line in started.stdout:
            lines.append(line)
            if "--block" in line:  # "This command will now block forever until ..."
                break
        else:
            raise AssertionError("".join(lines))
        yield started.pid
    finally:
        everything = descendants(started.pid)
        started.terminate()
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        for pid in everything:
            kill(pid)
        started.stdout.close()


def descendants(pid: int) -> list[int]:
    """Processes below one, at any depth."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, at = [pid], 0
    while at < len(found):
        found += children.get(found[at], [])
        at += 1
    return found[1:]


def workers(pid: int, doing: str = "") -> list[int]:
    """The embedding workers below a process, which say in their titles what they are at."""
    found = []
    for each in descendants(pid):
        try:
            title = Path(f"/proc/{each}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if re.match(rf"ray::EmbeddingWorker{re.escape(doing)}", title):
            found.append(each)
    return found


def kill(pid: int) -> None:
    """End a process that may be gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until(condition, seconds: float = 240.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found
