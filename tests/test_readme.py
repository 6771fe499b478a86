"""Each code block of the README is run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.S | re.M)


def blocks(language):
    return [text for name, text in BLOCKS if name == language]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder with the briefs where the README's commands look for them."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "eval/datasets/briefs", folder / "eval/datasets/briefs")
    run(["assistant", "index", "eval/datasets/briefs/documents", "--index", "briefs.index"], folder)
    return folder


def run(command, folder):
    program, *arguments = command
    module = {"assistant": "assistant.cli", "assistant-eval": "eval.cli"}[program]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env={**__import__("os").environ, "PYTHONPATH": str(ROOT), "ASSISTANT_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_block_has_a_test():
    assert {name for name, _ in BLOCKS} <= {"bash", "python", "text"}
    assert blocks("python")
    assert blocks("bash")


@pytest.mark.parametrize("line", [line for text in blocks("bash") for line in text.splitlines() if line])
def test_command(line, folder):
    import shlex

    command = shlex.split(line, comments=True)
    if command[0] == "make":
        # What a target does is run by .ci/run and by the commands below; here, that it exists.
        assert shutil.which("make"), "make is needed"
        done = subprocess.run(["make", "-n", *command[1:]], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return
    pieces = " ".join(shlex.quote(piece) for piece in command).split(" '&&' ")
    for piece in pieces:
        words = shlex.split(piece)
        target = words[words.index(">") + 1] if ">" in words else None
        words = words[: words.index(">")] if target else words
        output = run(words, folder)
        assert output.strip()
        if target:
            (folder / target).write_text(output, encoding="utf-8")


@pytest.mark.parametrize("code", blocks("python"))
def test_script(code, folder, monkeypatch):
    monkeypatch.chdir(folder)
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
