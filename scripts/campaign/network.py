"""Index, ask and open the chat where there is no network; every connection is counted."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import corpus
from ledger import Ledger, Row

ROOT = Path(__file__).parents[2]
_INTERNET = re.compile(
    r"(?:connect|sendto)\(.*sa_family=AF_INET6?,.*?"
    r"(?:inet_addr\(\"|inet_pton\(AF_INET6, \")([^\"]+)"
)
TASKS = ("index", "ask", "chat")


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Run each command in an empty network namespace of its own."""
    del seed
    for number in range(10):
        corpus.write(work / "docs", number, 0)
    for task in TASKS[:2] if short else TASKS:
        if not ledger.has("no network", f"assistant {task}"):
            ledger.add(_tried(task, work))


def _tried(task: str, work: Path) -> Row:
    log = work / f"{task}.strace"
    index = str(work / "index")
    arguments = {
        "index": ["index", str(work / "docs"), "--index", index],
        "ask": ["ask", corpus.question(3), "--index", index, "--json"],
        "chat": ["chat", "--index", index, "--port", "7999"],
    }[task]
    if task == "index":
        shutil.rmtree(index, ignore_errors=True)
    traced = ["strace", "-f", "-e", "trace=connect,sendto", "-o", str(log)]
    script = (
        f'ip link set lo up 2>/dev/null || true; exec {" ".join(map(_quoted, traced))} "$0" "$@"'
    )
    process = subprocess.Popen(
        ["unshare", "-rn", "sh", "-c", script, sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
    )
    if task == "chat":
        text = _until_ready(process)
        is_well = "is ready at" in text
    else:
        text = process.communicate(timeout=600)[0]
        is_well = process.returncode == 0
    if task == "ask":
        is_well = is_well and '"answered"' in text and str(corpus.height(3, 0)) in text
    outside = [
        place for place in _INTERNET.findall(log.read_text(errors="replace")) if not _is_own(place)
    ]
    found = f"works, {len(outside)} connections tried to other machines"
    if not is_well or outside:
        found = f"{found} {sorted(set(outside))[:5]}: {text[-300:]}"
    return Row(
        "no network", f"assistant {task}", found, is_well and not outside, {"outside": len(outside)}
    )


def _until_ready(process: "subprocess.Popen[str]") -> str:
    lines = []
    assert process.stdout is not None
    end = time.monotonic() + 300
    while time.monotonic() < end:
        line = process.stdout.readline()
        lines.append(line)
        if not line or "is ready at" in line:
            break
    time.sleep(5)  # what is sent at the start, is sent by then
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return "".join(lines)


def _is_own(place: str) -> bool:
    return place.startswith("127.") or place in ("::1", "0.0.0.0", "::")


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
