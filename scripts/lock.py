"""Write every package that Verbatim needs, with the hashes of its files, into requirements*.lock.

    python scripts/lock.py --torch-wheel FILE      # needs uv on the path, and a package index
    pip install --require-hashes --no-deps -r requirements.lock -r requirements-torch-cpu.lock

The versions are those of constraints.txt. PyTorch has files of its own: requirements-torch-cpu.lock
has the wheels that are given here, which do without graphics cards; requirements-torch.lock has
those of PyPI, and what these need on Linux.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
REST, TORCH, TORCH_CPU = "", "-torch", "-torch-cpu"
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>\S+)", re.M)
_GRAPHICS = re.compile(r"nvidia-|cuda-|triton\b|torch-c-dlpack")
HEADER = "# Made by scripts/lock.py from pyproject.toml and constraints.txt: do not edit.\n"


def main() -> int:
    """Write the file; 0 if it could be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--torch-wheel", action="append", type=Path, default=[], metavar="FILE")
    wheels = parser.parse_args().torch_wheel
    program = shutil.which("uv")
    if program is None:
        sys.stderr.write("Expected the program uv, found none. Install it: pip install uv\n")
        return 2
    options = (
        "--universal --generate-hashes --no-emit-index-url --no-annotate --no-header "
        "--python-version 3.11 -c constraints.txt pyproject.toml"
    )
    done = subprocess.run(
        [program, "pip", "compile", *options.split()], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        return 1
    found = list(entries(done.stdout))
    torch = next(entry for entry in found if entry.startswith("torch=="))
    graphics = [entry for entry in found if _GRAPHICS.match(entry)]
    rest = [entry for entry in found if entry != torch and entry not in graphics]
    write(REST, rest)
    write(TORCH, [torch, *graphics])
    if wheels:
        write(TORCH_CPU, [with_hashes(torch.split()[0], wheels)])
    return 0


def write(kind: str, packages: list[str]) -> None:
    """Write one file, and say so."""
    path = ROOT / f"requirements{kind}.lock"
    path.write_text(HEADER + "".join(packages), encoding="utf-8")
    print(f"{path.name}: {len(packages)} packages")


def entries(text: str) -> Iterator[str]:
    """The packages of a lock, each with its hashes."""
    starts = [match.start() for match in _ENTRY.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end].rstrip() + "\n"


def with_hashes(name: str, wheels: list[Path]) -> str:
    """A package whose files are these."""
    digests = sorted(hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels)
    return " \\\n    ".join([name, *(f"--hash=sha256:{digest}" for digest in digests)]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
