"""Twenty users ask at once, of a server in a process of its own."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "load_test.py"


@pytest.mark.slow
def test_twenty_users_at_once_are_all_answered():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(SCRIPT), "--users", "20", "--questions", "3"]
    run = subprocess.run(
        [*command, "--port", str(port)], capture_output=True, text=True, timeout=280
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    print(found)  # noqa: T201 -- shown by pytest -s
    assert (found["users"], found["questions"], found["errors"]) == (20, 60, 0)
    assert 0 < found["p50"] <= found["p95"] <= found["max"] < 60
