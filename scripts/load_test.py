"""Has many users ask at once, and says how long they wait: a real server, index and protocol.

    python scripts/load_test.py --users 20 --questions 5

Each user has a session of their own, as a browser has, and asks the next question as soon as the
last is answered. With --url, a server that runs already is asked; else one is started over the
briefs that come with the project.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx

ROOT = Path(__file__).parents[1]
BRIEFS = ROOT / "eval" / "datasets" / "briefs"


@contextlib.contextmanager
def serving(port: int) -> Iterator[str]:
    """A chat in a process of its own, over an index of the briefs.

    Yields:
        Its address.
    """
    assistant = [sys.executable, "-m", "assistant.cli"]
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "briefs.index")
        made = [*assistant, "index", str(BRIEFS / "documents"), "--index", index]
        subprocess.run(made, check=True, cwd=folder, capture_output=True)
        chat = [*assistant, "chat", "--index", index, "--port", str(port)]
        with subprocess.Popen(
            [*chat, "--questions-per-minute", "0"], cwd=folder, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                said = process.stdout.readline() if process.stdout else ""
                if "ready at" not in said:
                    raise SystemExit("The server ended before it was ready.")
                yield f"http://127.0.0.1:{port}"
            finally:
                os.kill(process.pid, signal.SIGINT)


def questions() -> list[str]:
    """Those that come with the briefs."""
    lines = (BRIEFS / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    return [str(case["question"]) for case in cases if "question" in case]


async def answered(client: httpx.AsyncClient, number: int, session: str, question: str) -> str:
    """Ask one question.

    Returns:
        The status of the answer.

    Raises:
        RuntimeError: there was none.
    """
    event = {"fn_index": number, "data": [question, None, None, None], "session_hash": session}
    joined = await client.post("/gradio_api/queue/join", json=event)
    if joined.status_code != 200:
        raise RuntimeError(f"{joined.status_code}: {joined.text}")
    query = {"session_hash": session}
    async with client.stream("GET", "/gradio_api/queue/data", params=query) as response:
        async for line in response.aiter_lines():
            message = json.loads(line.removeprefix("data: ")) if line else {}
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise RuntimeError(str(message["output"]))
                return str(message["output"]["data"][0]["status"])
    raise RuntimeError("The server broke off.")


async def user(
    url: str, number: int, mine: list[str], headers: dict[str, str]
) -> list[str | float]:
    """Ask one after the other.

    Returns:
        Seconds of each, or what went wrong.
    """
    results: list[str | float] = []
    async with httpx.AsyncClient(base_url=url, timeout=120, headers=headers) as client:
        for question in mine:
            started = time.perf_counter()
            try:
                await answered(client, number, uuid4().hex, question)
                results.append(time.perf_counter() - started)
            except (RuntimeError, httpx.HTTPError) as error:
                results.append(f"{type(error).__name__}: {error}")
    return results


async def load(url: str, users: int, each: int, headers: dict[str, str]) -> dict[str, float | int]:
    """Have them all ask at once.

    Args:
        url: of the server.
        users: how many.
        each: questions of each of them.
        headers: sent with every request.

    Returns:
        `users`, `questions`, `errors`, seconds `p50`, `p95` and `max` until an answer was whole,
        and questions `per_second`.
    """
    config = httpx.get(f"{url}/config", headers=headers).raise_for_status().json()
    number = next(item["id"] for item in config["dependencies"] if item["api_name"] == "ask")
    texts = questions()
    await user(url, number, texts[:1], headers)  # the models are loaded now
    started = time.perf_counter()
    jobs = [
        user(url, number, [texts[(n * each + k) % len(texts)] for k in range(each)], headers)
        for n in range(users)
    ]
    results = [result for found in await asyncio.gather(*jobs) for result in found]
    seconds = time.perf_counter() - started
    for error in sorted({result for result in results if isinstance(result, str)}):
        sys.stderr.write(f"{error}\n")
    times = sorted(result for result in results if isinstance(result, float))
    cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else [0.0] * 19
    return {
        "users": users,
        "questions": len(results),
        "errors": len(results) - len(times),
        "p50": round(cuts[9], 3),
        "p95": round(cuts[18], 3),
        "max": round(times[-1], 3) if times else 0.0,
        "per_second": round(len(times) / seconds, 1),
    }


def main() -> int:
    """Run the test, and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--questions", type=int, default=5, help="of each user")
    parser.add_argument("--port", type=int, default=7871)
    parser.add_argument("--url", help="of a server that runs already")
    arguments = parser.parse_args()
    # A token, where the server wants one: not an option, which others could see.
    token = os.environ.get("VERBATIM_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    server = contextlib.nullcontext(arguments.url) if arguments.url else serving(arguments.port)
    with server as url:
        found = asyncio.run(load(url, arguments.users, arguments.questions, headers))
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 1 if found["errors"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
