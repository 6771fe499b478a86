"""Time the commands on the shipped briefs and show where time and memory go.

Figures of one run on one machine: compare them with each other, not with another machine's.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BRIEFS = ROOT / "eval/datasets/briefs"
COMMAND = [sys.executable, "-m", "assistant.cli"]


def main() -> None:
    """Print a table: cold commands first, then answers in a warm process."""
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "briefs.index")
        build = ["index", str(BRIEFS / "documents"), "--index", index]
        ask = ["ask", "How far can the Iskander missiles fly?", "--index", index]
        for name, arguments in (
            ("assistant --help", ["--help"]),
            ("assistant index (12 files, new)", build),
            ("assistant index (unchanged)", build),
            ("assistant ask", ask),
            ("assistant ask (again)", ask),
        ):
            seconds, megabytes = _command(arguments)
            print(f"{name:<34} {seconds:8.2f} s  {megabytes:6.0f} MB")
        _warm(index)
    _scoring()


def _command(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory of a command."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{arguments} ended with {child.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def _warm(index: str) -> None:
    """Answers in one process, by step."""
    from assistant import Assistant
    from eval import load_dataset

    started = time.perf_counter()
    with Assistant.open(index) as desk:
        desk.answer("Is it warm?")
        print(f"{'open and first answer in process':<34} {time.perf_counter() - started:8.2f} s")
        answers = [desk.answer(case.question) for case in load_dataset(BRIEFS).cases]
        for step in ("contextualize", "retrieve", "evidence", "read", "total"):
            milliseconds = sorted(1000 * answer.timings[step] for answer in answers)
            p50 = statistics.median(milliseconds)
            p95 = milliseconds[int(0.95 * len(milliseconds))]
            print(f"{'  warm answer, ' + step:<34} {p50:8.1f} ms p50 {p95:8.1f} ms p95")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory of this process':<34} {peak:8.0f} MB")


def _scoring() -> None:
    """What the evaluation costs beyond answering: scoring, and the HTML report."""
    from eval import load_dataset, score_answers
    from eval.planted import Oracle

    dataset = load_dataset(BRIEFS)
    answers = Oracle(dataset).answers()
    score_answers(dataset, answers)  # loads what is loaded once
    started = time.perf_counter()
    report = score_answers(dataset, answers)
    scored = time.perf_counter()
    size = len(report.to_html(dataset).encode())
    shown = time.perf_counter()
    cases = len(dataset.cases)
    print(f"{'scoring, with intervals':<34} {cases / (scored - started):8.0f} cases/s")
    print(f"{'HTML report':<34} {cases / (shown - scored):8.0f} cases/s  {size / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
