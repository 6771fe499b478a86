#!/usr/bin/env bash
# Adds the optional extra `ragas` to .venv, and runs the tests that need it.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,ragas]"
.venv/bin/python -c "import ragas"
.venv/bin/python -m pytest tests/eval/test_ragas_bridge.py
