"""What the package offers, and how light it is to import."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from timing import spent

import assistant

ROOT = Path(__file__).parents[2]
HEAVY = (
    "chromadb",
    "gradio",
    "langchain_core",
    "numpy",
    "sentence_transformers",
    "sqlalchemy",
    "tantivy",
    "torch",
)
DOCUMENTED = [
    "Answer",
    "Assistant",
    "Citation",
    "DocumentInfo",
    "Event",
    "Filter",
    "GroundingError",
    "Hit",
    "ModelUnavailableError",
    "QuestionError",
    "Quote",
    "Retrieved",
    "Stated",
    "Statement",
    "Token",
    "VerbatimError",
    "answer",
    "stream",
]


def python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )


def test_all_is_the_documented_list():
    assert assistant.__all__ == DOCUMENTED
    assert all(hasattr(assistant, name) for name in DOCUMENTED)


def test_nothing_else_is_offered():
    modules = {name.rpartition(".")[2] for name in sys.modules if name.startswith("assistant.")}
    public = {name for name in vars(assistant) if not name.startswith("_")}
    assert public - modules == set(DOCUMENTED)


@pytest.mark.parametrize("module", ["assistant", "assistant.cli"])
def test_importing_is_light(module):
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY})))"
    assert python("-c", code).stdout.strip() == ""


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"]])
def test_help_is_quick(arguments):
    seconds = []
    for _ in range(3):
        started = spent()
        done = python("-m", "assistant.cli", *arguments)
        seconds.append(spent() - started)
        assert done.stdout.startswith("usage: assistant")
        assert "exit codes:" in done.stdout
    assert min(seconds) < 0.5


def test_tracing_is_off_unless_it_is_asked_for(monkeypatch):
    from langsmith.utils import get_env_var, tracing_is_enabled

    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.replace("LANGSMITH", "LANGCHAIN"), raising=False)
    get_env_var.cache_clear()
    importlib.import_module("assistant.chain")
    assert not tracing_is_enabled()
