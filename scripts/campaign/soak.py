"""Thousands of questions to one process, while its index is changed: does anything grow?

    python scripts/campaign/soak.py --questions 5000
    python scripts/campaign/soak.py --questions 5000 --mode server
    python scripts/campaign/soak.py --questions 1500 --leak 1000

`process` asks one open `Assistant`, with the C library's allocator set up as the chat does;
`server` a chat in a process of its own, through `/ask`. The questions are those of the SQuAD file
that VERBATIM_SQUAD names, over its articles; without it, words of the shipped briefs. Ends with 1
if memory, objects, open files, threads or the work of a question grow, or any question fails: with
--leak, which keeps so many bytes of each question, it has to.
"""

import argparse
import contextlib
import gc
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from soak_measures import Soak, sample, used_mb

if TYPE_CHECKING:
    import httpx

ROOT = Path(__file__).parents[2]
BRIEFS = ROOT / "eval" / "datasets" / "briefs" / "documents"
_ASSISTANT = [sys.executable, "-m", "assistant.cli"]
_SHOWN = 8
"""Types whose objects have grown most."""
_LOOK = 50
"""Questions between two looks at what is in use: each begins with a collection."""
Ask = Callable[[str], str]
"""Asks a question and gives the status of its answer."""


def collection(folder: Path, squad: str | None, articles: int, chance: random.Random) -> list[str]:
    """Write the documents into a folder, and make the questions.

    Args:
        folder: of the documents.
        squad: file of the articles and their questions; the briefs if None.
        articles: how many of them are indexed. All questions are asked: some have no answer then.
        chance: that makes the run the same each time.
    """
    folder.mkdir(parents=True)
    if squad is None:
        sentences = []
        for path in sorted(BRIEFS.glob("*.md")):
            (folder / path.name).write_bytes(path.read_bytes())
            sentences += re.findall(r"[^.\n]{40,}\.", path.read_text(encoding="utf-8"))
        return [_question(chance.choice(sentences), chance) for _ in range(20_000)]
    questions = []
    for number, article in enumerate(json.loads(Path(squad).read_bytes())["data"]):
        parts = [each["context"] for each in article["paragraphs"]]
        text = f"# {article['title'].replace('_', ' ')}\n\n" + "\n\n".join(parts) + "\n"
        if number < articles:
            (folder / f"{number:02d}.md").write_text(text, encoding="utf-8")
        questions += [q["question"] for each in article["paragraphs"] for q in each["qas"]]
    chance.shuffle(questions)
    return [question for question in questions if question.strip()]


def _question(sentence: str, chance: random.Random) -> str:
    words = re.findall(r"\w{4,}", sentence)
    picked = chance.sample(words, min(len(words), chance.randint(2, 6)))
    return f"{chance.choice(('What about', 'Who says', 'Why is', 'When was'))} {' '.join(picked)}?"


def indexed(documents: Path, index: Path) -> str | None:
    """Bring the index up to date, as an operator does: in a process of its own.

    Returns:
        What went wrong, if anything.
    """
    command = [*_ASSISTANT, "index", str(documents), "--index", str(index), "--prune"]
    done = subprocess.run(command, capture_output=True, cwd=index.parent, text=True)
    return f"assistant index: {done.stderr[-300:].strip()}" if done.returncode else None


def changed(documents: Path, number: int) -> None:
    """Add a document, write another version of one, and remove an older one."""
    text = (
        f"# The mill of round {number}\n\nThe mill of round {number} was sold in {1700 + number}.\n"
    )
    (documents / f"round-{number}.md").write_text(text, encoding="utf-8")
    (documents / "changing.md").write_text(text.replace("mill", "ferry"), encoding="utf-8")
    (documents / f"round-{number - 2}.md").unlink(missing_ok=True)


@contextlib.contextmanager
def in_process(index: Path) -> Iterator[tuple[Ask, int]]:
    """One open assistant."""
    from assistant import Assistant
    from assistant.allocator import keep_little_freed

    keep_little_freed()
    with Assistant.open(index) as desk:
        yield lambda question: desk.answer(question).status, os.getpid()


@contextlib.contextmanager
def in_server(index: Path, port: int) -> Iterator[tuple[Ask, int]]:
    """A running chat, asked over HTTP."""
    import httpx

    command = [*_ASSISTANT, "chat", "--index", str(index), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--questions-per-minute", "0"],
        cwd=index.parent,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            if "ready at" not in said:
                raise SystemExit("The server ended before it was ready.")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                parts = client.get("/config").raise_for_status().json()["dependencies"]
                number = next(part["id"] for part in parts if part["api_name"] == "ask")
                yield lambda question: _asked(client, number, question), process.pid
        finally:
            os.kill(process.pid, signal.SIGINT)


def _asked(client: "httpx.Client", number: int, question: str) -> str:
    session = uuid4().hex
    event = {"fn_index": number, "data": [question, None, None, None], "session_hash": session}
    client.post("/gradio_api/queue/join", json=event).raise_for_status()
    query = {"session_hash": session}
    with client.stream("GET", "/gradio_api/queue/data", params=query) as response:
        for line in response.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if line else {}
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise RuntimeError(f"the server says {message['output']}")
                return str(message["output"]["data"][0]["status"])
    raise RuntimeError("the server broke off")


def soak(arguments: argparse.Namespace, folder: Path, run: Soak) -> Counter[str]:
    """Ask; returns how many more objects of each type there are at the end than after warm-up."""
    chance = random.Random(arguments.seed)
    # By no name of a package: the folder is the first that Python looks for them in.
    documents, index = folder / "documents", folder / "soak.index"
    questions = collection(documents, arguments.squad, arguments.articles, chance)
    if trouble := indexed(documents, index):
        raise SystemExit(trouble)
    is_own = arguments.mode == "process"
    opened = in_process(index) if is_own else in_server(index, arguments.port)
    first: Counter[str] = Counter()
    kept: list[bytes] = []
    with opened as (ask, pid):
        for asked in range(1, arguments.questions + 1):
            _timed(ask, questions[asked % len(questions)], run)
            if arguments.leak:
                kept.append(os.urandom(arguments.leak))
            is_round, objects, used = asked % arguments.every == 0, None, None
            if is_own and (is_round or asked % _LOOK == 0):
                objects, kinds = _objects()
                used = used_mb()
                first = first if first or asked < run.warm_up else kinds
            if asked % arguments.sample == 0 or objects is not None or is_round:
                run.samples.append(sample(pid, asked, objects, used))
            if is_round:
                run.updates += 1
                changed(documents, run.updates)
                if trouble := indexed(documents, index):
                    run.errors.append(trouble)
                print(run.table(arguments.every).splitlines()[-1], flush=True)
        last = _objects()[1] if is_own else first
    return last - first


def _timed(ask: Ask, question: str, run: Soak) -> None:
    begun = time.perf_counter()
    try:
        status = ask(question)
        run.statuses[status] = run.statuses.get(status, 0) + 1
    except Exception as error:  # whatever it is, it is counted
        run.errors.append(f"{type(error).__name__}: {error}")
    run.seconds.append(time.perf_counter() - begun)


def _objects() -> tuple[int, Counter[str]]:
    gc.collect()
    every = gc.get_objects()
    kinds = Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in every)
    return len(every), kinds


def main() -> int:
    """Run it, print what it took, and say by the exit code whether it grew."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--mode", choices=("process", "server"), default="process")
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--every", type=int, default=500, help="questions between two updates")
    parser.add_argument("--sample", type=int, default=25, help="questions between two looks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=7873)
    parser.add_argument("--squad", default=os.environ.get("VERBATIM_SQUAD"))
    parser.add_argument("--articles", type=int, default=16, help="of the SQuAD file to index")
    parser.add_argument("--most-mb", type=float, default=2.0, help="growth for 1,000 questions")
    parser.add_argument("--most-used-mb", type=float, default=0.5, help="the same, of what is used")
    parser.add_argument("--most-objects", type=float, default=500.0, help="the same, of objects")
    parser.add_argument("--leak", type=int, default=0, help="bytes to keep of each question")
    arguments = parser.parse_args()
    if arguments.leak and arguments.mode == "server":
        parser.error("Expected --leak without --mode server: a server keeps nothing for it.")
    run = Soak(arguments.mode, min(1000, arguments.questions // 4))
    grown: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(KeyboardInterrupt):
        grown = soak(arguments, Path(folder), run)  # what is interrupted is judged as it is
    print(f"{run.table(arguments.every)}\n\n{run.mode}: {len(run.seconds):,} questions, ", end="")
    print(f"{run.statuses}, {len(run.errors)} errors, {run.updates} updates")
    for name, each in run.slopes().items():
        print(f"{name} for each 1,000 questions after {run.warm_up:,}: {each}")
    for kind, count in grown.most_common(_SHOWN):
        print(f"  {count:+,} {kind}")
    troubles = run.troubles(arguments.most_mb, arguments.most_used_mb, arguments.most_objects)
    print("\n".join(f"FAIL {each}" for each in troubles) or "passed: nothing grows")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
