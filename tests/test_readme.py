"""Each code block of the README is run, in a folder that holds the briefs and nothing else."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BRIEFS = "eval/datasets/briefs"
BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.S | re.M
)
MODULES = {"assistant": "assistant.cli", "assistant-eval": "eval.cli"}


def blocks(language):
    return [text for name, text in BLOCKS if name == language]


def commands(*programs):
    lines = [line for text in blocks("bash") for line in text.splitlines()]
    return [line for line in lines if shlex.split(line)[0] in programs]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / BRIEFS, folder / BRIEFS)
    run(f"assistant index {BRIEFS}/documents --index briefs.index", folder)
    return folder


def run(line, folder):
    """Run one command line, which may send its output into a file."""
    command, _, target = line.partition(" > ")
    program, *arguments = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", MODULES[program], *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ASSISTANT_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if target:
        (folder / target).write_text(done.stdout, encoding="utf-8")
    return done.stdout


def test_each_block_is_run_by_a_test_below():
    assert {name for name, _ in BLOCKS} == {"bash", "python"}
    lines = [line for text in blocks("bash") for line in text.splitlines()]
    assert sorted(lines) == sorted(commands("make", *MODULES))


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("line", commands("make"))
def test_make_target(line, tmp_path):
    # .ci/run runs the targets themselves; one of them runs this test.
    command = shlex.split(line.replace("path/to/documents", str(tmp_path)))
    done = subprocess.run([*command, "-n"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


LONG = "assistant-eval"
"""These ask all questions of the briefs, once and many times, or need what such a run made."""


@pytest.mark.parametrize("line", [c for c in commands(*MODULES) if not c.startswith(LONG)])
def test_command(line, folder):
    assert run(line, folder).strip()


@pytest.mark.slow
@pytest.mark.parametrize("line", [c for c in commands(*MODULES) if c.startswith(LONG)])
def test_long_command(line, folder):
    assert run(line, folder).strip()


@pytest.mark.parametrize("code", blocks("python"))
def test_script(code, folder, monkeypatch):
    monkeypatch.chdir(folder)
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
