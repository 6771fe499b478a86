"""Each example of docs/api.md is run against a server over the shipped briefs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant
from index import build

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.S | re.M)
ADDRESS = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def url(serving, embedder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "briefs.index"
    build([ROOT / "eval/datasets/briefs/documents"], folder, embedding_model=embedder)
    with Assistant.open(folder) as desk:
        yield serving(desk, mcp=True)


def blocks(language):
    return [text for name, text in BLOCKS if name == language]


def run(command, text):
    done = subprocess.run(
        [*command, text], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_block_is_run_by_a_test_below():
    assert {name for name, _ in BLOCKS} == {"bash", "python"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "Iskander"), (1, "[1]"), (2, "Ask the documents"), (3, "border")],
)
def test_the_python_examples(url, number, expected):
    assert len(blocks("python")) == 4
    printed = run([sys.executable, "-c"], blocks("python")[number].replace(ADDRESS, url))
    assert expected in printed


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on PATH")
def test_the_example_of_curl(url):
    [block] = blocks("bash")
    assert '"citations"' in run(["bash", "-c"], block.replace(ADDRESS, url))
