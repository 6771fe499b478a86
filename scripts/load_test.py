"""Has many users ask at once while documents are indexed: a real server, index and protocol.

    python scripts/load_test.py --users 50 --minutes 10

Half of the users ask as the page does, in conversations, a quarter by Gradio's endpoint, and a
quarter for streams; each asks the next question as soon as the last is answered. Then many more
than can be answered ask at once, and have to be told that the server is busy. Without --url, a
server is started over the briefs that come with the project, its memory is measured, documents are
written, edited and deleted beside it all the time, and it has to end with 0.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

import httpx
from load_server import BRIEFS, Server, serving, slope_of
from load_users import Asked, ask_for, burst

BURST = 200
"""Questions at once; 32 are answered and 64 wait."""
MOST_GROWTH = 2.0
"""Megabytes a minute, above which memory grows; over less than five minutes it says nothing."""


def questions() -> list[str]:
    """Those that come with the briefs."""
    lines = (BRIEFS / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    return [str(case["question"]) for case in cases if "question" in case]


def summary(results: Sequence[Asked], seconds: float) -> dict[str, float | int]:
    """Counts and times of questions.

    Returns:
        `questions`, `errors`, `busy`, and of those answered seconds `p50`, `p95`, `p99` and `max`
        until the answer was whole, and how many `per_second`.
    """
    times = sorted(each.seconds for each in results if each.error is None and not each.is_busy)
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else [0.0] * 99
    return {
        "questions": len(results),
        "errors": sum(each.error is not None for each in results),
        "busy": sum(each.is_busy for each in results),
        "p50": round(cuts[49], 3),
        "p95": round(cuts[94], 3),
        "p99": round(cuts[98], 3),
        "max": round(times[-1], 3) if times else 0.0,
        "per_second": round(len(times) / seconds, 1),
    }


def load(
    server: Server, users: int, minutes: float, size: int, headers: dict[str, str]
) -> dict[str, Any]:
    """Run both parts on a server.

    Returns:
        `users`, `minutes`, the summaries `all` and of each way, and that of the `burst`.
    """
    texts = questions()
    asyncio.run(ask_for(server.url, headers, 4, 1.0, texts))  # the models are loaded now
    server.memory.clear()
    started = time.perf_counter()
    results = asyncio.run(ask_for(server.url, headers, users, 60 * minutes, texts))
    seconds = time.perf_counter() - started
    found: dict[str, Any] = {"users": users, "minutes": minutes, "all": summary(results, seconds)}
    for way in sorted({each.way for each in results}):
        found[way] = summary([each for each in results if each.way == way], seconds)
    if server.memory:
        sizes = [size for _, size in server.memory]
        found["memory"] = {
            "begin": round(sizes[0]),
            "peak": round(max(sizes)),
            "end": round(sizes[-1]),
            "slope": round(slope_of(server.memory), 2),
        }
    if server.first_revision:
        found["changes"] = server.changes
        found["revisions"] = int((server.revision() or 0.0) - server.first_revision)
    if size:
        started = time.perf_counter()
        at_once = asyncio.run(burst(server.url, headers, size, texts))
        found["burst"] = summary(at_once, time.perf_counter() - started)
        refused = [each.seconds for each in at_once if each.is_busy]
        found["burst"]["slowest_refusal"] = round(max(refused, default=0.0), 3)
        results += at_once
    for error in sorted({each.error for each in results if each.error}):
        sys.stderr.write(f"{error}\n")
    return found


def table(found: dict[str, Any]) -> str:
    """What was found, for people."""
    columns = ("questions", "errors", "busy", "p50", "p95", "p99", "max", "per_second")
    lines = [f"| {' | '.join(('', *columns))} |", "|---" * (len(columns) + 1) + "|"]
    for name in ("all", "page", "endpoint", "stream", "burst"):
        if name in found:
            values = (str(found[name][column]) for column in columns)
            lines.append(f"| {' | '.join((name, *values))} |")
    if "memory" in found:
        memory = found["memory"]
        lines.append(
            f"\nMemory: {memory['begin']} MB at first, {memory['peak']} MB at most, "
            f"{memory['end']} MB at last; {memory['slope']:+.2f} MB a minute."
        )
    if "revisions" in found:
        lines.append(
            f"Documents written, edited or deleted since its start: {found['changes']}; the "
            f"index's revision rose by {found['revisions']}."
        )
    if "exit_code" in found:
        lines.append(f"Told to end, the server ended with {found['exit_code']}.")
    return "\n".join(lines)


def faults(found: dict[str, Any]) -> list[str]:
    """What is not as it should be."""
    wrong = [
        f"{found[name]['errors']} errors ({name})"
        for name in ("all", "burst")
        if name in found and found[name]["errors"]
    ]
    if "burst" in found and not found["burst"]["busy"]:
        wrong.append("nobody was told that the server is busy")
    if found.get("exit_code", 0) != 0:
        wrong.append(f"the server ended with {found['exit_code']}")
    if found["minutes"] >= 5 and found.get("memory", {}).get("slope", 0.0) > MOST_GROWTH:
        wrong.append(f"memory grew by {found['memory']['slope']} MB a minute")
    return wrong


def main() -> int:
    """Run the test, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--burst", type=int, default=BURST, help="questions at once; 0 for none")
    parser.add_argument("--unchanged", action="store_true", help="index nothing meanwhile")
    parser.add_argument("--port", type=int, default=7871)
    parser.add_argument("--url", help="of a server that runs already")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    # A token, where the server wants one: not an option, which others could see.
    token = os.environ.get("VERBATIM_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    running = (
        contextlib.nullcontext(Server(arguments.url))
        if arguments.url
        else serving(arguments.port, not arguments.unchanged)
    )
    with running as server:
        try:
            found = load(server, arguments.users, arguments.minutes, arguments.burst, headers)
        except httpx.HTTPError as error:
            sys.stderr.write(f"Expected a chat at {server.url}, found none: {error}. Start it.\n")
            return 1
    if server.pid:
        found["exit_code"] = server.exit_code
        sys.stderr.write(server.log)
    sys.stdout.write(f"{json.dumps(found) if arguments.json else table(found)}\n")
    wrong = faults(found)
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
