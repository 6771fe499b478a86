#!/usr/bin/env bash
# Two commands at once, a core each: what the first prints is shown as it comes, then that of the second.
# Ends with 1 if either fails.
#     bash scripts/side-by-side.sh "COMMAND" "COMMAND"
set -uo pipefail
(($# == 2)) || { echo "Expected two commands, found $#. Quote each." >&2; exit 2; }
output=$(mktemp)
failed=0
set -m # a job of its own: else what it runs could not be interrupted, which some tests do
bash -c "$2" >"$output" 2>&1 &
job=$!
set +m
trap 'kill -INT -- "-$job" 2>/dev/null; rm -f "$output"; exit 130' INT TERM
bash -c "$1" || failed=1
wait "$job" || failed=1
cat "$output"
rm -f "$output"
exit "$failed"
