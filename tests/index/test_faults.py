"""A short run of the campaign of faults: scripts/campaign; `make campaign` is the long one."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the campaign is for Linux"),
]


PARTS = [["kills", "--kills", "4"], ["damage"], ["flips"], ["writers"], ["chat_model"]]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0])
def test_faults_are_survived(part, tmp_path):
    script = str(ROOT / "scripts" / "campaign" / "run.py")
    options = ["--short", "--work", str(tmp_path), "--seed", "5"]
    done = subprocess.run(
        [sys.executable, script, *part, *options], capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " rounds, 0 failed." in done.stdout
