"""Look the locked packages up among known vulnerabilities, by pip-audit.

    pip install pip-audit && python scripts/audit.py

Exit codes: 0 none is known, 1 some are, 2 pip-audit is not installed, 3 its data could not be had.
The names and versions of the packages are sent to the service that is asked.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
FOUND, NOT_INSTALLED, NO_DATA = 1, 2, 3


def main() -> int:
    """Audit, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lock", type=Path, default=LOCK, help="file of packages with hashes")
    parser.add_argument("--service", default="pypi", help="whose data: pypi or osv")
    arguments = parser.parse_args()
    program = shutil.which("pip-audit")
    if program is None:
        sys.stderr.write("Expected pip-audit, found none. Install it: pip install pip-audit\n")
        return NOT_INSTALLED
    options = ["--disable-pip", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [program, *options, "--vulnerability-service", arguments.service, "-r", arguments.lock],
        capture_output=True,
        text=True,
    )
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        sys.stderr.write(
            f"NOT AUDITED: the data on vulnerabilities could not be had: {last[0]}\n"
            "Run it again where the service can be reached.\n"
        )
        return NO_DATA
    skipped = [package for package in packages if "skip_reason" in package]
    found = [(package, each) for package in packages for each in package.get("vulns", ())]
    for package, vulnerability in found:
        print(line(package, vulnerability))
    for package in skipped:
        print(f"not audited: {package['name']}: {package['skip_reason']}")
    print(f"{len(packages) - len(skipped)} packages looked up, {len(found)} known vulnerabilities")
    if skipped:
        return NO_DATA
    return FOUND if found else 0


def line(package: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    """One vulnerability of a package, and where it is mended."""
    mended = ", ".join(vulnerability.get("fix_versions", ())) or "no release yet"
    names = ", ".join([vulnerability["id"], *vulnerability.get("aliases", ())])
    return f"{package['name']} {package['version']}: {names}; mended in {mended}"


if __name__ == "__main__":
    raise SystemExit(main())
