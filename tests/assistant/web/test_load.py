"""Many users ask at once, of a server in a process of its own, while documents are indexed."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "load_test.py"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_users_are_all_answered_and_too_many_are_told_so():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(SCRIPT), "--users", "10", "--minutes", "0.33", "--burst", "120"]
    run = subprocess.run(
        [*command, "--port", str(port), "--json"], capture_output=True, text=True, timeout=540
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    print(found)  # noqa: T201 -- shown by pytest -s
    for way in ("page", "endpoint", "stream"):
        assert found[way]["questions"] > 0
        assert found[way]["errors"] == 0
    assert 0 < found["all"]["p50"] <= found["all"]["p95"] <= found["all"]["p99"] < 60
    assert found["revisions"] > 0
    assert found["memory"]["end"] > 0
    burst = found["burst"]
    assert (burst["questions"], burst["errors"]) == (120, 0)
    assert 0 < burst["busy"] < 120
    assert burst["slowest_refusal"] < burst["max"]
    assert found["exit_code"] == 0
