#!/usr/bin/env bash
# Builds the wheel, installs it into an empty environment and asks it one question there.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-$root/.venv/bin/python}" -m build --quiet --wheel --outdir "$work/dist" "$root"
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -c "$root/constraints.txt" "$work"/dist/*.whl

# Away from the clone, so that only what is in the wheel can be imported.
cd "$work"
briefs=$("$work/venv/bin/python" -c 'import eval, pathlib; print(pathlib.Path(eval.__file__).parent / "datasets" / "briefs")')
case "$briefs" in "$work"/*) ;; *) echo "eval was not imported from the wheel: $briefs" >&2; exit 1 ;; esac
"$work/venv/bin/assistant" index "$briefs/documents" --index wheel.index
"$work/venv/bin/assistant" ask "How many Russian soldiers are stationed at Gyumri?" --index wheel.index --json >answer.json
"$work/venv/bin/assistant" verify answer.json
"$work/venv/bin/python" - <<'PYTHON'
import json

answer = json.load(open("answer.json", encoding="utf-8"))
assert answer["status"] == "answered", answer
assert "3,000" in answer["text"], answer["text"]
PYTHON
"$work/venv/bin/assistant" calibrate --help >/dev/null
"$work/venv/bin/assistant-eval" validate "$briefs" >/dev/null
echo "The wheel installs, indexes, answers and verifies."
