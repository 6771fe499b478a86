"""Virtual environments of the peers: their packages, and through a link all of this one's."""

import importlib.metadata
import subprocess
import sysconfig
import venv
from pathlib import Path

from bench_systems import Peer

_SHARED = (
    "chromadb",
    "huggingface-hub",
    "numpy",
    "onnxruntime",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)
"""What no peer may bring along in another release: that would be compared instead (and PyTorch's
takes gigabytes)."""


class NotInstalledError(Exception):
    """A peer cannot be had here; the message says why, in one line."""


def environment(peer: Peer, folder: Path) -> Path:
    """The Python of an environment with a peer's packages, made where there is none.

    Raises:
        NotInstalledError: pip could not install them.
    """
    python, done = folder / "bin/python", folder / "installed.txt"
    wanted = "\n".join([*peer.packages, *peer.unmet])
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(folder, with_pip=True)
    own = sysconfig.get_paths()["purelib"]
    (_packages(python) / "shared.pth").write_text(own + "\n", encoding="utf-8")
    held = folder / "held.txt"
    versions = [f"{name}=={importlib.metadata.version(name)}\n" for name in _SHARED]
    held.write_text("".join(versions), encoding="utf-8")
    _install(python, "--constraint", str(held), *peer.packages)
    if peer.unmet:
        _install(python, "--no-deps", *peer.unmet)
    done.write_text(wanted, encoding="utf-8")
    return python


def _install(python: Path, *arguments: str) -> None:
    pip = (str(python), "-m", "pip", "install", "--disable-pip-version-check")
    ran = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NotInstalledError(_reason(ran.stdout + ran.stderr))


def _packages(python: Path) -> Path:
    command = [str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    return Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def _reason(output: str) -> str:
    """What pip says is in the way, in one line."""
    lines = [line.strip() for line in output.splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    told = [line for line in lines if " depends on " in line] or errors[-1:]
    return "; ".join(told)[:300] or "pip said nothing"
