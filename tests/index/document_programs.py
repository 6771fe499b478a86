"""Programs that make real documents for tests: pandoc, LibreOffice and others."""

import os
import shutil

import pytest


def program(name: str) -> str:
    """The path of a program; the test is skipped without it, and fails where it is required."""
    path = shutil.which(name)
    if path is None:
        missing = f"no {name} on PATH; scripts/install-documents.sh installs it"
        if os.environ.get("CI_REQUIRE_DOCUMENTS") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return path
