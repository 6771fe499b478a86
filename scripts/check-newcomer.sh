#!/usr/bin/env bash
# Runs `make chat` as a newcomer would, asks the running chat one question, and says how long it took.
# In a clone without .venv this includes the installation.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-7869}
log=$(mktemp)
started=$(date +%s)

# In a process group of its own, so that the chat ends with make.
setsid make chat PORT="$port" >"$log" 2>&1 &
chat=$!
trap 'kill -TERM -- "-$chat" 2>/dev/null || true; wait "$chat" 2>/dev/null || true; rm -f "$log"' EXIT

until grep -q "ready at http://127.0.0.1:$port" "$log"; do
    kill -0 "$chat" 2>/dev/null || { cat "$log" >&2; echo "make chat ended before it was ready" >&2; exit 1; }
    [ $(($(date +%s) - started)) -lt 1800 ] || { cat "$log" >&2; echo "make chat was not ready after 30 minutes" >&2; exit 1; }
    sleep 1
done
.venv/bin/python scripts/ask_running_chat.py "http://127.0.0.1:$port" "How far can the Iskander missiles fly?" "300"
echo "From make chat to the first answered question: $(($(date +%s) - started)) seconds."
