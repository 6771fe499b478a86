"""Nothing leaves the machine unless a remote model is named.

The commands run in a network of their own in which every packet is looked at, so that native code
is seen too (ONNX Runtime reported to its maker, which no check in Python saw). A hook forbids
Python to connect or to look names up, also where such a network may not be made.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.tracing import TRACING, WANTED, keep_private
from index import telemetry

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ALONE = ("unshare", "--user", "--map-root-user", "--net")
SUPPRESSING = ("CI", "ORT_", "HF_", "TRANSFORMERS_", "GRADIO_", "ANONYMIZED_", "DO_NOT_", "RAY_")
"""Variables that would keep libraries quiet in place of what is tested."""
ASKING = {
    **dict.fromkeys(TRACING, "true"),
    "LANGSMITH_API_KEY": "lsv2_of-another-program",
    "LANGCHAIN_API_KEY": "lsv2_of-another-program",
}
"""What a user may have set for another program."""


def has_networks():
    tools = shutil.which("unshare") and shutil.which("ip")
    return tools and subprocess.run([*ALONE, "true"], capture_output=True).returncode == 0


@pytest.fixture
def watched(tmp_path):
    """Runs Python with arguments; gives what it printed and whom it called."""

    def run(*arguments, forbidden=True):
        logs = tmp_path / "packets", tmp_path / "attempts"
        environment = {
            **{name: v for name, v in os.environ.items() if not name.startswith(SUPPRESSING)},
            **{"VERBATIM_NETWORK_LOG": str(logs[1]), "HOME": str(tmp_path)},
            **{"XDG_CACHE_HOME": str(tmp_path / ".cache")},
            **{"PYTHONPATH": os.pathsep.join([*[str(HERE / "forbidden_network")] * forbidden])},
            **ASKING,
        }
        before = [sys.executable, HERE / "empty_network.py", logs[0]]
        command = [sys.executable, *arguments]
        done = subprocess.run(
            [*ALONE, *before, *command] if has_networks() else command,
            **{"capture_output": True, "text": True, "env": environment, "cwd": tmp_path},
        )
        found = [log.read_text("utf-8").splitlines() if log.exists() else [] for log in logs]
        return done, [call for calls in found for call in calls]

    return run


CALLS = """
import socket
for call in (
    lambda: socket.getaddrinfo("example.org", 443),
    lambda: socket.socket().connect(("192.0.2.7", 443)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.8", 9)),
):
    try:
        call()
    except OSError:
        pass
"""


def test_python_is_seen_to_call(watched):
    _, calls = watched("-c", CALLS)
    assert calls == [
        "socket.getaddrinfo example.org",
        "socket.connect 192.0.2.7",
        "socket.sendto 192.0.2.8",
    ]


@pytest.mark.skipif(not has_networks(), reason="no network of its own may be made here")
def test_packets_are_seen_whoever_sends_them(watched):
    _, calls = watched("-c", CALLS, forbidden=False)
    assert {"192.0.2.7 443", "192.0.2.8 9"} <= set(calls)
    assert any(call.endswith(" 53 example.org") for call in calls)


@pytest.mark.slow
def test_from_documents_to_answers_nobody_is_called(watched, tmp_path):
    # What a folder of somebody else's holds is not followed either.
    (tmp_path / ".env").write_text(
        "CHROMA_OTEL_COLLECTION_ENDPOINT=http://192.0.2.9:4317\nCHROMA_OTEL_GRANULARITY=all\n"
        "CHROMA_PRODUCT_TELEMETRY_IMPL=not_there.Telemetry\n"
    )
    done, calls = watched(HERE / "extractive_path.py", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == ["index", "ask", "verify", "doctor", "eval", "chat"]
    assert calls == []
    assert not (tmp_path / ".cache" / "Microsoft").exists()


@pytest.mark.slow
def test_onnx_runtime_keeps_nothing_to_report(watched, tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from index.embedding import load_embedder\n"
        "load_embedder().encode_query('Who sold it?')\n"
        "assert 'onnxruntime' in sys.modules\n"
    )
    done, calls = watched("-c", code)
    assert done.returncode == 0, done.stderr
    assert calls == []
    # It calls after some seconds only, but makes a number for this machine at once.
    assert not (tmp_path / ".cache" / "Microsoft").exists()


def test_a_command_says_what_it_does_not_follow(monkeypatch):
    said = []
    for name, value in ASKING.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(WANTED, raising=False)
    keep_private(said.append)
    assert {os.environ[name] for name in TRACING} == {"false"}
    (message,) = said
    assert all(name in message for name in (*TRACING, f"{WANTED}=true"))
    keep_private(said.append)
    assert len(said) == 1  # there is nothing left to tell


def test_tracing_is_there_for_who_wants_it(monkeypatch):
    said = []
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv(WANTED, "true")
    keep_private(said.append)
    assert os.environ["LANGSMITH_TRACING"] == "true"
    assert said == []


@pytest.mark.slow
def test_switches_reach_the_libraries():
    """In a process of its own: libraries read them while they are imported."""
    code = (
        "from index.telemetry import turn_off_telemetry; turn_off_telemetry()\n"
        "from gradio import analytics, utils; from huggingface_hub import constants\n"
        "print(analytics.analytics_enabled(), constants.HF_HUB_DISABLE_TELEMETRY)"
    )
    kept = {name: v for name, v in os.environ.items() if not name.startswith(SUPPRESSING)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=kept, cwd=ROOT
    )
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_chroma_takes_no_settings_from_a_folder(tmp_path, monkeypatch):
    from chromadb.config import Settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("CHROMA_API_IMPL=evil.Code\nANONYMIZED_TELEMETRY=true\n")
    settings = Settings(**telemetry.CHROMA)
    assert "evil" not in settings.chroma_api_impl
    assert not settings.anonymized_telemetry
