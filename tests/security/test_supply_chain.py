"""Every package is pinned by hash, and what cannot be audited is said not to have been."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
ENTRY = re.compile(
    r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)(.*(?:\n    --hash.*)*)", re.M
)
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)", re.M)
LOCKS = sorted(ROOT.glob("requirements*.lock"))
METADATA = "Metadata-Version: 2.1\nName: lakes\nVersion: 1.0\n"
OF_OTHER_SYSTEMS = {"audioop-lts", "colorama", "httpx2-jsfetch", "setuptools"}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def read(path):
    return path.read_text(encoding="utf-8")


def test_the_locks_have_the_versions_that_are_tested_and_hashes_of_all():
    pinned = {
        normal(name): version for name, version in PINNED.findall(read(ROOT / "constraints.txt"))
    }
    assert [path.name for path in LOCKS] == [
        "requirements-torch-cpu.lock",
        "requirements-torch.lock",
        "requirements.lock",
    ]
    for path in LOCKS:
        entries = ENTRY.findall(read(path))
        assert entries
        for name, version, rest in entries:
            assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest), name
            if path.name == "requirements.lock":
                found = pinned.get(normal(name))
                assert found == version or normal(name) in OF_OTHER_SYSTEMS, (name, version, found)


def test_the_locks_hold_what_the_package_needs():
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    needed = [re.match(r"[\w.-]+", each)[0] for each in project["dependencies"]]
    locked = {normal(name) for path in LOCKS for name, _, _ in ENTRY.findall(read(path))}
    assert len(needed) > 25
    assert {normal(name) for name in needed} - locked == set()


def test_no_lock_names_a_place_to_get_packages_from():
    assert [path.name for path in LOCKS if re.search(r"://|--index|--find", read(path))] == []


@pytest.mark.slow
def test_make_takes_no_file_with_another_hash(tmp_path):
    """A package that is not the one of the lock ends the installation, before it is installed."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with ZipFile(wheels / "lakes-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("lakes.py", "")
        wheel.writestr("lakes-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("lakes-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("lakes-1.0.dist-info/RECORD", "")
    right = hashlib.sha256((wheels / "lakes-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").write_text("not read, if no file was installed")
    (tmp_path / "constraints.txt").write_text("")
    alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONSTRAINT": ""}
    environment = {**os.environ, **alone}

    def installed(digest):
        (tmp_path / "requirements.lock").write_text(f"lakes==1.0 --hash=sha256:{digest}\n")
        done = subprocess.run(
            ["make", "install", f"PYTHON={sys.executable}"],
            **{"cwd": tmp_path, "env": environment, "capture_output": True, "text": True},
        )
        assert done.returncode == 2  # in the end, for there is nothing else to install
        return list((tmp_path / ".venv").rglob("lakes.py")), done.stderr

    found, told = installed(right[::-1])
    assert not found
    assert "DO NOT MATCH THE HASHES" in told
    assert len(installed(right)[0]) == 1


def test_an_audit_without_its_program_says_so(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py"],
        **{"capture_output": True, "text": True, "env": {**os.environ, "PATH": str(tmp_path)}},
    )
    assert done.returncode == 2
    assert "pip install pip-audit" in done.stderr


def test_an_audit_without_data_says_so(tmp_path):
    program = tmp_path / "pip-audit"
    program.write_text(f"#!{sys.executable}\nimport sys; sys.exit('no route to the service')\n")
    program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py"],
        **{"capture_output": True, "text": True, "env": {**os.environ, "PATH": str(tmp_path)}},
    )
    assert done.returncode == 3
    assert "NOT AUDITED" in done.stderr
